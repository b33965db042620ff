import fc from 'fast-check';
import { PDFDocument, StandardFonts } from 'pdf-lib';

import { readPdf } from '../../nodes/InSigner/pdf/readPdf';
import { findTags } from '../../nodes/InSigner/pdf/text/finding';
import { UnreadablePdf } from '../../nodes/InSigner/pdf/unreadablePdf';
import { bytes, inChunks } from '../unit/pdf/pdfSyntax';
import { changed, changes } from './changing';
import { hostileTexts } from './hostileTexts';
import { startReader } from './reading';

/** In milliseconds of a processor; the figures are those of `npm run benchmarks -- pdfReading`. */
const MAX_CPU_MS = 5000;

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

jest.setTimeout(300_000);

describe('fields and texts are read or refused in time:', () => {
	const reader = startReader('pdfTags', ({ cpuMs }) => !(cpuMs < MAX_CPU_MS), 16);
	afterAll(async () => await reader[Symbol.asyncDispose]());

	it.each(Object.entries(hostileTexts))('%s', async (_, make) => {
		const { outcome, said, cpuMs } = await reader.read(make());
		if (process.env.FUZZ_FIGURES) console.log(expect.getState().currentTestName, said, cpuMs);
		expect({ said, isReadOrRefused: ['read', 'refused'].includes(outcome) }).toEqual({
			said,
			isReadOrRefused: true,
		});
		expect(cpuMs).toBeLessThan(MAX_CPU_MS);
	});
});

describe('a contract changed anywhere', () => {
	/** With form fields, tags, two fonts and a form; contents are not packed, so that changes meet what is in them. */
	const contract = async (): Promise<string> => {
		const pdf = await PDFDocument.create();
		const fonts = await Promise.all(
			[StandardFonts.Helvetica, StandardFonts.TimesRoman].map((font) => pdf.embedFont(font)),
		);
		for (const font of fonts) {
			const page = pdf.addPage([400, 300]);
			page.drawText('Signature {{signature:1}}', { x: 40, y: 200, size: 12, font });
			page.drawText('{{text:2:Town}} of birth', { x: 40, y: 150, size: 9, font });
		}
		const form = pdf.getForm();
		form.createTextField('buyer.town').addToPage(pdf.getPage(0), { x: 9, y: 9 });
		form.createDropdown('way').addOptions(['by post', 'by hand']);
		form.getDropdown('way').addToPage(pdf.getPage(1), { x: 9, y: 9 });
		return Buffer.from(await pdf.save({ useObjectStreams: false })).toString('latin1');
	};

	const outcomeOf = async (content: Parameters<typeof readPdf>[0]): Promise<unknown> => {
		try {
			const { pages, formFields, texts } = await readPdf(content, { text: true });
			const tags = [];
			for await (const text of texts()) tags.push(...(await findTags(text)));
			return { pages, formFields, tags };
		} catch (error) {
			expect(error).toBeInstanceOf(UnreadablePdf);
			return String(error);
		}
	};

	it('is read or refused, and the same however it comes in pieces', async () => {
		const original = await contract();
		expect(await outcomeOf(bytes(original))).toMatchObject({
			formFields: [{ name: 'buyer.town' }, { name: 'way' }],
			tags: [{ page: 1 }, { page: 1 }, { page: 2 }, { page: 2 }],
		});
		const counts = { read: 0, refused: 0 };
		await fc.assert(
			fc.asyncProperty(changes, fc.integer({ min: 1, max: 90 }), async (made, pieceSize) => {
				const content = bytes(changed(original, made));
				const outcome = await outcomeOf(content);
				counts[typeof outcome === 'string' ? 'refused' : 'read']++;
				expect(await outcomeOf(inChunks(content, pieceSize))).toEqual(outcome);
			}),
			RUNS,
		);
		// Both happen, or the changes were too many or too few.
		expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(RUNS.numRuns / 20);
	});
});
