import { clock } from '../api/clock';
import type { Pacer } from '../api/rateLimit';

/** The share of a key's rate limit that polling may use; the rest is left to actions. */
const SHARE = 0.5;

const MINUTE_MS = 60_000;

/** Keeps all polling triggers of a key in this process within their share of the rate limit. */
export class Allowance {
	/** When requests went out in the last minute, in ms since 1970. */
	private taken: number[] = [];

	constructor(private readonly pacer: Pick<Pacer, 'perMinute'>) {}

	/**
	 * Takes one request, waiting for its turn.
	 *
	 * @param deadline - the latest time to wait until, in ms since 1970
	 * @returns false if the turn would come too late
	 */
	async take(deadline: number): Promise<boolean> {
		for (;;) {
			const now = clock.now();
			this.taken = this.taken.filter((at) => at > now - MINUTE_MS);
			const [oldest] = this.taken;
			if (oldest === undefined || this.taken.length < this.pacer.perMinute * SHARE) {
				this.taken.push(now);
				return true;
			}
			const turn = oldest + MINUTE_MS;
			if (turn > deadline) return false;
			await clock.sleep(turn - now);
		}
	}
}

const allowances = new WeakMap<Pacer, Allowance>();

/**
 * The one allowance of a key in this process.
 *
 * @param pacer - of the key
 * @returns the allowance that all polling with this key shares
 */
export function allowanceOf(pacer: Pacer): Allowance {
	const allowance = allowances.get(pacer) ?? new Allowance(pacer);
	allowances.set(pacer, allowance);
	return allowance;
}
