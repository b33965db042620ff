import { setMaxListeners } from 'node:events';

import { parseBaseUrl, parseFileUrl } from '../../nodes/InSigner/api/baseUrl';
import { clock } from '../../nodes/InSigner/api/clock';
import type { BodyOf, EndpointName, PathOf, QueryOf } from '../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../nodes/InSigner/api/endpoints';
import { holdMs, Pacer } from '../../nodes/InSigner/api/rateLimit';
import { addressesIn, isOurs } from './addresses';
import { NO_SUCH_ID, type Belongings } from './belongings';
import type { Answer, Exchange } from './exchange';

/** How long one answer may take, in milliseconds; a bulk send answers once every document is created. */
const TIMEOUT_MS = 60_000;
const BULK_TIMEOUT_MS = 600_000;

/** The longest wait for the rate limit, in milliseconds: a bulk send is allowed every 5 minutes. */
const LONGEST_WAIT_MS = 330_000;

/** Pauses before a read that got no answer is tried again, in milliseconds. */
const PAUSES_MS = [1_000, 3_000];

/** A key of the right form that belongs to no one. */
const WRONG_KEY = `isk_${'x'.repeat(44)}`;

/** Requests that create something. A campaign is never created: it would be open to the public. */
const MAKES: readonly EndpointName[] = [
	'createDocument',
	'useTemplate',
	'createWebhook',
	'createBulkSend',
];

/** The run was interrupted by the person who started it. */
export class Interrupted extends Error {
	constructor() {
		super('The run was interrupted');
	}
}

/** A request got no answer, so no one knows whether it was carried out. */
export class NoAnswer extends Error {}

export interface ClientOptions {
	baseUrl: string;
	apiKey: string;
	/** What may be changed. */
	own: Belongings;
	/** The only mailbox that may be named; undefined for none. */
	sendTo?: string;
	signal: AbortSignal;
	/** Called before a wait of more than 5 seconds, in milliseconds. */
	onWait: (ms: number) => void;
}

/** Parts of a request, as the contract types them. */
export interface CallOptions<E extends EndpointName> {
	path?: PathOf<E>;
	query?: QueryOf<E>;
	body?: BodyOf<E>;
	/** Sent as it is, in place of `body`. */
	rawBody?: string;
	/** The key it is sent with. */
	key?: 'own' | 'wrong';
}

interface Outgoing {
	endpoint?: EndpointName;
	method: string;
	path: string;
	url: string;
	key: Exchange['key'];
	headers?: Record<string, string>;
	body?: string | Uint8Array<ArrayBuffer>;
	sent?: unknown;
}

/**
 * The only door to the service: paces the key's requests, records each of them, and changes nothing that this run did
 * not create itself. The key goes only to the base URL.
 */
export class Client {
	readonly exchanges: Exchange[] = [];
	/** The purpose of the next requests, for the report. */
	step = '';
	/** Whether anything may be created at all. */
	mayMake = false;
	private stop: AbortSignal;
	readonly baseUrl: string;
	private readonly pacer = new Pacer();
	private readonly startedAt = clock.now();

	/** @throws Error if the base URL is neither https nor on this machine */
	constructor(private readonly options: ClientOptions) {
		this.baseUrl = parseBaseUrl(options.baseUrl);
		this.stop = options.signal;
		this.signal = options.signal;
	}

	/** Ends the run; cleaning up continues with another client. */
	get signal(): AbortSignal {
		return this.stop;
	}

	set signal(signal: AbortSignal) {
		// Each wait adds a listener.
		setMaxListeners(0, signal);
		this.stop = signal;
	}

