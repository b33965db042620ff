import { readPdf } from '../../nodes/InSigner/pdf/readPdf';
import { findTags, findText } from '../../nodes/InSigner/pdf/text/finding';
import type { PageText } from '../../nodes/InSigner/pdf/text/reading';
import { textsByPdfJs } from '../unit/pdf/pdfSyntax';
import { cases, LINES, produced } from './producing';

jest.setTimeout(120_000);

const withLigature = (line: string): boolean => /f[fi]/.test(line);

it.each(cases)(
	'of a PDF by %s, %s, every text and tag is found where pdf.js has it',
	async (producer, passage) => {
		const content = await produced(producer, passage);
		const [expected] = await textsByPdfJs([content]);
		const pdf = await readPdf(content, { text: true });
		const texts: PageText[] = [];
		for await (const text of pdf.texts()) texts.push(text);

		// Ghostscript 10.0 spoils what ligatures read: it swaps its bytes, or keeps the first letter alone.
		const read = expected?.texts.map(({ text }) => text.replace(/\s/g, '')).join('');
		const isSpoiled =
			passage.includes('Ghostscript') && !read?.normalize('NFKC').includes('office');
		const lines = LINES.filter((line) => !(isSpoiled && withLigature(line)));
		const found = await Promise.all(
			lines.map(async (line) => await Promise.all(texts.map((text) => findText(text, line)))),
		);
		expect(found.map((places, index) => [lines[index], places.flat().length])).toEqual(
			lines.map((line) => [line, 1]),
		);

		const tags = (await Promise.all(texts.map(findTags))).flat();
		expect(tags.map(({ tag }) => [tag?.form, tag?.type, tag?.signer])).toEqual([
			['inSigner', 'signature', '1'],
			['DocuSeal', 'signature', 'Seller'],
			['Documenso', 'date_signed', '1'],
			['Dropbox Sign', 'signature', '2'],
		]);

		// Each thing that pdf.js reads begins at a glyph of ours.
		const glyphs = texts.flatMap((text) => text.glyphs);
		const misplaced = expected?.texts.filter(
			({ x, y }) =>
				!glyphs.some((glyph) => Math.abs(glyph.x - x) <= 1 && Math.abs(glyph.y - y) <= 1),
		);
		expect(expected?.texts.length).toBeGreaterThan(0);
		expect(misplaced).toEqual([]);
	},
);
