import { damaged } from '../unreadablePdf';
import type { Value } from '../values/objects';
import { IDENTITY, type Matrix } from './geometry';
import type { Attributes } from './tree';

/** A page as a viewer shows it, in points (1/72 inch). */
export interface PageSize {
	widthPt: number;
	heightPt: number;
}

/** What a viewer shows of a page. */
export interface PageFrame {
	size: PageSize;
	/** From the page's own coordinates to points from the top left corner of what is shown. */
	toView: Matrix;
}

/** What viewers take where none is given, or one without area: a page of US Letter. */
const DEFAULT_MEDIA_BOX: Corners = [0, 0, 612, 792];

/** Left, bottom, right, top. */
type Corners = [number, number, number, number];

/**
 * ISO 32000-1, table 30 and 14.11.2: what a viewer shows is the part of the crop box inside the media box, turned by
 * Rotate and scaled by UserUnit.
 *
 * @param page - what the page depends on
 * @param pageNumber - from 1, for the error
 * @throws UnreadablePdf when a box or number cannot be read
 */
export function frameOf(page: Attributes, pageNumber: number): PageFrame {
	const unreadable = () => damaged(`the size of page ${pageNumber} cannot be read`);
	const numberOf = (key: string): number | undefined => {
		const value = page[key];
		if (value === null || Number.isNaN(value)) throw unreadable();
		return typeof value === 'number' ? value : undefined;
	};
	const boxOf = (key: string): Corners | undefined => {
		const value = page[key];
		if (value === undefined) return undefined;
		if (!isBox(value)) throw unreadable();
		return normalized(value);
	};

	const mediaBox = boxOf('MediaBox') ?? DEFAULT_MEDIA_BOX;
	const cropBox = boxOf('CropBox') ?? mediaBox;
	const [left, bottom, right, top] = intersection(mediaBox, cropBox) ?? mediaBox;
	const turns = quarterTurns(numberOf('Rotate') ?? 0);
	const userUnit = numberOf('UserUnit') ?? 1;
	const scale = userUnit > 0 ? userUnit : 1;
	const width = (right - left) * scale;
	const height = (top - bottom) * scale;
	if (!Number.isFinite(width) || !Number.isFinite(height)) throw unreadable();
	const toView: Matrix[] = [
		[scale, 0, 0, -scale, -left * scale, top * scale],
		[0, scale, scale, 0, -bottom * scale, -left * scale],
		[-scale, 0, 0, scale, right * scale, -bottom * scale],
		[0, -scale, -scale, 0, top * scale, right * scale],
	];
	return {
		size:
			turns % 2 === 1 ? { widthPt: height, heightPt: width } : { widthPt: width, heightPt: height },
		toView: toView[turns] ?? IDENTITY,
	};
}

/** How often a page is turned, clockwise; what is no quarter turn counts for none. */
const quarterTurns = (degrees: number): number =>
	degrees % 90 === 0 ? (((degrees / 90) % 4) + 4) % 4 : 0;

/** ISO 32000-1, 7.9.5. */
const isBox = (value: Value): value is Corners =>
	Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);

/** Two opposite corners come in no fixed order. Undefined when there is no area. */
const normalized = ([x1, y1, x2, y2]: Corners): Corners | undefined =>
	withArea([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]);

function intersection(one: Corners, other: Corners): Corners | undefined {
	return withArea([
		Math.max(one[0], other[0]),
		Math.max(one[1], other[1]),
		Math.min(one[2], other[2]),
		Math.min(one[3], other[3]),
	]);
}

function withArea(box: Corners): Corners | undefined {
	const [left, bottom, right, top] = box;
	return right > left && top > bottom ? box : undefined;
}
