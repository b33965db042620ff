/** Readers of what others send, fed with hostile input in a process of their own, which may die of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What became of one input. */
export interface Reading {
	/** `read`, `refused` in the reader's own words, `fault` (any other error), or `died` with the process. */
	outcome: 'read' | 'refused' | 'fault' | 'died';
	/** What the reader returned as JSON, or why it did not. */
	said: string;
	/** What it cost, in milliseconds of a processor, so that other work on the machine does not count. */
	cpuMs: number;
	/** The longest time without a pause, in milliseconds of a processor. */
	unbrokenMs: number;
	/** By how much the process grew, in MiB, at the most. */
	peakMiB: number;
}

/** What a file in readers/ exports. */
export interface Reader {
	/**
	 * @param input - what somebody sent
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
 * Starts a reader in a process of its own.
 *
 * @param name - of a file in readers/
 * @param nurseryMiB - how much short-lived garbage V8 may put off the collection of. With little, what the process
 * grows by is what the reader holds; with as much as usual, 16, it takes the time that it usually takes.
 * @returns how to have it read one input after the other; a process that died is replaced, and the last one stopped
 */
export function startReader(
	name: string,
	nurseryMiB = 1,
): AsyncDisposable & {
	read: (input: Buffer) => Promise<Reading>;
} {
	let running: { process: ChildProcess; answers: AsyncIterator<string> } | undefined;

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
		return {
			process: child,
			answers: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
		};
	};

	return {
		read: async (input) => {
			running ??= start();
			running.process.stdin?.write(`${input.toString('base64')}\n`);
			const answer = await running.answers.next();
			if (!answer.done) return JSON.parse(answer.value) as Reading;
			running = undefined;
			return { outcome: 'died', said: '', cpuMs: NaN, unbrokenMs: NaN, peakMiB: NaN };
		},
		[Symbol.asyncDispose]: async () => {
			if (!running) return;
			running.process.stdin?.end();
			if (running.process.exitCode === null) await once(running.process, 'exit');
			running = undefined;
		},
	};
}
