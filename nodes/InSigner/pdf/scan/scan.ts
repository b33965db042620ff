import { Found, type Guess } from './found';
import { Dictionary, Reference, Stream, ValueReader, type Value } from '../values/objects';
import { isCount, ObjectStreams, tooLarge } from './objectStreams';
import { sizesOnly, type Interest } from './interest';
import { damaged, UnreadablePdf } from '../unreadablePdf';
import { ByteWindow, inPieces } from './window';

/** In bytes; larger objects that are no streams are passed over. */
const MAX_OBJECT = 1024 * 1024;

/** Of one object stream, in bytes as stored. */
const MAX_OBJECT_STREAM = 8 * 1024 * 1024;

/** How much of the end of a stream is held, in bytes, in case that its length turns out to be wrong. */
const LOOK_BACK = 256 * 1024;

/** In bytes: enough to be sure what a mark or the last value before the end of the window is. */
const LOOKAHEAD = 256;

/**
 * Where something begins outside of objects, and where a stream ends that was taken to end before. Comments count to
 * their end, so that nothing in them is taken for more.
 */
const MARK =
	/%%EOF|%[^\r\n]*|(\d{1,10})[\0\t\n\f\r ]{1,64}\d{1,5}[\0\t\n\f\r ]{1,64}obj(?![A-Za-z])|trailer|endstream/g;

/** ISO 32000-1, 7.3.8.1. */
const STREAM = /stream(?:\r\n|\n|\r)?/y;
const END_OF_STREAM = 'endstream';
const END_OF_STREAM_HERE = /[\0\t\n\f\r ]{0,64}(?:endstream|endobj)/y;

/** What is known of a PDF after it passed by. */
export interface PdfObjects {
	/** The document catalog. */
	readonly root: Value;
	/** Whether it is encrypted, strings and streams at least. */
	readonly encrypted: boolean;
	/** The value itself, or the one that a reference leads to; null when there is none. */
	readonly resolve: (value: Value | undefined) => Value;
}

/**
 * Lets a PDF pass by once, from beginning to end, and keeps the few objects that matter. It needs
 * no cross-reference table: objects carry their number, and of several with the same number the last one in the
 * file counts, which is what incremental updates mean (ISO 32000-1, 7.5.6).
 *
 * @param chunks - the file
 * @param pause - awaited between pieces of work, so that others can run
 * @param interest - what matters
 * @returns its objects
 * @throws UnreadablePdf when the file is damaged, cut off or too large, or when its objects are encrypted
 */
export async function scanObjects(
	chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
	pause: () => Promise<void>,
	interest: Interest = sizesOnly,
): Promise<PdfObjects> {
	const scan = new Scan(new ByteWindow(inPieces(chunks, pause)), pause, interest);
	try {
		return await scan.run();
	} finally {
		await scan.window.close();
	}
}

class Scan {
	private readonly found: Found;
	private readonly objectStreams: ObjectStreams;

	constructor(
		readonly window: ByteWindow,
		private readonly pause: () => Promise<void>,
		private readonly interest: Interest,
	) {
		this.found = new Found(interest.maxKept);
		this.objectStreams = new ObjectStreams(this.found.resolve, pause, interest.names);
	}

	async run(): Promise<PdfObjects> {
		const { found } = this;
		for (;;) {
			await this.pause();
			const mark = await this.nextMark();
			if (!mark) break;
			const at = this.window.position;
			if (mark[0] === END_OF_STREAM) {
				found.noteStrayEnd(at - END_OF_STREAM.length);
				continue;
			}
			const value = await this.readValue();
			if (mark[1] === undefined) this.noteTrailer(at, value);
			else await this.passObject(at, Number(mark[1]), value);
		}
		found.finish();
		if (found.get('Encrypt') && found.get('ObjStm')) throw new UnreadablePdf('is encrypted');
		const fault = found.get('Fault');
		if (typeof fault === 'string') throw new UnreadablePdf(fault);
		const root = found.get('Root');
		if (!root) throw damaged('it has no trailer');
		return { root, encrypted: Boolean(found.get('Encrypt')), resolve: found.resolve };
	}

