/** How long-running commands are ended: Ctrl-C, a signal, or a terminal that is closed. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets a command end in order. When its terminal is closed, what it prints goes nowhere, and it cleans up all the same.
 *
 * @returns aborted when the command is to end
 */
export function stopSignal(): AbortSignal {
	const stopped = new AbortController();
	for (const signal of SIGNALS) process.once(signal, () => stopped.abort());
	for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
	return stopped.signal;
}

/**
 * Waits until a command is to end.
 *
 * @param signal - from {@link stopSignal}
 */
export async function untilStopped(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
}
