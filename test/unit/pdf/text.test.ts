import { deflateSync } from 'node:zlib';

import { degrees, PDFDocument, StandardFonts } from 'pdf-lib';

import { readPdf } from '../../../nodes/InSigner/pdf/readPdf';
import {
	findTags,
	findText,
	hasText,
	type FoundTag,
	type TextArea,
} from '../../../nodes/InSigner/pdf/text/finding';
import type { PageText } from '../../../nodes/InSigner/pdf/text/reading';
import {
	bytes,
	CATALOG,
	file,
	inChunks,
	object,
	ONE_PAGE,
	page,
	stream,
	textsByPdfJs,
	TRAILER,
} from './pdfSyntax';

jest.setTimeout(30_000);

async function pagesOf(content: Buffer): Promise<PageText[]> {
	const pdf = await readPdf(inChunks(content, 1000), { text: true });
	const texts: PageText[] = [];
	for await (const text of pdf.texts()) texts.push(text);
	return texts;
}

const textsIn = async (content: Buffer, wanted: string): Promise<TextArea[]> =>
	(
		await Promise.all((await pagesOf(content)).map(async (text) => await findText(text, wanted)))
	).flat();

const tagsIn = async (content: Buffer): Promise<FoundTag[]> =>
	(await Promise.all((await pagesOf(content)).map(findTags))).flat();

const FONTS =
	'/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>';
/** A page with this content; text is shown in Helvetica 10 from (100, 700) on, which is 92 from the top. */
const drawing = (content: string): Buffer =>
	file(
		CATALOG,
		ONE_PAGE,
		page(3, `/MediaBox [0 0 612 792] /Contents 4 0 R ${FONTS}`),
		object(4, stream(`BT /F1 10 Tf 100 700 Td ${content} ET`)),
		TRAILER,
	);
const FIRST = { page: 1, x: 100, y: 82, height: 10 };

describe('a text is found', () => {
	it.each([
		['in one piece', '(Sign here) Tj'],
		['in pieces', '(Si) Tj (gn) Tj ( here) Tj'],
		['with kerning', '[(S) 20 (ign) -300 (here)] TJ'],
		['letter-spaced', '8 Tc (Sign here) Tj'],
		['drawn twice, for bold', '(Sign here) Tj 1 0 0 1 100.3 700 Tm (Sign here) Tj'],
		['out of order', '30 0 Td (here) Tj -30 0 Td (Sign) Tj'],
		['white', '1 g (Sign here) Tj'],
		['unseen, as of an OCR', '3 Tr (Sign here) Tj'],
		['over two lines', '12 TL (Sign) Tj T* (here) Tj'],
		['over two lines drawn in another order', '0 -12 Td (here) Tj 0 12 Td (Sign) Tj'],
		['as a hexadecimal string', '<5369676e2068657265> Tj'],
		['with octal codes and line ends in it', '(\\123ign\\\n here) Tj'],
		['by other operators', '12 TL 0 12 Td 0 0 (Sign here) " (x) \''],
		[
			'after an image in the content',
			'ET BI /W 1 /H 1 /BPC 8 /CS /G ID (( EI BT 100 700 Td (Sign here) Tj',
		],
	])('%s', async (_, content) => {
		const found = await textsIn(drawing(content), 'Sign here');
		expect(found).toHaveLength(1);
		expect(found[0]).toMatchObject({
			...{ page: 1, x: 100, height: expect.closeTo(10, 5) as number },
			y: expect.closeTo(82, 5) as number,
		});
	});

	it('twice where it is there twice', async () => {
		const content = drawing('(Sign here) Tj 200 0 Td (Sign here) Tj 0 -50 Td (Sign here) Tj');
		expect((await textsIn(content, 'Sign here')).map(({ x, y }) => [x, Math.round(y)])).toEqual([
			[100, 82],
			[300, 82],
			[300, 132],
		]);
	});

	it('but not where two texts only stand one after the other', async () => {
		expect(await textsIn(drawing('(Sign) Tj 200 0 Td (here) Tj'), 'Sign here')).toEqual([]);
	});

	it('with ligatures', async () => {
		const content = drawing('(\\256rma) Tj');
		expect(await textsIn(content, 'firma')).toHaveLength(1);
	});

	it('in forms in each other, packed twice', async () => {
		const packed = `${Buffer.from(deflateSync(bytes('BT /F1 10 Tf (Sign here) Tj ET'))).toString('hex')}>`;
		const content = file(
			CATALOG,
			ONE_PAGE,
			page(3, '/MediaBox [0 0 612 792] /Contents [4 0 R] /Resources << /XObject << /A 5 0 R >> >>'),
			object(4, stream('q 1 0 0 1 50 0 cm /A Do Q')),
			object(
				5,
				stream(
					'/B Do',
					'/Subtype /Form /Matrix [1 0 0 1 50 0] /Resources << /XObject << /B 6 0 R >> >>',
				),
			),
			object(
				6,
				stream(
					packed,
					`/Type /XObject /Subtype /Form /Matrix [1 0 0 1 0 700] /Filter [/ASCIIHexDecode /FlateDecode] ${FONTS}`,
				),
			),
			TRAILER,
		);
		expect(await textsIn(content, 'Sign here')).toEqual([expect.objectContaining(FIRST)]);
	});
});

it('tells a scan from a text', async () => {
	const [scan] = await pagesOf(drawing('( ) Tj'));
	const [text] = await pagesOf(drawing('(a) Tj'));
	expect([scan && hasText(scan), text && hasText(text)]).toEqual([false, true]);
});

