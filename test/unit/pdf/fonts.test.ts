import { constants, deflateSync } from 'node:zlib';

import { readPdf } from '../../../nodes/InSigner/pdf/readPdf';
import { findText, type TextArea } from '../../../nodes/InSigner/pdf/text/finding';
import { bytes, CATALOG, file, object, ONE_PAGE, page, stream, TRAILER } from './pdfSyntax';

/** A page that shows this in font 5, size 10, from (100, 700) on. */
const shown = (text: string, font: string, ...more: string[]): Buffer =>
	file(
		CATALOG,
		ONE_PAGE,
		page(3, '/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>'),
		object(4, stream(`BT /F1 10 Tf 100 700 Td ${text} Tj ET`)),
		object(5, font),
		...more,
		TRAILER,
	);

async function placesOf(content: Buffer, wanted: string): Promise<TextArea[]> {
	const places: TextArea[] = [];
	for await (const text of (await readPdf(content, { text: true })).texts()) {
		places.push(...(await findText(text, wanted)));
	}
	return places;
}

const xOf = async (content: Buffer, wanted: string): Promise<number | undefined> => {
	const [place] = await placesOf(content, wanted);
	return place && Math.round(place.x * 100) / 100;
};

const map = (content: string): string =>
	stream(`/CIDInit /ProcSet findresource begin begincmap ${content} endcmap end`);
const TWO_BYTES = '1 begincodespacerange <0000> <FFFF> endcodespacerange';
const composite = (entries: string) =>
	`<< /Type /Font /Subtype /Type0 /DescendantFonts [6 0 R] /Encoding /Identity-H ${entries} >>`;
const DESCENDANT = object(
	6,
	'<< /Type /Font /Subtype /CIDFontType2 /DW 500 /W [1 [600 700] 10 20 300] >>',
);

describe('a composite font', () => {
	it('reads by its ToUnicode map: single codes, ranges, lists of a range, and letters of several characters', async () => {
		const characters = map(
			`${TWO_BYTES} 2 beginbfchar <0001> <0041> <0002> <0066006C> endbfchar ` +
				'2 beginbfrange <000A> <000C> <0053> <0014> <0015> [<0069> <0067>] endbfrange ' +
				'1 beginbfrange <0100> <0400> <0100> endbfrange',
		);
		const content = shown(
			'<00010002000A00140015000B>',
			composite('/ToUnicode 7 0 R'),
			DESCENDANT,
			object(7, characters),
		);
		// A is 6 points wide, fl 7, and the rest as in the range of widths, or 5.
		expect(await xOf(content, 'flS')).toBe(106);
		expect(await xOf(content, 'Sig')).toBe(113);
		expect(await xOf(content, 'gT')).toBe(119);
	});

	it('has codes of one and two bytes and glyphs of its own by an encoding in the file', async () => {
		const encoding = map(
			'2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange ' +
				'1 begincidchar <41> 1 endcidchar 1 begincidrange <8001> <8003> 10 endcidrange',
		);
		const characters = map(
			'1 beginbfchar <41> <0041> endbfchar 1 beginbfrange <8001> <8003> <0053> endbfrange',
		);
		const content = shown(
			'<41800141800280038001>',
			composite('/ToUnicode 7 0 R').replace('/Identity-H', '8 0 R'),
			DESCENDANT,
			object(7, characters),
			object(8, encoding),
		);
		// A 6, S 3, A 6, T 3, U 3.
		expect(await xOf(content, 'AT')).toBe(109);
		expect(await xOf(content, 'US')).toBe(118);
	});

	it('reads codes as Unicode if its map is called Identity, and long ranges', async () => {
		const content = shown('<00410053>', composite('/ToUnicode /Identity-H'), DESCENDANT);
		expect(await xOf(content, 'S')).toBe(105);
		const ranged = shown(
			'<00410053>',
			composite('/ToUnicode 7 0 R'),
			DESCENDANT,
			object(7, map(`${TWO_BYTES} 1 beginbfrange <0000> <FFFF> <0000> endbfrange`)),
		);
		expect(await xOf(ranged, 'S')).toBe(105);
	});

	it('says nothing without a map', async () => {
		expect(await placesOf(shown('<0041>', composite(''), DESCENDANT), 'A')).toEqual([]);
	});
});

describe('a simple font', () => {
	const widths = '/FirstChar 1 /LastChar 4 /Widths [100 200 300 400]';
	const simple = (entries: string, subtype = 'TrueType') =>
		`<< /Type /Font /Subtype /${subtype} /BaseFont /ABCDEF+Some ${entries} >>`;

	it.each([
		['letters', '/S/i/g/n', 'Sign'],
		['accents and ligatures', '/Aacute/scaron/fl/Tcommaaccent', 'ÁšﬂȚ'],
		['numbers of Unicode', '/uni0053/u0069/uni0067.alt/u1F600', 'Sig😀'],
		['Cyrillic and Greek', '/afii10017/afii10065/Omega/sigma1', 'АаΩς'],
		['several letters each', '/f_i/S_i_g/n/one', 'fiSign1'],
	])('reads %s by the names of its glyphs', async (_, names, text) => {
		const font = simple(`${widths} /Encoding << /Differences [1 ${names}] >>`);
		expect(await xOf(shown('(\\001\\002\\003\\004)', font), text)).toBe(100);
		const last = [...text.normalize('NFKC')].at(-1) ?? '';
		expect(await xOf(shown('(\\001\\002\\003\\004)', font), last)).toBe(106);
	});

	it('leaves out glyphs whose names say nothing', async () => {
		const names = `/g17/uniD80/u110000/${'a'.repeat(70)}`;
		const font = simple(`${widths} /Encoding << /Differences [1 ${names}] >>`);
		expect(await placesOf(shown('(\\001\\002\\003\\004)', font), 'g')).toEqual([]);
	});

	it('prefers its ToUnicode map, has a width for codes it does not list, and one in units of a Type 3 font', async () => {
		const characters = object(
			7,
			map(
				'1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <01> <05> <0053> endbfrange',
			),
		);
		const missing = simple(`${widths} /ToUnicode 7 0 R /FontDescriptor << /MissingWidth 900 >>`);
		expect(await xOf(shown('(\\005\\001)', missing, characters), 'S')).toBe(109);
		const type3 = simple(`${widths} /ToUnicode 7 0 R /FontMatrix [0.01 0 0 0.01 0 0]`, 'Type3');
		expect(await xOf(shown('(\\001\\002)', type3, characters), 'T')).toBe(110);
	});

	it.each([
		['MacRomanEncoding', '(\\212)', 'ä'],
		['WinAnsiEncoding', '(\\344)', 'ä'],
		['StandardEncoding', '(\\256)', 'ﬁ'],
	])('reads %s', async (encoding, text, read) => {
		const font = simple(`/Encoding /${encoding}`, 'Type1').replace('ABCDEF+Some', 'Times-Roman');
		expect(await xOf(shown(text, font), read)).toBe(100);
	});
});

