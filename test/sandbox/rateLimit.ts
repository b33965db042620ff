/** Where a caller stands in its window. */
export interface WindowState {
	readonly limit: number;
	readonly remaining: number;
	/** Seconds until the next window, at least 1. */
	readonly resetSeconds: number;
	/** Whether this very call was within the limit. */
	readonly allowed: boolean;
}

interface Window {
	readonly startedAt: number;
	used: number;
}

/** A limit of so many uses in a fixed window per caller; a window starts with its first use. */
export class FixedWindowLimit {
	private readonly windows = new Map<string, Window>();

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
	) {}

	/** Counts one use at `now` (ms) and returns whether it was allowed. A refused use does not count. */
	take(caller: string, now: number): WindowState {
		let window = this.current(caller, now);
		if (!window) {
			window = { startedAt: now, used: 0 };
			this.windows.set(caller, window);
		}
		const allowed = window.used < this.limit;
		if (allowed) window.used += 1;
		return this.state(window, now, allowed);
	}

	/** Returns whether a use at `now` (ms) would be allowed, without counting it. */
	peek(caller: string, now: number): WindowState {
		const window = this.current(caller, now) ?? { startedAt: now, used: 0 };
		return this.state(window, now, window.used < this.limit);
	}

	private current(caller: string, now: number): Window | undefined {
		const window = this.windows.get(caller);
		return window && now < window.startedAt + this.windowMs ? window : undefined;
	}

	private state(window: Window, now: number, allowed: boolean): WindowState {
		return {
			limit: this.limit,
			remaining: Math.max(0, this.limit - window.used),
			resetSeconds: Math.max(1, Math.ceil((window.startedAt + this.windowMs - now) / 1000)),
			allowed,
		};
	}
}
