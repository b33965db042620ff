import { Dictionary, Stream, type Value } from '../values/objects';
import { CharacterMap } from './cmap';
import { charactersOf, encodingNamed } from './encodings';
import { standardWidths } from './standardWidths';

/** What a code of a shown string is. */
export interface Glyph {
	/** What it reads; empty when that is not known. */
	readonly text: string;
	/** In thousandths of the font size. */
	readonly width: number;
	/** Whether it is the one-byte code 32, which word spacing applies to (ISO 32000-1, 9.3.3). */
	readonly isSpace: boolean;
}

/** Turns strings into glyphs (ISO 32000-1, 9.6 and 9.7). */
export interface Font {
	glyphsOf: (bytes: string) => Iterable<Glyph>;
}

type Resolve = (value: Value | undefined) => Value;

/** What a font is read with. */
export interface FontSource {
	resolve: Resolve;
	/** The content of a stream as text in which every character stands for one byte. */
	contentOf: (stream: Stream) => string;
}

/** How many entries of a list of widths are looked at. */
const MAX_WIDTHS = 70_000;

/**
 * @param dictionary - of a font
 * @param source - what it refers to
 * @returns the font, which remembers what its codes are
 */
export function fontOf(dictionary: Dictionary, source: FontSource): Font {
	return dictionary.get('Subtype') === 'Type0'
		? compositeFont(dictionary, source)
		: simpleFont(dictionary, source);
}

function simpleFont(dictionary: Dictionary, { resolve, contentOf }: FontSource): Font {
	const get = (key: string): Value => resolve(dictionary.get(key));
	const characters = toUnicode(get('ToUnicode'), contentOf);
	const encoding = encodingOf(get('Encoding'), resolve);
	const widthOf = simpleWidths(dictionary, resolve);

	const glyphs: Glyph[] = [];
	const glyphAt = (code: number): Glyph => {
		const text = characters(code) ?? encoding(code);
		return { text, width: widthOf(code, encoding(code)), isSpace: code === 32 };
	};
	return {
		*glyphsOf(bytes) {
			for (let at = 0; at < bytes.length; at++) {
				const code = bytes.charCodeAt(at);
				yield (glyphs[code] ??= glyphAt(code));
			}
		},
	};
}

/** ISO 32000-1, 9.6.6: a named encoding and what differs from it. */
function encodingOf(value: Value, resolve: Resolve): (code: number) => string {
	const isDictionary = value instanceof Dictionary;
	const base = encodingNamed(isDictionary ? resolve(value.get('BaseEncoding')) : value);
	const differences = new Map<number, string>();
	const list = isDictionary ? resolve(value.get('Differences')) : null;
	let code = 0;
	for (const entry of Array.isArray(list) ? list : []) {
		const resolved = resolve(entry);
		if (typeof resolved === 'number') code = resolved;
		else if (typeof resolved === 'string') differences.set(code++, charactersOf(resolved));
	}
	return (at) => differences.get(at) ?? base.get(at) ?? '';
}

/** In the file, or those of the standard fonts; of a Type 3 font in a unit of its own. */
function simpleWidths(
	dictionary: Dictionary,
	resolve: Resolve,
): (code: number, character: string) => number {
	const get = (key: string): Value => resolve(dictionary.get(key));
	const widths = get('Widths');
	const first = get('FirstChar');
	if (!Array.isArray(widths) || typeof first !== 'number') {
		const name = get('BaseFont');
		const standard = standardWidths(typeof name === 'string' ? name : '');
		return (_, character) => standard(character);
	}
	const descriptor = get('FontDescriptor');
	const missing =
		descriptor instanceof Dictionary ? numberOr(0, resolve(descriptor.get('MissingWidth'))) : 0;
	const matrix = get('FontMatrix');
	const scale =
		get('Subtype') === 'Type3' && Array.isArray(matrix)
			? 1000 * numberOr(0.001, resolve(matrix[0]))
			: 1;
	return (code) => scale * numberOr(missing, resolve(widths[code - first]));
}

function compositeFont(dictionary: Dictionary, { resolve, contentOf }: FontSource): Font {
	const get = (key: string): Value => resolve(dictionary.get(key));
	const [first] = listOf(get('DescendantFonts'));
	const descendant = resolve(first);
	const entries = descendant instanceof Dictionary ? descendant : new Dictionary();
	const encoding = get('Encoding');
	const map = encoding instanceof Stream ? new CharacterMap(contentOf(encoding)) : undefined;
	const characters = toUnicode(get('ToUnicode'), contentOf);
	const widths = widthsOf(resolve(entries.get('W')), resolve);
	const defaultWidth = numberOr(1000, resolve(entries.get('DW')));

	const glyphs = new Map<number, Glyph>();
	const glyphAt = (code: number): Glyph => {
		const glyph = map ? (map.glyphs.get(code) ?? 0) : code;
		return {
			text: characters(code) ?? '',
			width: widths.get(glyph) ?? defaultWidth,
			isSpace: false,
		};
	};
	return {
		*glyphsOf(bytes) {
			for (let at = 0; at < bytes.length; ) {
				let code = 0;
				const end = at + (map?.lengthAt(bytes, at) ?? 2);
				for (; at < end; at++) code = code * 256 + (bytes.charCodeAt(at) || 0);
				let glyph = glyphs.get(code);
				if (!glyph) glyphs.set(code, (glyph = glyphAt(code)));
				yield glyph;
			}
		},
	};
}

/** ISO 32000-1, 9.7.4.3: `first [width width …]` or `first last width`. */
function widthsOf(value: Value, resolve: Resolve): Map<number, number> {
	const widths = new Map<number, number>();
	const list = listOf(value);
	for (let at = 0; at < list.length && widths.size < MAX_WIDTHS; ) {
		const first = numberOr(0, resolve(list[at++]));
		const second = resolve(list[at++]);
		if (Array.isArray(second)) {
			for (const [index, width] of second.entries()) {
				widths.set(first + index, numberOr(0, resolve(width)));
			}
			continue;
		}
		const width = numberOr(0, resolve(list[at++]));
		const last = Math.min(numberOr(0, second), first + MAX_WIDTHS);
		for (let glyph = first; glyph <= last; glyph++) widths.set(glyph, width);
	}
	return widths;
}

/** ISO 32000-1, 9.10.3; a name says that codes are Unicode. */
function toUnicode(
	value: Value,
	contentOf: (stream: Stream) => string,
): (code: number) => string | undefined {
	if (typeof value === 'string') return (code) => String.fromCharCode(code);
	if (!(value instanceof Stream)) return () => undefined;
	const { characters } = new CharacterMap(contentOf(value));
	return (code) => characters.get(code);
}

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const numberOr = (otherwise: number, value: Value): number =>
	typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
