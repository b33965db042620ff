import { damaged } from '../unreadablePdf';

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

/** How far back a copy may reach, how long it may be, and how much is handed out in one go, in bytes. */
const HISTORY = 32 * 1024;
const LONGEST_COPY = 258;
const PIECE = 32 * 1024;

/** A canonical Huffman code (RFC 1951, section 3.2.2). It can be made anew, since a file can have any number of them. */
class HuffmanCode {
	/** How many codes have each length. */
	readonly counts = new Uint16Array(MAX_CODE_BITS + 1);
	/** The symbols in code order. */
	readonly symbols = new Uint16Array(320);
	private readonly offsets = new Uint16Array(MAX_CODE_BITS + 2);

	/** @param lengths - the length of the code of each symbol, in bits */
	from(lengths: Uint8Array): this {
		const { counts, symbols, offsets } = this;
		counts.fill(0);
		symbols.fill(0);
		offsets.fill(0);
		for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
		counts[0] = 0;
		let unused = 1;
		for (let length = 1; length <= MAX_CODE_BITS; length++) {
			const count = counts[length] ?? 0;
			unused = 2 * unused - count;
			if (unused < 0) throw broken();
			offsets[length + 1] = (offsets[length] ?? 0) + count;
		}
		for (let symbol = 0; symbol < lengths.length; symbol++) {
			const length = lengths[symbol] ?? 0;
			if (length === 0) continue;
			const place = offsets[length] ?? 0;
			symbols[place] = symbol;
			offsets[length] = place + 1;
		}
		return this;
	}
}

/** Unpacks zlib data, because n8n lets nodes import no zlib. It takes the same memory whatever comes out. */
export class Inflater {
	private data: Uint8Array = new Uint8Array(0);
	private at = 0;
	private bits = 0;
	private bitCount = 0;
	/** How far back copies may reach, what is handed out, and what comes after it. */
	private readonly output = Buffer.alloc(HISTORY + 2 * (PIECE + LONGEST_COPY));
	private size = 0;
	private handedOut = 0;
	private readonly codeLengths = new HuffmanCode();
	private readonly literals = new HuffmanCode();
	private readonly distances = new HuffmanCode();

	/**
	 * Unpacks one stream after the other. The checksum at the end is not looked at, as PDF viewers do not either.
	 *
	 * @param data - a zlib stream (RFC 1950) with deflate data (RFC 1951); what follows it is ignored
	 * @returns the unpacked bytes in pieces, some of them empty; each is valid until the next is asked for
	 * @throws UnreadablePdf when the data is no such stream, or ends early
	 */
	*unpack(data: Uint8Array): Generator<Uint8Array> {
		const [method = 0, flags = 0] = data;
		if ((method & 0x0f) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) {
			throw damaged('an object stream is not compressed as it says');
		}
		this.data = data.subarray(2);
		this.at = this.bits = this.bitCount = this.size = this.handedOut = 0;
		yield* this.blocks();
	}

	/** What was unpacked before data turned out to be damaged. */
	leftover(): Uint8Array {
		return this.handOut();
	}

	private *blocks(): Generator<Uint8Array> {
		let last = false;
		for (let pausedAt = 0; !last; ) {
			last = this.take(1) === 1;
			const type = this.take(2);
			if (type === 0) yield* this.storedBlock();
			else if (type === 1) yield* this.compressedBlock(FIXED_LITERALS, FIXED_DISTANCES);
			else if (type === 2) yield* this.dynamicBlock();
			else throw broken();
			// No one shall wait for block after block of nothing.
			if (this.at - pausedAt < PIECE && !last) continue;
			yield this.handOut();
			pausedAt = this.at;
		}
	}

	/** RFC 1951, section 3.2.4. */
	private *storedBlock(): Generator<Uint8Array> {
		this.bits = this.bitCount = 0;
		const length = this.take(16);
		if (length !== (~this.take(16) & 0xffff)) throw broken();
		const end = this.at + length;
		if (end > this.data.length) throw broken();
		while (this.at < end) {
			if (this.size - this.handedOut >= PIECE) yield this.handOut();
			const part = this.data.subarray(this.at, Math.min(end, this.at + this.room));
			this.output.set(part, this.size);
			this.size += part.length;
			this.at += part.length;
		}
	}

	/** RFC 1951, section 3.2.7: the block begins with its two codes, themselves compressed. */
	private *dynamicBlock(): Generator<Uint8Array> {
		const literalCount = this.take(5) + 257;
		const distanceCount = this.take(5) + 1;
		const codeLengthCount = this.take(4) + 4;
		const codeLengths = new Uint8Array(CODE_LENGTH_ORDER.length);
		for (let index = 0; index < codeLengthCount; index++) {
			codeLengths[CODE_LENGTH_ORDER[index] ?? 0] = this.take(3);
		}
		const code = this.codeLengths.from(codeLengths);

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
		yield* this.compressedBlock(
			this.literals.from(lengths.subarray(0, literalCount)),
			this.distances.from(lengths.subarray(literalCount)),
		);
	}

	private *compressedBlock(literals: HuffmanCode, distances: HuffmanCode): Generator<Uint8Array> {
		while (!this.decode(literals, distances)) yield this.handOut();
	}

	/**
	 * RFC 1951, section 3.2.3: literals, and copies of what came before.
	 *
	 * @returns whether the block ended; otherwise there is enough to hand out
	 */
	private decode(literals: HuffmanCode, distances: HuffmanCode): boolean {
		const { output } = this;
		while (this.size - this.handedOut < PIECE) {
			const symbol = this.symbol(literals);
			if (symbol === END_OF_BLOCK) return true;
			if (symbol < END_OF_BLOCK) {
				output[this.size++] = symbol;
				continue;
			}
			const length = this.value(symbol - 257, LENGTH_BASE, LENGTH_EXTRA);
			const distance = this.value(this.symbol(distances), DISTANCE_BASE, DISTANCE_EXTRA);
			if (distance > this.size) throw broken();
			// Byte by byte: a copy may reach into what it is just writing.
			let to = this.size;
			for (const end = to + length; to < end; to++) output[to] = output[to - distance] ?? 0;
			this.size = to;
		}
		return false;
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

	/** How much can be written before something is handed out, in bytes; a copy may go a little beyond. */
	private get room(): number {
		return this.handedOut + PIECE - this.size;
	}

	private handOut(): Uint8Array {
		const { output, handedOut, size } = this;
		const forgotten = Math.max(0, handedOut - HISTORY);
		output.copyWithin(0, forgotten, size);
		this.size = this.handedOut = size - forgotten;
		return output.subarray(handedOut - forgotten, size - forgotten);
	}
}

const broken = () => damaged('an object stream cannot be unpacked');

/** RFC 1951, section 3.2.6. */
const FIXED_LITERALS = new HuffmanCode().from(
	Uint8Array.from({ length: 288 }, (_, symbol) =>
		symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
	),
);
const FIXED_DISTANCES = new HuffmanCode().from(new Uint8Array(30).fill(5));
