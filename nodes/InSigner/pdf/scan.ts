import { inflate } from './inflate';
import { Reference, ValueReader, type Dictionary, type Value } from './objects';
import { damaged, UnreadablePdf } from './unreadablePdf';
import { ByteWindow } from './window';

/** In bytes; larger objects that are no streams are passed over. */
const MAX_OBJECT = 1024 * 1024;

/** Of one object stream, in bytes as stored. */
const MAX_OBJECT_STREAM = 8 * 1024 * 1024;

/** Of all object streams, in bytes as stored and as unpacked: what a file can make us work. */
const MAX_OBJECT_STREAMS = 64 * 1024 * 1024;

/** How many objects a file may have; and how many numbers, references and dictionaries are kept of them. */
const MAX_OBJECTS = 2_000_000;
const MAX_KEPT = 500_000;

/** How much of the end of a stream is held, in bytes, in case that its length turns out to be wrong. */
const LOOK_BACK = 256 * 1024;

/** In bytes: enough to be sure what a mark or the last value before the end of the window is. */
const LOOKAHEAD = 64;

/** Where something begins outside of objects: comments count to their end, so that nothing in them is taken for more. */
const MARK =
	/%%EOF|%[^\r\n]*|(\d{1,10})[\0\t\n\f\r ]{1,16}\d{1,5}[\0\t\n\f\r ]{1,16}obj(?![A-Za-z])|trailer/g;

/** ISO 32000-1, 7.3.8.1. */
const STREAM = /stream(?:\r\n|\n|\r)?/y;
const END_OF_STREAM = 'endstream';
const END_OF_STREAM_HERE = /[\0\t\n\f\r ]{0,2}(?:endstream|endobj)/y;

/** The keys that page sizes depend on (ISO 32000-1, tables 28 to 30). */
const KEYS = ['Type', 'Pages', 'Kids', 'MediaBox', 'CropBox', 'Rotate', 'UserUnit'];
const TYPES: readonly unknown[] = ['Catalog', 'Pages', 'Page', undefined];

/** What is known of a PDF after it passed by. */
export interface PdfObjects {
	/** The document catalog. */
	readonly root: Value;
	/** The value itself, or the one that a reference leads to; null when there is none. */
	readonly resolve: (value: Value | undefined) => Value;
}

/**
 * Lets a PDF pass by once, from beginning to end, and keeps the few objects that page sizes depend on. It needs
 * no cross-reference table: objects carry their number, and of several with the same number the last one in the
 * file counts, which is what incremental updates mean (ISO 32000-1, 7.5.6).
 *
 * @param bytes - the file
 * @returns its objects
 * @throws UnreadablePdf when the file is damaged, cut off or too large, or when its objects are encrypted
 */
export async function scanObjects(bytes: AsyncIterable<Uint8Array>): Promise<PdfObjects> {
	const scan = new Scan(new ByteWindow(bytes[Symbol.asyncIterator]()));
	try {
		return await scan.run();
	} finally {
		await scan.window.close();
	}
}

class Scan {
	private readonly objects = new Map<number, Value>();
	/** Sizes of streams whose length is an object that had not passed yet, by the number of that object. */
	private readonly lengthsToCheck = new Map<number, number>();
	private seen = 0;
	private kept = 0;
	private objectStreamBytes = 0;
	private hasObjectStreams = false;
	private objectStreamFault: UnreadablePdf | undefined;
	private root: Reference | undefined;
	private encrypted = false;

	constructor(readonly window: ByteWindow) {}

	async run(): Promise<PdfObjects> {
		for (;;) {
			const mark = await this.nextMark();
			if (!mark) break;
			const value = await this.readValue();
			if (mark[1] === undefined) this.noteTrailer(value);
			else await this.passObject(Number(mark[1]), value);
		}
		if (this.encrypted && this.hasObjectStreams) throw new UnreadablePdf('is encrypted');
		if (this.objectStreamFault) throw this.objectStreamFault;
		if (!this.root) throw damaged('it has no trailer');
		return { root: this.root, resolve: (value) => this.resolve(value) };
	}