it('refuses an encrypted file, and contents that are packed otherwise', async () => {
	const encrypted = file(
		CATALOG,
		ONE_PAGE,
		page(3, ''),
		'trailer << /Root 1 0 R /Encrypt << >> >>',
	);
	await expect(readPdf(encrypted)).rejects.toThrow('is encrypted');
	const packed = file(
		CATALOG,
		ONE_PAGE,
		page(3, '/Contents 4 0 R'),
		object(4, stream('x', '/Filter /LZWDecode')),
		TRAILER,
	);
	await expect(pagesOf(packed)).rejects.toThrow('not supported');
});

const withContents = (contents: string): Buffer =>
	file(CATALOG, ONE_PAGE, page(3, `/Contents 4 0 R ${FONTS}`), object(4, contents), TRAILER);

it('reads contents that are packed twice, in any order', async () => {
	const content = bytes('BT /F1 10 Tf 100 700 Td (Sign here) Tj ET');
	const hexadecimal = bytes(`${content.toString('hex')}>`);
	for (const [packed, filters] of [
		[deflateSync(deflateSync(content)), '/FlateDecode /FlateDecode'],
		[deflateSync(hexadecimal), '/FlateDecode /ASCIIHexDecode'],
		[bytes(`${hexadecimal.toString('hex')}>`), '/AHx /AHx'],
	] as const) {
		const file = withContents(stream(packed.toString('latin1'), `/Filter [${filters}]`));
		expect(await textsIn(file, 'Sign here')).toHaveLength(1);
	}
});

it('reads damaged contents as far as they go, as viewers do, and says that they are damaged', async () => {
	const numbers = Array.from({ length: 400 }, (_, at) => (at * 7919) % 9973);
	const content = bytes(`BT /F1 10 Tf 100 700 Td (Sign here) Tj ET\n% ${numbers.join(' ')}`);
	for (const [cut, isDamaged] of [
		[0, false],
		// The checksum, which no one looks at.
		[4, false],
		[20, true],
	] as const) {
		const packed = deflateSync(content);
		const part = packed.subarray(0, packed.length - cut).toString('latin1');
		const [read] = await pagesOf(withContents(stream(part, '/Filter /FlateDecode')));
		expect([read && hasText(read), read?.isDamaged]).toEqual([true, isDamaged]);
	}
});

it.each([
	['more than is held', stream(' '.repeat(5_000_000)), 'has contents that are too large'],
	['an operation without an end', stream(`(${' '.repeat(1_000_000)}`), 'has no end'],
	[
		'more than anyone reads',
		stream(deflateSync(bytes('q Q '.repeat(5_000_000))).toString('latin1'), '/Filter /Fl'),
		'than can be read',
	],
])('refuses contents with %s, instead of leaving text out', async (_, contents, reason) => {
	await expect(pagesOf(withContents(contents))).rejects.toThrow(reason);
});

it('refuses a text that is there too often, instead of leaving some out', async () => {
	const content = drawing('(a) Tj 0 -9 Td '.repeat(600));
	await expect(textsIn(content, 'a')).rejects.toThrow('more than 500 times on page 1');
});

it('gives others their turn within a page', async () => {
	let turns = 0;
	const pause = async () => {
		turns++;
	};
	const content = drawing('({{a:1}} Sign here) Tj 0 -12 Td '.repeat(400));
	const { texts } = await readPdf(content, { text: true, pause });
	for await (const text of texts()) {
		const before = turns;
		expect(before).toBeGreaterThan(2);
		await findTags(text);
		expect(turns).toBeGreaterThan(before + 2);
	}
});

describe('tags', () => {
	it('are found with what they say, and named where they are none', async () => {
		const found = await tagsIn(
			drawing(
				'(A {{signature:1}} b [sig|req|signer2] {{customer.name}} [1]) Tj 0 -20 Td ({{text:2:) Tj 0 -12 Td (Town of birth}}) Tj',
			),
		);
		expect(found.map(({ raw, tag }) => [raw, tag?.form, tag?.label])).toEqual([
			['{{signature:1}}', 'inSigner', undefined],
			['[sig|req|signer2]', 'Dropbox Sign', undefined],
			['{{customer.name}}', undefined, undefined],
			['{{text:2: Town of birth}}', 'inSigner', 'Town of birth'],
		]);
	});
});

it('places texts where pdf.js does', async () => {
	const pdf = await PDFDocument.create();
	const fonts = await Promise.all(
		[StandardFonts.Helvetica, StandardFonts.TimesRomanBold, StandardFonts.Courier].map((font) =>
			pdf.embedFont(font),
		),
	);
	for (const [index, turn] of [0, 90, 180, 270, 0].entries()) {
		const sheet = pdf.addPage([400, 600]);
		sheet.setRotation(degrees(turn));
		sheet.setCropBox(10, 20, 380, 570);
		for (const [row, font] of fonts.entries()) {
			const text = `Page ${index} row ${row} naïve €`;
			sheet.drawText(text, { x: 40, y: 500 - 40 * row, size: 9 + row, font });
		}
		sheet.drawText('askew', { x: 200, y: 200, size: 20, rotate: degrees(30) });
	}
	const content = Buffer.from(await pdf.save());
	const [expected] = await textsByPdfJs([content]);
	const pages = await pagesOf(content);
	expect(expected?.texts).toHaveLength(20);
	for (const { page: number, text, x, y } of expected?.texts ?? []) {
		const glyph = pages[number - 1]?.glyphs.find(
			(one) => Math.abs(one.x - x) < 1 && Math.abs(one.y - y) < 1,
		);
		expect({ text, begins: glyph?.glyph.text }).toEqual({ text, begins: text[0] });
		if (text === 'askew') continue;
		expect(await findText(pages[number - 1] as PageText, text)).toHaveLength(1);
	}
});
