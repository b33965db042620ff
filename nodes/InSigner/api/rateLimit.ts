import { createHash } from 'crypto';

import { clock } from './clock';

/** Requests per minute and key (getting-started/rate-limits), until the service's own headers say otherwise. */
const DOCUMENTED_LIMIT = 120;

/** What the docs' own sample waits when a 429 carries no Retry-After. */
const DEFAULT_RETRY_AFTER_SECONDS = 60;

/** The answer headers the pacer lives on; values as strings, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Keeps the requests of one API key below its rate limit by waiting before the request that would be
 * refused. It follows the service's window (RateLimit-Limit, -Remaining, -Reset), so several n8n processes on
 * one key see each other's use; where they still collide, a 429 empties the window for all waiting requests.
 */
export class Pacer {
	private limit = DOCUMENTED_LIMIT;
	private remaining = DOCUMENTED_LIMIT;
	/** When the window ends, in ms since 1970; 0 = no window known, so nothing is held back. */
	private resetAt = 0;
	/** Waiting requests go in the order they came, so that no execution starves another. */
	private queue: Promise<void> = Promise.resolve();

	/** @param id - stands for the key; nobody finds the key from it */
	constructor(readonly id = '') {}

	/** Requests per minute, as far as the service has told. */
	get perMinute(): number {
		return this.limit;
	}

	/**
	 * Takes one request out of the window, waiting for the next window where this one is used up.
	 *
	 * @param maxWaitMs - the longest acceptable wait in milliseconds
	 * @param signal - ends the wait when the execution is cancelled
	 * @returns the milliseconds waited
	 * @throws RateLimitWaitTooLong when the wait would pass the bound; the signal's reason when cancelled
	 */
	async acquire(maxWaitMs: number, signal?: AbortSignal): Promise<number> {
		const startedAt = clock.now();
		const turn = this.queue.then(async () => await this.take(startedAt + maxWaitMs, signal));
		this.queue = turn.catch(() => undefined);
		await orAborted(turn, signal);
		return clock.now() - startedAt;
	}

	/**
	 * Learns from an answer.
	 *
	 * @param status - HTTP status
	 * @param headers - RateLimit-* and Retry-After, all in seconds
	 */
	observe(status: number, headers: AnswerHeaders): void {
		const now = clock.now();
		if (status === 429) {
			if (!isKeyLimit(headers)) return;
			this.remaining = 0;
			this.resetAt = now + retryAfterSeconds(headers) * 1000;
			return;
		}
		const limit = wholeNumber(headers['ratelimit-limit']);
		const remaining = wholeNumber(headers['ratelimit-remaining']);
		const reset = wholeNumber(headers['ratelimit-reset']);
		if (limit !== undefined) this.limit = limit;
		if (remaining === undefined || reset === undefined) return;
		const resetAt = now + reset * 1000;
		// Answers overtake each other, and requests on their way are not counted by the service yet: within
		// a window the lower figure is the true one. Resets are whole seconds, hence the tolerance.
		const sameWindow = Math.abs(resetAt - this.resetAt) < 2000;
		this.remaining = sameWindow ? Math.min(this.remaining, remaining) : remaining;
		if (!sameWindow) this.resetAt = resetAt;
	}

	private async take(deadline: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		while (this.remaining <= 0 && this.resetAt > clock.now()) {
			if (this.resetAt > deadline) {
				throw new RateLimitWaitTooLong(Math.ceil((this.resetAt - clock.now()) / 1000));
			}
			await clock.sleep(this.resetAt - clock.now(), signal);
		}
		signal?.throwIfAborted();
		if (this.resetAt !== 0 && this.resetAt <= clock.now()) {
			this.resetAt = 0;
			this.remaining = this.limit;
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
	pacers.set(id, pacer);
	return pacer;
}

/**
 * Whether a 429 is about all requests of the key. The API has two limits of single endpoints besides: a bulk
 * send every 5 minutes, ten webhook creations an hour.
 *
 * @param headers - headers of the 429
 * @returns false when the key's own window still has room
 */
export function isKeyLimit(headers: AnswerHeaders): boolean {
	return (wholeNumber(headers['ratelimit-remaining']) ?? 0) === 0;
}

/**
 * How long a 429 asks to wait.
 *
 * @param headers - headers of the 429
 * @returns seconds; 60 when the header is missing or no number (getting-started/rate-limits)
 */
export function retryAfterSeconds(headers: AnswerHeaders): number {
	return wholeNumber(headers['retry-after']) ?? DEFAULT_RETRY_AFTER_SECONDS;
}

/** Who is cancelled leaves at once, also from the middle of the queue. */
async function orAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise<T>((resolve, reject) => {
		const leave = () => reject(new Error('The execution was cancelled', { cause: signal.reason }));
		if (signal.aborted) leave();
		signal.addEventListener('abort', leave, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
	});
}

function wholeNumber(value: string | undefined): number | undefined {
	const parsed = Number.parseInt(value ?? '', 10);
	return Number.isNaN(parsed) ? undefined : parsed;
}
