import { PdfString, ValueReader, type Value } from '../values/objects';
import { utf16 } from '../values/strings';

/** Of all the ranges of a map together, so that a file cannot make us spell out the same ones again and again. */
const MAX_CODES = 70_000;

/**
 * What the codes of a font stand for (ISO 32000-1, 9.7.5 and 9.10.3): glyphs in a map that is its encoding, characters in
 * a ToUnicode map.
 */
export class CharacterMap {
	/** By code. */
	readonly glyphs = new Map<number, number>();
	readonly characters = new Map<number, string>();
	/** The codes that there are, by the number of their bytes. */
	private readonly ranges: Array<{ bytes: number; low: number; high: number }> = [];
	private room = MAX_CODES;

	/** @param source - its PostScript, each byte as a character */
	constructor(source: string) {
		const reader = new ValueReader(source, 0);
		let operands: Value[] = [];
		while (this.room > 0) {
			const value = reader.read();
			if (value !== undefined) {
				operands.push(value);
				continue;
			}
			const word = reader.word();
			if (word === '') {
				if (reader.at++ >= source.length) break;
				continue;
			}
			this.take(word, operands);
			operands = [];
		}
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
			const found = this.ranges.some(
				({ bytes: size, low, high }) => size === length && low <= code && code <= high,
			);
			if (found) return length;
		}
		return this.ranges[0]?.bytes ?? 2;
	}

	private take(word: string, operands: readonly Value[]): void {
		const rows = (size: number): Value[][] =>
			Array.from({ length: Math.floor(operands.length / size) }, (_, row) =>
				operands.slice(row * size, (row + 1) * size),
			);
		switch (word) {
			case 'endcodespacerange':
				for (const [low, high] of rows(2)) {
					if (!(low instanceof PdfString) || !(high instanceof PdfString)) continue;
					if (this.ranges.length >= 100) return;
					this.ranges.push({ bytes: low.bytes.length, low: codeOf(low), high: codeOf(high) });
				}
				return;
			case 'endcidchar':
				for (const [code, glyph] of rows(2)) {
					if (typeof glyph === 'number') this.each(code, code, (at) => this.glyphs.set(at, glyph));
				}
				return;
			case 'endcidrange':
				for (const [low, high, glyph] of rows(3)) {
					if (typeof glyph !== 'number') continue;
					this.each(low, high, (code, index) => this.glyphs.set(code, glyph + index));
				}
				return;
			case 'endbfchar':
				for (const [code, text] of rows(2)) {
					if (!(text instanceof PdfString)) continue;
					this.each(code, code, (at) => this.characters.set(at, utf16(text.bytes)));
				}
				return;
			case 'endbfrange':
				for (const [low, high, texts] of rows(3)) {
					this.each(low, high, (code, index) => {
						const text = Array.isArray(texts) ? texts[index] : texts;
						if (!(text instanceof PdfString)) return;
						const add = Array.isArray(texts) ? 0 : index;
						this.characters.set(code, following(utf16(text.bytes), add));
					});
				}
		}
	}

	private each(
		low: Value | undefined,
		high: Value | undefined,
		set: (code: number, index: number) => void,
	): void {
		const [first, last] = [codeOf(low), codeOf(high)];
		for (let code = first; code <= last && this.room-- > 0; code++) set(code, code - first);
	}
}

/** A text whose last character is that many further on. */
function following(text: string, steps: number): string {
	if (steps === 0 || text === '') return text;
	const last = text.length - 1;
	return text.slice(0, last) + String.fromCharCode(text.charCodeAt(last) + steps);
}

const codeOf = (value: Value | undefined): number =>
	value instanceof PdfString && value.bytes.length <= 4
		? [...value.bytes].reduce((code, byte) => code * 256 + byte.charCodeAt(0), 0)
		: Number.NaN;
