import { areaAround, type Area } from '../pages/geometry';
import { flowsOf, inLines, isSpace, type Flow } from './lines';
import type { PageText, PlacedGlyph } from './reading';
import { parseTag, TAG_FORMS, type Tag } from './tags';

/**
 * Where a text is: from its left edge to its right one, and from its base line, which is the bottom of the area, up to
 * the size of its font. Of a text that goes on in the next lines it is the part in the first one. It may lie outside of
 * what a viewer shows of the page.
 */
export type TextArea = Area;

/** A tag where it stands. */
export interface FoundTag extends TextArea {
	/** As it stands there. */
	raw: string;
	/** What it says; undefined when it is of no known form, although it looks like a tag. */
	tag: Tag | undefined;
}

/** Texts nearer than this are one that was drawn twice, in font sizes. */
const SAME_PLACE = 0.5;

/** How many finds on one page are looked at. */
const MAX_FINDS = 2000;

/**
 * Finds a text on a page, however it was drawn: in pieces, letter by letter, twice, in white, or over up to three lines.
 * White space does not matter, and letters are compared in Unicode's compatible form (NFKC). Part of a word counts.
 *
 * @param pageText - from readPdf
 * @param wanted - the text
 * @returns where it is, from top to bottom
 */
export function findText(pageText: PageText, wanted: string): TextArea[] {
	const needle = compact(wanted);
	if (needle === '') return [];
	return finds(pageText, function* ({ text }) {
		for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
			yield { at, length: needle.length };
		}
	}).map(({ area }) => area);
}

/**
 * Finds the tags on a page: ours and those of other services, and what looks like one.
 *
 * @param pageText - from readPdf
 * @returns them from top to bottom
 * @see tags.ts for the forms
 */
export function findTags(pageText: PageText): FoundTag[] {
	const spaced = new Map(pageText.glyphs.map((glyph, index) => [glyph, index]));
	return finds(pageText, function* ({ text }) {
		for (const form of TAG_FORMS) {
			for (const { index, 0: found } of text.matchAll(form))
				yield { at: index, length: found.length };
		}
	})
		.flatMap(({ area, glyphs, lines }) => {
			const raw = rawText(lines, spaced, pageText.glyphs);
			const tag = parseTag(raw);
			// In single brackets there may be anything; only what is a tag is one.
			return tag || raw.startsWith('{{') ? [{ ...area, raw, tag, glyphs }] : [];
		})
		.map(({ glyphs: _, ...found }) => found);
}

/** Whether there is anything to find: a scan has no text. */
export const hasText = ({ glyphs }: PageText): boolean =>
	glyphs.some((glyph) => glyph.text !== '' && !isSpace(glyph));

interface Find {
	area: TextArea;
	glyphs: readonly PlacedGlyph[];
	lines: PlacedGlyph[][];
}

function finds(
	{ page, glyphs }: PageText,
	search: (flow: { text: string }) => Iterable<{ at: number; length: number }>,
): Find[] {
	const found: Find[] = [];
	for (const flow of flowsOf(glyphs)) {
		const { text, glyphAt } = readFlow(flow);
		for (const { at, length } of search({ text })) {
			const [first, last] = [glyphAt[at] ?? 0, glyphAt[at + length - 1] ?? 0];
			if (first >= flow.own) break;
			const part = flow.glyphs.slice(first, last + 1);
			const lines = inLines(part);
			const find = lines?.[0] && { area: areaOf(page, lines[0]), glyphs: part, lines };
			if (!find || found.some((other) => isSame(other, find))) continue;
			found.push(find);
			if (found.length > MAX_FINDS) return found;
		}
	}
	return found.sort(
		({ area: one }, { area: other }) =>
			Math.round((one.y + one.height - other.y - other.height) / 3) || one.x - other.x,
	);
}

/** A flow as text without white space, and which glyph each of its characters comes from. */
function readFlow({ glyphs }: Flow): { text: string; glyphAt: number[] } {
	const parts: string[] = [];
	const glyphAt: number[] = [];
	for (const [index, { text }] of glyphs.entries()) {
		const part = text === '' ? UNKNOWN : compact(text);
		parts.push(part);
		for (let count = part.length; count > 0; count--) glyphAt.push(index);
	}
	return { text: parts.join(''), glyphAt };
}

const UNKNOWN = '\ufffd';

/** Decomposed, so that it is the same whether an accent is a glyph of its own; that compares like NFKC. */
const compact = (text: string): string =>
	text.normalize('NFKD').replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]+/g, '');

function areaOf(page: number, line: readonly PlacedGlyph[]): TextArea {
	const points = line.flatMap(({ x, y, width, size, alongX, alongY }): Array<[number, number]> => {
		const [endX, endY] = [x + width * alongX, y + width * alongY];
		const [upX, upY] = [size * alongY, -size * alongX];
		return [
			[x, y],
			[endX, endY],
			[x + upX, y + upY],
			[endX + upX, endY + upY],
		];
	});
	return areaAround(page, points);
}

/** Drawn twice, or found both ways; a tag may be seen with less of it around. */
function isSame({ area: one }: Find, { area: other }: Find): boolean {
	const near = SAME_PLACE * Math.max(4, Math.min(one.height, other.height));
	return (
		Math.abs(one.x - other.x) < near && Math.abs(one.y + one.height - other.y - other.height) < near
	);
}

/** As it is written: with the spaces that are drawn, that are left, and one for each new line. */
function rawText(
	lines: PlacedGlyph[][],
	places: ReadonlyMap<PlacedGlyph, number>,
	all: readonly PlacedGlyph[],
): string {
	const words = lines.map((line) =>
		line
			.map((glyph, index) => {
				const before = line[index - 1];
				if (!before) return glyph.text;
				const [from, to] = [places.get(before) ?? 0, places.get(glyph) ?? 0];
				const hasSpace = from < to && all.slice(from + 1, Math.min(to, from + 20)).some(isSpace);
				const gap = Math.hypot(glyph.x - before.x, glyph.y - before.y) - before.width;
				return hasSpace || gap > 0.6 * glyph.size ? ` ${glyph.text}` : glyph.text;
			})
			.join(''),
	);
	return words.join(' ').normalize('NFKC').replace(/\s+/g, ' ').trim();
}
