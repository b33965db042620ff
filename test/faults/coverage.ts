/**
 * Chooses of all combinations so many that every pair of values that occurs together anywhere occurs in the chosen
 * ones: what goes wrong by two circumstances coming together is found, at a fraction of the runs.
 *
 * @param all - every combination that can be
 * @param axes - the values of a combination, one for each axis
 * @param first - those to choose in any case
 * @returns chosen ones, in the order of `all`
 */
export function coverPairs<T>(
	all: readonly T[],
	axes: (combination: T) => readonly string[],
	first: readonly T[] = [],
): T[] {
	const pairs = new Map(all.map((combination) => [combination, pairsOf(axes(combination))]));
	const open = new Set([...pairs.values()].flat());
	const chosen = new Set<T>();
	const choose = (combination: T): void => {
		chosen.add(combination);
		for (const pair of pairs.get(combination) ?? []) open.delete(pair);
	};
	first.forEach(choose);
	while (open.size > 0) {
		let best: T | undefined;
		let most = 0;
		for (const [combination, own] of pairs) {
			const gain = own.filter((pair) => open.has(pair)).length;
			if (gain > most) [best, most] = [combination, gain];
		}
		if (best === undefined) break;
		choose(best);
	}
	return all.filter((combination) => chosen.has(combination));
}

function pairsOf(values: readonly string[]): string[] {
	return values.flatMap((one, index) =>
		values
			.slice(index + 1)
			.map((other, offset) => `${index} ${one}, ${index + offset + 1} ${other}`),
	);
}
