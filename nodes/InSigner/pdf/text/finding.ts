import { areaAround, type Area } from '../pages/geometry';
import { UnreadablePdf } from '../unreadablePdf';
import { Work } from '../work';
import type { PlacedGlyph } from './drawing';
import { lettersOf } from './letters';
import { inLines, type Flow } from './lines';
import type { PageText } from './reading';
import { BEGINS_TAG, LONGEST_TAG, parseTag, TAG_FORMS, type Tag } from './tags';

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

/** On one page. */
const MAX_FINDS = 500;

/** To be read, in steps. */
const PER_TAG = 200;

/**
 * Finds a text on a page, however it was drawn: in pieces, letter by letter, twice, in white, or over up to three lines.
 * White space does not matter, and letters are compared in Unicode's compatible form (NFKC). Part of a word counts.
 *
 * @param text - of the page, from readPdf
 * @param wanted - what to find
 * @returns where it is, from top to bottom
 * @throws UnreadablePdf when there are too many
 */
export async function findText(text: PageText, wanted: string): Promise<TextArea[]> {
	const needle = lettersOf(wanted);
	const mayBeThere = [...new Set(needle)].every((letter) => text.drawn.letters.includes(letter));
	if (needle === '' || !mayBeThere) return [];
	const found = await finds(text, needle.length, function* (letters) {
		for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + 1)) {
			yield { at, length: needle.length };
		}
	});
	return found.map(({ area }) => area);
}

/**
 * Finds the tags on a page: ours and those of other services, and what looks like one.
 *
 * @param text - of the page, from readPdf
 * @returns them from top to bottom
 * @throws UnreadablePdf when there are too many
 * @see tags.ts for the forms
 */
export async function findTags(text: PageText): Promise<FoundTag[]> {
	if (!BEGINS_TAG.test(text.drawn.letters)) return [];
	const found = await finds(text, LONGEST_TAG, function* (letters) {
		for (const form of TAG_FORMS) {
			for (const { index, 0: tag } of letters.matchAll(form))
				yield { at: index, length: tag.length };
		}
	});
	const tags: FoundTag[] = [];
	const work = new Work(text.pause);
	for (const { area, lines } of found) {
		if (work.add(PER_TAG + lines.flat().length)) await work.pause();
		const raw = rawText(lines);
		const tag = parseTag(raw);
		// In single brackets there may be anything; only what is a tag is one.
		if (tag || raw.startsWith('{{')) tags.push({ ...area, raw, tag });
	}
	return tags;
}

/** Whether there is anything to find: a scan has no text. */
export const hasText = ({ drawn }: PageText): boolean => drawn.letters !== '';

interface Find {
	area: TextArea;
	letters: string;
	lines: PlacedGlyph[][];
}

/**
 * @param text - of the page
 * @param longest - how many letters a find has at the most
 * @param search - finds in letters, in any order
 */
async function finds(
	text: PageText,
	longest: number,
	search: (letters: string) => Iterable<{ at: number; length: number }>,
): Promise<Find[]> {
	const work = new Work(text.pause);
	const found: Find[] = [];
	for (const flow of await text.flows()) {
		const { own, next } = flow;
		const further = next.map(({ letters }) => letters).join('');
		if (work.add(1 + own.letters.length / 100)) await work.pause();
		const all = own.letters + further.slice(0, longest);
		for (const { at, length } of search(all)) {
			if (work.add(1 + length + found.length / 20)) await work.pause();
			if (at >= own.letters.length) continue;
			const lines = inLines(glyphsIn(flow, at, at + length));
			const letters = all.slice(at, at + length);
			const find = lines?.[0] && { area: areaOf(text.page, lines[0]), letters, lines };
			if (!find || found.some((other) => isSame(other, find))) continue;
			found.push(find);
			if (found.length > MAX_FINDS) {
				throw new UnreadablePdf(`has a text more than ${MAX_FINDS} times on page ${text.page}`);
			}
		}
	}
	return found.sort(
		({ area: one }, { area: other }) =>
			Math.round((one.y + one.height - other.y - other.height) / 3) || one.x - other.x,
	);
}

/** The glyphs of these letters. */
function glyphsIn({ own, next }: Flow, from: number, to: number): PlacedGlyph[] {
	let before = 0;
	return [own, ...next].flatMap((run) => {
		const glyphs = run.between(from - before, to - before);
		before += run.letters.length;
		return glyphs;
	});
}

function areaOf(page: number, line: readonly PlacedGlyph[]): TextArea {
	const points = line.flatMap(({ x, y, width, base }): Array<[number, number]> => {
		const { alongX, alongY, size } = base;
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

/** Drawn twice, or found both ways; a tag may be seen with less of it around. Two on each other are two. */
function isSame(first: Find, second: Find): boolean {
	const [{ area: one }, { area: other }] = [first, second];
	const isPart = first.letters.includes(second.letters) || second.letters.includes(first.letters);
	const near = SAME_PLACE * Math.max(4, Math.min(one.height, other.height));
	return (
		isPart &&
		Math.abs(one.x - other.x) < near &&
		Math.abs(one.y + one.height - other.y - other.height) < near
	);
}

/** As it is written: with the spaces that are drawn, that are left, and one for each new line. */
function rawText(lines: ReadonlyArray<readonly PlacedGlyph[]>): string {
	const words = lines.map((line) =>
		line
			.map(({ glyph, afterSpace, x, y, base }, index) => {
				const before = line[index - 1];
				if (!before) return glyph.text;
				const gap = Math.hypot(x - before.x, y - before.y) - before.width;
				return afterSpace || gap > 0.6 * base.size ? ` ${glyph.text}` : glyph.text;
			})
			.join(''),
	);
	return words.join(' ').normalize('NFKC').replace(/\s+/g, ' ').trim();
}
