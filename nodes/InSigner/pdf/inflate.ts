import { damaged, UnreadablePdf } from './unreadablePdf';

/** RFC 1951, section 3.2.5: base and extra bits of the length symbols 257 to 285 and of the distance symbols. */
const LENGTH_BASE = [
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
	163, 195, 227, 258,
];
const LENGTH_EXTRA = [
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
	3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** RFC 1951, section 3.2.7: the order in which the lengths of the code length code are stored. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const MAX_CODE_BITS = 15;
const END_OF_BLOCK = 256;

/** A canonical Huffman code (RFC 1951, section 3.2.2): how many codes have each length, and the symbols in code order. */
interface HuffmanCode {
	readonly counts: Uint16Array;
	readonly symbols: Uint16Array;
}

/**
 * Unpacks zlib data, because n8n lets nodes import no zlib. The checksum at the end is not looked at, as PDF
 * viewers do not either.
 *
 * @param data - a zlib stream (RFC 1950) with deflate data (RFC 1951); what follows it is ignored
 * @param maxBytes - how much may come out, in bytes
 * @returns the unpacked bytes
 * @throws UnreadablePdf when the data is no such stream, ends early, or holds more than maxBytes
 */
export function inflate(data: Uint8Array, maxBytes: number): Buffer {
	const [method = 0, flags = 0] = data;
	if ((method & 0x0f) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) {
		throw damaged('an object stream is not compressed as it says');
	}
	return new Inflation(data.subarray(2), maxBytes).run();
}

class Inflation {
	private at = 0;
	private bits = 0;
	private bitCount = 0;
	private output: Buffer;
	private size = 0;

	constructor(
		private readonly data: Uint8Array,
		private readonly maxBytes: number,
	) {
		this.output = Buffer.alloc(Math.min(maxBytes, 4 * data.length + 64));
	}

	run(): Buffer {
		let last = false;
		while (!last) {
			last = this.take(1) === 1;
			const type = this.take(2);
			if (type === 0) this.storedBlock();
			else if (type === 1) this.compressedBlock(FIXED_LITERALS, FIXED_DISTANCES);
			else if (type === 2) this.dynamicBlock();
			else throw broken();
		}
		return this.output.subarray(0, this.size);
	}

	/** RFC 1951, section 3.2.4. */
	private storedBlock(): void {
		this.bits = this.bitCount = 0;
		const length = this.take(16);
		if (length !== (~this.take(16) & 0xffff)) throw broken();
		const block = this.data.subarray(this.at, this.at + length);
		if (block.length < length) throw broken();
		this.makeRoom(length);
		this.output.set(block, this.size);
		this.size += length;
		this.at += length;
	}

	/** RFC 1951, section 3.2.7: the block begins with its two codes, themselves compressed. */
	private dynamicBlock(): void {
		const literalCount = this.take(5) + 257;
		const distanceCount = this.take(5) + 1;
		const codeLengthCount = this.take(4) + 4;
		const codeLengths = new Uint8Array(CODE_LENGTH_ORDER.length);
		for (const symbol of CODE_LENGTH_ORDER.slice(0, codeLengthCount)) {
			codeLengths[symbol] = this.take(3);
		}
		const code = huffmanCode(codeLengths);

		const lengths = new Uint8Array(literalCount + distanceCount);
		for (let index = 0; index < lengths.length; ) {
			const symbol = this.symbol(code);
			if (symbol < 16) {
				lengths[index++] = symbol;
				continue;
			}
			if (symbol === 16 && index === 0) throw broken();
			const repeated = symbol === 16 ? (lengths[index - 1] ?? 0) : 0;
			const times =
				symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
			if (index + times > lengths.length) throw broken();
			lengths.fill(repeated, index, index + times);
			index += times;
		}
		this.compressedBlock(
			huffmanCode(lengths.subarray(0, literalCount)),
			huffmanCode(lengths.subarray(literalCount)),
		);
	}

	/** RFC 1951, section 3.2.3: literals, and copies of what came before. */
	private compressedBlock(literals: HuffmanCode, distances: HuffmanCode): void {
		for (;;) {
			const symbol = this.symbol(literals);
			if (symbol === END_OF_BLOCK) return;
			if (symbol < END_OF_BLOCK) {
				this.makeRoom(1);
				this.output[this.size++] = symbol;
				continue;
			}
			const length = this.value(symbol - 257, LENGTH_BASE, LENGTH_EXTRA);
			const distance = this.value(this.symbol(distances), DISTANCE_BASE, DISTANCE_EXTRA);
			if (distance > this.size) throw broken();
			this.makeRoom(length);
			// Byte by byte: a copy may reach into what it is just writing.
			for (const end = this.size + length; this.size < end; this.size++) {
				this.output[this.size] = this.output[this.size - distance] ?? 0;
			}
		}
	}

	private value(symbol: number, bases: readonly number[], extraBits: readonly number[]): number {
		const base = bases[symbol];
		if (base === undefined) throw broken();
		return base + this.take(extraBits[symbol] ?? 0);
	}

	/** Reads one symbol bit by bit. Slower than a lookup table, but no block can make it build large tables. */
	private symbol({ counts, symbols }: HuffmanCode): number {
		let code = 0;
		let first = 0;
		let index = 0;
		for (let length = 1; length <= MAX_CODE_BITS; length++) {
			code |= this.take(1);
			const count = counts[length] ?? 0;
			if (code - first < count) return symbols[index + code - first] ?? 0;
			index += count;
			first = (first + count) << 1;
			code <<= 1;
		}
		throw broken();
	}

	/** The next bits, at most 16, lowest first. */
	private take(count: number): number {
		while (this.bitCount < count) {
			const byte = this.data[this.at++];
			if (byte === undefined) throw broken();
			this.bits |= byte << this.bitCount;
			this.bitCount += 8;
		}
		const value = this.bits & ((1 << count) - 1);
		this.bits >>>= count;
		this.bitCount -= count;
		return value;
	}

	private makeRoom(bytes: number): void {
		const needed = this.size + bytes;
		if (needed <= this.output.length) return;
		if (needed > this.maxBytes) throw new UnreadablePdf('has object streams that are too large');
		const larger = Buffer.alloc(Math.min(this.maxBytes, Math.max(needed, 2 * this.output.length)));
		larger.set(this.output);
		this.output = larger;
	}
}

function huffmanCode(lengths: Uint8Array): HuffmanCode {
	const counts = new Uint16Array(MAX_CODE_BITS + 1);
	for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
	counts[0] = 0;
	const offsets = new Uint16Array(MAX_CODE_BITS + 2);
	let unused = 1;
	for (let length = 1; length <= MAX_CODE_BITS; length++) {
		const count = counts[length] ?? 0;
		unused = 2 * unused - count;
		if (unused < 0) throw broken();
		offsets[length + 1] = (offsets[length] ?? 0) + count;
	}
	const symbols = new Uint16Array(lengths.length);
	lengths.forEach((length, symbol) => {
		if (length === 0) return;
		const place = offsets[length] ?? 0;
		symbols[place] = symbol;
		offsets[length] = place + 1;
	});
	return { counts, symbols };
}

const broken = (): UnreadablePdf => damaged('an object stream cannot be unpacked');

/** RFC 1951, section 3.2.6. */
const FIXED_LITERALS = huffmanCode(
	Uint8Array.from({ length: 288 }, (_, symbol) =>
		symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
	),
);
const FIXED_DISTANCES = huffmanCode(new Uint8Array(30).fill(5));
