import { deflateSync } from 'node:zlib';

import {
	bytes,
	CATALOG,
	file,
	object,
	ONE_PAGE,
	page,
	stream,
	TRAILER,
} from '../unit/pdf/pdfSyntax';

const MIB = 1024 * 1024;

const times = (count: number, make: (index: number) => string): string =>
	Array.from({ length: count }, (_, index) => make(index)).join('');

const packed = (content: string | Buffer, entries = ''): string =>
	stream(
		deflateSync(typeof content === 'string' ? bytes(content) : content).toString('latin1'),
		`/Filter /FlateDecode ${entries}`,
	);

const HELVETICA = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
const RESOURCES = `/Resources << /Font << /F1 7 0 R >> /XObject << /A 5 0 R /B 6 0 R >> >>`;
const PAGE = page(3, `/MediaBox [0 0 612 792] /Contents 4 0 R ${RESOURCES}`);

/** A page with this content, in which font F1 is that of object 7, and forms A and B are those of objects 5 and 6. */
const drawn = (content: string | Buffer, font = HELVETICA, ...more: string[]): Buffer =>
	file(CATALOG, ONE_PAGE, PAGE, object(4, packed(content)), object(7, font), ...more, TRAILER);

const text = (content: string): string => `BT /F1 9 Tf 50 700 Td ${content} ET`;
const form = (number: number, content: string): string =>
	object(number, packed(content, `/Type /XObject /Subtype /Form ${RESOURCES}`));

/** A font with this map of what its codes read, and text in it. */
const mapped = (map: string, content = text('<00410042> Tj'), entries = ''): Buffer =>
	drawn(
		content,
		`<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [10 0 R] /ToUnicode 8 0 R ${entries} >>`,
		object(8, packed(map)),
		object(10, '<< /Type /Font /Subtype /CIDFontType2 /DW 500 >>'),
	);

/** Many pages that have the same of something, so that a small file makes much work. */
const pages = (count: number, entries: string, ...more: string[]): Buffer =>
	file(
		CATALOG,
		object(2, `<< /Type /Pages /Kids [${'3 0 R '.repeat(count)}] >>`),
		page(3, `/MediaBox [0 0 612 792] ${RESOURCES} ${entries}`),
		object(7, HELVETICA),
		...more,
		TRAILER,
	);

const WIDGET = '/Type /Annot /Subtype /Widget /Rect [9 9 99 99]';
/** Form fields in each other as `parent` has it. */
const fields = (count: number, parent: string, field = ''): Buffer =>
	file(
		CATALOG,
		ONE_PAGE,
		page(3, `/MediaBox [0 0 612 792] /Annots [${times(count, (index) => `${index + 100} 0 R `)}]`),
		object(9, parent),
		times(
			count,
			(index) => `${index + 100} 0 obj<< ${WIDGET} /Parent 9 0 R /T (${index}) ${field}>>\n`,
		),
		TRAILER,
	);

/**
 * Files whose form fields, fonts and contents make a reader work or keep as much as they can. Each is built when it is
 * asked for.
 */
