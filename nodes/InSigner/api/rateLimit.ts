import { createHash } from 'crypto';

import { clock } from './clock';
import type { EndpointName } from './endpoint';

/** Requests per minute and key (getting-started/rate-limits), until the service's own headers say otherwise. */
const DOCUMENTED_LIMIT = 120;

/** The largest count a header is trusted with, in requests per window. */
const MAX_LIMIT = 1_000_000;

/** What the docs' own sample waits when a 429 carries no Retry-After. */
const DEFAULT_RETRY_AFTER_SECONDS = 60;

/** A shorter wait would only repeat the 429. */
const MIN_RETRY_AFTER_SECONDS = 1;

/**
 * The longest a key is held back without asking again, in seconds: the documented window. Whatever a header says,
 * after this time one request tries whether it still applies.
 */
const MAX_HOLD_SECONDS = 60;

/** How often a waiting request checks whether another answer has freed it, in milliseconds. */
const LOOK_MS = 5_000;

/** Waits longer than this are reported, in milliseconds. */
const WORTH_TELLING_MS = 5_000;

/** How many keys are remembered in a process; the least recently used one is forgotten first. */
const MAX_PACERS = 1_000;

/** A bulk send every 5 minutes, ten webhook creations an hour: their answers are only about their own limits. */
const WITH_LIMITS_OF_THEIR_OWN: readonly EndpointName[] = ['createBulkSend', 'createWebhook'];

/** The answer headers the pacer relies on; values as strings, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/** What a waiting request brings along. */
export interface Waiting {
	/** Ends the wait when the execution is cancelled. */
	signal?: AbortSignal;
	/** Called once before a wait of more than 5 seconds, with its expected length in milliseconds. */
	onWait?: (ms: number) => void;
}

/**
 * Keeps the requests of one API key below its rate limit by waiting before a request that would be refused. It
 * follows the service's window (RateLimit-Limit, -Remaining, -Reset), so several n8n processes on one key see each
 * other's use; if they still collide, a 429 empties the window for all waiting requests.
 */
export class Pacer {
	private limit = DOCUMENTED_LIMIT;
	private remaining = DOCUMENTED_LIMIT;
	/** When the window ends, in ms since 1970; 0 = no window known, so nothing is held back. */
	private resetAt = 0;
	/** Whether a header asked for more than is trusted, so that one request tries at the end of the window. */
	private doubted = false;
	/** Waiting requests go in the order they came, so that no execution starves another. */
	private queue: Promise<void> = Promise.resolve();

	/** @param id - stands for the key; the key cannot be derived from it */
	constructor(readonly id = '') {}

	/** Requests per minute, as last reported by the service. */
	get perMinute(): number {
		return this.limit;
	}

	/**
	 * Takes one request out of the window, waiting for the next window if this one is used up.
	 *
	 * @param maxWaitMs - the longest acceptable wait in milliseconds
	 * @param waiting - what the waiting request brings along
	 * @returns the milliseconds waited
	 * @throws RateLimitWaitTooLong when the wait would exceed the maximum; the signal's reason when cancelled
	 */
	async acquire(maxWaitMs: number, { signal, onWait }: Waiting = {}): Promise<number> {
		const startedAt = clock.now();
		let told = false;
		const tell = () => {
			if (told || this.heldMs() <= WORTH_TELLING_MS) return;
			told = true;
			onWait?.(this.heldMs());
		};
		tell();
		const turn = this.queue.then(async () => await this.take(startedAt + maxWaitMs, tell, signal));
		this.queue = turn.catch(() => undefined);
		await orAborted(turn, signal);
		return clock.now() - startedAt;
	}

	/**
	 * Learns from an answer.
	 *
	 * @param endpoint - what was asked
	 * @param status - HTTP status
	 * @param headers - RateLimit-* and Retry-After, all in seconds
	 */
	observe(endpoint: EndpointName, status: number, headers: AnswerHeaders): void {
		if (WITH_LIMITS_OF_THEIR_OWN.includes(endpoint)) return;
		if (status === 429) {
			if (isKeyLimit(endpoint, headers)) this.hold(retryAfterSeconds(headers));
			return;
		}
		const limit = countIn(headers['ratelimit-limit']);
		const remaining = countIn(headers['ratelimit-remaining']);
		const reset = secondsIn(headers['ratelimit-reset']);
		if (limit !== undefined && limit > 0) this.limit = limit;
		if (remaining !== undefined && reset !== undefined) {
			this.follow(Math.min(remaining, this.limit), reset);
		} else if (this.doubted) {
			// It got an answer, so the key is not held back.
			this.endWindow();
		}
	}

	private hold(seconds: number): void {
		this.remaining = 0;
		this.resetAt = clock.now() + Math.min(seconds, MAX_HOLD_SECONDS) * 1000;
		this.doubted = seconds > MAX_HOLD_SECONDS;
	}

