/** Numbers that stand for ids, for a service with numeric ids. An id keeps its number. */
export class NumberedIds {
	private readonly ids: string[] = [];
	private readonly numbers = new Map<string, number>();

	/** The number of an id, a new one if it has none. */
	numberOf(id: string): number {
		const known = this.numbers.get(id);
		if (known !== undefined) return known;
		const number = FIRST + this.ids.length;
		this.ids.push(id);
		this.numbers.set(id, number);
		return number;
	}

	/** A text with the numbers that were given out turned back into ids. */
	restoreText(text: string): string {
		return text.replace(/\d+/g, (digits) => this.idOf(Number(digits)) ?? digits);
	}

	/** A JSON value with whatever stands for an id, as number or text, turned back into the id. */
	restore(value: unknown): unknown {
		if (typeof value === 'number' || typeof value === 'string') {
			return this.idOf(Number(value)) ?? value;
		}
		if (Array.isArray(value)) return value.map((item) => this.restore(item));
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value).map(([key, item]: [string, unknown]) => [key, this.restore(item)]),
		);
	}

	private idOf(number: number): string | undefined {
		return this.ids[number - FIRST];
	}
}

/** Far from every other number a test uses. */
const FIRST = 7_100_000_001;