export const hostileTexts: Record<string, () => Buffer> = {
	// Operators.
	'millions of operators': () => drawn('q Q '.repeat(6e6)),
	'millions of operands': () => drawn('1 '.repeat(20e6)),
	'millions of words': () => drawn('abcdefg '.repeat(5e6)),
	'a bomb of spaces': () => drawn(Buffer.alloc(300 * MIB, ' ')),
	'a bomb of comments': () => drawn('%\n'.repeat(20e6)),
	'a comment without an end': () => drawn(`%${'a'.repeat(45e6)}`),
	'a bomb of brackets': () => drawn('['.repeat(20e6)),
	'a bomb of lists': () => drawn('[[[[]]]]'.repeat(5e6)),
	'a bomb of dictionaries': () => drawn('<</A<<>>>>'.repeat(4e6)),
	'a bomb of parentheses': () => drawn('('.repeat(20e6)),
	'a bomb of names': () => drawn('/abcdefghijklmnopqr'.repeat(2e6)),
	'a word without an end': () => drawn('a'.repeat(45e6)),
	'an image without an end': () => drawn(`BI ID ${' E'.repeat(20e6)}`),
	'images that seem to end': () => drawn(`BI ID ${' EI\x01'.repeat(10e6)}`),
	'many images': () => drawn('BI ID EI q Q q Q q Q q Q '.repeat(1e6)),
	'states in each other': () => drawn('q '.repeat(6e6)),
	'matrices that grow': () =>
		drawn(text('9e99 0 0 9e99 0 0 cm 1e300 0 0 1e300 0 0 Tm (a) Tj '.repeat(3e4))),
	'many bombs': () =>
		file(
			CATALOG,
			ONE_PAGE,
			page(3, `/Contents [${times(400, (index) => `${index + 10} 0 R `)}]`),
			times(400, (index) => object(index + 10, packed(Buffer.alloc(MIB, 'q Q ')))),
			TRAILER,
		),

	// Text.
	'more glyphs than fit on a page': () => drawn(text(`(${'a'.repeat(1000)}) Tj `.repeat(5000))),
	'a giant string': () => drawn(text(`(${'a'.repeat(1_000_000)}) Tj`)),
	'a string beyond all bounds': () => drawn(text(`(${'a'.repeat(40_000_000)}) Tj`)),
	'giant strings of escapes': () => drawn(text(`(${'\\101'.repeat(250_000)}) Tj `.repeat(20))),
	'giant hexadecimal strings': () => drawn(text(`<${'4 1'.repeat(300_000)}> Tj `.repeat(20))),
	'glyphs all over the page': () => drawn(text('(a) Tj 9 9 Td '.repeat(49_000))),
	'glyphs all over the page, each of its own size': () =>
		drawn(text(times(24_000, (index) => `/F1 ${(index % 97) + 1} Tf (a) Tj 7 ${index % 5} Td `))),
	'glyphs far beside each other': () => drawn(text('(a) Tj 60 0 Td '.repeat(49_000))),
	'glyphs one on the other': () => drawn(text('(a) Tj 0 0 Td '.repeat(49_000))),
	'glyphs one below the other': () => drawn(text('(a) Tj 0 -1 Td '.repeat(49_000))),
	'glyphs in a circle': () =>
		drawn(
			text(
				times(24_000, (index) => {
					const [x, y] = [Math.cos(index).toFixed(3), Math.sin(index).toFixed(3)];
					return `${x} ${y} -${y} ${x} 300 300 Tm (ab) Tj `;
				}),
			),
		),
	'long lines below each other': () => drawn(text(`(${'a'.repeat(4000)}) Tj 0 -9 Td `.repeat(12))),
	'the same text again and again': () => drawn(text('(aaaaaaaa) Tj 0.1 0 Td '.repeat(6000))),
	'beginnings of tags': () => drawn(text('({{a) Tj '.repeat(16_000))),
	'beginnings of tags in each other': () => drawn(text(`(${'{'.repeat(49_000)}) Tj`)),
	'brackets that hardly close': () => drawn(text(`(${`[${'a'.repeat(190)}`.repeat(250)}) Tj`)),
	'tags as many as fit': () => drawn(text('({{a:1}}) Tj 0 -12 Td '.repeat(7000))),
	'tags on each other': () => drawn(text('({{a:1}}) Tj 0 0 Td '.repeat(7000))),
	'long tags': () => drawn(text(`({{${'a:'.repeat(240)}}}) Tj 0 -12 Td `.repeat(100))),
	backslashes: () => drawn(text(`(${'\\\\s1'.repeat(15_000)}) Tj`)),
	'full pages': () =>
		pages(2000, '/Contents 4 0 R', object(4, packed(text('(a) Tj 9 9 Td '.repeat(10_000))))),
	'ordinary pages without end': () =>
		pages(
			20_000,
			'/Contents 4 0 R',
			object(
				4,
				packed(text(times(40, () => '(A line of text as there is in a contract) Tj 0 -12 Td '))),
			),
		),
	'pages of tags': () =>
		pages(2000, '/Contents 4 0 R', object(4, packed(text('({{a:1}}) Tj 0 -12 Td '.repeat(1000))))),

	// Forms and contents.
	'a form that draws itself': () =>
		drawn('/A Do '.repeat(1000), HELVETICA, form(5, '/A Do '.repeat(1000))),
	'forms that draw each other': () =>
		drawn(
			'/A Do '.repeat(1000),
			HELVETICA,
			form(5, '/B Do '.repeat(1000)),
			form(6, '/A Do '.repeat(1000)),
		),
	'forms with long contents': () =>
		drawn('/A Do '.repeat(1000), HELVETICA, form(5, text('(a) Tj '.repeat(100_000)))),
	'forms that are empty': () => drawn('/A Do '.repeat(1e6), HELVETICA, form(5, '')),
	'a content many times': () =>
		pages(
			5000,
			`/Contents 8 0 R`,
			object(8, `[${'4 0 R '.repeat(30_000)}]`),
			object(4, stream(' ')),
		),
	'contents that are nothing, many times': () =>
		pages(20_000, `/Contents 8 0 R`, object(8, `[${'null '.repeat(30_000)}]`)),
	'contents that are their own list': () =>
		pages(100, `/Contents 8 0 R`, object(8, `[${'8 0 R '.repeat(30_000)}]`)),
	'resources that are their own': () =>
		drawn(
			text('(a) Tj /A Do'),
			HELVETICA,
			object(5, stream('/A Do', '/Subtype /Form /Resources 5 0 R')),
		),
	'contents packed three times': () =>
		drawn(
			'',
			HELVETICA,
			object(
				4,
				stream(
					deflateSync(deflateSync(deflateSync(Buffer.alloc(200 * MIB)))).toString('latin1'),
					'/Filter [/Fl /Fl /Fl]',
				),
			),
		),
	'contents in giant ASCII85': () =>
		drawn('', HELVETICA, object(4, stream('z'.repeat(7 * MIB), '/Filter /A85'))),
	'contents in giant hexadecimal digits': () =>
		drawn('', HELVETICA, object(4, stream('20 '.repeat(2.5 * MIB), '/Filter [/AHx /AHx]'))),

	// Fonts.
	'a map of millions of codes': () => mapped('<0000> <ffff> <0041> endbfrange '.repeat(200_000)),
	'a map of codes one by one': () =>
		mapped(
			`${times(65_000, (index) => `<${index.toString(16).padStart(4, '0')}> <0041> `)}endbfchar`,
		),
	'a map of lists': () =>
		mapped(`<0000> <ffff> [${'<0041> '.repeat(30_000)}] endbfrange `.repeat(20)),
	'a map of giant texts': () =>
		mapped(
			`${times(15, (index) => `<004${index.toString(16)}> <${'0041'.repeat(65_000)}> `)}endbfchar`,
			text(`<${'00410042'.repeat(20_000)}> Tj`),
		),
	'a map of one giant text for all codes': () =>
		mapped(
			`<0000> <ffff> <${'0041'.repeat(200_000)}> endbfrange`,
			text(`<${times(40_000, (index) => index.toString(16).padStart(4, '0'))}> Tj`),
		),
	'a map of operands': () => mapped('<00> '.repeat(800_000)),
	'a map of words': () => mapped('a '.repeat(2_000_000)),
	'a map that is a bomb': () => mapped(' '.repeat(300 * MIB)),
	'a map with ranges in each other': () =>
		mapped(
			`${'<00> <ffffffff> '.repeat(2000)}endcodespacerange`,
			text(`<${'0041'.repeat(40_000)}> Tj`),
			'/Encoding 8 0 R',
		),
	'a map that is the font': () =>
		drawn(
			text('(a) Tj'),
			'<< /Type /Font /Subtype /Type0 /Encoding 7 0 R /ToUnicode 7 0 R /DescendantFonts 7 0 R >>',
		),
	'many fonts of one map': () =>
		drawn(
			times(3000, (index) => `/X${index} 9 Tf BT (a) Tj ET `),
			HELVETICA,
			object(
				3,
				`<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << ${times(3000, (index) => `/X${index} ${index + 100} 0 R `)} >> >> >>`,
			),
			object(8, packed('<0000> <ffff> <0041> endbfrange')),
			times(3000, (index) =>
				object(index + 100, '<< /Type /Font /Subtype /Type0 /ToUnicode 8 0 R /Encoding 8 0 R >>'),
			),
		),
	'many fonts of one list of widths': () =>
		drawn(
			times(3000, (index) => `/X${index} 9 Tf BT (a) Tj ET `),
			HELVETICA,
			object(
				3,
				`<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << ${times(3000, (index) => `/X${index} ${index + 100} 0 R `)} >> >> >>`,
			),
			object(8, '[0 70000 500]'),
			object(9, '<< /W 8 0 R >>'),
			times(3000, (index) =>
				object(index + 100, '<< /Type /Font /Subtype /Type0 /DescendantFonts [9 0 R] >>'),
			),
		),
	'a font that stands in the resources, set again and again': () =>
		drawn(
			'/X 9 Tf '.repeat(500_000),
			HELVETICA,
			object(
				3,
				'<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /X << /Type /Font /Subtype /Type0 /DescendantFonts [9 0 R] >> >> >> >>',
			),
			object(8, '[0 70000 500]'),
			object(9, '<< /W 8 0 R >>'),
		),
	'widths beyond all numbers': () =>
		drawn(
			text('(aaaa) Tj'),
			`<< /Type /Font /Subtype /Type1 /FirstChar -1e300 /Widths [${'1e300 '.repeat(300)}] >>`,
		),
	'differences without end': () =>
		drawn(
			text('(aaaa) Tj'),
			`<< /Type /Font /Subtype /Type1 /Encoding << /Differences [0 ${'/aacute_bacute_cacute '.repeat(30_000)}] >> >>`,
		),
	'a glyph with a giant name': () =>
		drawn(
			text(`(${'a'.repeat(40_000)}) Tj`),
			`<< /Type /Font /Subtype /Type1 /Encoding << /Differences [97 /${'a_'.repeat(400_000)}] >> >>`,
		),

	// Form fields.
	'fields of one giant name': () =>
		fields(9000, `<< /FT /Tx /T (${'a'.repeat(500_000)}) /TU (${'b'.repeat(500_000)}) >>`),
	'fields of one giant list of options': () =>
		fields(9000, `<< /FT /Ch /Opt [${'(a)'.repeat(30_000)}] >>`),
	'fields in themselves': () => fields(9000, '<< /FT /Tx /T (a) /Parent 9 0 R >>'),
	'fields with giant places': () => fields(3000, `<< /FT /Tx >>`, '/Rect 11 0 R '),
	'annotations that are nothing, on many pages': () =>
		pages(20_000, '/Annots 8 0 R', object(8, `[${'null '.repeat(30_000)}]`)),
	'annotations that are no fields, on many pages': () =>
		pages(
			20_000,
			'/Annots 8 0 R',
			object(8, `[${'9 0 R '.repeat(30_000)}]`),
			object(9, '<< /Subtype /Ink >>'),
		),
};
