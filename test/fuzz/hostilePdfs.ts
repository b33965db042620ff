import { deflateRawSync, deflateSync, constants } from 'node:zlib';

import { bytes, CATALOG, file, object, ONE_PAGE, page, TRAILER } from '../unit/pdf/pdfSyntax';

/** Up to here a file is held to the bounds, in bytes. */
export const SIZE = 1_000_000;

const MIB = 1024 * 1024;
const PAGE = page(3, '/MediaBox [0 0 612 792]');

/** A readable file with something in it, or one without anything else. */
const withPage = (...parts: string[]): Buffer => file(CATALOG, ONE_PAGE, PAGE, ...parts, TRAILER);

/** So many of it that the file has just the size. */
const full = (piece: string, before = '', after = ''): Buffer =>
	withPage(before + piece.repeat((SIZE - 1000) / piece.length) + after);

const times = (count: number, make: (index: number) => string): string =>
	Array.from({ length: count }, (_, index) => make(index)).join('');

/** As many as there is room for; every one of them is as long as the one with the highest number. */
const numbered = (make: (number: number) => string, from = 10): Buffer =>
	withPage(times(Math.floor((SIZE - 1000) / make(99_999).length), (index) => make(index + from)));

const pack = (content: string | Buffer): string =>
	deflateSync(typeof content === 'string' ? bytes(content) : content, { level: 9 }).toString(
		'latin1',
	);

function objectStream(packed: string, count: number | string, first: number | string): string {
	const entries = `/Type /ObjStm /N ${count} /First ${first} /Filter /FlateDecode`;
	return object(10, `<< ${entries} /Length ${packed.length} >>\nstream\n${packed}\nendstream`);
}

/** An object stream with one object. */
const ofOne = (value: string): string => objectStream(pack(`9 0 ${value}`), 1, 4);

/** An object stream with many objects. */
function ofMany(count: number, from: number, make: (index: number) => string): string {
	const values = Array.from({ length: count }, (_, index) => make(index));
	let offset = 0;
	const index = values.map((value, place) => {
		const entry = `${from + place} ${offset} `;
		offset += value.length + 1;
		return entry;
	});
	return objectStream(pack(`${index.join('')}${values.join('\n')}`), count, index.join('').length);
}

const SMALL_PAGE = '<< /Type /Page /MediaBox [0 0 1.5 1.5] /CropBox [0 0 1.5 1.5] >>';

/** Deflate data in which each few bytes are a block with codes of its own. */
function manyBlocks(): string {
	const block = deflateRawSync('abcaabbccddeeffgghh0123456789'.repeat(3), {
		level: 9,
		finishFlush: constants.Z_FULL_FLUSH,
	}).toString('latin1');
	return `x\x9c${block.repeat((SIZE - 2000) / block.length)}`;
}

/**
 * Files of up to 1 MB that make a reader work or keep as much as they can. Each is built when it is asked for.
 */
