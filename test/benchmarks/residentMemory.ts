/** The memory of another process, as Linux counts it. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process is left alone before it counts as idle. */
const IDLE_AFTER_MS = 4_000;

/** In megabytes of a million bytes. */
export interface MemoryPeak {
	idleMb: number;
	peakMb: number;
}

/**
 * Finds the largest resident set of a process during a piece of work, and that before it.
 *
 * Rests on Linux: writing 5 to /proc/<pid>/clear_refs resets VmHWM (man 5 proc).
 *
 * @param pid - of the process
 * @param work - what makes it work
 * @throws Error on other systems than Linux
 */
export async function peakDuring(pid: number, work: () => Promise<unknown>): Promise<MemoryPeak> {
	await delay(IDLE_AFTER_MS);
	const idleMb = await statusMb(pid, 'VmRSS');
	await writeFile(`/proc/${pid}/clear_refs`, '5');
	await work();
	return { idleMb, peakMb: await statusMb(pid, 'VmHWM') };
}

async function statusMb(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
	if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
	return (Number(kilobytes) * 1024) / 1e6;
}
