/** How results are kept as JSON, and written as Markdown. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import type { Conclusion, Row } from './benchmark';

const project = resolve(__dirname, '..', '..');

export const RESULTS_FILE = join(project, 'test-results', 'benchmarks.json');
export const DOCUMENT = join(project, 'docs', 'benchmarks.md');

export interface Machine {
	processors: string;
	memoryGb: number;
	system: string;
	node: string;
}

/** One benchmark as it was run. */
export interface Result {
	title: string;
	/** ISO 8601. */
	measuredAt: string;
	/** Processes that wanted a processor while it ran, on average over the last five minutes. */
	load: number;
	seconds: number;
	machine: Machine;
	rows: Row[];
	conclusions: Conclusion[];
}

export type Results = Record<string, Result>;

/** The machine this runs on. */
export function thisMachine(): Machine {
	const all = cpus();
	return {
		processors: `${all.length} x ${all[0]?.model.trim() ?? 'unknown'}`,
		memoryGb: Math.round(totalmem() / 1e9),
		system: `${process.platform} ${process.arch}`,
		node: process.version,
	};
}

/** All results so far, by benchmark. */
export async function readResults(): Promise<Results> {
	const text = await readFile(RESULTS_FILE, 'utf8').catch(() => '{}');
	return JSON.parse(text) as Results;
}

/** Saves a result in place of that of an earlier run of the benchmark. */
export async function keepResult(name: string, result: Result): Promise<void> {
	const results = { ...(await readResults()), [name]: result };
	await mkdir(dirname(RESULTS_FILE), { recursive: true });
	await writeFile(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Writes a result as Markdown.
 *
 * @returns the title, the table, what follows from it, and when it was measured
 */
export function markdownOf(result: Result): string {
	const { title, rows, conclusions, measuredAt, load, seconds, machine } = result;
	const { processors, memoryGb, system, node } = machine;
	const made = `Measured on ${measuredAt.slice(0, 10)} in ${seconds} s, load ${load}: ${processors}, ${memoryGb} GB, ${system}, Node.js ${node}.`;
	return [
		`${title}.`,
		markdownTable(rows),
		...(conclusions.length > 0 ? [conclusions.map(sentence).join('\n')] : []),
		`_${made}_`,
	].join('\n\n');
}

function sentence({ what, value, goal, atLeast = false, unit = '' }: Conclusion): string {
	const told = `- ${what}: **${value}${unit}**`;
	if (goal === undefined) return told;
	const met = atLeast ? value >= goal : value <= goal;
	return `${told} (goal: ${atLeast ? 'at least' : 'at most'} ${goal}${unit}, ${met ? 'met' : 'missed'})`;
}

/**
 * Puts the results between their marks, `<!-- benchmark: <name> -->` and `<!-- end -->`. A mark without a result is
 * left as it is.
 *
 * @param text - the document
 * @param results - by benchmark
 * @returns the document with the tables
 */
export function withResults(text: string, results: Results): string {
	return text.replace(
		/(<!-- benchmark: (\w+) -->\n)[^]*?(<!-- end -->)/g,
		(all: string, begin: string, name: string, end: string) => {
			const result = results[name];
			return result ? `${begin}\n${markdownOf(result)}\n\n${end}` : all;
		},
	);
}

/** Writes the results into docs/benchmarks.md. */
export async function writeDocument(): Promise<void> {
	const text = await readFile(DOCUMENT, 'utf8');
	await writeFile(DOCUMENT, withResults(text, await readResults()));
}

/**
 * Writes rows as a Markdown table.
 *
 * @param rows - all with the same keys
 * @returns the table, its columns aligned
 */
function markdownTable(rows: readonly Row[]): string {
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
