import { ANSWERS } from './answers';
import type { Violation, Wrong } from './judge';

/** What each run is counted under at the end; the last line has the first five. */
const TOTALS: ReadonlyArray<readonly [Wrong, string]> = [
	['TWICE', 'sent twice'],
	['LOST', 'lost silently'],
	['PERSON', 'wrong person'],
	['VALUE', 'without values'],
	['FALSE', 'false claims'],
	['DRAFT', 'drafts left without a word'],
	['KEY', 'leaked keys'],
	['SANDBOX', 'faults of the sandbox'],
];

/** A table with a title, filled cell by cell. */
class Table {
	private readonly rows = new Map<string, Map<string, string[]>>();

	constructor(
		private readonly title: string,
		private readonly columns: readonly string[],
	) {}

	/** Records one run in a cell; `wrong` is empty if all was well. */
	note(row: string, column: string, wrong: readonly string[]): void {
		const cells = this.rows.get(row) ?? new Map<string, string[]>();
		cells.set(column, [...(cells.get(column) ?? []), ...wrong]);
		this.rows.set(row, cells);
	}

	text(): string[] {
		if (this.rows.size === 0) return [];
		const cell = (cells: ReadonlyMap<string, string[]>, column: string): string => {
			const wrong = cells.get(column);
			return wrong === undefined ? '-' : grouped(wrong) || 'ok';
		};
		const rows = [...this.rows].map(([row, cells]) => ({
			row,
			cells: this.columns.map((column) => cell(cells, column)),
		}));
		const head = Math.max(this.title.length, ...rows.map(({ row }) => row.length));
		const widths = this.columns.map((column, index) =>
			Math.max(column.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)),
		);
		const line = (label: string, cells: readonly string[]): string =>
			[label.padEnd(head), ...cells.map((text, index) => text.padEnd(widths[index] ?? 0))]
				.join('  ')
				.trimEnd();
		return [line(this.title, this.columns), ...rows.map(({ row, cells }) => line(row, cells)), ''];
	}
}

/** "LOST@never LOST@8s" is "LOST@never,8s". */
function grouped(wrong: readonly string[]): string {
	const groups = new Map<string, Set<string>>();
	for (const [code = '', moment = ''] of wrong.map((text) => text.split('@'))) {
		groups.set(code, (groups.get(code) ?? new Set()).add(moment));
	}
	return [...groups]
		.map(([code, moments]) =>
			[code, [...moments].filter(Boolean).join(',')].filter(Boolean).join('@'),
		)
		.join(' ');
}

/** Collects the outcomes of all runs, to be printed at the end. */
export class Scoreboard {
	readonly faults = new Table(
		'Answer',
		ANSWERS.map(({ title }) => title),
	);
	readonly forms: Table;
	readonly waits: Table;
	private runs = 0;
	private readonly counts = new Map<Wrong, number>();

	constructor(sendings: readonly string[], waits: readonly string[]) {
		this.forms = new Table('Form', sendings);
		this.waits = new Table('Lag and processing', waits);
	}

	/** Counts a run, and what was wrong with it. */
	count(violations: readonly Violation[]): void {
		this.runs += 1;
		for (const wrong of new Set(violations.map((violation) => violation.wrong))) {
			this.counts.set(wrong, (this.counts.get(wrong) ?? 0) + 1);
		}
	}

	/** The tables, what they mean, and the totals. */
	text(): string {
		const totals = TOTALS.map(([wrong, words]) => `${this.counts.get(wrong) ?? 0} ${words}`);
		return [
			...this.faults.text(),
			...ANSWERS.map(({ title, meaning }) => `${title.padEnd(5)} ${meaning}`),
			'',
			'A cell is all runs of this request and answer: with the effect at each moment it can have (never, before',
			'the answer, 0.5, 8, 30 or 200 s after it), with and without Retry On Fail, with Keep and Delete Draft.',
			'',
			...this.forms.text(),
			...this.waits.text(),
			`${this.runs} runs, ${totals.slice(4).join(', ')}`,
			totals.slice(0, 4).join(', '),
		].join('\n');
	}
}
