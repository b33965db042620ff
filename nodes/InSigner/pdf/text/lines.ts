import type { Work } from '../work';
import type { PlacedGlyph } from './drawing';

/** Glyphs that are read one after the other, without those that show nothing. */
export class Run {
	/** Of all of them. */
	readonly letters: string;
	/** Where those of each begin. */
	private starts: Uint32Array | undefined;

	readonly glyphs: readonly PlacedGlyph[];

	/** @param glyphs - those that show nothing are left out */
	constructor(glyphs: readonly PlacedGlyph[]) {
		this.glyphs = glyphs.filter(({ glyph }) => glyph.letters !== '');
		this.letters = glyphs.map(({ glyph }) => glyph.letters).join('');
	}

	/** Which glyph a letter is of; each has at least one. */
	private glyphAt(letter: number): number {
		if (this.letters.length === this.glyphs.length) return letter;
		this.starts ??= startsOf(this.glyphs);
		let [low, high] = [0, this.glyphs.length - 1];
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if ((this.starts[middle] ?? 0) <= letter) low = middle;
			else high = middle - 1;
		}
		return low;
	}

	/**
	 * @param from - a place among the letters; it may be before the first one
	 * @param to - a place behind it; it may be behind the last one
	 * @returns the glyphs whose letters are between them
	 */
	between(from: number, to: number): readonly PlacedGlyph[] {
		const [first, end] = [Math.max(0, from), Math.min(to, this.letters.length)];
		return first < end ? this.glyphs.slice(this.glyphAt(first), this.glyphAt(end - 1) + 1) : [];
	}
}

function startsOf(glyphs: readonly PlacedGlyph[]): Uint32Array {
	const starts = new Uint32Array(glyphs.length);
	let start = 0;
	for (const [index, { glyph }] of glyphs.entries()) {
		starts[index] = start;
		start += glyph.letters.length;
	}
	return starts;
}

/** An order in which glyphs may be read. */
export interface Flow {
	/** A text begins in this, */
	own: Run;
	/** and may go on in the next lines. */
	next: Run[];
}

/** Distances along and across the base line, in font sizes. */
const SAME_PIECE = { across: 0.1, back: 0.3, gap: 0.35 };
const SAME_LINE = { across: 0.5, back: 1, gap: 3 };
const LINE_TOLERANCE = 0.35;
const SAME_PLACE = 0.35;
const NEXT_LINE = 3;

/** Over how many more lines a text may go on. */
const MAX_WRAPS = 2;

/** Lines further on are not looked at for the next line of a column. */
const MAX_LINES_AHEAD = 12;

/** What finding takes, in steps; single letters all over a page take the most. */
const PER_GLYPH = 1;
const PER_PIECE = 4;
const PER_SEGMENT = 6;

/** How much the directions of glyphs in one line may differ: the cosine of 10 degrees. */
const SAME_DIRECTION = 0.985;

/** Where the second of two glyphs is, in font sizes, from where the first one ends. */
function distance(one: PlacedGlyph, other: PlacedGlyph): { along: number; across: number } {
	const { alongX, alongY } = one.base;
	const x = other.x - one.x - one.width * alongX;
	const y = other.y - one.y - one.width * alongY;
	const size = Math.max(one.base.size, other.base.size);
	return { along: (x * alongX + y * alongY) / size, across: (y * alongX - x * alongY) / size };
}

const inOneDirection = ({ base: one }: PlacedGlyph, { base: other }: PlacedGlyph): boolean =>
	one.alongX * other.alongX + one.alongY * other.alongY > SAME_DIRECTION;

function isNextTo(one: PlacedGlyph, other: PlacedGlyph, limits: typeof SAME_LINE): boolean {
	const { along, across } = distance(one, other);
	return (
		inOneDirection(one, other) &&
		Math.abs(across) <= limits.across &&
		along >= -limits.back &&
		along <= limits.gap
	);
}

/**
 * @param one - a glyph
 * @param other - the one that is read after it
 * @returns whether it is there that a reader goes on, and whether that is in another line
 */
export function following(one: PlacedGlyph, other: PlacedGlyph): 'here' | 'below' | undefined {
	if (isNextTo(one, other, SAME_LINE)) return 'here';
	const { across } = distance(one, other);
	const isBelow = across > SAME_LINE.across && across <= NEXT_LINE;
	return isBelow && inOneDirection(one, other) ? 'below' : undefined;
}

/**
 * Cuts glyphs into the lines that they are read in.
 *
 * @returns the lines; undefined when they do not follow each other as a text does, or there are too many
 */
export function inLines(glyphs: readonly PlacedGlyph[]): PlacedGlyph[][] | undefined {
	const lines: PlacedGlyph[][] = [];
	for (const [index, glyph] of glyphs.entries()) {
		const before = glyphs[index - 1];
		const how = before ? following(before, glyph) : 'below';
		if (!how) return undefined;
		if (how === 'below') lines.push([]);
		lines.at(-1)?.push(glyph);
	}
	return lines.length <= 1 + MAX_WRAPS ? lines : undefined;
}

/**
 * Texts are drawn in any order. So a page is read twice: as it is drawn, and by where things are.
 *
 * @param drawn - the glyphs of a page in the order in which they are drawn
 * @param work - counts what is done
 * @returns the orders in which they may be read; a text may be found in several
 */
