/** The process of a reader, see reading.ts: an input a line in base64, a reading a line in JSON. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { UNBROKEN_MS } from '../../nodes/InSigner/api/clock';
import type { Reader, Reading } from './reading';

const STATUS = '/proc/self/status';
const SCHEDULED = '/proc/self/schedstat';

/** The most that the process held since forgetPeak(), in MiB. */
function peakMemory(): number {
	if (!existsSync(STATUS)) return process.resourceUsage().maxRSS / 1024;
	return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(STATUS, 'utf8'))?.[1]) / 1024;
}

/** Linux can forget what the peak was; elsewhere each peak is the highest of all. */
function forgetPeak(): void {
	globalThis.gc?.();
	if (existsSync(STATUS)) writeFileSync('/proc/self/clear_refs', '5');
}

/** Of the thread that runs the reader: those beside it, which collect garbage and compile, keep no one waiting. */
function threadMs(): number {
	if (!existsSync(SCHEDULED)) return cpuMs();
	return Number(readFileSync(SCHEDULED, 'utf8').split(' ', 1)[0]) / 1e6;
}

function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/** @param idleMiB - what the process held before the first input, in MiB */
async function readingOf(reader: Reader, input: Buffer, idleMiB: number): Promise<Reading> {
	forgetPeak();
	const startedAt = cpuMs();
	let [runningSince, unbrokenMs] = [threadMs(), 0];
	let lookedAt = performance.now();
	const pause = async () => {
		// A look at the clock of the thread takes longer than most pieces of work.
		if (performance.now() - lookedAt < 1) return;
		lookedAt = performance.now();
		const ms = threadMs() - runningSince;
		unbrokenMs = Math.max(unbrokenMs, ms);
		// As long as the nodes go on without a break.
		if (ms < UNBROKEN_MS) return;
		await sleep(0);
		runningSince = threadMs();
	};
	const [outcome, said]: [Reading['outcome'], string] = await (async () =>
		await reader.read(input, pause))().then(
		(value) => ['read', JSON.stringify(value)],
		(error: unknown) => [reader.isRefusal(error) ? 'refused' : 'fault', String(error)],
	);
	unbrokenMs = Math.max(unbrokenMs, threadMs() - runningSince);
	return {
		outcome,
		said,
		cpuMs: cpuMs() - startedAt,
		unbrokenMs,
		peakMiB: peakMemory() - idleMiB,
	};
}

void (async () => {
	const path = join(__dirname, 'readers', process.argv[2] ?? '');
	const reader = (await import(path)) as Reader;
	await readingOf(reader, await reader.ordinary, 0);
	forgetPeak();
	const idleMiB = peakMemory();
	for await (const line of createInterface({ input: process.stdin })) {
		const reading = await readingOf(reader, Buffer.from(line, 'base64'), idleMiB);
		process.stdout.write(`${JSON.stringify(reading)}\n`);
	}
})();
