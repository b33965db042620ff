import { median, quantile, ratio } from '../../benchmarks/measuring';
import { markdownOf, withResults, type Result } from '../../benchmarks/report';

const result: Result = {
	title: 'Apples and pears',
	measuredAt: '2026-11-25T06:00:00.000Z',
	load: 1.5,
	seconds: 12,
	machine: { processors: '2 x Chip', memoryGb: 8, system: 'linux x64', node: 'v24.0.0' },
	rows: [
		{ Fruit: 'apple', Grams: 150 },
		{ Fruit: 'pear', Grams: 80 },
	],
	conclusions: [
		{ what: 'Apples over pears', value: 1.9, goal: 1.25 },
		{ what: 'Pears of apples', value: 0.95, goal: 0.9, atLeast: true },
	],
};

it('writes a table, what follows from it and how it was made', () => {
	expect(markdownOf(result)).toBe(
		[
			'Apples and pears.',
			'',
			'| Fruit | Grams |',
			'| ----- | ----: |',
			'| apple |   150 |',
			'| pear  |    80 |',
			'',
			'- Apples over pears: **1.9** (goal: at most 1.25, missed)',
			'- Pears of apples: **0.95** (goal: at least 0.9, met)',
			'',
			'_Measured on 2026-11-25 in 12 s, load 1.5: 2 x Chip, 8 GB, linux x64, Node.js v24.0.0._',
		].join('\n'),
	);
});

it('puts results between their marks and leaves the rest alone, also the second time', () => {
	const document =
		'A\n\n<!-- benchmark: fruit -->\nold\n<!-- end -->\n\nB\n\n<!-- benchmark: other -->\nkept\n<!-- end -->\n';
	const once = withResults(document, { fruit: result });
	expect(once).toContain(
		`A\n\n<!-- benchmark: fruit -->\n\n${markdownOf(result)}\n\n<!-- end -->\n\nB`,
	);
	expect(once).toContain('<!-- benchmark: other -->\nkept\n<!-- end -->');
	expect(once).not.toContain('old');
	expect(withResults(once, { fruit: result })).toBe(once);
});

it('finds the middle, shares between two values, and ratios round by round', () => {
	expect(median([3, 1, 2])).toBe(2);
	expect(median([1, 2, 3, 4])).toBe(2.5);
	expect(quantile([0, 10], 0.95)).toBe(9.5);
	expect(ratio([2, 30, 4], [1, 10, 4])).toBe(2);
});
