import fc from 'fast-check';

import { readPages } from '../../nodes/InSigner/pdf/pages';
import { UnreadablePdf } from '../../nodes/InSigner/pdf/unreadablePdf';
import {
	CATALOG,
	file,
	inChunks,
	mixedPages,
	object,
	objectStream,
	ONE_PAGE,
	page,
	stream,
	TRAILER,
} from '../unit/pdf/pdfSyntax';
import { changed, changes } from './changing';
import { hostilePdfs, SIZE } from './hostilePdfs';
import { startReader, type Reading } from './reading';

/** What a file of up to 1 MB may cost. */
const MAX_CPU_MS = 2000;
const MAX_PEAK_MIB = 30;
const MAX_UNBROKEN_MS = 100;

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

jest.setTimeout(300_000);

const READ_OR_REFUSED = { outcome: expect.stringMatching(/^(read|refused)$/) as string };

/** The figures are only shown where they are too high. */
const tooMuch = ({ cpuMs, peakMiB, unbrokenMs }: Reading) => ({
	...(cpuMs <= MAX_CPU_MS ? {} : { cpuMs }),
	...(peakMiB <= MAX_PEAK_MIB ? {} : { peakMiB }),
	...(unbrokenMs <= MAX_UNBROKEN_MS ? {} : { unbrokenMs }),
});

const start = () => startReader('pdf', (reading) => Object.keys(tooMuch(reading)).length > 0);

describe('costs little and is read or refused:', () => {
	const reader = start();
	afterAll(async () => await reader[Symbol.asyncDispose]());

	it.each(Object.entries(hostilePdfs))('%s', async (_, make) => {
		const content = make();
		expect(content.length).toBeLessThanOrEqual(SIZE);
		const reading = await reader.read(content);
		if (process.env.FUZZ_FIGURES) console.log(expect.getState().currentTestName, reading);
		expect(tooMuch(reading)).toEqual({});
		expect(reading).toMatchObject(READ_OR_REFUSED);
	});
});

const latin1 = (content: string): Buffer => Buffer.from(content, 'latin1');

describe('changed anywhere', () => {
	const objects = {
		1: '<< /Type /Catalog /Pages 2 0 R >>',
		2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90 >>',
		3: '<< /Type /Page /MediaBox [0 0 70 4 0 R] /CropBox [1 1 60 70] /UserUnit 2 >>',
		4: '80',
	};
	const xref = object(7, stream('', '/Type /XRef /Root 1 0 R'));
	const originals = [
		mixedPages(false),
		mixedPages(true),
		file(
			CATALOG,
			ONE_PAGE,
			page(3, '/MediaBox [0 0 4 0 R 80]'),
			object(5, stream('x'.repeat(50), '', '6 0 R')),
			object(6, '50'),
			object(4, '70'),
			TRAILER,
		),
		file(object(6, objectStream(objects, '', false)), xref),
	];

	/** Changes of a file, and of what is packed in one. */
	const files = fc.oneof(
		fc
			.tuple(fc.nat(originals.length - 1), changes)
			.map(async ([which, made]) =>
				latin1(changed((await originals[which])?.toString('latin1') ?? '', made)),
			),
		fc.tuple(fc.constantFrom(...Object.keys(objects)), changes).map(async ([key, made]) => {
			const value = changed(objects[Number(key) as keyof typeof objects], made);
			return file(object(6, objectStream({ ...objects, [key]: value })), xref);
		}),
	);

	it('costs little and is read or refused', async () => {
		await using reader = start();
		const outcomes = { read: 0, refused: 0, fault: 0, died: 0 };
		await fc.assert(
			fc.asyncProperty(files, async (content) => {
				const reading = await reader.read(await content);
				outcomes[reading.outcome]++;
				expect(tooMuch(reading)).toEqual({});
				expect(reading).toMatchObject(READ_OR_REFUSED);
			}),
			RUNS,
		);
		// Both happen, or the changes were too many or too few.
		expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(RUNS.numRuns / 20);
	});

	it('is the same however it comes in pieces', async () => {
		const outcomeOf = async (content: Parameters<typeof readPages>[0]): Promise<unknown> =>
			await readPages(content).catch((error: unknown) => {
				expect(error).toBeInstanceOf(UnreadablePdf);
				return String(error);
			});
		await fc.assert(
			fc.asyncProperty(files, fc.integer({ min: 1, max: 90 }), async (making, pieceSize) => {
				const content = await making;
				expect(await outcomeOf(inChunks(content, pieceSize))).toEqual(await outcomeOf(content));
			}),
			RUNS,
		);
	});
});

