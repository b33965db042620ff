/** An indirect reference (ISO 32000-1, 7.3.10). Generations do not matter here. */
export class Reference {
	constructor(readonly number: number) {}
}

/** A string (ISO 32000-1, 7.3.4): its bytes, each as a character. */
export class PdfString {
	constructor(readonly bytes: string) {}
}

/** A stream (ISO 32000-1, 7.3.8) that is held as stored. */
export class Stream {
	/**
	 * @param dictionary - its dictionary
	 * @param content - its bytes
	 * @param fault - why these are not all: for people, the rest of a sentence that starts with the PDF
	 */
	constructor(
		readonly dictionary: Dictionary,
		readonly content: Uint8Array,
		public fault?: string,
	) {}
}

/**
 * A value of a PDF. A name is a string without its slash; a number that cannot be read is NaN; true, false and null are
 * all null. Where only page sizes matter, strings are null too, and a name is empty when it is none of SIZE_NAMES.
 */
export type Value = number | string | null | Reference | PdfString | Value[] | Dictionary | Stream;

/** The keys and names that page sizes depend on. All others are passed over, so that a file cannot make us hold them. */
export const SIZE_NAMES: ReadonlySet<string> = new Set([
	...['Type', 'Catalog', 'Page', 'Pages', 'ObjStm', 'XRef'],
	...['Kids', 'MediaBox', 'CropBox', 'Rotate', 'UserUnit'],
	...['Length', 'Filter', 'FlateDecode', 'DecodeParms', 'Predictor', 'N', 'First'],
	...['Root', 'Encrypt'],
]);

/** ISO 32000-1, 7.3.7; by key without its slash. Keys that do not matter are not in it. */
export class Dictionary {
	/** Takes a third of the memory of a Map, and a file may have many. */
	private readonly record: Record<string, Value> = {};

	get(key: string): Value | undefined {
		return Object.hasOwn(this.record, key) ? this.record[key] : undefined;
	}

	set(key: string, value: Value): void {
		// The one key that is special in JavaScript.
		if (key !== '__proto__') this.record[key] = value;
	}

	entries(): Array<[string, Value]> {
		return Object.entries(this.record);
	}

	values(): Value[] {
		return Object.values(this.record);
	}
}

/** How deep arrays and dictionaries that matter may be nested. */
const MAX_DEPTH = 100;

/** How many values an object may consist of; lists and dictionaries count as the eight values whose memory they take. */
const MAX_VALUES = 32_768;
const COLLECTION = 8;

/** How many characters a number may have. */
const MAX_DIGITS = 64;

/** ISO 32000-1, 7.2.2: what a character is, by its code. */
const REGULAR = 0;
const SPACE = 1;
const DELIMITER = 2;
const KINDS = new Uint8Array(256);
for (const character of '\0\t\n\f\r ') KINDS[character.charCodeAt(0)] = SPACE;
for (const character of '()<>[]{}/%') KINDS[character.charCodeAt(0)] = DELIMITER;

/** What a number can begin with. */
const BEGINS_NUMBER = new Uint8Array(256);
for (const character of '0123456789+-.') BEGINS_NUMBER[character.charCodeAt(0)] = 1;

/** What follows the object number in a reference. Bounded, so that a cut in the text cannot hide it for long. */
const REST_OF_REFERENCE =
	/[\0\t\n\f\r ]{1,16}\d{1,5}[\0\t\n\f\r ]{1,16}R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const OBJECT_NUMBER = /^\d{1,10}$/;

/** With two minus signs for one, and with an exponent, as viewers read them too. */
const NUMBER = /^(?:--?|\+)?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?$/;
const ONLY_SIGNS = /^[+-]?\.?$/;

/** Words that stand outside of values: where one is met, a value was not closed. */
const BETWEEN_VALUES = new Set([
	...['obj', 'endobj', 'stream', 'endstream'],
	...['xref', 'trailer', 'startxref'],
]);

/** Reads values (ISO 32000-1, 7.3) from text in which every character stands for one byte (Latin-1). */
export class ValueReader {
	/** How many values may still be made. */
	private room = MAX_VALUES;
	/** What was read of lists that are not closed yet: a list that grows by itself takes room for more. */
	private readonly unfinished: Value[] = [];