	/** Moves behind the next `7 0 obj`, `trailer` or `endstream`. */
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
				await window.fill(2 * window.ahead + 1);
			}
		}
	}

	/** Reads the value that begins here, and moves to what follows it or to where it breaks the rules. */
	private async readValue(): Promise<Value | undefined> {
		const { window } = this;
		for (let size = 4096; ; size = 16 * window.ahead) {
			await window.fill(Math.min(size, MAX_OBJECT));
			const reader = new ValueReader(window.text, window.at, this.interest.names);
			const value = reader.read();
			reader.skipSpace();
			const sure = reader.at + LOOKAHEAD <= window.text.length;
			if (sure || window.ended || window.ahead >= MAX_OBJECT) {
				if (value === undefined) this.noteSwallowedEnd(window.text.slice(window.at, reader.at));
				window.at = reader.at;
				return value;
			}
		}
	}

	/** What was no proper value may have been cut off by the end of the stream that it is in. */
	private noteSwallowedEnd(swallowed: string): void {
		const end = swallowed.lastIndexOf(END_OF_STREAM);
		if (end >= 0) this.found.noteStrayEnd(this.window.position + end);
	}

	private async passObject(at: number, number: number, value: Value | undefined): Promise<void> {
		const { window, found } = this;
		STREAM.lastIndex = window.at;
		if (!(value instanceof Dictionary) || !STREAM.test(window.text)) {
			found.note(at, number, this.interest.essenceOf(value));
			return;
		}
		window.at = STREAM.lastIndex;
		found.note(at, number, undefined);
		const type = found.resolve(value.get('Type'));
		if (type === 'XRef') this.noteTrailer(at, value);
		const isObjectStream = type === 'ObjStm';
		const limit = isObjectStream
			? MAX_OBJECT_STREAM
			: this.interest.streamLimit(value, found.resolve);
		const { content, guess } = await this.passStream(value.get('Length'), limit);
		if (isObjectStream) {
			if (content === undefined) throw tooLarge();
			await this.noteObjectStream(at, value, content);
			if (guess) found.noteGuess({ ...guess, canBeLonger: false });
			return;
		}
		const stream =
			limit > 0
				? new Stream(
						value,
						Buffer.from(content ?? '', 'latin1'),
						content === undefined ? 'has contents that are too large' : undefined,
					)
				: undefined;
		if (stream) found.note(at, number, stream);
		if (guess) found.noteGuess({ ...guess, canBeLonger: true, stream });
	}

	/**
	 * Moves behind a stream (ISO 32000-1, 7.3.8). Its length is believed when the end is found there; otherwise it is
	 * taken to end at the first `endstream`. That is a guess, and so is a length that stands elsewhere.
	 *
	 * @param limit - how long it may be for its bytes to be held
	 * @returns its bytes; undefined when there are more
	 */
	private async passStream(
		lengthEntry: Value | undefined,
		limit: number,
	): Promise<{
		content: string | undefined;
		guess?: Pick<Guess, 'start' | 'end' | 'lengthNumber'>;
	}> {
		const { window, found } = this;
		const start = window.position;
		const length = found.resolve(lengthEntry);
		if (isCount(length)) {
			const isHeld = length <= limit;
			const rest = isHeld ? length : Math.min(length, LOOK_BACK);
			const endPassed = await window.skip(length - rest, END_OF_STREAM);
			await window.fill(rest + LOOKAHEAD);
			END_OF_STREAM_HERE.lastIndex = window.at + rest;
			if (END_OF_STREAM_HERE.test(window.text)) {
				const content = window.take(rest);
				const end = window.position;
				window.at = END_OF_STREAM_HERE.lastIndex;
				return {
					content: isHeld ? content : undefined,
					// A number from before may be that of an older revision, and fit here by accident.
					...(lengthEntry instanceof Reference && {
						guess: { start, end, lengthNumber: undefined },
					}),
				};
			}
			if (endPassed) throw damaged('the length of a stream is wrong');
		}

		let isHeld = limit > 0;
		for (;;) {
			const end = window.text.indexOf(END_OF_STREAM, window.at);
			const size = end < 0 ? window.ahead : end - window.at;
			isHeld &&= size <= limit;
			if (end >= 0) {
				const content = window.take(size);
				const lengthNumber = lengthEntry instanceof Reference ? lengthEntry.number : undefined;
				const guess = { start, end: window.position, lengthNumber };
				window.take(END_OF_STREAM.length);
				return { content: isHeld ? content : undefined, guess };
			}
			if (window.ended) return { content: isHeld ? window.take(size) : undefined };
			if (!isHeld) window.take(Math.max(0, window.ahead - LOOKAHEAD));
			await window.fill(isHeld ? 2 * window.ahead + 1 : window.ahead + 1);
		}
	}

	private async noteObjectStream(
		at: number,
		dictionary: Dictionary,
		content: string,
	): Promise<void> {
		const { window, found } = this;
		found.note(at, 'ObjStm', 1);
		if (found.get('Fault') !== undefined) return;
		await this.objectStreams
			.read(dictionary, content, window.position, (number, value) =>
				found.note(at, number, this.interest.essenceOf(value)),
			)
			.catch((error: unknown) => {
				if (!(error instanceof UnreadablePdf)) throw error;
				// In an encrypted file this is to be expected, but only the trailer tells.
				found.note(at, 'Fault', error.reason);
			});
	}

	/** ISO 32000-1, 7.5.5 and 7.5.8.2. The last one that names the catalog counts. */
	private noteTrailer(at: number, trailer: Value | undefined): void {
		if (!(trailer instanceof Dictionary)) return;
		const root = trailer.get('Root');
		if (root instanceof Reference) this.found.note(at, 'Root', root);
		if ((trailer.get('Encrypt') ?? null) !== null) this.found.note(at, 'Encrypt', 1);
	}
}
