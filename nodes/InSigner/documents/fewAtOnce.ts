/** How many requests of one contract are under way at the same time. */
const AT_ONCE = 4;

/**
 * Does something for each of several things, up to four at the same time. When one fails no further one is begun, and
 * those under way are waited for: nothing is at work any longer when it throws.
 *
 * @param things - in the order in which they are begun
 * @param work - done for each; `index` is its position, from 0
 * @throws what the first that failed threw
 */
export async function fewAtOnce<T>(
	things: readonly T[],
	work: (thing: T, index: number) => Promise<unknown>,
): Promise<void> {
	const waiting = [...things.entries()];
	let failure: { error: unknown } | undefined;
	const workOff = async () => {
		for (let next = waiting.shift(); next && !failure; next = waiting.shift()) {
			const [index, thing] = next;
			await work(thing, index).catch((error: unknown) => {
				failure ??= { error };
			});
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, workOff));
	if (failure) throw failure.error;
}
