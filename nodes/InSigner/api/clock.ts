import { sleep } from 'n8n-workflow';

/** How long work may continue without a break, in milliseconds. */
export const UNBROKEN_MS = 10;

/** The time and its passing, in one place, so that a test can let hours pass in an instant. */
export const clock = {
	/** Milliseconds since 1970. */
	now: (): number => Date.now(),

	/**
	 * Waits.
	 *
	 * @param ms - milliseconds
	 * @param signal - ends the wait early
	 * @throws the signal's reason if it is aborted
	 */
	sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
		signal?.throwIfAborted();
		// n8n before 2.36 waits the full time, whatever the signal says.
		const ended = new Promise<never>((_, reject) => {
			signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
		});
		await Promise.race([sleep(ms, signal), ended]);
	},

	/**
	 * Keeps work that never waits, like reading a file in memory, from blocking everything else in n8n.
	 *
	 * @returns to be awaited after each piece of the work; lets others run if it has taken long
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
