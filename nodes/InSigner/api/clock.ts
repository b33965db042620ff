import { sleep } from 'n8n-workflow';

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
};
