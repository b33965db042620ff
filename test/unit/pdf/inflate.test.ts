import { randomBytes } from 'node:crypto';
import { constants, deflateSync } from 'node:zlib';

import { inflate } from '../../../nodes/InSigner/pdf/inflate';
import { UnreadablePdf } from '../../../nodes/InSigner/pdf/unreadablePdf';

const LIMIT = 1_000_000;

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
			expect(inflate(packed, LIMIT).equals(content)).toBe(true);
		}
	});
});

it('gives exactly as much as is allowed, and not a byte more', () => {
	for (const level of [0, 9]) {
		const packed = deflateSync(samples.text, { level });
		expect(inflate(packed, samples.text.length)).toHaveLength(samples.text.length);
		expect(() => inflate(packed, samples.text.length - 1)).toThrow(
			'The PDF has object streams that are too large.',
		);
	}
});

it('does not unpack a bomb', () => {
	const bomb = deflateSync(Buffer.alloc(200_000_000));
	expect(() => inflate(bomb, LIMIT)).toThrow(UnreadablePdf);
});

it('ignores what follows, and a checksum that is missing', () => {
	const packed = deflateSync(samples.text);
	expect(inflate(Buffer.concat([packed, noise]), LIMIT).equals(samples.text)).toBe(true);
	expect(inflate(packed.subarray(0, -4), LIMIT).equals(samples.text)).toBe(true);
});

it.each([0, 1, 9])('refuses data that was cut off anywhere (level %i)', (level) => {
	const packed = deflateSync(
		noise.subarray(0, 300).map((byte) => byte & 15),
		{ level },
	);
	for (let length = 0; length < packed.length - 4; length++) {
		expect(() => inflate(packed.subarray(0, length), LIMIT)).toThrow(UnreadablePdf);
	}
});

it('answers to any change of a byte with bytes or UnreadablePdf', () => {
	const packed = deflateSync(samples.text.subarray(0, 3000));
	for (let at = 0; at < packed.length; at++) {
		for (let value = 0; value < 256; value += 5) {
			const changed = Buffer.from(packed);
			changed[at] = value;
			try {
				expect(inflate(changed, 10_000).length).toBeLessThanOrEqual(10_000);
			} catch (error) {
				expect(error).toBeInstanceOf(UnreadablePdf);
			}
		}
	}
});
