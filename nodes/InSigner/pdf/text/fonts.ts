import { Dictionary, Stream, type Value } from '../values/objects';
import type { Work } from '../work';
import type { CharacterMap } from './cmap';
import { Codes } from './codes';
import { charactersOf, encodingNamed } from './encodings';
import { lettersOfGlyph } from './letters';
import { standardWidths } from './standardWidths';

/** What a code of a shown string is. */
export interface Glyph {
	/** What it reads; empty when that is not known. */
	readonly text: string;
	/** What it is compared by. */
	readonly letters: string;
	/** In thousandths of the font size. */
	readonly width: number;
	/** Whether it is the one-byte code 32, which word spacing applies to (ISO 32000-1, 9.3.3). */
	readonly isWordSpace: boolean;
}

/** Turns strings into glyphs (ISO 32000-1, 9.6 and 9.7). */
export interface Font {
	glyphsOf: (bytes: string) => Iterable<Glyph>;
}

type Resolve = (value: Value | undefined) => Value;

/** What a font is read with. */
export interface FontSource {
	resolve: Resolve;
	mapOf: (stream: Stream) => Promise<CharacterMap>;
	/** Counts what is done, and kept. */
	work: Work;
}

/** What an entry of Differences takes, in steps. */
const PER_DIFFERENCE = 0.2;

/** What a glyph takes in memory, in bytes, roughly. */
const GLYPH = 100;

/**
 * @param dictionary - of a font
 * @param source - what it refers to
 * @returns the font, which remembers what its codes are
 */
export async function fontOf(dictionary: Dictionary, source: FontSource): Promise<Font> {
	const isComposite = dictionary.get('Subtype') === 'Type0';
	return await (isComposite ? compositeFont : simpleFont)(dictionary, source);
}

/** What is made for each code once. */
function remembered(
	work: Work,
	glyphAt: (code: number) => Pick<Glyph, 'text' | 'width'>,
	spaceCode?: number,
) {
	const glyphs = new Map<number, Glyph>();
	return (code: number): Glyph => {
		let glyph = glyphs.get(code);
		if (!glyph) {
			work.keep(GLYPH);
			const { text, width } = glyphAt(code);
			glyph = { text, width, letters: lettersOfGlyph(text), isWordSpace: code === spaceCode };
			glyphs.set(code, glyph);
		}
		return glyph;
	};
}

async function simpleFont(dictionary: Dictionary, source: FontSource): Promise<Font> {
	const { resolve, work } = source;
	const get = (key: string): Value => resolve(dictionary.get(key));
	const characters = await toUnicode(get('ToUnicode'), source);
	const encoding = await encodingOf(get('Encoding'), source);
	const widthOf = simpleWidths(dictionary, resolve);

	const glyphAt = remembered(
		work,
		(code) => {
			const encoded = encoding(code);
			return { text: characters(code) ?? encoded, width: widthOf(code, encoded) };
		},
		32,
	);
	return {
		*glyphsOf(bytes) {
			for (let at = 0; at < bytes.length; at++) yield glyphAt(bytes.charCodeAt(at));
		},
	};
}

/** ISO 32000-1, 9.6.6: a named encoding and what differs from it. */
async function encodingOf(
	value: Value,
	{ resolve, work }: FontSource,
): Promise<(code: number) => string> {
	const isDictionary = value instanceof Dictionary;
	const base = encodingNamed(isDictionary ? resolve(value.get('BaseEncoding')) : value);
	const names = new Map<number, string>();
	let code = 0;
	for (const entry of listOf(isDictionary ? resolve(value.get('Differences')) : null)) {
		if (work.add(PER_DIFFERENCE)) await work.pause();
		const resolved = resolve(entry);
		if (typeof resolved === 'number') code = resolved;
		else if (typeof resolved === 'string' && code < 256) names.set(code++, resolved);
	}
	return (at) => {
		const name = names.get(at);
		return name === undefined ? (base.get(at) ?? '') : charactersOf(name);
	};
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

async function compositeFont(dictionary: Dictionary, source: FontSource): Promise<Font> {
	const { resolve, work } = source;
	const get = (key: string): Value => resolve(dictionary.get(key));
	const [first] = listOf(get('DescendantFonts'));
	const descendant = resolve(first);
	const entries = descendant instanceof Dictionary ? descendant : new Dictionary();
	const encoding = get('Encoding');
	const map = encoding instanceof Stream ? await source.mapOf(encoding) : undefined;
	const characters = await toUnicode(get('ToUnicode'), source);
	const widths = await widthsOf(listOf(resolve(entries.get('W'))), source);
	const defaultWidth = numberOr(1000, resolve(entries.get('DW')));

	const glyphAt = remembered(work, (code) => {
		const glyph = map ? (map.glyphs.get(code) ?? 0) : code;
		return { text: characters(code) ?? '', width: widths.get(glyph) ?? defaultWidth };
	});
	return {
		*glyphsOf(bytes) {
			for (let at = 0; at < bytes.length; ) {
				let code = 0;
				const end = at + (map?.lengthAt(bytes, at) ?? 2);
				for (; at < end; at++) code = code * 256 + (bytes.charCodeAt(at) || 0);
				yield glyphAt(code);
			}
		},
	};
}

/** ISO 32000-1, 9.7.4.3: `first [width width …]` or `first last width`. */
async function widthsOf(list: Value[], { resolve, work }: FontSource): Promise<Codes<number>> {
	const widths = new Codes<number>(work);
	for (let at = 0; at < list.length; ) {
		if (work.add(1)) await work.pause();
		const first = numberOr(0, resolve(list[at++]));
		const second = resolve(list[at++]);
		if (Array.isArray(second)) {
			for (const [index, width] of second.entries()) {
				widths.set(first + index, first + index, () => numberOr(0, resolve(width)));
			}
			continue;
		}
		const width = numberOr(0, resolve(list[at++]));
		widths.set(first, numberOr(first, second), () => width);
	}
	return widths;
}

/** ISO 32000-1, 9.10.3; a name says that codes are Unicode. */
async function toUnicode(
	value: Value,
	{ mapOf }: FontSource,
): Promise<(code: number) => string | undefined> {
	if (typeof value === 'string') return (code) => String.fromCharCode(code);
	if (!(value instanceof Stream)) return () => undefined;
	const { characters } = await mapOf(value);
	return (code) => characters.get(code);
}

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const numberOr = (otherwise: number, value: Value): number =>
	typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