	/**
	 * @param text - what is read
	 * @param at - where; moves on with reading
	 * @param names - the keys and names that matter; without them all do, and strings too
	 */
	constructor(
		private readonly text: string,
		public at: number,
		private readonly names?: ReadonlySet<string>,
	) {}

	/**
	 * @returns the next value; undefined when the text ends in it, when it breaks the rules at `at`, or when it is
	 * larger than any that matters
	 */
	read(): Value | undefined {
		this.room = MAX_VALUES;
		this.unfinished.length = 0;
		return this.value(0);
	}

	/** Passes white space and comments (ISO 32000-1, 7.2.3). */
	skipSpace(): void {
		for (; this.at < this.text.length; this.at++) {
			const code = this.text.charCodeAt(this.at);
			if (code === PERCENT) this.skipTo(/[\r\n]/g);
			else if (KINDS[code] !== SPACE) return;
		}
	}

	private value(depth: number): Value | undefined {
		this.skipSpace();
		if (depth > MAX_DEPTH || --this.room < 0) return undefined;
		switch (this.text.charCodeAt(this.at)) {
			case SLASH:
				return this.name();
			case OPEN_BRACKET:
				return this.array(depth);
			case OPEN_PARENTHESIS:
				return this.literalString();
			case LESS:
				if (this.text.charCodeAt(this.at + 1) === LESS) return this.dictionary(depth);
				return this.hexadecimalString();
		}
		const start = this.at;
		const word = this.word();
		if (BEGINS_NUMBER[word.charCodeAt(0)]) return this.numberOrReference(word);
		if (word === 'true' || word === 'false' || word === 'null') return null;
		this.at = start;
		return undefined;
	}

	/** ISO 32000-1, 7.3.5. */
	private name(): string {
		this.at++;
		const word = this.word();
		const name = word.includes('#')
			? word.replace(/#([\dA-Fa-f]{2})/g, (_, code: string) =>
					String.fromCharCode(Number.parseInt(code, 16)),
				)
			: word;
		if (!this.names) return detached(name);
		return this.names.has(name) ? name : '';
	}

	/** ISO 32000-1, 7.3.4.2. */
	private literalString(): PdfString | null | undefined {
		const start = this.at + 1;
		if (!this.skipLiteralString()) return undefined;
		if (this.names) return null;
		const inside = this.text.slice(start, this.at - 1);
		return new PdfString(detached(/[\\\r]/.test(inside) ? unescaped(inside) : inside));
	}

	/** ISO 32000-1, 7.3.4.3: a digit that is missing at the end is 0. */
	private hexadecimalString(): PdfString | null | undefined {
		const start = this.at + 1;
		if (!this.skipHexadecimalString()) return undefined;
		if (this.names) return null;
		const digits = this.text.slice(start, this.at - 1).replace(/[^\dA-Fa-f]/g, '');
		const whole = digits.length % 2 === 0 ? digits : `${digits}0`;
		return new PdfString(Buffer.from(whole, 'hex').toString('latin1'));
	}

	private array(depth: number): Value[] | undefined {
		this.at++;
		this.room -= COLLECTION;
		const { unfinished } = this;
		const start = unfinished.length;
		for (;;) {
			this.skipSpace();
			if (this.text.charCodeAt(this.at) === CLOSE_BRACKET) {
				this.at++;
				return unfinished.splice(start);
			}
			const value = this.value(depth + 1);
			if (value === undefined) return undefined;
			unfinished.push(value);
		}
	}

	private dictionary(depth: number): Dictionary | undefined {
		this.at += 2;
		this.room -= COLLECTION;
		const entries = new Dictionary();
		for (;;) {
			this.skipSpace();
			const code = this.text.charCodeAt(this.at);
			if (code === GREATER && this.text.charCodeAt(this.at + 1) === GREATER) {
				this.at += 2;
				return entries;
			}
			if (code === SLASH) {
				const key = this.name();
				const value = key === '' && this.names ? this.skipValue() : this.value(depth + 1);
				if (value === undefined) return undefined;
				if (key !== '' || !this.names) entries.set(key, value);
			} else if (!this.skipWord()) {
				// A word that is no key is passed over, as viewers have it, and so is the rest of a passed reference.
				return undefined;
			}
		}
	}