export async function flowsOf(drawn: Run, work: Work): Promise<Flow[]> {
	const flows: Flow[] = [{ own: drawn, next: [] }];
	for (const group of byDirection(await piecesOf(drawn.glyphs, work))) {
		const lines: Line[] = [];
		for (const pieces of inRows(group)) {
			lines.push({ ...pieces[0], segments: await segmentsOf(pieces, work) });
		}
		for (const [index, { segments }] of lines.entries()) {
			for (const segment of segments) {
				if (work.add(PER_SEGMENT)) await work.pause();
				flows.push({ own: segment.run, next: nextOf(segment, lines, index) });
			}
		}
	}
	return flows;
}

/** Glyphs drawn next to each other, one after the other. */
interface Piece {
	glyphs: PlacedGlyph[];
	/** Along the base line, from the origin. */
	from: number;
	to: number;
	/** Of the base line, across it. */
	across: number;
	size: number;
}

/** A part of a line without a wide gap. */
interface Segment {
	run: Run;
	from: number;
	to: number;
}

interface Line {
	across: number;
	size: number;
	segments: Segment[];
}

/** Never empty. */
type Row = [Piece, ...Piece[]];

async function piecesOf(glyphs: readonly PlacedGlyph[], work: Work): Promise<Piece[]> {
	const pieces: Piece[] = [];
	for (const [index, glyph] of glyphs.entries()) {
		if (work.add(PER_GLYPH)) await work.pause();
		const { x, y, width, base } = glyph;
		const { alongX, alongY, size } = base;
		const from = x * alongX + y * alongY;
		const before = glyphs[index - 1];
		const piece = pieces.at(-1);
		if (piece && before && isNextTo(before, glyph, SAME_PIECE)) {
			piece.glyphs.push(glyph);
			piece.to = from + width;
		} else {
			const across = y * alongX - x * alongY;
			pieces.push({ glyphs: [glyph], from, to: from + width, across, size });
		}
	}
	return pieces;
}

function byDirection(pieces: readonly Piece[]): Iterable<Piece[]> {
	const groups = new Map<number, Piece[]>();
	for (const piece of pieces) {
		const [first] = piece.glyphs;
		const direction = Math.round(
			Math.atan2(first?.base.alongY ?? 0, first?.base.alongX ?? 1) / 0.1,
		);
		const group = groups.get(direction);
		if (group) group.push(piece);
		else groups.set(direction, [piece]);
	}
	return groups.values();
}

/** From top to bottom, as one sees it who reads in their direction. */
function inRows(pieces: Piece[]): Row[] {
	const rows: Row[] = [];
	for (const piece of pieces.sort((one, other) => one.across - other.across)) {
		const row = rows.at(-1);
		const tolerance = LINE_TOLERANCE * Math.min(piece.size, row?.[0].size ?? Infinity);
		if (row && piece.across - row[0].across <= tolerance) row.push(piece);
		else rows.push([piece]);
	}
	return rows;
}

async function segmentsOf(row: Row, work: Work): Promise<Segment[]> {
	const segments: Array<{ glyphs: PlacedGlyph[]; from: number; to: number }> = [];
	const recent: Array<{ letters: string; from: number }> = [];
	for (const { glyphs, from, to, size } of row.sort((one, other) => one.from - other.from)) {
		if (work.add(PER_PIECE)) await work.pause();
		const letters = glyphs.map(({ glyph }) => glyph.letters).join('');
		// Drawn again a little beside: that is how bold is faked.
		if (recent.some((one) => one.letters === letters && from - one.from < SAME_PLACE * size))
			continue;
		recent.push({ letters, from });
		if (recent.length > 4) recent.shift();
		const last = segments.at(-1);
		if (last && from - last.to <= SAME_LINE.gap * size) {
			for (const glyph of glyphs) last.glyphs.push(glyph);
			last.to = Math.max(last.to, to);
		} else {
			segments.push({ glyphs: [...glyphs], from, to });
		}
	}
	return segments.map(({ glyphs, from, to }) => ({ run: new Run(glyphs), from, to }));
}

/** The next segments of the column that a segment is in. */
function nextOf(segment: Segment, lines: readonly Line[], index: number): Run[] {
	const runs: Run[] = [];
	let at = { segment, index };
	while (runs.length < MAX_WRAPS) {
		const below = segmentBelow(at.segment, lines, at.index);
		if (!below) break;
		runs.push(below.segment.run);
		at = below;
	}
	return runs;
}

function segmentBelow(
	{ from, to }: Segment,
	lines: readonly Line[],
	above: number,
): { segment: Segment; index: number } | undefined {
	const { across, size } = lines[above] ?? { across: 0, size: 0 };
	for (let index = above + 1; index <= above + MAX_LINES_AHEAD; index++) {
		const line = lines[index];
		if (!line || line.across - across > NEXT_LINE * size) return undefined;
		let [low, high] = [0, line.segments.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((line.segments[middle]?.to ?? 0) <= from) low = middle + 1;
			else high = middle;
		}
		const segment = line.segments[low];
		if (segment && segment.from < to) return { segment, index };
	}
	return undefined;
}