	private follow(remaining: number, reset: number): void {
		// Answers overtake each other, and the service has not yet counted requests on their way: within a window the
		// lower figure is the right one. Resets are whole seconds, hence the tolerance.
		const sameWindow = !this.doubted && Math.abs(clock.now() + reset * 1000 - this.resetAt) < 2000;
		if (sameWindow) {
			this.remaining = Math.min(this.remaining, remaining);
		} else {
			this.hold(reset);
			this.remaining = remaining;
		}
	}

	private endWindow(): void {
		this.remaining = this.limit;
		this.resetAt = 0;
		this.doubted = false;
	}

	/** How long the next request is held back, in milliseconds. */
	private heldMs(): number {
		return this.remaining > 0 ? 0 : Math.max(this.resetAt - clock.now(), 0);
	}

	private async take(deadline: number, tell: () => void, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		for (let held = this.heldMs(); held > 0; held = this.heldMs()) {
			if (this.resetAt > deadline) throw new RateLimitWaitTooLong(Math.ceil(held / 1000));
			tell();
			await clock.sleep(Math.min(held, LOOK_MS), signal);
		}
		signal?.throwIfAborted();
		if (this.resetAt !== 0 && this.resetAt <= clock.now()) {
			if (this.doubted && this.remaining <= 0) {
				// This request tries; the others wait for its answer, or for the next one to try.
				this.remaining = 1;
				this.resetAt = clock.now() + MAX_HOLD_SECONDS * 1000;
			} else {
				this.endWindow();
			}
		}
		this.remaining -= 1;
	}
}

/** The rate limit asks for a longer wait than allowed. `seconds` is what it asks for. */
export class RateLimitWaitTooLong extends Error {
	constructor(readonly seconds: number) {
		super(`The rate limit asks to wait ${seconds} seconds`);
	}
}

const pacers = new Map<string, Pacer>();

/**
 * The one pacer of a key in this process.
 *
 * @param baseUrl - base URL of the credential
 * @param apiKey - its key; only a hash of it is kept
 * @returns the pacer all executions with this key share
 */
export function pacerOf(baseUrl: string, apiKey: string): Pacer {
	const id = createHash('sha256').update(`${baseUrl}\n${apiKey}`).digest('hex');
	const pacer = pacers.get(id) ?? new Pacer(id);
	// A Map keeps the order of insertion, so its first entry is the one used longest ago.
	pacers.delete(id);
	pacers.set(id, pacer);
	const [oldest] = pacers.keys();
	if (pacers.size > MAX_PACERS && oldest !== undefined) pacers.delete(oldest);
	return pacer;
}

/**
 * Whether a 429 is about all requests of the key. The API also has limits on single endpoints.
 *
 * @param endpoint - what was asked
 * @param headers - headers of the 429
 * @returns false for an endpoint with a limit of its own, and when the key's window still has room
 */
export function isKeyLimit(endpoint: EndpointName, headers: AnswerHeaders): boolean {
	if (WITH_LIMITS_OF_THEIR_OWN.includes(endpoint)) return false;
	return (countIn(headers['ratelimit-remaining']) ?? 0) === 0;
}

/**
 * How long a 429 asks to wait.
 *
 * @param headers - headers of the 429
 * @returns seconds, at least 1; 60 when the header is missing or not a number (getting-started/rate-limits)
 */
export function retryAfterSeconds(headers: AnswerHeaders): number {
	const told = secondsIn(headers['retry-after']) ?? DEFAULT_RETRY_AFTER_SECONDS;
	return Math.max(told, MIN_RETRY_AFTER_SECONDS);
}

/**
 * How long to wait before a request that got a 429 is sent again.
 *
 * @param endpoint - what was asked
 * @param headers - headers of the 429
 * @returns milliseconds; for a limit of the key at most a minute, since then one request may try
 */
export function holdMs(endpoint: EndpointName, headers: AnswerHeaders): number {
	const told = retryAfterSeconds(headers);
	return (isKeyLimit(endpoint, headers) ? Math.min(told, MAX_HOLD_SECONDS) : told) * 1000;
}

/** A cancelled request leaves the queue immediately, wherever it is in it. */
async function orAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise<T>((resolve, reject) => {
		const leave = () => reject(new Error('The execution was cancelled', { cause: signal.reason }));
		if (signal.aborted) leave();
		signal.addEventListener('abort', leave, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
	});
}

/** A count in a header, rounded down: a fraction is not enough for a request. */
function countIn(header: string | undefined): number | undefined {
	const number = numberIn(header);
	return number === undefined ? undefined : Math.min(Math.floor(number), MAX_LIMIT);
}

/** A time in a header, in whole seconds, rounded up. */
function secondsIn(header: string | undefined): number | undefined {
	const number = numberIn(header);
	return number === undefined ? undefined : Math.ceil(number);
}

/** A number in a header, clamped between 0 and the largest exact integer. */
function numberIn(header = ''): number | undefined {
	// No meaningful number is longer.
	const parsed = Number.parseFloat(header.slice(0, 32));
	return Number.isNaN(parsed) ? undefined : Math.min(Math.max(parsed, 0), Number.MAX_SAFE_INTEGER);
}
