/**
 * Chooses enough of the combinations that everything to be covered occurs in one of them.
 *
 * @param all - every possible combination
 * @param coveredBy - what a combination covers, such as the pairs of its values ({@link pairsOf})
 * @param first - those to choose in any case
 * @returns the chosen ones, in the order of `all`
 */
export function cover<T>(
	all: readonly T[],
	coveredBy: (combination: T) => readonly string[],
	first: readonly T[] = [],
): T[] {
	const covered = new Map(all.map((combination) => [combination, coveredBy(combination)]));
	const open = new Set([...covered.values()].flat());
	const chosen = new Set<T>();
	const choose = (combination: T): void => {
		chosen.add(combination);
		for (const one of covered.get(combination) ?? []) open.delete(one);
	};
	first.forEach(choose);
	while (open.size > 0) {
		let best: T | undefined;
		let most = 0;
		for (const [combination, own] of covered) {
			const gain = own.filter((one) => open.has(one)).length;
			if (gain > most) [best, most] = [combination, gain];
		}
		if (best === undefined) break;
		choose(best);
	}
	return all.filter((combination) => chosen.has(combination));
}

/** Every pair of values in a combination, one value per axis, which finds what goes wrong when two come together. */
export function pairsOf(values: readonly string[]): string[] {
	return values.flatMap((one, index) =>
		values
			.slice(index + 1)
			.map((other, offset) => `${index} ${one}, ${index + offset + 1} ${other}`),
	);
}
