/** An indirect reference (ISO 32000-1, 7.3.10). Generations do not matter here. */
export class Reference {
	constructor(readonly number: number) {}
}

/**
 * A value of a PDF as far as it matters for page sizes: a name is a string without its slash; texts, true,
 * false and null are all null.
 */
export type Value = number | string | null | Reference | Value[] | Dictionary;

/** ISO 32000-1, 7.3.7; by key without its slash. */
export type Dictionary = Map<string, Value>;

/** How deep arrays and dictionaries may be nested. */
const MAX_DEPTH = 100;

const PERCENT = 0x25;

/** ISO 32000-1, 7.2.2: what a character is, by its code. */
const REGULAR = 0;
const SPACE = 1;
const DELIMITER = 2;
const KINDS = new Uint8Array(256);
for (const character of '\0\t\n\f\r ') KINDS[character.charCodeAt(0)] = SPACE;
for (const character of '()<>[]{}/%') KINDS[character.charCodeAt(0)] = DELIMITER;

/** What follows the object number in a reference. Bounded, so that a cut in the text cannot hide it for long. */
const REST_OF_REFERENCE =
	/[\0\t\n\f\r ]{1,16}\d{1,5}[\0\t\n\f\r ]{1,16}R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;

/** Reads values (ISO 32000-1, 7.3) from text in which every character stands for one byte (Latin-1). */
export class ValueReader {
	/**
	 * @param text - what is read
	 * @param at - where; moves on with reading
	 */
	constructor(
		private readonly text: string,
		public at: number,
	) {}

	/**
	 * @param depth - how deep the value is nested
	 * @returns the next value; undefined when the text ends in it, or breaks the rules at `at`
	 */
	read(depth = 0): Value | undefined {
		this.skipSpace();
		const character = this.text.charAt(this.at);
		if (depth > MAX_DEPTH) return undefined;
		if (character === '/') return this.name();
		if (character === '[') return this.array(depth);
		if (character === '(') return this.literalString();
		if (this.text.startsWith('<<', this.at)) return this.dictionary(depth);
		if (character === '<') return this.hexadecimalString();

		const start = this.at;
		const word = this.word();
		if (/^[\d+.-]/.test(word)) return this.numberOrReference(word);
		if (word === 'true' || word === 'false' || word === 'null') return null;
		this.at = start;
		return undefined;
	}

	/** Passes white space and comments (ISO 32000-1, 7.2.3). */
	skipSpace(): void {
		for (; this.at < this.text.length; this.at++) {
			const code = this.text.charCodeAt(this.at);
			if (code === PERCENT) this.skipTo(/[\r\n]/g);
			else if (KINDS[code] !== SPACE) return;
		}
	}

	/** ISO 32000-1, 7.3.5. */
	private name(): string {
		this.at++;
		return this.word().replace(/#([\dA-Fa-f]{2})/g, (_, code: string) =>
			String.fromCharCode(Number.parseInt(code, 16)),
		);
	}

	private array(depth: number): Value[] | undefined {
		this.at++;
		const values: Value[] = [];
		for (;;) {
			this.skipSpace();
			if (this.text.charAt(this.at) === ']') {
				this.at++;
				return values;
			}
			const value = this.read(depth + 1);
			if (value === undefined) return undefined;
			values.push(value);
		}
	}

	private dictionary(depth: number): Dictionary | undefined {
		this.at += 2;
		const entries: Dictionary = new Map();
		for (;;) {
			this.skipSpace();
			if (this.text.startsWith('>>', this.at)) {
				this.at += 2;
				return entries;
			}
			if (this.text.charAt(this.at) !== '/') return undefined;
			const key = this.name();
			const value = this.read(depth + 1);
			if (value === undefined) return undefined;
			entries.set(key, value);
		}
	}

	/** ISO 32000-1, 7.3.4.2: parentheses in it are balanced or escaped. */
	private literalString(): null | undefined {
		for (let open = 0; this.at < this.text.length; this.at++) {
			const character = this.text.charAt(this.at);
			if (character === '\\') this.at++;
			else if (character === '(') open++;
			else if (character === ')' && --open === 0) {
				this.at++;
				return null;
			}
		}
		return undefined;
	}

	private hexadecimalString(): null | undefined {
		this.skipTo(/>/g);
		if (this.at === this.text.length) return undefined;
		this.at++;
		return null;
	}

	/** ISO 32000-1, 7.3.3 and 7.3.10. What is no proper number counts as 0, as viewers have it. */
	private numberOrReference(word: string): number | Reference {
		const number = Number.parseFloat(word) || 0;
		REST_OF_REFERENCE.lastIndex = this.at;
		if (!/^\d+$/.test(word) || !REST_OF_REFERENCE.test(this.text)) return number;
		this.at = REST_OF_REFERENCE.lastIndex;
		return new Reference(number);
	}

	/** The regular characters from here on. */
	private word(): string {
		const start = this.at;
		while (this.at < this.text.length && KINDS[this.text.charCodeAt(this.at)] === REGULAR)
			this.at++;
		return this.text.slice(start, this.at);
	}

	private skipTo(pattern: RegExp): void {
		pattern.lastIndex = this.at;
		this.at = pattern.exec(this.text)?.index ?? this.text.length;
	}
}