describe('a PDF attached to a PDF', () => {
	const OUTER = page(3, '/MediaBox [0 0 612 792]');
	const INNER = page(3, '/MediaBox [0 0 100 100]');
	const inner = fc
		.array(
			fc.constantFrom(
				object(4, stream('q Q')),
				object(4, stream('q Q', '', '6 0 R')) + object(6, '3'),
				object(6, '3') + object(4, stream('q Q', '', '6 0 R')),
				object(4, stream('q Q', '', '7000')),
				object(4, stream('a word: endstream', '', '6 0 R')) + object(6, '17'),
			),
			{ maxLength: 3 },
		)
		.map((streams) =>
			file(CATALOG, ONE_PAGE, ...streams, INNER, ...streams, TRAILER).toString('latin1'),
		);

	/** The stream it is in, and the length of that. */
	const attached = fc
		.record({
			content: fc.oneof(fc.constant('q Q'), inner),
			lengthIs: fc.constantFrom(
				'here' as const,
				'before' as const,
				'after' as const,
				'missing' as const,
			),
			off: fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 20 })),
			space: fc.string({ unit: fc.constantFrom('\r', '\n', ' '), maxLength: 6 }),
			cut: fc.double({ min: 0, max: 1, noNaN: true }),
		})
		.map(({ content: whole, lengthIs, off, space, cut }) => {
			// Where neither the length is right nor the attached PDF whole, no one can know where it ends.
			const isKnown = lengthIs === 'after' || (lengthIs !== 'missing' && off === 0);
			const content = isKnown ? whole.slice(0, Math.ceil(cut * whole.length)) : whole;
			const length = Math.max(0, content.length + off);
			const entry = { here: `${length}`, before: '6 0 R', after: '6 0 R', missing: '60 0 R' };
			const inside = object(
				5,
				stream(content, '', entry[lengthIs]).replace(/\nendstream$/, `${space}endstream`),
			);
			if (lengthIs === 'before') return object(6, `${length}`) + inside;
			return lengthIs === 'after' ? inside + object(6, `${length}`) : inside;
		});

	/** The length of an update fits by accident to an end inside of the PDF that the first stream holds. */
	const fitsByAccident = (): string[] => {
		const streams =
			object(6, '3') +
			object(4, stream('q Q', '', '6 0 R')) +
			object(4, stream('a word: endstream', '', '6 0 R')) +
			object(6, '17');
		const whole = (inside: string) =>
			file(CATALOG, ONE_PAGE, inside, INNER, inside, TRAILER).toString('latin1');
		const heldIn = (content: string, length: string) =>
			stream(content, '', length).replace(/\nendstream$/, 'endstream');
		return [
			object(6, '571') + object(5, heldIn(whole(streams), '6 0 R')),
			object(6, '245') + object(5, heldIn(whole(''), '6 0 R')),
			object(5, heldIn('', '0')),
		];
	};

	/** The length of the first revision fits by accident to an end inside of the PDF that the second one holds. */
	const fitsOfBefore = (): string[] => {
		const inner = object(4, stream('q Q', '', '6 0 R')) + object(6, '3');
		const long = file(CATALOG, ONE_PAGE, inner, INNER).toString('latin1');
		const before = long.indexOf('q Q') + 3;
		return [
			object(6, `${before}`) + object(5, stream(' '.repeat(before), '', '6 0 R')),
			object(5, stream(long, '', '6 0 R')) + object(6, `${long.length}`),
		];
	};

	it('is never taken for it', async () => {
		const counts = { read: 0, refused: 0 };
		await fc.assert(
			fc.asyncProperty(
				fc.array(attached, { minLength: 1, maxLength: 3 }),
				fc.nat(3),
				async (revisions, place) => {
					const parts = [CATALOG, ONE_PAGE, OUTER];
					const [first = '', ...updates] = revisions;
					parts.splice(place, 0, first);
					const outcome = await readPages(
						file(...parts, TRAILER, ...updates.flatMap((update) => [update, TRAILER])),
					).catch((error: unknown) => {
						expect(error).toBeInstanceOf(UnreadablePdf);
					});
					counts[outcome ? 'read' : 'refused']++;
					expect(outcome ?? [{ widthPt: 612, heightPt: 792 }]).toEqual([
						{ widthPt: 612, heightPt: 792 },
					]);
				},
			),
			{
				numRuns: 10 * RUNS.numRuns,
				examples: [
					[fitsByAccident(), 3],
					[fitsOfBefore(), 0],
				],
			},
		);
		expect(counts.read).toBeGreaterThan(counts.refused);
	});
});
