import type { IDataObject } from 'n8n-workflow';

import { readEnvelope, readProblem, textOf, type RawAnswer } from './answer';
import { parseBaseUrl } from './baseUrl';
import { cancelSignalOf } from './cancellation';
import { clock } from './clock';
import type { InSignerContext } from './context';
import type { BodyOf, DataOf, EndpointName, PathOf, QueryOf } from './endpoint';
import { endpoints } from './endpoints';
import { InSignerApiError, type Fault } from './errors';
import { pathSegment } from './pathSegment';
import {
	holdMs,
	isKeyLimit,
	pacerOf,
	RateLimitWaitTooLong,
	retryAfterSeconds,
	type Pacer,
} from './rateLimit';
import { logged, logWait } from './requestLog';
import { backOff, MAX_ATTEMPTS, nextStep } from './retry';
import type { components } from './schema';
import { transmit } from './transport';

const TIMEOUT_SECONDS = 30;

/** The longest a request waits for the rate limit in total, in seconds; the service's window is one minute. */
const MAX_RATE_LIMIT_WAIT_SECONDS = 300;

/** How often one request is sent again after a 429, however short the requested waits. */
const MAX_RATE_LIMITED = 20;

export interface RequestOptions<E extends EndpointName> extends ExchangeOptions {
	/** The ids in the path. */
	path?: PathOf<E>;
	query?: QueryOf<E>;
	body?: BodyOf<E>;
}

/** The options that do not depend on the endpoint. */
interface ExchangeOptions {
	path?: object;
	query?: object;
	body?: object;
	/** Index of the input item it is for, from 0; put on errors. */
	itemIndex?: number;
	/** How long to wait for the answer, in seconds. Default 30. */
	timeoutSeconds?: number;
	/** How long to wait for the rate limit, in seconds. Default 300. */
	maxWaitSeconds?: number;
	/** For requests that email people. Called before the request is sent again: true if it was not carried out. */
	mayRepeat?: () => Promise<boolean>;
}

export interface ApiAnswer<T> {
	data: T;
	meta?: components['schemas']['ListMeta'];
	/** X-Request-Id of the answer. */
	requestId?: string;
}

/**
 * Calls one endpoint and returns what it answered.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a name of the table in endpoints.ts
 * @param options - path ids, query, body and limits
 * @returns `data`, `meta` and the request id; `data` is undefined for an empty body (a 204)
 * @throws InSignerApiError for anything but a documented success; its `effect` says whether it may have been done
 * @see https://docs.insigner.co/getting-started/introduction
 */
export async function request<E extends EndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	options: RequestOptions<E> = {},
): Promise<ApiAnswer<DataOf<E>>> {
	const answer = await exchange(ctx, endpoint, options, 'text');
	const envelope = readEnvelope<DataOf<E>>(
		await textOf(answer.body),
		answer,
		endpoints[endpoint].method === 'DELETE',
	);
	const requestId = answer.headers['x-request-id'];
	if (!('unreadable' in envelope)) return { ...envelope, requestId };
	throw new InSignerApiError(
		ctx.getNode(),
		{
			endpoint,
			result: 'unreadable',
			status: answer.statusCode,
			detail: envelope.unreadable,
			requestId,
			host: answer.host,
		},
		options.itemIndex,
	);
}

/**
 * Calls an endpoint that may answer with JSON, with a redirect or with the bytes of a file, and leaves the
 * reading to the caller. A redirect is not followed.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a name of the table in endpoints.ts
 * @param options - path ids, query and limits
 * @returns the answer, 2xx or 3xx, its body as a stream
 * @throws InSignerApiError for 4xx, 5xx and transport faults
 */
export async function requestStream<E extends EndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	options: RequestOptions<E> = {},
): Promise<RawAnswer> {
	return await exchange(ctx, endpoint, options, 'stream');
}

/** Where requests go, and the pacer of the key they carry. */
interface Destination {
	baseUrl: string;
	pacer: Pacer;
}

/** By context: every run of a node and every poll has its own. Reading a credential costs n8n a database query. */
const destinations = new WeakMap<InSignerContext, Destination>();

/**
 * Where the requests of a context go.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @returns the base URL, checked, and the pacer of the key
 */
export async function destinationOf(ctx: InSignerContext): Promise<Destination> {
	const known = destinations.get(ctx);
	if (known) return known;
	const credentials = await ctx.getCredentials<{ apiKey: string; baseUrl: string }>('inSignerApi');
	const baseUrl = parseBaseUrl(credentials.baseUrl);
	const destination = { baseUrl, pacer: pacerOf(baseUrl, credentials.apiKey) };
	destinations.set(ctx, destination);
	return destination;
}

