import type { PlacedGlyph } from './reading';

/** Glyphs in an order in which they may be read, without white space. */
export interface Flow {
	glyphs: PlacedGlyph[];
	/** How many of them a text may begin with; the others are there for texts that go on in the next lines. */
	own: number;
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

/** How much the directions of glyphs in one line may differ: the cosine of 10 degrees. */
const SAME_DIRECTION = 0.985;

/** What readers do not see, or not as a letter. */
const SPACE = /^[\s\u00ad\u200b-\u200d\u2060\ufeff]*$/;

/** Whether a glyph shows nothing. One of which it is not known what it reads shows something. */
export const isSpace = ({ text }: PlacedGlyph): boolean => text !== '' && SPACE.test(text);

/** Where the second of two glyphs is, in font sizes, from where the first one ends. */
function distance(one: PlacedGlyph, other: PlacedGlyph): { along: number; across: number } {
	const { alongX, alongY } = one;
	const x = other.x - one.x - one.width * alongX;
	const y = other.y - one.y - one.width * alongY;
	const size = Math.max(one.size, other.size);
	return { along: (x * alongX + y * alongY) / size, across: (y * alongX - x * alongY) / size };
}

const inOneDirection = (one: PlacedGlyph, other: PlacedGlyph): boolean =>
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
 * @param glyphs - of a page, in the order in which they are drawn
 * @returns the orders in which they may be read; a text may be found in several
 */
export function* flowsOf(glyphs: readonly PlacedGlyph[]): Generator<Flow> {
	const visible = glyphs.filter((glyph) => !isSpace(glyph));
	yield { glyphs: visible, own: visible.length };
	for (const line of linesOf(piecesOf(visible))) {
		for (const segment of line.segments) yield withNext(segment, line);
	}
}

/** Glyphs drawn next to each other, one after the other. */
interface Piece {
	glyphs: PlacedGlyph[];
	text: string;
	/** Along the base line, from the origin. */
	from: number;
	to: number;
	/** Of the base line, across it. */
	across: number;
	size: number;
}

/** A part of a line without a wide gap. */
interface Segment {
	glyphs: PlacedGlyph[];
	from: number;
	to: number;
}

interface Line {
	across: number;
	size: number;
	segments: Segment[];
	/** All lines of this direction, and which of them it is. */
	lines: Line[];
	index: number;
}

function piecesOf(glyphs: readonly PlacedGlyph[]): Piece[] {
	const pieces: PlacedGlyph[][] = [];
	for (const [index, glyph] of glyphs.entries()) {
		const before = glyphs[index - 1];
		if (before && isNextTo(before, glyph, SAME_PIECE)) pieces.at(-1)?.push(glyph);
		else pieces.push([glyph]);
	}
	return pieces.flatMap((piece) => {
		const [first, last] = [piece[0], piece.at(-1)];
		if (!first || !last) return [];
		const { alongX, alongY, x, y, size } = first;
		return {
			glyphs: piece,
			text: piece.map(({ text }) => text).join(''),
			from: x * alongX + y * alongY,
			to: last.x * alongX + last.y * alongY + last.width,
			across: y * alongX - x * alongY,
			size,
		};
	});
}

function* linesOf(pieces: Piece[]): Generator<Line> {
	const byDirection = new Map<number, Piece[]>();
	for (const piece of pieces) {
		const [first] = piece.glyphs;
		const angle = Math.atan2(first?.alongY ?? 0, first?.alongX ?? 1);
		const direction = Math.round(angle / 0.1);
		const group = byDirection.get(direction);
		if (group) group.push(piece);
		else byDirection.set(direction, [piece]);
	}
	for (const group of byDirection.values()) {
		const lines: Line[] = [];
		let inLine: Piece[] = [];
		const finish = () => {
			const [first] = inLine;
			if (!first) return;
			const { across, size } = first;
			lines.push({ across, size, segments: segmentsOf(inLine), lines, index: lines.length });
			inLine = [];
		};
		for (const piece of group.sort((one, other) => one.across - other.across)) {
			const [first] = inLine;
			const tolerance = LINE_TOLERANCE * Math.min(piece.size, first?.size ?? Infinity);
			if (first && piece.across - first.across > tolerance) finish();
			inLine.push(piece);
		}
		finish();
		yield* lines;
	}
}

function segmentsOf(line: Piece[]): Segment[] {
	const segments: Segment[] = [];
	const recent: Piece[] = [];
	for (const piece of line.sort((one, other) => one.from - other.from)) {
		// Drawn again a little beside: that is how bold is faked.
		const isAgain = ({ text, from }: Piece) =>
			text === piece.text && piece.from - from < SAME_PLACE * piece.size;
		if (recent.some(isAgain)) continue;
		recent.push(piece);
		if (recent.length > 4) recent.shift();
		const last = segments.at(-1);
		if (last && piece.from - last.to <= SAME_LINE.gap * piece.size) {
			for (const glyph of piece.glyphs) last.glyphs.push(glyph);
			last.to = Math.max(last.to, piece.to);
		} else {
			segments.push({ glyphs: [...piece.glyphs], from: piece.from, to: piece.to });
		}
	}
	return segments;
}

/** A segment and the next ones of its column. */
function withNext(segment: Segment, line: Line): Flow {
	const glyphs = [...segment.glyphs];
	let [at, below]: [Line, Segment | undefined] = [line, segment];
	for (let wraps = 0; wraps < MAX_WRAPS && below; wraps++) {
		const next = segmentBelow(below, at);
		if (!next) break;
		for (const glyph of next.segment.glyphs) glyphs.push(glyph);
		[at, below] = [next.line, next.segment];
	}
	return { glyphs, own: segment.glyphs.length };
}

function segmentBelow(
	{ from, to }: Segment,
	{ lines, index, across, size }: Line,
): { line: Line; segment: Segment } | undefined {
	for (const line of lines.slice(index + 1, index + 1 + MAX_LINES_AHEAD)) {
		if (line.across - across > NEXT_LINE * size) return undefined;
		let [low, high] = [0, line.segments.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((line.segments[middle]?.to ?? 0) <= from) low = middle + 1;
			else high = middle;
		}
		const segment = line.segments[low];
		if (segment && segment.from < to) return { line, segment };
	}
	return undefined;
}
