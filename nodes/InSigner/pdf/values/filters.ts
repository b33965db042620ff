import { UnreadablePdf } from '../unreadablePdf';
import { Inflater } from './inflate';
import { Dictionary, type Value } from './objects';

type Filter = 'flate' | 'ascii85' | 'asciiHex';

/** ISO 32000-1, table 6, and the short names of table 94, which viewers take everywhere. */
const FILTERS: Readonly<Record<string, Filter>> = {
	...{ FlateDecode: 'flate', Fl: 'flate' },
	...{ ASCII85Decode: 'ascii85', A85: 'ascii85' },
	...{ ASCIIHexDecode: 'asciiHex', AHx: 'asciiHex' },
};

/**
 * @param dictionary - of a stream
 * @param resolve - gives the value itself, or the one that a reference leads to
 * @returns what the stream was packed with, the last first; undefined when something of it is not supported
 */
export function filtersOf(
	dictionary: Dictionary,
	resolve: (value: Value | undefined) => Value,
): Filter[] | undefined {
	const list = (key: string): Value[] => {
		const value = resolve(dictionary.get(key));
		if (value === null) return [];
		return Array.isArray(value) ? value.map(resolve) : [value];
	};
	const names = list('Filter');
	const filters = names.flatMap((name) =>
		typeof name === 'string' && Object.hasOwn(FILTERS, name) ? [FILTERS[name] as Filter] : [],
	);
	const hasPredictor = list('DecodeParms').some(
		(parameters) =>
			parameters instanceof Dictionary && (resolve(parameters.get('Predictor')) ?? 1) !== 1,
	);
	return filters.length === names.length && filters.length <= 3 && !hasPredictor
		? filters
		: undefined;
}

/** How much is handed out in one go, in bytes. */
const PIECE = 32 * 1024;

/** Of what is packed more than once: how much may come out before the last time, in bytes. */
const MAX_BETWEEN = 8 * 1024 * 1024;

/** Unpacks streams (ISO 32000-1, 7.4), one after the other. */
export class Decoder {
	private readonly inflater = new Inflater();

	/** What was unpacked before a stream turned out to be damaged. */
	leftover(): Uint8Array {
		return this.inflater.leftover();
	}

	/**
	 * @param stored - the bytes of a stream
	 * @param filters - what it was packed with, the last first
	 * @returns its content in pieces, some of them empty; each is valid until the next is asked for
	 * @throws DamagedPdf when it is damaged; UnreadablePdf when it is too large
	 */
	*decode(stored: Uint8Array, filters: readonly Filter[]): Generator<Uint8Array> {
		let data = stored;
		for (const filter of filters.slice(0, -1)) {
			const parts: Uint8Array[] = [];
			let size = 0;
			for (const piece of this.unpack(data, filter)) {
				size += piece.length;
				if (size > MAX_BETWEEN) throw new UnreadablePdf('has a stream that is too large');
				parts.push(Uint8Array.from(piece));
				yield NOTHING;
			}
			data = Buffer.concat(parts);
		}
		yield* this.unpack(data, filters.at(-1));
	}

	private *unpack(data: Uint8Array, filter: Filter | undefined): Generator<Uint8Array> {
		if (filter === 'flate') yield* this.inflater.unpack(data);
		else if (filter === 'ascii85') yield* ascii85(data);
		else if (filter === 'asciiHex') yield* asciiHex(data);
		else yield data;
	}
}

const NOTHING = new Uint8Array(0);

/** ISO 32000-1, 7.4.2: a digit that is missing at the end is 0. */
function* asciiHex(stored: Uint8Array): Generator<Uint8Array> {
	const piece = new Uint8Array(PIECE);
	let [size, isFirst] = [0, true];
	for (const code of stored) {
		if (code === GREATER) break;
		const digit = DIGITS[code] ?? NO_DIGIT;
		if (digit === NO_DIGIT) continue;
		if (isFirst) piece[size] = digit << 4;
		else piece[size] = (piece[size++] ?? 0) | digit;
		isFirst = !isFirst;
		if (size < PIECE) continue;
		yield piece;
		size = 0;
	}
	yield piece.subarray(0, isFirst ? size : size + 1);
}

/** ISO 32000-1, 7.4.3: five characters are four bytes, and a z is four zeros. */
function* ascii85(stored: Uint8Array): Generator<Uint8Array> {
	const piece = Buffer.alloc(PIECE + 4);
	let [size, count, group] = [0, 0, 0];
	for (const code of stored) {
		if (code === TILDE) break;
		if (code !== Z || count > 0) {
			if (code < EXCLAMATION_MARK || code > U) continue;
			group = (group * 85 + code - EXCLAMATION_MARK) >>> 0;
			if (++count < 5) continue;
		}
		size = piece.writeUInt32BE(group, size);
		[count, group] = [0, 0];
		if (size < PIECE) continue;
		yield piece.subarray(0, size);
		size = 0;
	}
	if (count > 1) {
		for (let missing = count; missing < 5; missing++) group = (group * 85 + 84) >>> 0;
		piece.writeUInt32BE(group, size);
		size += count - 1;
	}
	yield piece.subarray(0, size);
}

const NO_DIGIT = 16;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [digit, character] of [...'0123456789abcdef'].entries()) {
	DIGITS[character.charCodeAt(0)] = DIGITS[character.toUpperCase().charCodeAt(0)] = digit;
}

const EXCLAMATION_MARK = 0x21;
const GREATER = 0x3e;
const U = 0x75;
const Z = 0x7a;
const TILDE = 0x7e;
