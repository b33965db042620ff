import { Dictionary, PdfString, Reference, Stream, type Value } from '../values/objects';
import { damaged, UnreadablePdf } from '../unreadablePdf';

/**
 * What is found in a file: its objects, by number; what its trailers say; that there are object streams, and the
 * reason why one could not be read.
 */
export type Key = number | 'Root' | 'Encrypt' | 'ObjStm' | 'Fault';

/** What is noted takes memory, in bytes, roughly. */
const OBJECT = 64;
const FINDING = 80;
const GUESS = 208;
const STRAY_END = 16;

/** How far a length may be off, in bytes: writers count line ends they should not, or the other way round. */
const SLACK = 16;

/** A stream that was taken to end at the first `endstream`, since its length was not known yet, or wrong. */
export interface Guess {
	/** Where its content begins and where that `endstream` stands, in bytes from the beginning of the file. */
	readonly start: number;
	readonly end: number;
	/** The object that may still tell its length. */
	readonly lengthNumber: number | undefined;
	/** Whether it may turn out to be longer; an object stream may not, since its objects were read already. */
	readonly canBeLonger: boolean;
	/** What is held of it. */
	readonly stream?: Stream | undefined;
}

interface NotedGuess extends Guess {
	/** How much had been found before it ended. */
	readonly findingsBefore: number;
	/** Whether a length was told that puts findings into it, although no stream ends there. */
	doubtful: boolean;
}

/** What is behind the end that was guessed, and was inside the stream. */
interface Span {
	readonly from: number;
	readonly to: number;
}

interface Finding {
	readonly at: number;
	readonly key: Key;
	readonly value: Value | undefined;
	readonly valueBefore: Value | undefined;
}

/**
 * Keeps what is found while a file passes by; of several objects with the same number the last one counts. Where the
 * end of a stream was a guess, what is found behind it is noted in order, so that it can be taken back: it may be the
 * objects of another PDF that is attached to this one.
 */
export class Found {
	private readonly values = new Map<Key, Value | undefined>();
	private kept = 0;
	private readonly guesses = new Set<NotedGuess>();
	private readonly guessesByLength = new Map<number, NotedGuess[]>();
	private findings: Finding[] = [];
	private spans: Span[] = [];
	/** Where there was an `endstream` without a stream. */
	private strayEnds: number[] = [];
	/** Whether something that counts is inside of a stream of which no one knows how far it goes. */
	private contradicted = false;

	/**
	 * @param maxKept - how much memory may be taken by what is kept, in bytes, by estimates. What was overridden counts
	 * too, as it was work.
	 */
	constructor(private readonly maxKept: number) {}

	/** @returns the value itself, or the one that a reference leads to; null when there is none */
	readonly resolve = (value: Value | undefined): Value => {
		let resolved = value;
		// More hops than this are a circle.
		for (let hops = 0; resolved instanceof Reference && hops < 10; hops++) {
			resolved = this.values.get(resolved.number);
		}
		return resolved === undefined || resolved instanceof Reference ? null : resolved;
	};

	get(key: Key): Value | undefined {
		return this.values.get(key);
	}

	/**
	 * @param at - where, in bytes from the beginning of the file; never before what was noted last
	 * @param key - what was found
	 * @param value - undefined when it does not matter, but overrides what may have mattered
	 * @throws UnreadablePdf when there is too much to keep
	 */
	note(at: number, key: Key, value: Value | undefined): void {
		if (typeof key === 'number' && typeof value === 'number') this.checkLengths(key, value);
		if (value === undefined && !this.values.has(key)) return;
		this.keep(OBJECT + weightOf(value));
		if (this.guesses.size > 0) {
			this.keep(FINDING);
			this.findings.push({ at, key, value, valueBefore: this.values.get(key) });
		}
		this.values.set(key, value);
	}

	/** Notes that a stream was taken to end at the first `endstream`. */
	noteGuess(guess: Guess): void {
		this.keep(GUESS);
		const noted = { ...guess, findingsBefore: this.findings.length, doubtful: false };
		this.guesses.add(noted);
		if (guess.lengthNumber === undefined) return;
		const others = this.guessesByLength.get(guess.lengthNumber);
		if (others) others.push(noted);
		else this.guessesByLength.set(guess.lengthNumber, [noted]);
	}

	/** Notes an `endstream` without a stream, the sign that a stream went on where it was taken to end. */
	noteStrayEnd(at: number): void {
		if (this.guesses.size === 0) return;
		this.keep(STRAY_END);
		this.strayEnds.push(at);
	}

	/**
	 * To be called when the file has passed.
	 *
	 * @throws UnreadablePdf when a stream went on where it was taken to end, and it is not known how far
	 */
	finish(): void {
		const open = [...this.guesses].filter(outside(this.spans, ({ start }) => start));
		this.settle(open);
		if (this.contradicted || open.some(({ doubtful }) => doubtful)) {
			throw damaged('the length of a stream is wrong');
		}
	}