/** Sends a request as often as the retry policy allows; the only place that talks to the API. */
async function exchange(
	ctx: InSignerContext,
	endpoint: EndpointName,
	options: ExchangeOptions,
	encoding: 'text' | 'stream',
): Promise<RawAnswer> {
	const { baseUrl, pacer } = await destinationOf(ctx);
	const signal = cancelSignalOf(ctx);
	const { method } = endpoints[endpoint];
	const { mayRepeat = () => Promise.resolve(true) } = options;
	let mayWaitMs = (options.maxWaitSeconds ?? MAX_RATE_LIMIT_WAIT_SECONDS) * 1000;
	let attempt = 0;
	let rateLimited = 0;

	for (;;) {
		mayWaitMs -= await waitForTurn(ctx, endpoint, options, pacer, mayWaitMs, signal);
		const { answer, fault } = await logged(
			ctx,
			whatIs(endpoint),
			attempt + rateLimited + 1,
			async () => await sendOnce(ctx, endpoint, options, baseUrl, encoding),
			(outcome) => ({
				result: outcome.answer?.statusCode ?? outcome.fault?.code ?? 'failed',
				requestId: outcome.answer?.headers['x-request-id'],
			}),
		);
		if (answer) pacer.observe(endpoint, answer.statusCode, answer.headers);
		if (!fault) return answer;

		const asError = () => new InSignerApiError(ctx.getNode(), fault, options.itemIndex);
		const step = nextStep(method, fault.result);
		if (step === 'wait' && answer) {
			// It was not processed, so it is not counted as an attempt.
			rateLimited += 1;
			const waitMs = holdMs(endpoint, answer.headers);
			if (waitMs > mayWaitMs || rateLimited > MAX_RATE_LIMITED) throw asError();
			// The pacer holds the next request back, unless this is a limit of this endpoint only.
			if (!isKeyLimit(endpoint, answer.headers)) {
				logWait(ctx, whatIs(endpoint), waitMs);
				await clock.sleep(waitMs, signal);
				mayWaitMs -= waitMs;
			}
			if (!(await mayRepeat())) throw asError();
			continue;
		}
		attempt += 1;
		// A DELETE that lost its first answer finds nothing left to delete.
		if (method === 'DELETE' && attempt > 1 && fault.status === 404 && answer) {
			return { ...answer, statusCode: 204, body: '' };
		}
		if (step !== 'repeat' || attempt >= MAX_ATTEMPTS) throw asError();
		await clock.sleep(backOff(attempt), signal);
		if (!(await mayRepeat())) throw asError();
	}
}

/** The name of a request in the log. */
function whatIs(endpoint: EndpointName): string {
	const { method, path } = endpoints[endpoint];
	return `${method} ${path}`;
}

/** @returns the milliseconds waited */
async function waitForTurn(
	ctx: InSignerContext,
	endpoint: EndpointName,
	options: ExchangeOptions,
	pacer: Pacer,
	maxWaitMs: number,
	signal: AbortSignal | undefined,
): Promise<number> {
	const onWait = (ms: number) => logWait(ctx, whatIs(endpoint), ms);
	return await pacer.acquire(maxWaitMs, { signal, onWait }).catch((error: unknown) => {
		if (!(error instanceof RateLimitWaitTooLong)) throw error;
		const detail = 'The rate limit of this API key is used up';
		const retryAfterSeconds = error.seconds;
		throw new InSignerApiError(
			ctx.getNode(),
			{ endpoint, result: 'rateLimited', status: 429, detail, retryAfterSeconds },
			options.itemIndex,
		);
	});
}

type Outcome = { answer: RawAnswer; fault?: undefined } | { answer?: RawAnswer; fault: Fault };

async function sendOnce(
	ctx: InSignerContext,
	endpoint: EndpointName,
	options: ExchangeOptions,
	baseUrl: string,
	encoding: 'text' | 'stream',
): Promise<Outcome> {
	const { method, path } = endpoints[endpoint];
	const { answer, fault } = await transmit(
		ctx,
		{
			method,
			url: baseUrl + fillPath(path, { ...options.path }),
			qs: { ...options.query },
			body: options.body && { ...options.body },
			encoding,
			headers: {
				Accept: encoding === 'text' ? 'application/json' : 'application/json, application/pdf',
			},
			timeout: (options.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
		},
		'inSignerApi',
	);
	if (fault) return { fault: { endpoint, ...fault } };
	if (answer.statusCode < 400) return { answer };

	return {
		answer,
		fault: {
			endpoint,
			...readProblem(await textOf(answer.body), answer),
			requestId: answer.headers['x-request-id'],
			host: answer.host,
			...(answer.statusCode === 429 && { retryAfterSeconds: retryAfterSeconds(answer.headers) }),
		},
	};
}

/** Puts ids into a path, each as one safe segment. */
function fillPath(path: string, ids: IDataObject): string {
	return path.replace(/\{(\w+)\}/g, (_, name: string) => pathSegment(ids[name]));
}
