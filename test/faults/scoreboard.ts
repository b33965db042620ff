import { FAULT_KINDS } from './faultKinds';
import type { Violation, Wrong } from './judge';

const TOTALS: ReadonlyArray<readonly [Wrong, string]> = [
	['DOUBLE', 'double sends'],
	['LOST', 'lost'],
	['ORPHAN', 'unreported orphans'],
	['UNTRUE', 'untrue statements'],
	['KEY', 'leaked keys'],
	['SANDBOX', 'faults of the sandbox'],
];

/** Collects what came of all runs, to be printed at the end. */
export class Scoreboard {
	private runs = 0;
	private readonly counts = new Map<Wrong, number>();
	private readonly rows = new Map<string, Map<string, string>>();

	/** Counts a run and what was wrong with it. */
	count(violations: readonly Violation[]): void {
		this.runs += 1;
		for (const wrong of new Set(violations.map((violation) => violation.wrong))) {
			this.counts.set(wrong, (this.counts.get(wrong) ?? 0) + 1);
		}
	}

	/** Fills a cell of the matrix. */
	fill(row: string, column: string, text: string): void {
		const cells = this.rows.get(row) ?? new Map<string, string>();
		cells.set(column, text);
		this.rows.set(row, cells);
	}

	/** The matrix, what its columns mean, and the totals. */
	text(): string {
		const titles = FAULT_KINDS.map(({ title }) => title);
		const head = Math.max(0, ...[...this.rows.keys()].map((row) => row.length));
		const widths = titles.map((title) =>
			Math.max(
				title.length,
				...[...this.rows.values()].map((cells) => (cells.get(title) ?? '-').length),
			),
		);
		const line = (label: string, cells: readonly string[]): string =>
			[label.padEnd(head), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))]
				.join('  ')
				.trimEnd();
		const matrix = [...this.rows].map(([row, cells]) =>
			line(
				row,
				titles.map((title) => cells.get(title) ?? '-'),
			),
		);
		const meanings = new Set(
			FAULT_KINDS.map(({ title, meaning }) => `${title.replace(/[+~]$/, '')} = ${meaning}`),
		);
		const totals = TOTALS.map(([wrong, words]) => `${words} ${this.counts.get(wrong) ?? 0}`);
		return [
			line('', titles),
			...matrix,
			'',
			`${[...meanings].join(', ')}.`,
			'Without a sign: the service did nothing. +: it did what was asked, only the answer got lost. ~: it did it',
			'after the node had given up waiting. Every cell is one run without and one with Retry On Fail.',
			'',
			`runs ${this.runs}, ${totals.join(', ')}`,
		].join('\n');
	}
}