	/** Looks whether a number is the length of streams whose end was a guess. */
	private checkLengths(number: number, length: number): void {
		const waiting = this.guessesByLength.get(number);
		if (!waiting) return;
		// Not for the memory, but for the work that many streams with one length could make.
		this.keep(waiting.length);
		const stillWaiting = waiting.filter((guess) => !this.isSettledBy(length, guess));
		if (stillWaiting.length > 0) this.guessesByLength.set(number, stillWaiting);
		else this.guessesByLength.delete(number);
		if (this.guesses.size === 0) this.settle();
	}

	private isSettledBy(length: number, guess: NotedGuess): boolean {
		const end = guess.start + length;
		// An object of an attached PDF may have the same number, and is no length of this stream.
		if (!(end >= guess.end - SLACK)) return false;
		if (end > guess.end + SLACK) {
			const strayEnd = this.strayEndNear(end);
			if (strayEnd === undefined || !guess.canBeLonger) {
				const next = this.findings[guess.findingsBefore];
				guess.doubtful ||= !guess.canBeLonger || (next !== undefined && next.at < end);
				return false;
			}
			this.spans.push({ from: guess.end, to: strayEnd });
			if (guess.stream) guess.stream.fault = 'has contents whose length is wrong';
		}
		this.guesses.delete(guess);
		this.kept -= GUESS;
		return true;
	}

	private strayEndNear(end: number): number | undefined {
		let [low, high] = [0, this.strayEnds.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.strayEnds[middle] ?? 0) < end - SLACK) low = middle + 1;
			else high = middle;
		}
		const found = this.strayEnds[low];
		return found !== undefined && found <= end + SLACK ? found : undefined;
	}

	/**
	 * Takes back what was found inside of streams, and forgets what was noted for it.
	 *
	 * @param open - guesses that were never settled, in the order of the file
	 */
	private settle(open: readonly NotedGuess[] = []): void {
		const { findings } = this;
		const counting = findings.filter(outside(this.spans, ({ at }) => at));
		this.contradicted ||= this.isContradicted(counting, open);
		this.kept -= FINDING * findings.length + STRAY_END * this.strayEnds.length;
		this.findings = [];
		this.spans = [];
		this.strayEnds = [];
		this.guesses.clear();
		this.guessesByLength.clear();
		if (counting.length < findings.length) {
			for (const { key, valueBefore } of findings.reverse()) this.values.set(key, valueBefore);
			for (const { key, value } of counting) this.values.set(key, value);
		}
	}

	/**
	 * An `endstream` in no stream ends one that was taken to end before, so what counts between the two is inside of it.
	 * It is that of a guess that is still open; before the first of these, that of one that was settled by a length which
	 * fitted by accident.
	 */
	private isContradicted(counting: readonly Finding[], open: readonly NotedGuess[]): boolean {
		const strayEnds = this.strayEnds.filter(outside(this.spans, (at) => at));
		const firstOpen = open[0]?.end ?? Infinity;
		const firstSettled = this.spans.reduce((first, { to }) => Math.min(first, to), Infinity);
		const lastOfSettled = strayEnds.filter((at) => at < firstOpen).at(-1) ?? 0;
		const last = strayEnds.at(-1) ?? 0;
		return counting.some(
			({ at }) => (at > firstOpen && at < last) || (at > firstSettled && at < lastOfSettled),
		);
	}

	private keep(bytes: number): void {
		this.kept += bytes;
		if (this.kept > this.maxKept) throw new UnreadablePdf('has too many objects');
	}
}

/**
 * @param spans - in any order
 * @param placeOf - where something is; asked in the order of the file
 * @returns whether something is in none of them
 */
function outside<T>(spans: readonly Span[], placeOf: (item: T) => number): (item: T) => boolean {
	const inOrder = [...spans].sort((one, other) => one.from - other.from);
	let index = 0;
	return (item) => {
		const at = placeOf(item);
		while ((inOrder[index]?.to ?? Infinity) < at) index++;
		return at <= (inOrder[index]?.from ?? Infinity);
	};
}

/** How much memory a value takes, in bytes, roughly. */
function weightOf(value: Value | undefined): number {
	if (value instanceof Reference) return 40;
	if (typeof value === 'string') return 16 + value.length;
	if (value instanceof PdfString) return 40 + value.bytes.length;
	if (value instanceof Stream) return 200 + value.content.length + weightOf(value.dictionary);
	const isList = Array.isArray(value);
	if (!isList && !(value instanceof Dictionary)) return 16;
	const entries = isList ? value : value.values();
	return entries.reduce<number>((sum, entry) => sum + weightOf(entry), isList ? 48 : 112);
}
