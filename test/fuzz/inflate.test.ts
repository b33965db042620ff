import { randomBytes } from 'node:crypto';
import { constants, deflateSync } from 'node:zlib';

import { Inflater } from '../../nodes/InSigner/pdf/values/inflate';
import { UnreadablePdf } from '../../nodes/InSigner/pdf/unreadablePdf';

// One for all, as for all object streams of a file: nothing may be left of one for the next.
const inflater = new Inflater();

/** All pieces; each is only valid until the next. */
const inflate = (packed: Uint8Array): Buffer =>
	Buffer.concat(Array.from(inflater.unpack(packed), (piece) => Buffer.from(piece)));

const noise = randomBytes(70_000);
const samples = {
	nothing: Buffer.alloc(0),
	'one byte': Buffer.from('a'),
	text: Buffer.from('1 0 obj << /Type /Page /MediaBox [0 0 612 792] >> endobj\n'.repeat(3000)),
	'random bytes': noise,
	'one byte many times': Buffer.alloc(300_000, 7),
	'both, with copies from far back': Buffer.concat([noise, Buffer.alloc(500, 1), noise]),
	'few different bytes': noise.map((byte) => byte & (byte >> 4) & 3),
};
const STRATEGIES = [
	constants.Z_DEFAULT_STRATEGY,
	constants.Z_FILTERED,
	constants.Z_HUFFMAN_ONLY,
	constants.Z_RLE,
	constants.Z_FIXED,
];

describe.each(Object.entries(samples))('%s', (_, content) => {
	it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('comes back from level %i', (level) => {
		for (const strategy of STRATEGIES) {
			const packed = deflateSync(content, { level, strategy });
			expect(inflate(packed).equals(content)).toBe(true);
		}
	});
});

it('hands a bomb out in pieces, in the same memory', () => {
	const buffers = new Set<ArrayBufferLike>();
	let [size, largest] = [0, 0];
	for (const piece of inflater.unpack(deflateSync(Buffer.alloc(200_000_000)))) {
		buffers.add(piece.buffer);
		size += piece.length;
		largest = Math.max(largest, piece.length);
	}
	expect(size).toBe(200_000_000);
	expect(largest).toBeLessThanOrEqual(40_000);
	expect(buffers.size).toBe(1);
});

it('hands out a piece now and then also where nothing is in it', () => {
	const packed = Buffer.from('789c' + '000000ffff'.repeat(100_000), 'hex');
	let pieces = 0;
	const pass = () => {
		for (const piece of inflater.unpack(packed)) pieces += piece.length === 0 ? 1 : 0;
	};
	expect(pass).toThrow(UnreadablePdf);
	expect(pieces).toBeGreaterThan(10);
});

it('ignores what follows, and a checksum that is missing', () => {
	const packed = deflateSync(samples.text);
	expect(inflate(Buffer.concat([packed, noise])).equals(samples.text)).toBe(true);
	expect(inflate(packed.subarray(0, -4)).equals(samples.text)).toBe(true);
});

it.each([0, 1, 9])('refuses data that was cut off anywhere (level %i)', (level) => {
	const packed = deflateSync(
		noise.subarray(0, 300).map((byte) => byte & 15),
		{ level },
	);
	for (let length = 0; length < packed.length - 4; length++) {
		expect(() => inflate(packed.subarray(0, length))).toThrow(UnreadablePdf);
	}
});

it('answers to any change of a byte with bytes or UnreadablePdf', () => {
	const packed = deflateSync(samples.text.subarray(0, 3000));
	for (let at = 0; at < packed.length; at++) {
		for (let value = 0; value < 256; value += 5) {
			const changed = Buffer.from(packed);
			changed[at] = value;
			try {
				expect(inflate(changed)).toBeInstanceOf(Buffer);
			} catch (error) {
				expect(error).toBeInstanceOf(UnreadablePdf);
			}
		}
	}
});
