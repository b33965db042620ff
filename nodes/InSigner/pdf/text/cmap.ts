import { PdfString, ValueReader, type Value } from '../values/objects';
import { utf16 } from '../values/strings';
import { tooMuch, type Work } from '../work';
import { Codes } from './codes';

/** What codes stand for is told in rows of so many operands, up to these operators (ISO 32000-1, 9.7.5 and 9.10.3). */
const ROWS: Readonly<Record<string, number>> = {
	...{ endcodespacerange: 2, endcidchar: 2, endcidrange: 3, endbfchar: 2, endbfrange: 3 },
};

/** Of one operator: a row for each code that there can be. */
const MAX_OPERANDS = 200_000;

/** More codes of different lengths no font has. */
const MAX_CODE_SPACES = 32;

/** How long the text of a code may be, in bytes of UTF-16; the longest letter of Unicode has 18 others for it. */
const MAX_TEXT = 64;

/** A map of the codes of a font: to glyphs when it is the encoding, to characters when it is a ToUnicode map. */
export class CharacterMap {
	readonly glyphs: Codes<number>;
	readonly characters: Codes<string>;
	/** The codes that there are, by the number of their bytes. */
	private readonly spaces: Array<{ bytes: number; low: number; high: number }> = [];

	private constructor(work: Work) {
		this.glyphs = new Codes(work);
		this.characters = new Codes(work);
	}

	/**
	 * @param source - its PostScript, each byte as a character
	 * @param work - counts what is done
	 * @throws UnreadablePdf when it is too much
	 */
	static async read(source: string, work: Work): Promise<CharacterMap> {
		const map = new CharacterMap(work);
		const reader = new ValueReader(source, 0);
		let operands: Value[] = [];
		while (reader.at < source.length) {
			if (work.add(0.5)) await work.pause();
			const value = reader.read();
			if (value !== undefined) {
				operands.push(value);
				if (operands.length > MAX_OPERANDS) throw tooMuch();
				continue;
			}
			const word = reader.word();
			// What stands there alone is no part of anything.
			if (word === '') reader.at++;
			const size = Object.hasOwn(ROWS, word) ? (ROWS[word] ?? 0) : operands.length + 1;
			for (let at = 0; at + size <= operands.length; at += size) {
				if (work.add(0.5)) await work.pause();
				map.addRow(word, operands.slice(at, at + size));
			}
			operands = [];
		}
		return map;
	}

	/**
	 * @param bytes - a string that is shown
	 * @param at - where the next code begins
	 * @returns how many bytes it has; two where the map does not say
	 */
	lengthAt(bytes: string, at: number): number {
		let code = 0;
		for (let length = 1; length <= 4; length++) {
			code = code * 256 + (bytes.charCodeAt(at + length - 1) || 0);
			const found = this.spaces.some(
				({ bytes: size, low, high }) => size === length && low <= code && code <= high,
			);
			if (found) return length;
		}
		return this.spaces[0]?.bytes ?? 2;
	}

	private addRow(word: string, [first, second, third]: readonly Value[]): void {
		const low = codeOf(first);
		const high = codeOf(second);
		switch (word) {
			case 'endcodespacerange':
				if (!(first instanceof PdfString) || this.spaces.length === MAX_CODE_SPACES) return;
				this.spaces.push({ bytes: first.bytes.length, low, high });
				return;
			case 'endcidchar':
				if (typeof second === 'number') this.glyphs.set(low, low, () => second);
				return;
			case 'endcidrange':
				if (typeof third === 'number') this.glyphs.set(low, high, (index) => third + index);
				return;
			case 'endbfchar':
				this.addTexts(low, low, second);
				return;
			case 'endbfrange':
				if (!Array.isArray(third)) this.addTexts(low, high, third);
				else
					for (const [index, text] of third.entries())
						this.addTexts(low + index, low + index, text);
		}
	}

	/** Of several codes, the last character is that many further on. */
	private addTexts(low: number, high: number, value: Value | undefined): void {
		if (!(value instanceof PdfString)) return;
		const text = utf16(value.bytes.slice(0, MAX_TEXT));
		const before = text.slice(0, -1);
		const last = text.charCodeAt(text.length - 1);
		this.characters.set(low, high, (index) =>
			index === 0 || text === '' ? text : before + String.fromCharCode(last + index),
		);
	}
}

const codeOf = (value: Value | undefined): number =>
	value instanceof PdfString && value.bytes.length <= 4
		? [...value.bytes].reduce((code, byte) => code * 256 + byte.charCodeAt(0), 0)
		: Number.NaN;
