/** ISO 32000-1, 8.3.3: [a b c d e f] turns (x, y) into (ax + cy + e, bx + dy + f). */
export type Matrix = readonly [number, number, number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** A place on a page, in points from the top left corner of the page as a viewer shows it. */
export interface Area {
	/** From 1. */
	page: number;
	x: number;
	y: number;
	width: number;
	height: number;
}

/** What the first matrix does, and then the second. */
export const combined = (first: Matrix, second: Matrix): Matrix => [
	first[0] * second[0] + first[1] * second[2],
	first[0] * second[1] + first[1] * second[3],
	first[2] * second[0] + first[3] * second[2],
	first[2] * second[1] + first[3] * second[3],
	first[4] * second[0] + first[5] * second[2] + second[4],
	first[4] * second[1] + first[5] * second[3] + second[5],
];

/** Where a point goes. */
export const moved = ([a, b, c, d, e, f]: Matrix, x: number, y: number): [number, number] => [
	a * x + c * y + e,
	b * x + d * y + f,
];

/** The smallest area on a page with all these points in it. */
export function areaAround(page: number, points: ReadonlyArray<[number, number]>): Area {
	const xs = points.map(([x]) => x);
	const ys = points.map(([, y]) => y);
	const [x, y] = [Math.min(...xs), Math.min(...ys)];
	return { page, x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