export const hostilePdfs: Record<string, () => Buffer> = {
	// What a file claims.
	'an N of 15 million': () =>
		withPage(objectStream(pack('1 0 '.repeat(15 * MIB)), 15_000_000, 60 * MIB)),
	'an N as large as its index may be': () =>
		withPage(objectStream(pack('1 0 '.repeat(MIB / 4)), MIB / 4, MIB)),
	'numbers without bounds': () =>
		withPage(
			...['N', 'First', 'Length', 'Predictor', 'Columns'].map((key) =>
				object(
					11,
					`<< /Type /ObjStm /N 1 /First 4 /${key} 99999999999999999999 >>\nstream\n9 0 1\nendstream`,
				),
			),
			object(99_999_999, '1'),
			page(3, `/MediaBox [0 0 ${'9'.repeat(SIZE / 2)} 792]`),
		),
	'a reference of a million digits': () =>
		withPage(object(9, `<< /Kids [${'1'.repeat(SIZE - 1000)} 0 R] >>`)),
	'a count of pages without bounds': () =>
		file(CATALOG, object(2, '<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>'), PAGE, TRAILER),

	// Bombs.
	'a bomb of spaces': () => withPage(objectStream(pack(Buffer.alloc(900 * MIB, ' ')), 1, 4)),
	'a bomb that is passed over': () =>
		withPage(objectStream(pack(Buffer.alloc(480 * MIB, '1 0 2 900000000 ')), 2, 16)),
	'a bomb for an object': () => withPage(ofOne(' '.repeat(60 * MIB))),
	'many bombs': () => withPage(times(900, () => ofOne(' '.repeat(900_000)))),
	'bombs of dictionaries': () => withPage(times(9, () => ofOne('<</Kids'.repeat(MIB / 8)))),
	'bombs of lists': () => withPage(times(20, () => ofOne(`[${'<<>>'.repeat(MIB / 5)}]`))),
	'bombs of references': () => withPage(times(60, () => ofOne(`[${'1 0 R '.repeat(MIB / 7)}]`))),
	'bombs of texts': () => withPage(times(40, () => ofOne('(aaaaaaa)'.repeat(MIB / 9)))),
	'bombs of names': () => withPage(times(40, () => ofOne('/a'.repeat(MIB / 3)))),
	'bombs of numbers': () => withPage(times(3, (part) => ofMany(70_000, part * 70_000, () => '1'))),
	'bombs of numbers after a stream without a length': () =>
		withPage(
			object(8, '<< /Length 99 >>\nstream\nendstream'),
			times(3, (part) => ofMany(70_000, part * 70_000, () => '1')),
		),
	'bombs of objects without a value': () =>
		withPage(times(4, (part) => ofMany(50_000, part * 50_000, () => '/a'))),
	'bombs of boxes': () =>
		withPage(times(3, (part) => ofMany(60_000, part * 60_000, () => '[0 0 1.5 1.5]'))),
	'bombs of pages': () =>
		withPage(times(8, (part) => ofMany(20_000, part * 20_000, () => SMALL_PAGE))),
	'bombs of the same pages': () => withPage(times(8, () => ofMany(20_000, 100, () => SMALL_PAGE))),
	'bombs of lists of pages': () =>
		withPage(
			times(8, (part) => ofMany(20_000, part * 20_000, () => '<</Kids[<</Kids[]>><</Kids[]>>]>>')),
		),
	'small object streams': () => numbered(() => ofOne('2')),
	'small bombs': () => numbered(() => ofOne(' '.repeat(30_000))),
	'blocks of deflate data': () => withPage(objectStream(manyBlocks(), 1, 4)),
	'empty blocks of deflate data': () =>
		withPage(objectStream(`x\x9c${'\0\0\0\xff\xff'.repeat((SIZE - 1000) / 5)}`, 1, 4)),

	// Large objects.
	'a list of dictionaries': () => full('<<>>', '9 0 obj [', ']\nendobj\n'),
	'kids that are dictionaries': () => full('<</N 1>>', '9 0 obj <</Kids[', ']>>\nendobj\n'),
	'a list of lists': () => full('[]', '9 0 obj [', ']\nendobj\n'),
	'a list of nested lists': () => full('[[[[[[[[]]]]]]]]', '9 0 obj [', ']\nendobj\n'),
	'a list of references': () => full('1 0 R ', '9 0 obj [', ']\nendobj\n'),
	'a list of numbers': () => full('1.5 ', '9 0 obj [', ']\nendobj\n'),
	'a list of names': () => full('/abcdefghijklmnop', '9 0 obj [', ']\nendobj\n'),
	'a dictionary of one key': () => full('/Kids[]', '9 0 obj <<', '>>\nendobj\n'),
	'a dictionary of many keys': () =>
		withPage(object(9, `<<${times(100_000, (index) => `/K${index} 1`)}>>`)),
	'nested dictionaries': () => full(`9 0 obj ${'<</Kids'.repeat(99)} 1${'>>'.repeat(99)} `),
	'nested lists': () => full(`9 0 obj ${'[<</Kids'.repeat(49)} 1${'>>]'.repeat(49)} `),

	// Many objects.
	'many numbers': () => numbered((number) => `${number} 0 obj 1 `),
	'many references': () => numbered((number) => `${number} 0 obj 1 0 R `),
	'many boxes': () => numbered((number) => `${number} 0 obj[0 0 1 1.5]`),
	'many empty lists': () => numbered((number) => `${number} 0 obj[]`),
	'many lists of pages': () => numbered((number) => `${number} 0 obj<</Kids[]/Rotate 0>>\n`),
	'many names': () => numbered((number) => `${number} 0 obj<</Rotate/abcdefghijklmnop>>`),
	'the same box in many pages': () =>
		file(
			CATALOG,
			object(2, `<</Kids[${times(14_000, (index) => `${index + 10} 0 R `)}]>>`),
			object(9, `[${'8 0 R 8 0 R 7 0 R 7 0 R '.repeat(16_000)}]`),
			object(8, '1') + object(7, '2'),
			times(14_000, (index) => `${index + 10} 0 obj<</MediaBox 9 0 R>>\n`),
			TRAILER,
		),
	'the same page many times': () =>
		file(CATALOG, object(2, `<</Kids[${'3 0 R '.repeat(SIZE / 6 - 100)}]>>`), PAGE, TRAILER),
	'pages on many levels': () =>
		file(
			CATALOG,
			times(
				9990,
				(index) => `${index + 2} 0 obj<</Kids[${index + 3} 0 R 1 0 R]/MediaBox[0 0 1 1]>>\n`,
			),
			TRAILER,
		),
	'many pages': () =>
		file(
			CATALOG,
			object(2, `<</Type/Pages/Kids[${times(14_000, (index) => `${index + 10} 0 R `)}]>>`),
			times(14_000, (index) => `${index + 10} 0 obj<</Type/Page/MediaBox[0 0 612.5 792]>>\n`),
			TRAILER,
		),
	'20,000 pages in an object stream': () =>
		file(
			CATALOG,
			object(2, `<</Type/Pages/Kids[${times(20_000, (index) => `${index + 100} 0 R `)}]>>`),
			ofMany(
				20_000,
				100,
				(index) =>
					`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${index}.5 792]/CropBox[0 0 ${index}.5 792]/Rotate 90/Contents ${index} 0 R>>`,
			),
			TRAILER,
		),

	// Streams.
	'streams with one length that comes later': () =>
		numbered((number) => `${number} 0 obj<</Length 5 0 R>>stream endstream\n`),
	'streams with one length that comes again and again': () =>
		withPage(
			times(10_000, (index) => `${index + 10} 0 obj<</Length 5 0 R>>stream endstream\n`),
			'5 0 obj 0 '.repeat(50_000),
		),
	'streams with lengths that come later': () =>
		withPage(
			times(
				13_000,
				(index) => `${index + 10} 0 obj<</Length ${index + 50_000} 0 R>>stream endstream\n`,
			),
			times(13_000, (index) => `${index + 50_000} 0 obj 99 `),
		),
	'streams that may end anywhere': () =>
		withPage(
			'7 0 obj<</Length 8 0 R>>stream endstream\n9 0 obj 1 endstream'.repeat(8000),
			times(30_000, (index) => `8 0 obj ${index * 30} `),
		),
	'streams with a wrong length': () => full('7 0 obj<</Length 250000>>stream endstream\n'),
	'ends of streams': () => full('endstream ', '7 0 obj<</Length 5 0 R>>stream '),
	'objects after a stream without a length': () =>
		withPage(
			'7 0 obj<</Length 5 0 R>>stream endstream\n',
			times(60_000, (index) => `${index + 10} 0 obj 1 `),
		),

	// What would be looked at again and again.
	...Object.fromEntries(
		[
			...['1 0 obj <<', '1 0 obj [', '1 0 obj (', '1 0 obj <', '1 0 obj %', '1 0 obj]'],
			...['[', '(', '%', '%\n', ' ', '1', '1 ', '1 0 ', '/', 'a', '<</A', '<</Kids'],
			...[`1${' '.repeat(64)}`, '1 0 obj <</A ', 'trailer<<', 'trailer<</Root 1 0 R>>'],
			...['1 0 obj<<>>stream', '1 0 obj<</Length 400>>stream', '1 0 obj<</Type/ObjStm>>stream'],
		].flatMap((piece) =>
			['', '1 0 obj ', '1 0 obj <</A ', '1 0 obj ('].map((before): [string, () => Buffer] => [
				`${JSON.stringify(piece)} again and again, after ${JSON.stringify(before)}`,
				() => full(piece, before),
			]),
		),
	),
};
