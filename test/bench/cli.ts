/**
 * The benchmarks, in a real n8n next to a sandbox: `npm run bench -- pacing retry`, all of them without a name.
 * Tables and a JSON line each go to stdout, progress to stderr.
 */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { markdownTable, type Benchmark } from './benchmark';
import { pacing } from './pacing';
import { polling } from './polling';
import { startRealN8n } from '../host/realN8n';
import { retry } from './retry';

const benchmarks: Readonly<Record<string, Benchmark>> = { pacing, polling, retry };
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
		options: { items: { type: 'string' } },
		allowPositionals: true,
	});
	const chosen = (positionals.length > 0 ? positionals : Object.keys(benchmarks)).map((name) => {
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

	say('Building n8n-nodes-insigner');
	await promisify(execFile)(
		process.execPath,
		[join(project, 'node_modules/gulp/bin/gulp.js'), 'build'],
		{ cwd: project },
	);
	say('Starting n8n with the packed nodes');
	const real = await startRealN8n(say);
	const stop = (): void => {
		void real.stop().finally(() => process.exit(1));
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
	try {
		for (const { name, benchmark } of chosen) {
			const context = { real, say, ...(items !== undefined && { items }) };
			const from = Date.now();
			const rows = await benchmark.run(context);
			const seconds = secondsSince(from);
			const title = benchmark.title(context);
			process.stdout.write(
				`\n## ${name}\n\n${title}. ${cpus().length} processors, ${seconds} s in all.\n\n`,
			);
			process.stdout.write(`${markdownTable(rows)}\n\n`);
			process.stdout.write(`${JSON.stringify({ benchmark: name, seconds, rows })}\n`);
		}
	} finally {
		await real.stop();
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
