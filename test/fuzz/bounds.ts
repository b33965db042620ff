/** What one input of a megabyte may take, in ms of the processor. Anything quadratic takes minutes. */
const MAX_MS = 2_000;

/** What may be in memory after it, garbage included. */
const MAX_BYTES = 300_000_000;

/**
 * Runs something and holds it to these bounds.
 *
 * @param work - what reads the input
 * @returns what it returned
 */
export function within<T>(work: () => T): T {
	const before = process.memoryUsage().heapUsed;
	const started = process.cpuUsage();
	const result = work();
	// Not the time that passed: others may be at work on the machine.
	const ms = process.cpuUsage(started).user / 1_000;
	expect(ms).toBeLessThan(MAX_MS);
	expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_BYTES);
	return result;
}

/**
 * A long text.
 *
 * @param text - what is repeated
 * @param length - how long it becomes, in UTF-16 units
 */
export function times(text: string, length = 1_000_000): string {
	return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