	/** Moves behind the next `7 0 obj` or `trailer`. */
	private async nextMark(): Promise<RegExpExecArray | undefined> {
		const { window } = this;
		for (;;) {
			MARK.lastIndex = window.at;
			const mark = MARK.exec(window.text);
			const end = mark ? MARK.lastIndex : window.text.length;
			if (mark && (end < window.text.length || window.ended)) {
				window.at = end;
				if (!mark[0].startsWith('%')) return mark;
			} else if (window.ended) {
				return undefined;
			} else {
				const doubtful = mark && end - mark.index <= MAX_OBJECT ? mark.index : end - LOOKAHEAD;
				window.at = Math.max(window.at, doubtful);
				await window.fill(window.ahead + 1);
			}
		}
	}

	/** Reads the value that begins here, and moves to what follows it or to where it breaks the rules. */
	private async readValue(): Promise<Value | undefined> {
		const { window } = this;
		for (let size = 4096; ; size = 2 * window.ahead) {
			await window.fill(size);
			const reader = new ValueReader(window.text, window.at);
			const value = reader.read();
			reader.skipSpace();
			const sure = reader.at + LOOKAHEAD <= window.text.length;
			if (sure || window.ended || window.ahead >= MAX_OBJECT) {
				window.at = reader.at;
				return value;
			}
		}
	}

	private async passObject(number: number, value: Value | undefined): Promise<void> {
		STREAM.lastIndex = this.window.at;
		if (!(value instanceof Map) || !STREAM.test(this.window.text)) {
			this.keep(number, value);
			return;
		}
		this.window.at = STREAM.lastIndex;
		this.keep(number, undefined);
		const type = this.resolve(value.get('Type'));
		if (type === 'XRef') this.noteTrailer(value);
		const content = await this.passStream(value.get('Length'), type === 'ObjStm');
		if (type !== 'ObjStm' || this.objectStreamFault) return;
		this.hasObjectStreams = true;
		await this.readObjectStream(value, content).catch((error: unknown) => {
			if (!(error instanceof UnreadablePdf)) throw error;
			// In an encrypted file this is to be expected, but only the trailer tells.
			this.objectStreamFault = error;
		});
	}

	/**
	 * Moves to the end of a stream (ISO 32000-1, 7.3.8). Its length is believed when the end is found there.
	 *
	 * @returns its bytes, where they are wanted
	 */
	private async passStream(lengthEntry: Value | undefined, wanted: boolean): Promise<string> {
		const { window } = this;
		const length = this.resolve(lengthEntry);
		if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) {
			const hold = wanted ? MAX_OBJECT_STREAM : LOOK_BACK;
			if (wanted && length > hold) throw tooLarge();
			const endPassed = await window.skip(length - hold, END_OF_STREAM);
			const rest = Math.min(length, hold);
			await window.fill(rest + LOOKAHEAD);
			END_OF_STREAM_HERE.lastIndex = window.at + rest;
			if (END_OF_STREAM_HERE.test(window.text)) return window.take(rest);
			if (endPassed) throw damaged('the length of a stream is wrong');
		}

