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
	 * @returns its content in pieces; each is valid until the next is asked for
	 * @throws UnreadablePdf when it is damaged
	 */
	*decode(stored: Uint8Array, filters: readonly Filter[]): Generator<Uint8Array> {
		let data = stored;
		for (const [index, filter] of filters.entries()) {
			if (filter === 'ascii85') data = ascii85(data);
			else if (filter === 'asciiHex') data = asciiHex(data);
			else if (index === filters.length - 1) {
				yield* this.inflater.unpack(data);
				return;
			} else throw new UnreadablePdf('has a stream that is packed in an unusual order');
		}
		yield data;
	}
}

/** ISO 32000-1, 7.4.2. */
function asciiHex(stored: Uint8Array): Uint8Array {
	const [digits = ''] = Buffer.from(stored).toString('latin1').split('>', 1);
	return Buffer.from(digits.replace(/[^\dA-Fa-f]/g, ''), 'hex');
}

/** ISO 32000-1, 7.4.3: five characters are four bytes. */
function ascii85(stored: Uint8Array): Uint8Array {
	const bytes = Buffer.alloc(4 * stored.length);
	let [size, count, group] = [0, 0, 0];
	const write = (wanted: number) => {
		for (let shift = 24, left = wanted; left > 0; shift -= 8, left--) {
			bytes[size++] = (group >>> shift) & 0xff;
		}
		[count, group] = [0, 0];
	};
	for (const code of stored) {
		if (code === 0x7e) break;
		if (code === 0x7a && count === 0) write(4);
		if (code < 0x21 || code > 0x75) continue;
		group = (group * 85 + code - 0x21) >>> 0;
		if (++count === 5) write(4);
	}
	if (count > 1) {
		const wanted = count - 1;
		for (; count < 5; count++) group = (group * 85 + 84) >>> 0;
		write(wanted);
	}
	return bytes.subarray(0, size);
}
