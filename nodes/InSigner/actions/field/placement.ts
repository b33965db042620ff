import type { PageSize } from '../../pdf/pages';
import type { Problem } from '../../parameters/checks';
import { usualSizePt } from './fieldTypes';

/** The unit of a length. */
export type Unit = 'points' | 'millimeters' | 'percent';

/** Where on the page a field goes. */
export type Position =
	| 'coordinates'
	| 'belowPrevious'
	| 'topLeft'
	| 'topRight'
	| 'bottomLeft'
	| 'bottomRight';

/** Place and size of a field as entered. */
export interface EnteredPlacement {
	/** From 1; negative counts from the last page, which is -1. Not needed below the previous field. */
	page?: number;
	position: Position;
	unit: Unit;
	/** From the left and the top edge of the page, in the unit; used with coordinates only. */
	x: number;
	y: number;
	/** In the unit; 0 means the usual one of the type. */
	width: number;
	height: number;
}

/** Place and size of a field, in points from the top left corner of the page as a viewer shows it. */
export interface Box {
	/** From 1. */
	page: number;
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Points per inch by millimeters per inch. */
const PT_PER_MM = 72 / 25.4;

/** Distance of the corner positions from the edges of the page, in points. */
const MARGIN_PT = 50;

/** Distance from the field above, in points. */
const GAP_PT = 12;

/** How far a field may stick out of its page or into another field, in points: sizes are rarely whole numbers. */
const TOLERANCE_PT = 1;

/** No one can see or click a field that is smaller, in points. */
const MIN_SIDE_PT = 1;

/** The largest page that PDF allows, for pages of unknown size. */
const LARGEST_PAGE: PageSize = { widthPt: 14_400, heightPt: 14_400 };

/**
 * Turns a box into what the API takes. Its unit and origin are not documented; points from the top left corner
 * fit all its examples. This is the only place that knows.
 *
 * @param box - in points
 * @returns in the API's unit, to two decimals
 * @see https://docs.insigner.co/api/fields
 */
export function toApiBox({ page, x, y, width, height }: Box): Box {
	return {
		page,
		x: toApiLength(x),
		y: toApiLength(y),
		width: toApiLength(width),
		height: toApiLength(height),
	};
}

/**
 * Turns a length into what the API takes, see {@link toApiBox}.
 *
 * @param points - the length in points
 * @returns in the API's unit, to two decimals
 */
export function toApiLength(points: number): number {
	return Math.round(points * 100) / 100;
}

/**
 * Whether a field can only be placed when the pages of the PDF are known.
 *
 * @param entered - place and size as entered
 */
export function needsPages({ page, position, unit }: EnteredPlacement): boolean {
	return unit === 'percent' || isCorner(position) || isFromEnd(page);
}

/**
 * Turns place and size as entered into points.
 *
 * @param entered - as entered
 * @param type - type of the field, for its usual size
 * @param pages - the pages of the PDF; undefined when they are not known
 * @param previous - the field before it, as placed; undefined when there is none
 * @param others - all fields placed so far; in a corner, a field goes above or below those already there
 * @returns the box, or what is wrong; a problem's parameter is the name of the input
 */
export function place(
	entered: EnteredPlacement,
	type: string,
	pages: PageSize[] | undefined,
	previous: Box | undefined,
	others: readonly Box[] = [],
): Box | Problem[] {
	const problems = checkEntered(entered, pages, previous);
	if (problems.length > 0) return problems;

	const page = pageOf(entered, pages, previous);
	const pageSize = pages?.[page - 1];
	const size = sizeOf(entered, type, pageSize);
	const corner =
		entered.position === 'belowPrevious' && previous
			? { x: previous.x, y: previous.y + previous.height + GAP_PT }
			: cornerOf(entered, size, pageSize);
	const box = stacked({ page, ...corner, ...size }, entered.position, others);
	const wrong = [...tooSmall(box), ...beyondPage(box, pageSize)];
	return wrong.length > 0 ? wrong : box;
}

/**
 * Puts a field at a text: its left edge at the text's, its bottom on the text's base line, and moved no further than
 * needed to have the whole of it on the page.
 *
 * @param text - place of the text; its bottom is the base line
 * @param size - of the field, in points
 * @param pageSize - of its page
 * @returns the box; undefined if the text is outside of what a viewer shows of the page
 */
export function standingAt(
	text: Box,
	{ width, height }: Pick<Box, 'width' | 'height'>,
	pageSize: PageSize,
): Box | undefined {
	const { page, x, y } = text;
	const baseLine = y + text.height;
	if (!isOn(pageSize, { page, x, y: baseLine, width: 0, height: 0 })) return undefined;
	return {
		page,
		x: inside(x, pageSize.widthPt - width),
		y: inside(baseLine - height, pageSize.heightPt - height),
		...{ width, height },
	};
}

function inside(distance: number, max: number): number {
	return Math.max(0, Math.min(distance, max));
}

/** Moves a field in a corner away from the edge until it overlaps no other. */
function stacked(box: Box, position: Position, others: readonly Box[]): Box {
	const other = isCorner(position) ? others.find((one) => overlap(box, one)) : undefined;
	if (!other) return box;
	const y = position.startsWith('top')
		? other.y + other.height + GAP_PT
		: other.y - GAP_PT - box.height;
	return stacked({ ...box, y }, position, others);
}

/**
 * Whether two fields overlap. Touching is fine.
 *
 * @param a - a field
 * @param b - another field
 */
export function overlap(a: Box, b: Box): boolean {
	const depth = (side: 'x' | 'y', length: 'width' | 'height') =>
		Math.min(a[side] + a[length], b[side] + b[length]) - Math.max(a[side], b[side]);
	return (
		a.page === b.page && depth('x', 'width') >= TOLERANCE_PT && depth('y', 'height') >= TOLERANCE_PT
	);
}

/**
 * Checks that a field can be seen.
 *
 * @param box - the sides of the field that are known, in points
 */
export function tooSmall({ width, height }: Partial<Box>): Problem[] {
	return Object.entries({ Width: width, Height: height }).flatMap(([parameter, side]) =>
		side === undefined || side >= MIN_SIDE_PT
			? []
			: [{ parameter, message: 'must be at least 1 point' }],
	);
}

/**
 * Checks that the whole field is on its page.
 *
 * @param box - the field
 * @param pageSize - of its page; the largest possible if it isn't known
 */
export function beyondPage(box: Box, pageSize: PageSize = LARGEST_PAGE): Problem[] {
	if (isOn(pageSize, box)) return [];
	const { page, x, y, width, height } = box;
	const [left, top, right, bottom] = [x, y, x + width, y + height].map(Math.round);
	return [
		{
			parameter: 'Position',
			message: `puts it beyond page ${page}: from (${left}, ${top}) to (${right}, ${bottom}) on ${Math.round(pageSize.widthPt)} × ${Math.round(pageSize.heightPt)} points`,
		},
	];
}

function isFromEnd(page: number | undefined): boolean {
	return page !== undefined && page < 0;
}

function isCorner(position: Position): boolean {
	return position !== 'coordinates' && position !== 'belowPrevious';
}

function checkEntered(
	entered: EnteredPlacement,
	pages: PageSize[] | undefined,
	previous: Box | undefined,
): Problem[] {
	const { page, position, unit, x, y, width, height } = entered;
	const problems: Problem[] = [];
	const refuseUnless = (ok: boolean, parameter: string, message: string) => {
		if (!ok) problems.push({ parameter, message });
	};
	refuseUnless(width >= 0, 'Width', 'must be a number from 0');
	refuseUnless(height >= 0, 'Height', 'must be a number from 0');
	if (position === 'coordinates') {
		refuseUnless(x >= 0, 'X', 'must be a number from 0');
		refuseUnless(y >= 0, 'Y', 'must be a number from 0');
	}
	if (position === 'belowPrevious') {
		refuseUnless(
			previous !== undefined,
			'Position',
			'is below the field before, but there is none',
		);
		if (previous && page !== undefined && numberOf(page, pages) !== previous.page) {
			refuseUnless(false, 'Page', `is ${page}, but the field before is on page ${previous.page}`);
		}
	} else {
		refuseUnless(
			Number.isInteger(page) && page !== 0,
			'Page',
			'must be a whole number: 1 is the first page, -1 the last',
		);
		if (pages && Math.abs(page ?? 0) > pages.length) {
			const count = pages.length === 1 ? '1 page' : `${pages.length} pages`;
			refuseUnless(false, 'Page', `is ${page}, but the PDF has ${count}`);
		}
	}
	if (!pages && needsPages(entered)) {
		const why = isFromEnd(page)
			? 'a page counted from the end'
			: unit === 'percent'
				? 'percent'
				: 'a corner of the page';
		refuseUnless(false, 'Position', `needs the PDF, because it is given by ${why}`);
	}
	return problems;
}

function pageOf(
	{ page = 1, position }: EnteredPlacement,
	pages?: PageSize[],
	previous?: Box,
): number {
	return position === 'belowPrevious' && previous ? previous.page : numberOf(page, pages);
}

/** A page counted from the end, counted from 1. */
function numberOf(page: number, pages: PageSize[] = []): number {
	return page < 0 ? pages.length + 1 + page : page;
}

/**
 * How large a field is.
 *
 * @param entered - as entered; 0 means the usual size of the type
 * @param type - type of the field
 * @param pageSize - of its page, for percent
 * @returns in points
 */
export function sizeOf(
	{ unit, width, height }: Pick<EnteredPlacement, 'unit' | 'width' | 'height'>,
	type: string,
	pageSize: PageSize | undefined,
): Pick<Box, 'width' | 'height'> {
	const [usualWidth, usualHeight] = usualSizePt(type);
	return {
		width: width === 0 ? usualWidth : toPoints(width, unit, pageSize?.widthPt),
		height: height === 0 ? usualHeight : toPoints(height, unit, pageSize?.heightPt),
	};
}

function cornerOf(
	{ position, unit, x, y }: EnteredPlacement,
	{ width, height }: Pick<Box, 'width' | 'height'>,
	pageSize: PageSize | undefined,
): Pick<Box, 'x' | 'y'> {
	if (position === 'coordinates' || !pageSize) {
		return { x: toPoints(x, unit, pageSize?.widthPt), y: toPoints(y, unit, pageSize?.heightPt) };
	}
	return {
		x: position.endsWith('Left') ? MARGIN_PT : pageSize.widthPt - MARGIN_PT - width,
		y: position.startsWith('top') ? MARGIN_PT : pageSize.heightPt - MARGIN_PT - height,
	};
}

/**
 * Turns a length into points.
 *
 * @param length - in the unit
 * @param unit - what it is in
 * @param wholePt - what 100 percent are, in points
 */
export function toPoints(length: number, unit: Unit, wholePt = 0): number {
	if (unit === 'millimeters') return length * PT_PER_MM;
	return unit === 'percent' ? (length / 100) * wholePt : length;
}

/** A field that no one sees cannot be signed. */
function isOn({ widthPt, heightPt }: PageSize, { x, y, width, height }: Box): boolean {
	return (
		x >= -TOLERANCE_PT &&
		y >= -TOLERANCE_PT &&
		x + width <= widthPt + TOLERANCE_PT &&
		y + height <= heightPt + TOLERANCE_PT
	);
}