		let passed = 0;
		for (;;) {
			const end = window.text.indexOf(END_OF_STREAM, window.at);
			const size = end < 0 ? window.ahead : end - window.at;
			if (wanted && size > MAX_OBJECT_STREAM) throw tooLarge();
			if (end >= 0 || window.ended) {
				const content = window.take(size);
				if (lengthEntry instanceof Reference && typeof length !== 'number') {
					this.lengthsToCheck.set(lengthEntry.number, passed + content.length);
				}
				return content;
			}
			if (!wanted) passed += window.take(Math.max(0, window.ahead - LOOKAHEAD)).length;
			await window.fill(wanted ? 2 * window.ahead + 1 : window.ahead + 1);
		}
	}

	/** ISO 32000-1, 7.5.7. */
	private async readObjectStream(dictionary: Dictionary, content: string): Promise<void> {
		const text = this.unpack(dictionary, content);
		const first = this.resolve(dictionary.get('First'));
		const count = this.resolve(dictionary.get('N'));
		if (typeof first !== 'number' || typeof count !== 'number') throw noIndex();
		const index = new ValueReader(text.slice(0, first), 0);
		const places: Array<{ number: number; start: number }> = [];
		while (places.length < count) {
			const number = index.read();
			const offset = index.read();
			if (typeof number !== 'number' || typeof offset !== 'number') throw noIndex();
			places.push({ number, start: first + offset });
		}
		places.forEach(({ number, start }, place) => {
			const end = places[place + 1]?.start ?? text.length;
			if (end < start) throw noIndex();
			this.keep(number, new ValueReader(text.slice(start, end), 0).read());
		});
	}

	/** Object streams are stored as they are or with FlateDecode; no writer is known that uses anything else. */
	private unpack(dictionary: Dictionary, content: string): string {
		const [filter, ...furtherFilters] = this.list(dictionary.get('Filter'));
		const [parameters] = this.list(dictionary.get('DecodeParms'));
		const predictor = parameters instanceof Map ? this.resolve(parameters.get('Predictor')) : null;
		this.objectStreamBytes += content.length;
		const room = MAX_OBJECT_STREAMS - this.objectStreamBytes;
		if (room < 0) throw tooLarge();
		if (filter === undefined) return content;
		if (filter !== 'FlateDecode' || furtherFilters.length > 0 || (predictor ?? 1) !== 1) {
			throw new UnreadablePdf('stores its objects in a way that is not supported');
		}
		const unpacked = inflate(Buffer.from(content, 'latin1'), room);
		this.objectStreamBytes += unpacked.length;
		return unpacked.toString('latin1');
	}

	/** ISO 32000-1, 7.5.5 and 7.5.8.2. The last one that names the catalog counts. */
	private noteTrailer(trailer: Value | undefined): void {
		if (!(trailer instanceof Map)) return;
		const root = trailer.get('Root');
		if (root instanceof Reference) this.root = root;
		this.encrypted ||= (trailer.get('Encrypt') ?? null) !== null;
	}

	private keep(number: number, value: Value | undefined): void {
		if (++this.seen > MAX_OBJECTS) throw new UnreadablePdf('has too many objects');
		const passed = this.lengthsToCheck.get(number);
		if (passed !== undefined && typeof value === 'number' && value > passed) {
			throw damaged('the length of a stream is wrong');
		}
		const essence = essenceOf(value);
		if (essence === undefined) {
			this.objects.delete(number);
			return;
		}
		this.kept += weightOf(essence);
		if (this.kept > MAX_KEPT) throw new UnreadablePdf('has too many objects');
		this.objects.set(number, essence);
	}

	private list(value: Value | undefined): Value[] {
		const resolved = this.resolve(value);
		if (resolved === null) return [];
		return Array.isArray(resolved) ? resolved.map((entry) => this.resolve(entry)) : [resolved];
	}

	private resolve(value: Value | undefined): Value {
		let resolved = value;
		// More hops than this are a circle.
		for (let hops = 0; resolved instanceof Reference && hops < 10; hops++) {
			resolved = this.objects.get(resolved.number);
		}
		return resolved === undefined || resolved instanceof Reference ? null : resolved;
	}
}

/** What page sizes may depend on: all numbers and references, boxes, lists of kids, and the nodes of the page tree. */
function essenceOf(value: Value | undefined): Value | undefined {
	if (typeof value === 'number' || value instanceof Reference) return value;
	if (Array.isArray(value)) {
		const isReference = (entry: Value) => entry instanceof Reference;
		const isBox =
			value.length === 4 && value.every((entry) => typeof entry === 'number' || isReference(entry));
		return isBox || value.every(isReference) ? value : undefined;
	}
	if (!(value instanceof Map)) return undefined;
	if (!TYPES.includes(value.get('Type')) && !(value.get('Type') instanceof Reference))
		return undefined;
	const entries = KEYS.flatMap((key): Array<[string, Value]> => {
		const entry = value.get(key);
		return entry === undefined ? [] : [[key, entry]];
	});
	return entries.length > 0 ? new Map(entries) : undefined;
}

/** Roughly how many values it consists of. */
function weightOf(value: Value): number {
	const entries = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
	return entries.reduce<number>((sum, entry) => sum + weightOf(entry), 1);
}

const tooLarge = () => new UnreadablePdf('has object streams that are too large');
const noIndex = () => damaged('an object stream has no proper index');
