/** What a benchmark is, and how its result is written. */
import type { RealN8n } from '../host/realN8n';

/** One line of a result; all rows of a benchmark have the same keys, which head its table. */
export type Row = Record<string, string | number>;

export interface BenchmarkContext {
	real: RealN8n;
	/** How many items to run over where a benchmark leaves it open. */
	items?: number;
	/** Tells how far it is. */
	say: (line: string) => void;
}

export interface Benchmark {
	/** One sentence above the table. */
	title(context: BenchmarkContext): string;
	run(context: BenchmarkContext): Promise<Row[]>;
}

/**
 * Writes rows as a Markdown table.
 *
 * @param rows - all with the same keys
 * @returns the table, its columns aligned
 */
export function markdownTable(rows: readonly Row[]): string {
	const heads = Object.keys(rows[0] ?? {});
	const lines = [heads, ...rows.map((row) => heads.map((head) => String(row[head] ?? '')))];
	const widths = heads.map((_, column) =>
		Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
	);
	const isNumeric = heads.map((head) => rows.every((row) => typeof row[head] === 'number'));
	const format = (line: string[]) => {
		const cells = line.map((cell, column) => {
			const width = widths[column] ?? 0;
			return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
		});
		return `| ${cells.join(' | ')} |`;
	};
	const rule = widths.map((width, column) =>
		isNumeric[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
	);
	const [head = [], ...body] = lines;
	return [format(head), `| ${rule.join(' | ')} |`, ...body.map(format)].join('\n');
}