	/**
	 * Makes a request to the API.
	 *
	 * @param endpoint - as in api/endpoints.ts
	 * @param options - its parts
	 * @returns the answer, whatever its status
	 * @throws Interrupted if the run was; NoAnswer without an answer; Error for a change to what is not this run's
	 */
	async call<E extends EndpointName>(
		endpoint: E,
		{ path, query, body, rawBody, key = 'own' }: CallOptions<E> = {},
	): Promise<Answer> {
		const { method, path: template } = endpoints[endpoint];
		const ids = Object.values(path ?? {}).map(String);
		if (method !== 'GET') this.requireOwn(endpoint, ids, body);
		const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
			encodeURIComponent(String(Reflect.get(path ?? {}, name))),
		);
		const search = new URLSearchParams(
			Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]),
		).toString();
		const whole = search ? `${filled}?${search}` : filled;
		const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
		return await this.paced({
			endpoint,
			method,
			path: whole,
			url: this.baseUrl + whole,
			key,
			...(text !== undefined && { body: text, sent: body ?? rawBody }),
		});
	}

	/** Asks for a path that no service has; the answer shows what a missing endpoint looks like. */
	async callUnknownPath(): Promise<Answer> {
		const path = `/documents/${NO_SUCH_ID}/n8n-nodes-insigner-no-such-endpoint`;
		return await this.paced({ method: 'GET', path, url: this.baseUrl + path, key: 'own' });
	}

	/**
	 * Uploads a file to where the service said, without the key.
	 *
	 * @param address - the upload URL
	 * @param bytes - the PDF
	 * @throws Error for an address that is not https (or on this machine, if the API is too)
	 */
	async putFile(address: string, bytes: Uint8Array): Promise<Answer> {
		return await this.exchange({
			method: 'PUT',
			path: address,
			url: parseFileUrl(address, this.baseUrl),
			key: 'none',
			headers: { 'content-type': 'application/pdf' },
			body: new Uint8Array(bytes),
			sent: { bytes: bytes.length },
		});
	}

	/** Only what this run created may be changed, and only the person who runs it may be named. */
	private requireOwn(endpoint: EndpointName, ids: readonly string[], body: unknown): void {
		const { own, sendTo } = this.options;
		const nothing = ids.length > 0 && ids.every((id) => id === NO_SUCH_ID);
		const makes = MAKES.includes(endpoint) && this.mayMake;
		if (!nothing && !makes && !own.mayChange(ids)) {
			throw new Error(`${endpoint} would change what this run has not made`);
		}
		if (!addressesIn(body).every((email) => isOurs(sendTo, email))) {
			throw new Error(`${endpoint} would name someone else`);
		}
	}

	/** Requests with the key, below its limit; what the limit refuses anyway is sent again. */
	private async paced(request: Outgoing): Promise<Answer> {
		const endpoint = request.endpoint ?? 'getDocument';
		const { onWait } = this.options;
		for (let attempt = 1; ; attempt += 1) {
			await this.unlessInterrupted(
				this.pacer.acquire(LONGEST_WAIT_MS, { signal: this.signal, onWait }),
			);
			const answer = await this.repeated(request);
			if (request.key !== 'own') return answer;
			this.pacer.observe(endpoint, answer.status, answer.headers);
			const wait = holdMs(endpoint, answer.headers);
			if (answer.status !== 429 || attempt === 3 || wait > LONGEST_WAIT_MS) return answer;
			onWait(wait);
			await this.pause(wait);
		}
	}

	/** A read without an answer is tried again; a change may have been carried out. */
	private async repeated(request: Outgoing): Promise<Answer> {
		for (const pause of request.method === 'GET' ? PAUSES_MS : []) {
			try {
				return await this.exchange(request);
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				await this.pause(pause);
			}
		}
		return await this.exchange(request);
	}

	/**
	 * Waits.
	 *
	 * @param ms - milliseconds
	 * @throws Interrupted if the run was
	 */
	async pause(ms: number): Promise<void> {
		await this.unlessInterrupted(clock.sleep(ms, this.signal));
	}

	private async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			if (this.signal.aborted) throw new Interrupted();
			throw error;
		}
	}

	/** What was begun is waited for, even after an interruption: otherwise no one would know what it created. */
	private async exchange(request: Outgoing): Promise<Answer> {
		if (this.signal.aborted) throw new Interrupted();
		const { endpoint, method, path, key, sent } = request;
		const startedAt = clock.now();
		const exchange: Exchange = {
			number: this.exchanges.length + 1,
			step: this.step,
			...(endpoint && { endpoint }),
			method,
			path,
			key,
			...(sent !== undefined && { sent }),
			atMs: startedAt - this.startedAt,
		};
		this.exchanges.push(exchange);
		try {
			exchange.answer = await this.fetch(request);
			return exchange.answer;
		} catch (error) {
			exchange.failure = reasonOf(error);
			throw new NoAnswer(`${method} ${endpoint ? path : 'to the storage'}: ${exchange.failure}`);
		} finally {
			exchange.tookMs = clock.now() - startedAt;
		}
	}

	private async fetch({ endpoint, method, url, key, headers, body }: Outgoing): Promise<Answer> {
		const keys = { own: this.options.apiKey, wrong: WRONG_KEY, none: undefined };
		const apiKey = keys[key];
		const response = await fetch(url, {
			method,
			// A redirect would carry the key elsewhere.
			redirect: 'manual',
			headers: {
				accept: 'application/json',
				...(typeof body === 'string' && { 'content-type': 'application/json' }),
				...headers,
				...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
			},
			...(body !== undefined && { body }),
			signal: AbortSignal.timeout(endpoint === 'createBulkSend' ? BULK_TIMEOUT_MS : TIMEOUT_MS),
		});
		const bytes = Buffer.from(await response.arrayBuffer());
		const answered: Record<string, string> = {};
		response.headers.forEach((value, name) => {
			answered[name] = value;
		});
		return {
			status: response.status,
			headers: answered,
			body: bodyOf(bytes),
			bytes: bytes.length,
		};
	}
}

function bodyOf(bytes: Buffer): unknown {
	if (bytes.length === 0) return undefined;
	if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return '%PDF-';
	const text = bytes.toString('utf8');
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed;
	} catch {
		return text;
	}
}

/** The reason under the "fetch failed" of Node.js, without an address. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return 'no answer';
	const cause = error.cause instanceof Error ? error.cause : error;
	const code: unknown = Reflect.get(cause, 'code');
	return typeof code === 'string' ? code : cause.name;
}
