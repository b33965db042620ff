import { deflateSync } from 'node:zlib';

import { readPages } from '../../../nodes/InSigner/pdf/pages';
import { UnreadablePdf } from '../../../nodes/InSigner/pdf/unreadablePdf';
import {
	CATALOG,
	file,
	inChunks,
	mixedPages,
	object,
	ONE_PAGE,
	page,
	stream,
	TRAILER,
} from './files';

const MIB = 1024 * 1024;

/** Numbers from 0 to below 1 that are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const PIECES = [
	'<<',
	'>>',
	'[',
	']',
	'(',
	')',
	'<',
	'%',
	'\\',
	' obj ',
	' 3 0 obj ',
	'endstream',
	'stream\n',
	'trailer',
	'/Kids',
	'2 0 R',
	'/Length 99999',
	'-1',
	'99999999999',
	'\0',
	'\r',
];

/** The file with one to four random changes. */
function mutated(content: Buffer, random: () => number): Buffer {
	let changed = content;
	const place = () => Math.floor(random() * (changed.length + 1));
	for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
		const at = place();
		const piece = Buffer.from(PIECES[Math.floor(random() * PIECES.length)] ?? '', 'latin1');
		const from = place();
		const kind = Math.floor(random() * 5);
		const inserted =
			[
				piece,
				Buffer.from([Math.floor(random() * 256)]),
				Buffer.alloc(0),
				changed.subarray(from, from + Math.floor(random() * 400)),
				Buffer.from(String(Math.floor(random() * 30))),
			][kind] ?? piece;
		const removed = kind === 2 ? Math.floor(random() * 50) : Math.floor(random() * 3);
		changed = Buffer.concat([changed.subarray(0, at), inserted, changed.subarray(at + removed)]);
	}
	return changed;
}

it('answers to random changes with sizes or UnreadablePdf, however the file is cut', async () => {
	const originals = [
		await mixedPages(false),
		await mixedPages(true),
		file(
			CATALOG,
			ONE_PAGE,
			page(3, '/MediaBox [0 0 4 0 R 80]'),
			object(5, stream('x'.repeat(50), '', '6 0 R')),
			object(6, '50'),
			object(4, '70'),
			TRAILER,
		),
	];
	const outcomeOf = async (content: Parameters<typeof readPages>[0]): Promise<unknown> =>
		await readPages(content).catch((error: unknown) => {
			expect(error).toBeInstanceOf(UnreadablePdf);
			return String(error);
		});
	const random = randomNumbers(Number(process.env.PDF_SEED ?? 1));
	const counts = { read: 0, refused: 0 };
	for (let run = 0; run < Number(process.env.PDF_RUNS ?? 900); run++) {
		const content = mutated(originals[run % originals.length] ?? Buffer.alloc(0), random);
		const outcome = await outcomeOf(content);
		counts[typeof outcome === 'string' ? 'refused' : 'read']++;
		expect({
			run,
			outcome: await outcomeOf(inChunks(content, 1 + Math.floor(random() * 90))),
		}).toEqual({ run, outcome });
	}
	// Both happen, or the changes were too many or too few.
	expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(100);
}, 60_000);

/** What would take hours if any of it was looked at again and again, or memory if it was held. */
it.each([
	['openings of dictionaries', '1 0 obj <<'],
	['openings of arrays', '1 0 obj ['],
	['openings of texts', '1 0 obj ('],
	['openings of hexadecimal texts', '1 0 obj <'],
	['openings of comments', '1 0 obj %'],
	['brackets', '['],
	['parentheses', '('],
	['comments', '%'],
	['lines of comments', '%\n'],
	['white space', ' '],
	['digits', '1'],
	['numbers', '1 '],
	['half references', '1 0 '],
	['names', '/'],
	['regular characters', 'a'],
	['objects without a value', '1 0 obj]'],
	['trailers', 'trailer<<'],
	['streams', '1 0 obj<<>>stream'],
	['streams of any length', '1 0 obj<</Length 400>>stream'],
	['object streams', '1 0 obj<</Type/ObjStm>>stream'],
	['nested dictionaries', '<</A'],
])(
	'passes over 3 MiB of %s',
	async (_, piece) => {
		const hostile = piece.repeat(Math.ceil((3 * MIB) / piece.length));
		for (const before of ['', '1 0 obj ', '1 0 obj <</A ', '1 0 obj (']) {
			await expect(readPages(file(before, hostile))).rejects.toThrow(UnreadablePdf);
		}
	},
	30_000,
);

it('passes over an object that is larger than any that matters', async () => {
	const large = object(5, `<< /Names [${'(a) 1 0 R '.repeat(200_000)}] >>`);
	const pdf = file(CATALOG, large, ONE_PAGE, page(3, '/MediaBox [0 0 70 80]'), TRAILER);
	expect(await readPages(pdf)).toEqual([{ widthPt: 70, heightPt: 80 }]);
});

it('unpacks no more in all than is allowed, however many object streams there are', async () => {
	const packed = deflateSync(Buffer.alloc(20_000_000, ' ')).toString('latin1');
	const bombs = Array.from({ length: 40 }, (_, index) =>
		object(index + 10, stream(packed, '/Type /ObjStm /N 0 /First 0 /Filter /FlateDecode')),
	);
	const refused = readPages(file(CATALOG, ONE_PAGE, ...bombs, TRAILER));
	await expect(refused).rejects.toThrow('The PDF has object streams that are too large.');
}, 30_000);
