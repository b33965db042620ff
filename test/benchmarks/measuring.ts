/** How rivals are timed against each other on a machine that does other things too. */

/** What one run took. */
export interface Sample {
	/** Milliseconds on the clock. */
	wallMs: number;
	/** Milliseconds of processor time of this process, all its threads. */
	cpuMs: number;
}

/** Something to measure. */
export interface Rival<T> {
	name: string;
	run(): Promise<T>;
}

/**
 * Runs the rivals in turn, round after round, so that whatever else the machine does affects all of them alike. The
 * order shifts by one from round to round. A first round is thrown away.
 *
 * @param rivals - what is measured
 * @param rounds - how many rounds count
 * @returns what the runs of each rival returned, by its name, in the order of the rounds
 */
export async function alternate<T>(
	rivals: ReadonlyArray<Rival<T>>,
	rounds: number,
): Promise<Map<string, T[]>> {
	const results = new Map<string, T[]>(rivals.map(({ name }) => [name, []]));
	for (let round = -1; round < rounds; round++) {
		for (let place = 0; place < rivals.length; place++) {
			const rival = rivals[(place + round + 1) % rivals.length];
			if (!rival) continue;
			const result = await rival.run();
			if (round >= 0) results.get(rival.name)?.push(result);
		}
	}
	return results;
}

/** Times a piece of work. */
export async function timed(work: () => Promise<unknown>): Promise<Sample> {
	const cpuBefore = process.cpuUsage();
	const startedAt = performance.now();
	await work();
	const wallMs = performance.now() - startedAt;
	const { user, system } = process.cpuUsage(cpuBefore);
	return { wallMs, cpuMs: (user + system) / 1000 };
}

/** The middle of the values; the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/**
 * The value below which a share of the values lies, between two of them in proportion.
 *
 * @param share - from 0 to 1
 */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const place = (sorted.length - 1) * share;
	const below = sorted[Math.floor(place)] ?? Number.NaN;
	const above = sorted[Math.ceil(place)] ?? Number.NaN;
	return below + (above - below) * (place % 1);
}

/** The smallest and the largest value, as `3.1 to 4.5`. */
export function spread(values: readonly number[], digits = 0): string {
	return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}

/**
 * How two rivals compare: the median over the rounds of one's value divided by the other's in the same round.
 *
 * @returns rounded to two digits
 */
export function ratio(ours: readonly number[], theirs: readonly number[]): number {
	return rounded(median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))), 2);
}

/** A number with at most this many decimals. */
export function rounded(value: number, digits: number): number {
	return Number(value.toFixed(digits));
}
