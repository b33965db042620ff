/** Readers of what others send, fed with hostile input in their own process, which may die of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The outcome of one input. */
export interface Reading {
	/** `read`, `refused` in the reader's own words, `fault` (any other error), or `died` with the process. */
	outcome: 'read' | 'refused' | 'fault' | 'died';
	/** What the reader returned as JSON, or why it did not. */
	said: string;
	/** What it cost, in milliseconds of a processor, so that other work on the machine does not count. */
	cpuMs: number;
	/** The longest time without a pause, in milliseconds of a processor. */
	unbrokenMs: number;
	/** By how much the process grew at most, in MiB, from what it held before its first input. */
	peakMiB: number;
}

/** What a file in readers/ exports. */
export interface Reader {
	/**
	 * @param input - what someone sent
	 * @param pause - for readers that let others run in between
	 * @returns what was read, in a few words
	 */
	read: (input: Buffer, pause: () => Promise<void>) => unknown;
	/** Whether an error is the reader's own refusal, meant for people. */
	isRefusal: (error: unknown) => boolean;
	/** Ordinary input, so that loading and compiling the reader is not counted. */
	ordinary: Buffer | Promise<Buffer>;
}

/**
 * Starts a reader in its own process, which grows by what the reader holds and what earlier inputs left behind. An input
 * that costs too much is therefore read once more by a process that has read nothing yet, and that reading counts.
 *
 * @param name - of a file in readers/
 * @param isTooMuch - whether a reading costs more than it may
 * @param nurseryMiB - how much short-lived garbage V8 may put off collecting. With little, the process grows by what the
 * reader holds; with as much as usual, 16, it takes the time that it usually takes.
 * @returns how to have it read one input after the other; a process that died is replaced, and the last one stopped
 */
export function startReader(
	name: string,
	isTooMuch: (reading: Reading) => boolean,
	nurseryMiB = 1,
): AsyncDisposable & { read: (input: Buffer) => Promise<Reading> } {
	let running: ReturnType<typeof start> | undefined;

	const start = () => {
		const child = spawn(
			process.execPath,
			[
				...['--expose-gc', `--max-semi-space-size=${nurseryMiB}`, '--max-old-space-size=512'],
				...['--import', 'tsx', join(__dirname, 'readerProcess.ts'), name],
			],
			{ cwd: join(__dirname, '../..'), stdio: ['pipe', 'pipe', 'inherit'] },
		);
		child.stdin.on('error', () => undefined);
		const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
		return { child, answers };
	};

	const stop = async () => {
		if (!running) return;
		const { child } = running;
		running = undefined;
		child.stdin.end();
		if (child.exitCode === null) await once(child, 'exit');
	};

	const read = async (input: Buffer): Promise<Reading> => {
		const isFresh = running === undefined;
		running ??= start();
		running.child.stdin.write(`${input.toString('base64')}\n`);
		const answer = await running.answers.next();
		if (answer.done) await stop();
		const reading: Reading = answer.done
			? { outcome: 'died', said: '', cpuMs: NaN, unbrokenMs: NaN, peakMiB: NaN }
			: (JSON.parse(answer.value) as Reading);
		if (isFresh || !(answer.done || isTooMuch(reading))) return reading;
		await stop();
		return await read(input);
	};

	return { read, [Symbol.asyncDispose]: stop };
}