describe('contents are unpacked', () => {
	const CONTENT = `BT /F1 10 Tf 100 700 Td (Sign) Tj ET ${'% and more of it\n'.repeat(3_000)}`;
	const hex = (content: Buffer) => `${content.toString('hex').replace(/../g, '$& ')}>`;
	const ascii85 = (content: Buffer): string => {
		let text = '';
		for (let at = 0; at < content.length; at += 4) {
			const rest = content.subarray(at, at + 4);
			let group = Buffer.concat([rest, Buffer.alloc(4 - rest.length)]).readUInt32BE();
			if (group === 0 && rest.length === 4) {
				text += 'z';
				continue;
			}
			const digits = [];
			for (let digit = 0; digit < 5; digit++, group = Math.floor(group / 85)) {
				digits.unshift(String.fromCharCode(33 + (group % 85)));
			}
			text += digits.slice(0, rest.length + 1).join('');
		}
		return `${text}~>`;
	};
	const packed = (content: string, filters: string): Buffer =>
		file(
			CATALOG,
			ONE_PAGE,
			page(3, '/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>'),
			object(4, stream(content, `/Filter ${filters}`)),
			object(5, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
			TRAILER,
		);
	const flate = (options: object) => deflateSync(bytes(CONTENT), options);

	it.each([
		['Flate', flate({}).toString('latin1'), '/FlateDecode'],
		['Flate that stores', flate({ level: 0 }).toString('latin1'), '/FlateDecode'],
		[
			'Flate with fixed codes',
			flate({ strategy: constants.Z_FIXED }).toString('latin1'),
			'/FlateDecode',
		],
		['ASCIIHex', hex(bytes(CONTENT)), '/ASCIIHexDecode'],
		['ASCIIHex with a digit too few', hex(bytes(`${CONTENT} `)).replace('0 >', '>'), '/AHx'],
		['ASCII85', ascii85(bytes(`${CONTENT}\0\0\0\0\0\0\0\0`)), '/ASCII85Decode'],
		['ASCII85 over Flate', ascii85(flate({})), '[/ASCII85Decode /FlateDecode]'],
	])('%s', async (_, content, filters) => {
		expect(await xOf(packed(content, filters), 'Sign')).toBe(100);
	});

	it('but LZW is refused', async () => {
		await expect(placesOf(packed('anything', '/LZWDecode'), 'Sign')).rejects.toThrow('The PDF');
	});
});

it.each([
	['Tc', '2 Tc (aSign) Tj', 107],
	['Tw', '3 Tw ( Sign) Tj', 108],
	['Tz', '50 Tz (aSign) Tj', 102.5],
	['TL and T*', '12 TL T* (Sign) Tj', 100],
	["'", "12 TL (a) ' (Sign) '", 100],
	['"', '1 2 (aSign) "', 107],
	['TD', '9 -14 TD (Sign) Tj', 109],
	['Ts', '5 Ts (aSign) Tj', 105],
	['Tm', '1 0 0 1 130 600 Tm (Sign) Tj', 130],
	['Tm with numbers missing', '1 0 0 Tm (Sign) Tj', 100],
	['cm', 'q 1 0 0 1 10 0 cm (Sign) Tj Q', 110],
	['cm with numbers missing', '1 0 cm (Sign) Tj', 100],
	['Q without q', 'Q (Sign) Tj', 100],
	['TJ', '[(a) -1000 (Sign)] TJ', 115],
	['TJ and Tj without a text', '7 TJ /A Tj /A Tc /B Tw (aSign) Tj', 105],
	['a size of nothing', '/F1 0 Tf (no) Tj /F1 10 Tf (Sign) Tj', 100],
	['a matrix of nothing', 'q 0 0 0 0 0 0 cm (no) Tj Q 1 0 0 1 100 700 Tm (Sign) Tj', 100],
	['a font that is not there', '/F2 10 Tf (no) Tj /F1 10 Tf (Sign) Tj', 100],
	['an image among the text', 'BI /W 1 ID xx EI (Sign) Tj', 100],
])('text is moved as %s says', async (_, content, x) => {
	const all = '500 '.repeat(95);
	const font = `<< /Type /Font /Subtype /Type1 /BaseFont /Some /Encoding /WinAnsiEncoding /FirstChar 32 /Widths [${all}] >>`;
	expect(await xOf(shown(`${content} ()`, font), 'Sign')).toBe(x);
});
