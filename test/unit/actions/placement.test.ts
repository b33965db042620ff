import {
	needsPages,
	place,
	toApiBox,
	type Box,
	type EnteredPlacement,
} from '../../../nodes/InSigner/actions/field/placement';

const A4 = { widthPt: 595, heightPt: 842 };
const LANDSCAPE = { widthPt: 842, heightPt: 595 };
const PAGES = [A4, LANDSCAPE];

const entered = (change: Partial<EnteredPlacement> = {}): EnteredPlacement => ({
	page: 1,
	position: 'coordinates',
	unit: 'points',
	x: 0,
	y: 0,
	width: 0,
	height: 0,
	...change,
});

const signature = (
	change: Partial<EnteredPlacement>,
	pages: typeof PAGES | undefined = PAGES,
	previous?: Box,
) => place(entered(change), 'signature', pages, previous);

describe('place', () => {
	it.each<[string, Partial<EnteredPlacement>, Box]>([
		['points', { x: 100, y: 650 }, { page: 1, x: 100, y: 650, width: 200, height: 60 }],
		[
			'millimeters',
			{ unit: 'millimeters', x: 25.4, y: 50.8, width: 25.4, height: 12.7 },
			{ page: 1, x: 72, y: 144, width: 72, height: 36 },
		],
		[
			'percent of each side',
			{ unit: 'percent', x: 10, y: 50, width: 20, height: 10 },
			{ page: 1, x: 59.5, y: 421, width: 119, height: 84.2 },
		],
		[
			'percent of the page it is on',
			{ page: 2, unit: 'percent', x: 10, y: 10 },
			{ page: 2, x: 84.2, y: 59.5, width: 200, height: 60 },
		],
		['the last page', { page: -1 }, { page: 2, x: 0, y: 0, width: 200, height: 60 }],
		['the page before it', { page: -2 }, { page: 1, x: 0, y: 0, width: 200, height: 60 }],
		[
			'top left',
			{ position: 'topLeft', x: 999 },
			{ page: 1, x: 50, y: 50, width: 200, height: 60 },
		],
		['top right', { position: 'topRight' }, { page: 1, x: 345, y: 50, width: 200, height: 60 }],
		['bottom left', { position: 'bottomLeft' }, { page: 1, x: 50, y: 732, width: 200, height: 60 }],
		[
			'bottom right of a page that lies on its side',
			{ position: 'bottomRight', page: -1, width: 100 },
			{ page: 2, x: 692, y: 485, width: 100, height: 60 },
		],
	])('understands %s', (_, change, expected) => {
		const box = signature(change) as Box;
		expect(toApiBox(box)).toEqual(expected);
	});

	it('puts a field below the one before it, on its page', () => {
		const previous = { page: 2, x: 60, y: 100, width: 150, height: 40 };
		const expected = { page: 2, x: 60, y: 152, width: 200, height: 60 };
		for (const page of [undefined, 2, -1]) {
			expect(signature({ position: 'belowPrevious', page }, PAGES, previous)).toEqual(expected);
		}
		expect(signature({ position: 'belowPrevious', page: 1 }, PAGES, previous)).toEqual([
			{ parameter: 'Page', message: 'is 1, but the field before is on page 2' },
		]);
	});

	it.each<[Partial<EnteredPlacement>, typeof PAGES | undefined, string]>([
		[{ page: 0 }, PAGES, 'Page must be a whole number: 1 is the first page, -1 the last'],
		[{ page: 1.5 }, PAGES, 'Page must be a whole number: 1 is the first page, -1 the last'],
		[{ page: 3 }, PAGES, 'Page is 3, but the PDF has 2 pages'],
		[{ page: -2 }, [A4], 'Page is -2, but the PDF has 1 page'],
		[{ x: -1 }, undefined, 'X must be a number from 0'],
		[{ y: NaN }, undefined, 'Y must be a number from 0'],
		[{ height: -1 }, undefined, 'Height must be a number from 0'],
		[
			{ page: -1 },
			undefined,
			'Position needs the PDF, because it is given by a page counted from the end',
		],
		[{ unit: 'percent' }, undefined, 'Position needs the PDF, because it is given by percent'],
		[
			{ position: 'topLeft' },
			undefined,
			'Position needs the PDF, because it is given by a corner of the page',
		],
		[{ position: 'belowPrevious' }, PAGES, 'Position is below the field before, but there is none'],
		[
			{ x: 500, y: 10 },
			PAGES,
			'Position puts it beyond page 1: from (500, 10) to (700, 70) on 595 × 842 points',
		],
		[
			{ y: 20_000 },
			undefined,
			'Position puts it beyond page 1: from (0, 20000) to (200, 20060) on 14400 × 14400 points',
		],
		[{ unit: 'percent', width: 0.1 }, PAGES, 'Width must be at least 1 point'],
	])('refuses %j', (change, pages, expected) => {
		const problems = place(entered(change), 'signature', pages, undefined);
		expect(problems).toEqual([
			expect.objectContaining({ parameter: expected.split(' ')[0] as string }),
		]);
		const [problem] = problems as Array<{ parameter: string; message: string }>;
		expect(`${problem?.parameter} ${problem?.message}`).toBe(expected);
	});
});

it.each<[Partial<EnteredPlacement>, boolean]>([
	[{}, false],
	[{ unit: 'millimeters' }, false],
	[{ position: 'belowPrevious', page: undefined }, false],
	[{ position: 'belowPrevious', page: -1 }, true],
	[{ page: -1 }, true],
	[{ unit: 'percent' }, true],
	[{ position: 'bottomLeft' }, true],
])('the pages of the PDF are needed for %j: %s', (change, expected) => {
	expect(needsPages(entered(change))).toBe(expected);
});
