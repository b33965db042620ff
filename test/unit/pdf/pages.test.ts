import { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';

import { PDFDocument } from 'pdf-lib';

import { readPages, type PageSize } from '../../../nodes/InSigner/pdf/pages';
import { UnreadablePdf } from '../../../nodes/InSigner/pdf/unreadablePdf';
import {
	bytes,
	CATALOG,
	file,
	inChunks,
	mixedPages,
	object,
	objectStream,
	ONE_PAGE,
	page,
	sizesByPdfJs,
	stream,
	TRAILER,
} from './pdfSyntax';

// Thousands of readings in some tests, on machines that do other things too.
jest.setTimeout(30_000);

const size = (widthPt: number, heightPt: number): PageSize => ({ widthPt, heightPt });
const rounded = (sizes: PageSize[]): PageSize[] =>
	sizes.map(({ widthPt, heightPt }) => size(+widthPt.toFixed(6), +heightPt.toFixed(6)));

/** What people are told about a file that cannot be read. */
async function refusalOf(content: Buffer): Promise<string> {
	const outcome = await readPages(content).catch((error: unknown) => error);
	expect(outcome).toBeInstanceOf(UnreadablePdf);
	return outcome instanceof UnreadablePdf ? outcome.message : '';
}

const LETTER = page(3, '/MediaBox [0 0 612 792]');
/** What a page of another document looks like that must not be taken for one of this document. */
const FOREIGN = page(3, '/MediaBox [0 0 1 1]');

/** A file with one page, whose object is this. */
const withPage = (entries: string, ...more: string[]): Buffer =>
	file(CATALOG, ONE_PAGE, page(3, entries), ...more, TRAILER);

/** Files that pdf.js reads too; the sizes are compared with its. */
const readable: Record<string, Buffer> = {
	'a plain page': withPage('/MediaBox [0 0 612 792]'),
	'numbers of all forms': withPage('/MediaBox[-.5 +0 612.25 792.]/Rotate 0.0'),
	'two minus signs for one': withPage('/MediaBox [--100 0 612 792]'),
	'a sign or a point alone': withPage('/MediaBox [- . 612 792]'),
	'numbers with an exponent': withPage('/MediaBox [0 1e-13 6.12E2 792]'),
	'no size': withPage(''),
	'a size without area': withPage('/MediaBox [0 0 0 700]'),
	'a word that is no key': withPage('/A stray /B [word] word 5 0 R /MediaBox [0 0 70 80] word'),
	'much space in an object header': bytes(
		withPage('/MediaBox [0 0 612 792]')
			.toString('latin1')
			.replace('3 0 obj', `3${' '.repeat(40)}0${' '.repeat(40)}obj`),
	),
	'corners in another order': withPage('/MediaBox [612 792 10 20]'),
	'a crop box that reaches out of the media box': withPage(
		'/MediaBox [0 0 612 792] /CropBox [-10 100 300 900]',
	),
	'a crop box beside the media box': withPage('/MediaBox [0 0 612 792] /CropBox [700 0 800 100]'),
	'a crop box without area': withPage('/MediaBox [0 0 612 792] /CropBox [0 0 0 0]'),
	'a rotation that is no quarter turn': withPage('/MediaBox [0 0 612 792] /Rotate 45'),
	'a negative quarter turn': withPage('/MediaBox [0 0 612 792] /Rotate -270'),
	'a user unit': withPage('/MediaBox [0 0 612 792] /UserUnit 3'),
	'boxes, corners and rotation in objects of their own': withPage(
		'/MediaBox 4 0 R /CropBox [0 0 5 0 R 600] /Rotate 6 0 R',
		object(4, '[0 0 612 792]'),
		object(5, '555'),
		object(6, '90'),
	),
	'attributes from above, some of them overridden': file(
		CATALOG,
		object(
			2,
			'<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 3 /MediaBox [0 0 300 400] /Rotate 90 /CropBox [0 0 200 300] >>',
		),
		page(3, ''),
		object(
			4,
			'<< /Type /Pages /Parent 2 0 R /Kids [5 0 R 6 0 R] /Count 2 /Rotate 0 /UserUnit 4 >>',
		),
		object(5, '<< /Type /Page /Parent 4 0 R >>'),
		object(6, '<< /Type /Page /Parent 4 0 R /MediaBox [0 0 150 160] >>'),
		TRAILER,
	),
	'a list of pages in an object of its own': file(
		CATALOG,
		object(2, '<< /Type /Pages /Kids 5 0 R /Count 2 >>'),
		object(5, '[3 0 R 4 0 R]'),
		page(4, '/MediaBox [0 0 10 20]'),
		LETTER,
		TRAILER,
	),
	'comments, names with codes and hardly any space': file(
		'1 0 obj<</Type/Catalog/Pages 2 0 R/Names(\\)endobj 3 0 obj)>>endobj\n',
		'2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n',
		'3 0 obj<</Type/Page/Parent 2 0 R%>> not the end\r/Media#42ox[0 0 70 80]/A<3e3E>/B(a(b)\\(c)>>endobj\n',
		TRAILER,
	),
	'an incremental update': Buffer.concat([
		withPage('/MediaBox [0 0 612 792]'),
		file(page(3, '/MediaBox [0 0 100 200]'), TRAILER),
	]),
	'the order of a linearized file': file(
		object(8, '<< /Linearized 1 /L 1000 /O 3 /N 2 >>'),
		'trailer\n<< /Root 1 0 R /Size 9 /Prev 500 >>\nstartxref\n0\n%%EOF\n',
		CATALOG,
		page(3, '/MediaBox [0 0 10 20]'),
		object(2, '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>'),
		page(4, '/MediaBox [0 0 30 40]'),
		'trailer\n<< /Size 5 >>\nstartxref\n0\n%%EOF\n',
	),
	'line ends of old Macs': bytes(
		withPage('/MediaBox [0 0 612 792]').toString('latin1').replace(/\n/g, '\r'),
	),
};

describe('sizes', () => {
	it('are those that pdf.js shows', async () => {
		const files = Object.entries({
			...readable,
			'pages by pdf-lib': await mixedPages(false),
			'pages by pdf-lib, with object streams': await mixedPages(true),
		});
		const expected = await sizesByPdfJs(files.map(([, content]) => content));
		for (const [index, [name, content]] of files.entries()) {
			expect({ name, sizes: rounded(await readPages(content)) }).toEqual({
				name,
				sizes: rounded(expected[index] ?? []),
			});
		}
	});

	it.each([false, true])('are those that pdf-lib gave (object streams: %s)', async (packed) => {
		const sizes = rounded(await readPages(await mixedPages(packed)));
		expect(sizes).toHaveLength(66);
		expect(sizes.slice(0, 7)).toEqual([
			size(612, 792),
			size(841.89, 595.28),
			size(400.5, 300.25),
			size(100, 180),
			size(200, 100),
			size(250, 500),
			size(100, 200),
		]);
	});

	it('are read of pages that inherit in a list that pdf-lib saved twice', async () => {
		const first = await PDFDocument.load(await mixedPages(true));
		first.removePage(0);
		first.insertPage(3, [11, 22]);
		const sizes = await readPages(Buffer.from(await first.save()));
		expect(sizes).toHaveLength(66);
		expect(sizes[3]).toEqual(size(11, 22));
	});
});

describe('streams', () => {
	const content = `q 1 0 obj 5 Q\n${FOREIGN}trailer << /Root 9 0 R >>\n(`;
	const embedded = `${content}\nendstream\nendobj\n${FOREIGN}`;

	it.each([
		['length right, a PDF in it', stream(embedded)],
		[
			'length right, nothing before endstream',
			stream(embedded).replace('\nendstream', 'endstream'),
		],
		['length too short', stream(content, '', '3')],
		['length too long', stream(content, '', '300')],
		['length beyond the end', stream(content, '', '99999')],
		['length negative', stream(content, '', '-5')],
		['no length', stream(content).replace(/\/Length \d+/, '')],
		[
			'length of an object that comes later',
			`${stream(content, '', '7 0 R')}\nendobj\n7 0 obj\n${content.length}`,
		],
		[
			'length of an object that comes later, a PDF in it',
			`${stream(embedded, '', '7 0 R')}\nendobj\n7 0 obj\n${embedded.length}`,
		],
		[
			'length of an object that comes later, and of which there is another in the PDF in it',
			`${stream(`${embedded}${object(7, '3')}`, '', '7 0 R')}\nendobj\n7 0 obj\n${embedded.length + object(7, '3').length}`,
		],
		[
			'length of an object that comes later, and white space',
			`${stream(`${embedded}`, '', '7 0 R').replace(/endstream$/, '\r\n\n endstream')}\nendobj\n7 0 obj\n${embedded.length}`,
		],
		['length of an object that is missing', stream(content, '', '7 0 R')],
		[
			'length of an object that came before',
			`0\nendobj\n${object(7, `${embedded.length}`)}5 0 obj\n${stream(embedded, '', '7 0 R')}`,
		],
		['line end CR LF', stream(embedded).replace('stream\n', 'stream\r\n')],
	])('%s', async (_, value) => {
		const pdf = file(CATALOG, ONE_PAGE, LETTER, object(5, value), TRAILER);
		expect(await readPages(pdf)).toEqual([size(612, 792)]);
	});

	it('says so when a length is so wrong that objects were passed over', async () => {
		const pdf = file(
			CATALOG,
			ONE_PAGE,
			object(5, stream(content, '', '1000000')),
			LETTER,
			object(6, stream('x'.repeat(800_000))),
			TRAILER,
		);
		await expect(readPages(pdf)).rejects.toThrow('the length of a stream is wrong');
	});
});

describe('object streams', () => {
	const objects = {
		1: '<< /Type /Catalog /Pages 2 0 R >>',
		2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		3: '<< /Type /Page /MediaBox [0 0 70 4 0 R] >>',
		4: '80',
	};
	const XREF = object(7, stream('', '/Type /XRef /Root 1 0 R'));

	it.each([
		['packed', objectStream(objects)],
		['not packed', objectStream(objects, '', false)],
		[
			'with a list of one filter',
			objectStream(objects).replace('/FlateDecode', '[/FlateDecode] /DecodeParms [null]'),
		],
		['with a wrong length', objectStream(objects).replace(/Length \d+/, 'Length 5')],
	])('%s', async (_, value) => {
		expect(await readPages(file(object(6, value), XREF))).toEqual([size(70, 80)]);
	});

	it('are overridden by later objects, and override earlier ones', async () => {
		const pdf = file(object(4, '1'), object(6, objectStream(objects)), object(4, '90'), XREF);
		expect(await readPages(pdf)).toEqual([size(70, 90)]);
	});

	it.each([
		[
			'encrypted',
			objectStream(objects).replace(/stream\n[^]*/, 'stream\nrandom\nendstream'),
			'/Encrypt 9 0 R',
			'The PDF is encrypted.',
		],
		[
			'encrypted, by chance readable',
			objectStream(objects),
			'/Encrypt 9 0 R',
			'The PDF is encrypted.',
		],
		[
			'damaged',
			objectStream(objects).replace(/stream\n[^]*/, 'stream\nrandom\nendstream'),
			'',
			'The PDF is damaged or cut off: an object stream is not compressed as it says.',
		],
		[
			'with another filter',
			objectStream(objects).replace('Flate', 'LZW'),
			'',
			'The PDF stores its objects in a way that is not supported.',
		],
		[
			'with a predictor',
			objectStream(objects, '/DecodeParms << /Predictor 12 >>'),
			'',
			'The PDF stores its objects in a way that is not supported.',
		],
		[
			'without an index',
			objectStream(objects).replace('/First', '/Last'),
			'',
			'an object stream has no proper index',
		],
		[
			'with a wrong index',
			objectStream(objects).replace(/\/N \d/, '/N 70000000'),
			'',
			'an object stream has no proper index',
		],
		[
			'a bomb',
			stream(
				deflateSync(Buffer.alloc(100_000_000, '1 0 2 90000000 ')).toString('latin1'),
				'/Type /ObjStm /N 2 /First 15 /Filter /FlateDecode',
			),
			'',
			'The PDF has object streams that are too large.',
		],
		[
			'one whose index is larger than any',
			stream('1 0 '.repeat(500_000), '/Type /ObjStm /N 400000 /First 1900000'),
			'',
			'The PDF has object streams that are too large.',
		],
		[
			'a large one',
			stream('1 0 '.padEnd(9_000_000), '/Type /ObjStm /N 1 /First 9'),
			'',
			'The PDF has object streams that are too large.',
		],
		[
			'a large one without a length',
			stream('1 0 '.padEnd(9_000_000), '/Type /ObjStm /N 1 /First 9', '0'),
			'',
			'The PDF has object streams that are too large.',
		],
	])('refuses %s', async (_, value, trailer, message) => {
		const pdf = file(object(6, value), object(7, stream('', `/Type /XRef /Root 1 0 R ${trailer}`)));
		expect(await refusalOf(pdf)).toContain(message);
	});
});

it('reads an encrypted file whose objects are in the open', async () => {
	const trailer = TRAILER.replace('/Size', '/Encrypt 8 0 R /Size');
	expect(await readPages(file(CATALOG, ONE_PAGE, LETTER, trailer))).toEqual([size(612, 792)]);
});

describe('refuses', () => {
	const tree = (...parts: string[]) => file(CATALOG, ...parts, TRAILER);
	const kids = (number: number, list: string) =>
		object(number, `<< /Type /Pages /Kids [${list}] >>`);

	it.each([
		['an empty file', Buffer.alloc(0), 'it has no trailer'],
		['what is no PDF', bytes('GIF89a'.repeat(50_000)), 'it has no trailer'],
		['a catalog that is missing', file(ONE_PAGE, LETTER, TRAILER), 'its catalog is missing'],
		['a root that leads in a circle', file(object(1, '1 0 R'), TRAILER), 'its catalog is missing'],
		['pages that are missing', tree(), 'a page is missing'],
		['a page that is missing', tree(ONE_PAGE), 'a page is missing'],
		[
			'a page that an update removed',
			tree(ONE_PAGE, LETTER, object(3, 'null')),
			'a page is missing',
		],
		[
			'a page that an update put something else over',
			tree(ONE_PAGE, LETTER, object(3, '<< /Type /Annot /Rotate 90 >>')),
			'a page is missing',
		],
		[
			'a list of pages that is missing',
			tree(object(2, '<< /Type /Pages /Kids 9 0 R >>')),
			'a page is missing',
		],
		...[
			['a number that viewers read in different ways', '/MediaBox [0 0 61-2 792]'],
			['a number with two points', '/MediaBox [0 0 612 79.2.1]'],
			['a number that is none', '/MediaBox [0 0 612 792pt]'],
			['a number without end', `/MediaBox [0 0 612 1${'0'.repeat(400)}]`],
			['a number too large', '/MediaBox [0 0 612 1e300] /UserUnit 1e300'],
			['three numbers', '/MediaBox [0 0 612]'],
			['five numbers', '/MediaBox [0 0 612 792 1]'],
			['a corner that is missing', '/MediaBox [0 0 612 9 0 R]'],
			['a box that is missing', '/MediaBox 9 0 R'],
			['a crop box that cannot be read', '/MediaBox [0 0 612 792] /CropBox [0 0 1-1 5]'],
			['a rotation that cannot be read', '/MediaBox [0 0 612 792] /Rotate 9-0'],
			['a rotation that is missing', '/MediaBox [0 0 612 792] /Rotate 9 0 R'],
			['a unit that cannot be read', '/MediaBox [0 0 612 792] /UserUnit 1.0.0'],
		].map(([name = '', entries = '']): [string, Buffer, string] => [
			name,
			withPage(entries),
			'the size of page 1 cannot be read',
		]),
		['pages that contain themselves', tree(kids(2, '2 0 R')), 'its pages contain each other'],
		[
			'pages that contain each other',
			tree(kids(2, '3 0 R'), kids(3, '4 0 R'), kids(4, '2 0 R')),
			'its pages contain each other',
		],
		[
			'more and more empty pages',
			tree(
				...Array.from({ length: 60 }, (_, index) =>
					kids(index + 2, `${index + 3} 0 R ${index + 3} 0 R`),
				),
				kids(62, ''),
			),
			'its pages contain each other',
		],
		[
			'many times the same page',
			tree(
				object(2, '<< /Type /Pages /Kids 9 0 R >>'),
				LETTER,
				object(9, `[${'3 0 R '.repeat(25_000)}]`),
			),
			'The PDF has more than 20000 pages.',
		],
		[
			'a list of more pages than are kept',
			tree(
				object(2, '<< /Type /Pages /Kids 9 0 R >>'),
				LETTER,
				object(9, `[${'3 0 R '.repeat(100_000)}]`),
			),
			'a page is missing',
		],
		[
			'too many levels',
			tree(
				...Array.from({ length: 10_001 }, (_, index) => kids(index + 2, `${index + 3} 0 R`)),
				page(10_003, ''),
			),
			'The PDF has its pages in more than 10000 levels.',
		],
		[
			'too many objects',
			file(object(5, '1').repeat(200_000), TRAILER),
			'The PDF has too many objects.',
		],
	])('%s', async (_, content, message) => {
		expect(await refusalOf(content)).toContain(message);
	});

	it('a file that was cut off anywhere', async () => {
		for (const content of [await mixedPages(false), await mixedPages(true)]) {
			const end = content.lastIndexOf(content.includes('trailer') ? '/Root' : '/XRef');
			for (let length = 0; length < end; length += 37) {
				await expect(readPages(content.subarray(0, length))).rejects.toThrow(UnreadablePdf);
			}
		}
	});
});

it('reads a tree of 10,000 levels', async () => {
	const levels = Array.from({ length: 10_000 }, (_, index) =>
		object(index + 2, `<< /Type /Pages /Kids [${index + 3} 0 R] >>`),
	);
	const pdf = file(CATALOG, ...levels, page(10_002, '/MediaBox [0 0 70 80]'), TRAILER);
	expect(await readPages(pdf)).toEqual([size(70, 80)]);
});

it('reads 20,000 pages', async () => {
	const numbers = Array.from({ length: 20_000 }, (_, index) => index + 3);
	const pdf = file(
		CATALOG,
		object(2, `<< /Type /Pages /Kids [${numbers.map((number) => `${number} 0 R`).join(' ')}] >>`),
		...numbers.map((number) => page(number, `/MediaBox [0 0 ${number} 9]`)),
		TRAILER,
	);
	const sizes = await readPages(pdf);
	expect(sizes).toHaveLength(20_000);
	expect(sizes.at(-1)).toEqual(size(20_002, 9));
});

describe('the source', () => {
	it('may be cut into chunks anywhere', async () => {
		const large = stream('1 0 obj endstrea '.repeat(60));
		const files = [
			...Object.values(readable),
			file(
				CATALOG,
				ONE_PAGE,
				LETTER,
				object(5, large),
				object(6, large.replace(/\/Length \d+/, '')),
				TRAILER,
			),
			await mixedPages(true),
		];
		for (const content of files) {
			const whole = await readPages(content);
			for (let chunk = 1; chunk <= 70; chunk++) {
				expect(await readPages(inChunks(content, chunk))).toEqual(whole);
			}
		}
	});

	it('may be cut once, at each byte', async () => {
		const content = Buffer.concat([
			withPage('/MediaBox [0 0 612 792]'),
			Buffer.alloc(5000, ' '),
			readable['an incremental update'] ?? Buffer.alloc(0),
		]);
		for (
			let cut = 0;
			cut <= content.length;
			cut += cut < 500 || cut > content.length - 900 ? 1 : 97
		) {
			const parts = [content.subarray(0, cut), content.subarray(cut)];
			expect(await readPages(Readable.from(parts))).toEqual([size(100, 200)]);
		}
	});

	it('is closed, also where it is not read to its end', async () => {
		const content = file(
			object(6, stream('1 0 '.padEnd(9_000_000), '/Type /ObjStm /N 1 /First 9')),
			TRAILER,
		);
		const source = inChunks(content, 65_536);
		await expect(readPages(source)).rejects.toThrow(UnreadablePdf);
		expect(source.destroyed).toBe(true);
	});

	it('passes on what it throws itself', async () => {
		const source = inChunks(file(CATALOG), 10);
		source.destroy(new Error('The disk is gone'));
		await expect(readPages(source)).rejects.toThrow('The disk is gone');
	});
});
