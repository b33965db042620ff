/**
 * The benchmarks: `npm run benchmarks -- pacing polling`, or all of them without a name. Each prints its table and
 * saves it in test-results/benchmarks.json. `--write` puts what is saved there into docs/benchmarks.md; on its own it
 * measures nothing.
 */
import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import type { Benchmark, PlainBenchmark, PlainContext } from './benchmark';
import { createAndSend } from './createAndSend';
import { files } from './files';
import { getMany } from './getMany';
import { getManyInN8n } from './getManyInN8n';
import { rounded } from './measuring';
import { oneContract } from './oneContract';
import { pacing } from './pacing';
import { pdfReading } from './pdfReading';
import { polling } from './polling';
import { keepResult, markdownOf, thisMachine, writeDocument, type Result } from './report';
import { startRealN8n, type RealN8n } from '../host/realN8n';
import { trigger } from './trigger';

const benchmarks: Readonly<Record<string, Benchmark | PlainBenchmark>> = {
	createAndSend,
	files,
	getMany,
	getManyInN8n,
	oneContract,
	pacing,
	pdfReading,
	polling,
	trigger,
};
const project = resolve(__dirname, '..', '..');
const startedAt = Date.now();

function secondsSince(time: number): number {
	return Math.round((Date.now() - time) / 1000);
}

function say(text: string): void {
	process.stderr.write(`[${String(secondsSince(startedAt)).padStart(4)} s] ${text}\n`);
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { items: { type: 'string' }, write: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	const all = values.write ? [] : Object.keys(benchmarks);
	const chosen = (positionals.length > 0 ? positionals : all).map((name) => {
		const benchmark = benchmarks[name];
		if (benchmark) return { name, benchmark };
		throw new Error(
			`There is no benchmark "${name}", but there are: ${Object.keys(benchmarks).join(', ')}`,
		);
	});
	const items = values.items === undefined ? undefined : Number(values.items);
	if (items !== undefined && !(Number.isInteger(items) && items > 0)) {
		throw new Error(`--items takes a whole number above 0, not "${values.items}"`);
	}
	const context: PlainContext = { say, ...(items !== undefined && { items }) };

	if (chosen.length > 0) {
		say('Building n8n-nodes-insigner');
		await promisify(execFile)(
			process.execPath,
			[join(project, 'node_modules/gulp/bin/gulp.js'), 'build'],
			{ cwd: project },
		);
	}
	const inOwn = chosen.flatMap(({ name, benchmark }) =>
		'withoutN8n' in benchmark ? [{ name, benchmark }] : [],
	);
	for (const { name, benchmark } of inOwn) {
		await measure(name, benchmark, context, async () => await benchmark.run(context));
	}
	const inN8n = chosen.flatMap(({ name, benchmark }) =>
		'withoutN8n' in benchmark ? [] : [{ name, benchmark }],
	);
	if (inN8n.length > 0) {
		await withRealN8n(async (real) => {
			for (const { name, benchmark } of inN8n) {
				const run = async () => await benchmark.run({ ...context, real });
				await measure(name, benchmark, context, run);
			}
		});
	}
	if (values.write) await writeDocument();
}

async function withRealN8n(work: (real: RealN8n) => Promise<void>): Promise<void> {
	say('Starting n8n with the packed nodes');
	const real = await startRealN8n(say);
	const stop = (): void => {
		void real.stop().finally(() => process.exit(1));
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
	try {
		await work(real);
	} finally {
		await real.stop();
	}
}

async function measure(
	name: string,
	benchmark: Benchmark | PlainBenchmark,
	context: PlainContext,
	run: () => ReturnType<PlainBenchmark['run']>,
): Promise<void> {
	const from = Date.now();
	const outcome = await run();
	const result: Result = {
		title: benchmark.title(context),
		measuredAt: new Date(from).toISOString(),
		load: rounded(loadavg()[1] ?? 0, 1),
		seconds: secondsSince(from),
		machine: thisMachine(),
		...(Array.isArray(outcome) ? { rows: outcome, conclusions: [] } : outcome),
	};
	await keepResult(name, result);
	process.stdout.write(`\n## ${name}\n\n${markdownOf(result)}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
