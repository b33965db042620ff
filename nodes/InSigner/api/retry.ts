/** The outcome of one HTTP exchange, as far as the next step depends on it. */
export type ExchangeResult =
	/** 429: counted, but not processed. */
	| 'rateLimited'
	/** Any other 4xx: the service looked at it and refused it. */
	| 'refused'
	/** Name not resolved or connection refused: the service never saw it. */
	| 'notSent'
	/** The service's own 500 or 502: it may have acted before it gave up, and is no longer working on it. */
	| 'serverFault'
	/** Timeout, broken connection, or a gateway's 5xx: the service may have acted, or still be working. */
	| 'noAnswer'
	/** Neither what the API documents nor the service's own refusal: a proxy's page, a redirect, half a body. */
	| 'unreadable';

/** What the request helper does next. */
export type NextStep =
	/** Wait as long as the service asks, then send it again. */
	| 'wait'
	/** Send it again after a growing, jittered pause. */
	| 'repeat'
	/** Stop: it may have been done. The caller finds out by reading before anything is sent again. */
	| 'reconcile'
	/** Stop: it was not done and would not be done next time either. */
	| 'fail';

type Kind = 'read' | 'repeatable' | 'create';

/**
 * The whole retry policy. The API has no idempotency key and emails people at once, so a POST is only sent again when
 * it was provably not processed. PATCH and DELETE describe the result: twice is as good as once.
 */
export const RETRY_POLICY: Readonly<Record<ExchangeResult, Readonly<Record<Kind, NextStep>>>> = {
	rateLimited: { read: 'wait', repeatable: 'wait', create: 'wait' },
	refused: { read: 'fail', repeatable: 'fail', create: 'fail' },
	notSent: { read: 'repeat', repeatable: 'repeat', create: 'repeat' },
	serverFault: { read: 'repeat', repeatable: 'repeat', create: 'reconcile' },
	noAnswer: { read: 'repeat', repeatable: 'repeat', create: 'reconcile' },
	unreadable: { read: 'fail', repeatable: 'fail', create: 'reconcile' },
};

/** The most times one request is sent, not counting rate limits. */
export const MAX_ATTEMPTS = 4;

/**
 * Looks up {@link RETRY_POLICY}.
 *
 * @param method - HTTP method
 * @param result - outcome of the exchange
 * @returns the next step
 */
export function nextStep(method: string, result: ExchangeResult): NextStep {
	const kind: Kind = method === 'GET' ? 'read' : method === 'POST' ? 'create' : 'repeatable';
	return RETRY_POLICY[result][kind];
}

/**
 * The pause before a request is sent again.
 *
 * @param attempt - how often it was sent so far, from 1
 * @param random - a number from 0 to 1; spreads the clients that failed together
 * @returns milliseconds: 250 to 500, 500 to 1000, 1000 to 2000, ... up to 8000
 */
export function backOff(attempt: number, random = Math.random()): number {
	const ceiling = Math.min(500 * 2 ** (attempt - 1), 8000);
	return ceiling / 2 + (ceiling / 2) * random;
}
