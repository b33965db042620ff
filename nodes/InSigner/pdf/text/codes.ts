import { tooMuch, type Work } from '../work';

/** Ranges from here on are not spelled out. Those of two bytes that do not overlap are at most this many, too. */
const LONG_RANGE = 256;

/** What an entry takes in memory, in bytes, roughly. */
const ENTRY = 100;

/** What the codes of a font stand for. */
export class Codes<T> {
	private readonly values = new Map<number, T>();
	private readonly ranges: Array<{ low: number; high: number; valueAt: (index: number) => T }> = [];

	/** @param work - counts the entries */
	constructor(private readonly work: Work) {}

	get(code: number): T | undefined {
		const value = this.values.get(code);
		if (value !== undefined) return value;
		const range = this.ranges.find(({ low, high }) => low <= code && code <= high);
		return range?.valueAt(code - range.low);
	}

	/**
	 * @param low - the first code
	 * @param high - the last one
	 * @param valueAt - gives the value for the n-th code, from 0
	 */
	set(low: number, high: number, valueAt: (index: number) => T): void {
		if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return;
		if (high - low >= LONG_RANGE) {
			if (this.ranges.length === LONG_RANGE) throw tooMuch();
			this.ranges.unshift({ low, high, valueAt });
			return;
		}
		for (let code = low; code <= high; code++) {
			this.work.keep(ENTRY);
			this.values.set(code, valueAt(code - low));
		}
	}
}
