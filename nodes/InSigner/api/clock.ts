import { sleep } from 'n8n-workflow';

/** How long work may go on without a break, in milliseconds. */
const UNBROKEN_MS = 20;

/** The time and its passing, in one place, so that a test can let hours pass in an instant. */
export const clock = {
	/** Milliseconds since 1970. */
	now: (): number => Date.now(),

	/**
	 * Waits.
	 *
	 * @param ms - milliseconds
	 * @param signal - ends the wait early
	 * @throws the signal's reason when it is aborted
	 */
	sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
		signal?.throwIfAborted();
		// n8n before 2.36 waits to the end, whatever the signal says.
		const ended = new Promise<never>((_, reject) => {
			signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
		});
		await Promise.race([sleep(ms, signal), ended]);
	},

	/**
	 * Keeps work that waits for nothing, like reading a file in memory, from keeping everything else in n8n waiting.
	 *
	 * @returns to be awaited after each piece of the work; lets others run when it has gone on for long
	 */
	breaks: (): (() => Promise<void>) => {
		let since = clock.now();
		return async () => {
			if (clock.now() - since < UNBROKEN_MS) return;
			await sleep(0);
			since = clock.now();
		};
	},
};
