import { Decoder, filtersOf } from '../values/filters';
import { ValueReader, type Dictionary, type Value } from '../values/objects';
import { damaged, UnreadablePdf } from '../unreadablePdf';
import { ByteWindow, inPieces } from './window';

/**
 * How much may come out of the object streams of a file, in bytes: that much of any file, and that much more for each
 * byte of it. So the work that a file can make is bounded by its size.
 */
const UNPACKED_OF_ANY = 4 * 1024 * 1024;
const UNPACKED_PER_BYTE = 8;

/** Of the index, and of one object, in bytes; larger objects are passed over. */
const MAX_PART = 1024 * 1024;

/** What the index needs for an object at least, in bytes: "1 0 ". */
const INDEX_ENTRY = 4;

/** Reads the object streams of one file (ISO 32000-1, 7.5.7). */
export class ObjectStreams {
	private readonly decoder = new Decoder();
	private unpacked = 0;

	/**
	 * @param resolve - gives the value itself, or the one that a reference leads to
	 * @param pause - awaited between pieces of work, so that others can run
	 * @param names - the keys and names that matter; without them all do
	 */
	constructor(
		private readonly resolve: (value: Value | undefined) => Value,
		private readonly pause: () => Promise<void>,
		private readonly names: ReadonlySet<string> | undefined,
	) {}

	/**
	 * Reads the objects of a stream one after the other, as they are unpacked.
	 *
	 * @param dictionary - of the stream
	 * @param content - its bytes as stored, each as a character
	 * @param passed - how much of the file has passed by, in bytes
	 * @param found - takes the number of an object, and its value: undefined when it cannot be read
	 * @throws UnreadablePdf when the stream is damaged, too large, or stored in a way that is not supported
	 */
	async read(
		dictionary: Dictionary,
		content: string,
		passed: number,
		found: (number: number, value: Value | undefined) => void,
	): Promise<void> {
		const first = this.resolve(dictionary.get('First'));
		const count = this.resolve(dictionary.get('N'));
		if (!isCount(first) || !isCount(count) || count * INDEX_ENTRY > first + 1) throw noIndex();
		if (first > MAX_PART) throw tooLarge();

		const window = new ByteWindow(this.unpack(dictionary, content, passed));
		await window.fill(first);
		const index = new ValueReader(window.take(first), 0, this.names);
		const entry = (): { number: number; start: number } => {
			const number = index.read();
			const offset = index.read();
			if (!isCount(number) || !isCount(offset)) throw noIndex();
			return { number, start: first + offset };
		};
		for (let left = count, next = left > 0 ? entry() : undefined; next; ) {
			const { number, start } = next;
			next = --left > 0 ? entry() : undefined;
			const size = next ? next.start - start : MAX_PART;
			if (size < 0) throw noIndex();
			await window.skip(start - window.position);
			await window.fill(Math.min(size, MAX_PART));
			const text = window.text.slice(window.at, window.at + size);
			found(number, new ValueReader(text, 0, this.names).read());
			await this.pause();
		}
	}

	private async *unpack(
		dictionary: Dictionary,
		content: string,
		passed: number,
	): AsyncGenerator<Uint8Array> {
		const filters = filtersOf(dictionary, this.resolve);
		if (!filters) throw new UnreadablePdf('stores its objects in a way that is not supported');
		const pieces = this.decoder.decode(Buffer.from(content, 'latin1'), filters);
		for await (const piece of inPieces(pieces, this.pause)) {
			this.unpacked += piece.length;
			if (this.unpacked > UNPACKED_OF_ANY + UNPACKED_PER_BYTE * passed) throw tooLarge();
			yield piece;
		}
	}
}

/** Whether a value can count something, or say where it is. */
export const isCount = (value: unknown): value is number =>
	Number.isSafeInteger(value) && Number(value) >= 0;

/** For object streams of which nothing that large is known. */
export const tooLarge = () => new UnreadablePdf('has object streams that are too large');
const noIndex = () => damaged('an object stream has no proper index');
