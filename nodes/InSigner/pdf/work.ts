import { UnreadablePdf } from './unreadablePdf';

/**
 * A step takes half a microsecond, or up to one. A document may make so many; a page full of text and tags takes up to
 * 10,000.
 */
const MAX_STEPS = 2_000_000;

/** After how many steps others may run. */
const TURN = 2_000;

/** How much may be kept of fonts and form fields, in bytes, by estimates. */
const MAX_KEPT = 24 * 1024 * 1024;

/**
 * The work that a document makes: it is counted, so that no file makes more than people's documents do, and done in
 * turns with others: `if (work.add(1)) await work.pause();`
 */
export class Work {
	private steps = 0;
	private unbroken = 0;
	private kept = 0;

	/** @param letOthersRun - awaited after each turn */
	constructor(private readonly letOthersRun: () => Promise<void>) {}

	/**
	 * @param steps - how many are done now
	 * @returns whether it is time for a pause
	 * @throws UnreadablePdf when it is too much work
	 */
	add(steps: number): boolean {
		this.steps += steps;
		if (this.steps > MAX_STEPS) throw tooMuch();
		this.unbroken += steps;
		return this.unbroken >= TURN;
	}

	/**
	 * @param bytes - how much is kept from now on
	 * @throws UnreadablePdf when it is too much
	 */
	keep(bytes: number): void {
		this.kept += bytes;
		if (this.kept > MAX_KEPT) throw tooMuch();
	}

	async pause(): Promise<void> {
		this.unbroken = 0;
		await this.letOthersRun();
	}
}

export const tooMuch = () =>
	new UnreadablePdf('has more text, form fields and drawings than can be read');