	/**
	 * Passes a value that does not matter, however deep it is nested, without keeping anything of it. Of a reference
	 * only the number is passed.
	 *
	 * @returns null, or undefined when the text ends in it or it was not closed
	 */
	private skipValue(): null | undefined {
		let open = 0;
		do {
			this.skipSpace();
			const code = this.text.charCodeAt(this.at);
			const isDouble = this.text.charCodeAt(this.at + 1) === code;
			if (code === OPEN_BRACKET || (code === LESS && isDouble)) {
				this.at += code === LESS ? 2 : 1;
				open++;
			} else if (open > 0 && (code === CLOSE_BRACKET || (code === GREATER && isDouble))) {
				this.at += code === GREATER ? 2 : 1;
				open--;
			} else if (code === OPEN_PARENTHESIS) {
				if (!this.skipLiteralString()) return undefined;
			} else if (code === LESS) {
				if (!this.skipHexadecimalString()) return undefined;
			} else if (code === SLASH) {
				this.at++;
				this.skipRegular();
			} else if (!this.skipWord()) {
				return undefined;
			}
		} while (open > 0);
		return null;
	}

	/** ISO 32000-1, 7.3.4.2: parentheses in it are balanced or escaped. */
	private skipLiteralString(): boolean {
		for (let open = 0; this.at < this.text.length; this.at++) {
			const code = this.text.charCodeAt(this.at);
			if (code === BACKSLASH) this.at++;
			else if (code === OPEN_PARENTHESIS) open++;
			else if (code === CLOSE_PARENTHESIS && --open === 0) {
				this.at++;
				return true;
			}
		}
		this.at = this.text.length;
		return false;
	}

	private skipHexadecimalString(): boolean {
		this.skipTo(/>/g);
		if (this.at === this.text.length) return false;
		this.at++;
		return true;
	}

	/** ISO 32000-1, 7.3.3 and 7.3.10. */
	private numberOrReference(word: string): number | Reference {
		if (OBJECT_NUMBER.test(word)) {
			REST_OF_REFERENCE.lastIndex = this.at;
			if (!REST_OF_REFERENCE.test(this.text)) return Number(word);
			this.at = REST_OF_REFERENCE.lastIndex;
			return new Reference(Number(word));
		}
		if (ONLY_SIGNS.test(word)) return 0;
		return word.length <= MAX_DIGITS && NUMBER.test(word)
			? Number.parseFloat(word.replace('--', '-'))
			: Number.NaN;
	}

	/** @returns whether there was a word here that may stand inside a value */
	private skipWord(): boolean {
		const start = this.at;
		this.skipRegular();
		if (this.at === start) return false;
		if (BEGINS_NUMBER[this.text.charCodeAt(start)]) return true;
		if (!BETWEEN_VALUES.has(this.text.slice(start, this.at))) return true;
		this.at = start;
		return false;
	}

	/** The regular characters from here on. */
	word(): string {
		const start = this.at;
		this.skipRegular();
		return this.text.slice(start, this.at);
	}

	private skipRegular(): void {
		const { text } = this;
		let { at } = this;
		while (at < text.length && KINDS[text.charCodeAt(at)] === REGULAR) at++;
		this.at = at;
	}

	private skipTo(pattern: RegExp): void {
		pattern.lastIndex = this.at;
		this.at = pattern.exec(this.text)?.index ?? this.text.length;
	}
}

/** A part of a text that does not keep the whole of it in memory, as V8 has it for parts of 13 characters and more. */
const detached = (part: string): string =>
	part.length < 13 ? part : Buffer.from(part, 'latin1').toString('latin1');

/** ISO 32000-1, table 3. */
const ESCAPES: Readonly<Record<string, string>> = {
	...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
	...{ '\n': '', '\r': '', '\r\n': '' },
};

const unescaped = (inside: string): string =>
	inside.replace(/\\([0-7]{1,3}|\r\n|[^])|\r\n?/g, (_, escaped: string | undefined) => {
		if (escaped === undefined) return '\n';
		if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
		return ESCAPES[escaped] ?? escaped;
	});

const PERCENT = 0x25;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
