import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readPages, type PageSize } from '../../../nodes/InSigner/pdf/pages';
import { sizesByPdfJs } from './pdfSyntax';

/**
 * What the forms that were met in collections of real and damaged files come to. Each file in cases/ shows one form;
 * its name says which. Sizes are width x height in points, anything else is the reason why it is refused.
 */
const EXPECTED: Record<string, string> = {
	'01-unpacked-attachment-length-later': '612x792',
	'02-word-endstream-in-content-length-later': '612x792',
	'03-length-later-one-byte-too-long': '612x792',
	'04-four-line-ends-before-endstream': '612x792',
	'05-update-reuses-length-object': '612x792',
	'05b-update-reuses-length-object': '612x792',
	'06-no-media-box': '612x792',
	'07-media-box-without-area': '612x792',
	'08-double-minus': '712x792',
	'09-minus-inside': 'the size of page 1 cannot be read',
	'10-trailer-unreadable': '612x792',
	'11-no-trailer': 'it has no trailer',
	'12-catalog-of-wrong-type': 'its catalog is missing',
	'13-page-of-wrong-type': 'a page is missing',
	'14-object-stream': '612x792',
	'15-object-stream-predictor': 'stores its objects in a way that is not supported',
	'16-object-stream-ascii-hex': 'stores its objects in a way that is not supported',
	'17-object-stream-abbreviated-filter': 'stores its objects in a way that is not supported',
	'18-object-stream-bad-checksum': '612x792',
	'19-object-stream-newline-counted': '612x792',
	'20-object-stream-no-checksum': '612x792',
	'22-pages-among-its-own-kids': 'its pages contain each other',
	'23-kid-null': 'a page is missing',
	'24-wide-object-header': '612x792',
	'27-encrypted-empty-password-object-stream': 'is encrypted',
	'28-attached-pdf-length-too-short-by-1': 'the length of a stream is wrong',
	'29-update-grows-stream-and-its-length': '612x792',
};

/** Those that this reader and viewers see differently, since only a cross-reference table tells. */
const OTHERWISE: Record<string, string> = {
	// pdf.js refuses the page.
	'21-generation-differs': '612x792',
	// By the table, which no file of the collections needs for a size, the first of the two counts.
	'25-same-number-twice-xref-to-first': '100x100',
	// pdf.js shows the first page and refuses the second.
	'26-kid-freed-in-update': '612x792 100x100',
};

const read = (name: string): Buffer => readFileSync(join(__dirname, 'cases', `${name}.pdf`));
const shown = (sizes: PageSize[]): string =>
	sizes.map(({ widthPt, heightPt }) => `${widthPt}x${heightPt}`).join(' ');

it.each(Object.entries({ ...EXPECTED, ...OTHERWISE }))('%s: %s', async (name, expected) => {
	const outcome = await readPages(read(name)).then(shown, String);
	expect(outcome).toContain(expected);
});

it('expects of those that are read what pdf.js shows', async () => {
	const names = Object.keys(EXPECTED).filter((name) => /^\d+x\d+/.test(EXPECTED[name] ?? ''));
	const sizes = await sizesByPdfJs(names.map(read));
	expect(names.map((name, index) => [name, shown(sizes[index] ?? [])])).toEqual(
		names.map((name) => [name, EXPECTED[name]]),
	);
}, 30_000);

it('knows all files', () => {
	const files = readdirSync(join(__dirname, 'cases')).map((file) => file.replace('.pdf', ''));
	expect(files.sort()).toEqual(Object.keys({ ...EXPECTED, ...OTHERWISE }).sort());
});
