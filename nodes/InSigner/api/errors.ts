import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { EndpointName } from './endpoint';
import { endpoints } from './endpoints';
import { inLines } from './nodeErrors';
import type { ExchangeResult } from './retry';

/** What the service may have done with a request that did not succeed. */
export type Effect =
	/** Nothing: it was refused or never arrived. */
	| 'none'
	/** Unknown: it may have been carried out. Read before anything is sent again. */
	| 'unclear';

/** What is known about an exchange that did not succeed. Contains no key, no body and no file address. */
export interface Fault {
	readonly endpoint: EndpointName;
	readonly result: ExchangeResult;
	/** HTTP status, if there was an answer. */
	readonly status?: number;
	/** Last segment of the problem's `type`, for example `validation-error`. */
	readonly type?: string;
	/** What the service said (problem+json `detail`, else `title`). */
	readonly detail?: string;
	/** Field problems of a 422. */
	readonly fields?: ReadonlyArray<{ readonly field: string; readonly message: string }>;
	/** X-Request-Id. */
	readonly requestId?: string;
	/** Code of a transport fault, for example ECONNREFUSED. */
	readonly code?: string;
	/** Host the request went to. */
	readonly host?: string;
	/** From a 429. */
	readonly retryAfterSeconds?: number;
	/** The answer did not come from inSigner, but from a proxy, a gateway or another server. */
	readonly foreign?: boolean;
	/** The request was to the file storage, which is on another host than the API. */
	readonly storage?: boolean;
	/** After a 404 from an inferred endpoint: whether a documented one found the object. */
	readonly exists?: boolean;
}

/** A request to inSigner that did not succeed, explained for people, with what the code needs to branch on. */
export class InSignerApiError extends NodeApiError {
	readonly fault: Fault;

	/**
	 * @param node - the node that asked
	 * @param fault - what is known about it
	 * @param itemIndex - index of the input item it was about, from 0
	 */
	constructor(node: INode, fault: Fault, itemIndex?: number) {
		const message = messageOf(fault);
		super(node, plain(fault), {
			message,
			description: descriptionOf(fault),
			httpCode: fault.status?.toString(),
			itemIndex,
			...(fault.status === 401 && { failure: { cause: 'credential-invalid' } }),
			...(fault.result === 'rateLimited' && {
				failure: {
					cause: 'rate-limited',
					...(fault.retryAfterSeconds !== undefined && {
						retryAfterMs: fault.retryAfterSeconds * 1000,
					}),
				},
			}),
		});
		// The editor and error workflows know errors of services by this name.
		this.name = 'NodeApiError';
		// n8n replaces any message that contains ENOTFOUND, EACCES and the like, even inside a word.
		this.message = message;
		this.fault = fault;
	}

	/** HTTP status of the answer, undefined when there was none. */
	get status(): number | undefined {
		return this.fault.status;
	}

	/** What the service may have done. */
	get effect(): Effect {
		const { result } = this.fault;
		return result === 'serverFault' || result === 'noAnswer' || result === 'unreadable'
			? 'unclear'
			: 'none';
	}

	/** What inSigner said beyond the message, one line each: problems with single fields, the request id. */
	get facts(): string[] {
		return factsOf(this.fault);
	}

	/**
	 * Whether the service itself said that it broke down: what it did is done, and nothing comes after it. A gateway
	 * that gave up waiting cannot know that.
	 */
	get ended(): boolean {
		return this.fault.result === 'serverFault';
	}
}

/**
 * Whether something may have been done although it threw: no one knows until someone looks.
 *
 * @param error - what was caught
 */
export function isUnclear(error: unknown): error is InSignerApiError & { effect: 'unclear' } {
	return error instanceof InSignerApiError && error.effect === 'unclear';
}

/**
 * Whether inSigner itself looked at a request and refused it.
 *
 * @param error - what was caught
 */
export function isRefused(error: unknown): error is InSignerApiError {
	return error instanceof InSignerApiError && error.fault.result === 'refused';
}

/**
 * Whether the rate limit kept inSigner from doing it.
 *
 * @param error - what was caught
 */
export function isRateLimited(error: unknown): boolean {
	return error instanceof InSignerApiError && error.fault.result === 'rateLimited';
}

/**
 * Whether a request never reached inSigner.
 *
 * @param error - what was caught
 */
export function isNotSent(error: unknown): boolean {
	return error instanceof InSignerApiError && error.fault.result === 'notSent';
}

/**
 * Whether inSigner refused a request because of something's current state or content, which may change.
 *
 * @param error - what was caught
 */
export function isRefusedForNow(error: unknown): boolean {
	return hasStatus(error, 409, 422);
}

/**
 * Whether something is not there, is no longer there, or belongs to another organization.
 *
 * @param error - what was caught
 */
export function isGone(error: unknown): boolean {
	return hasStatus(error, 404, 410);
}

/**
 * Whether something is not there, or inSigner does not offer what was requested for it.
 *
 * @param error - what was caught
 */
export function isGoneOrNotOffered(error: unknown): boolean {
	return hasStatus(error, 404, 405, 410);
}

/**
 * Whether the key is not allowed to do this, or inSigner does not offer it.
 *
 * @param error - what was caught
 */
export function isForbiddenOrNotOffered(error: unknown): boolean {
	return hasStatus(error, 403, 404, 405);
}

/**
 * Whether inSigner does not accept a cursor, for example because what it pointed to was deleted.
 *
 * @param error - what was caught, from reading a page
 */
export function isRefusedCursor(error: unknown): boolean {
	return hasStatus(error, 400, 404, 410, 422);
}

/**
 * Whether an error is about the one thing that was read, rather than about the key or the service.
 *
 * @param error - what was caught, from reading one thing
 */
export function isAboutThisOne(error: unknown): error is InSignerApiError {
	return hasStatus(error, 400, 409, 422, 500, 502, 503, 504);
}

/**
 * Whether inSigner named a field of the body as the reason for refusing a request.
 *
 * @param error - what was caught
 * @param name - name of the field
 */
export function isRefusedField(error: unknown, name: string): boolean {
	return hasStatus(error, 422) && (error.fault.fields ?? []).some(({ field }) => field === name);
}

/**
 * Whether something thrown is inSigner's answer with one of these HTTP statuses.
 *
 * @param error - what was caught
 * @param statuses - HTTP statuses
 */
export function hasStatus(error: unknown, ...statuses: number[]): error is InSignerApiError {
	return (
		error instanceof InSignerApiError &&
		error.status !== undefined &&
		statuses.includes(error.status)
	);
}

/**
 * Messages contain no code such as ECONNRESET: n8n wraps a tool's errors again and replaces every message that
 * contains one, so the model would not learn what may have been sent.
 */
function messageOf({ result, status, detail, host, fields, foreign, storage }: Fault): string {
	const field = fields?.[0];
	switch (result) {
		case 'notSent':
			return `inSigner could not be reached at ${host}`;
		case 'noAnswer':
			return status === undefined
				? `inSigner at ${host} gave no answer`
				: `inSigner at ${host} gave no clear answer (HTTP status ${status})`;
		case 'unreadable':
			return `The answer from ${host} is not one of inSigner's API: ${detail ?? `HTTP status ${status}`}`;
		default:
			if (foreign && !storage) {
				return `The answer from ${host} is not one of inSigner's API: HTTP status ${status}`;
			}
			return field
				? `${detail ?? 'inSigner does not accept this'} (${field.field}: ${field.message})`
				: (detail ?? `inSigner answered with HTTP status ${status}`);
	}
}

function descriptionOf(fault: Fault): string {
	return inLines([hintOf(fault), ...factsOf(fault)]);
}

function factsOf({ fields = [], requestId, code }: Fault): string[] {
	return [
		...fields.map(({ field, message }) => `${field}: ${message}`),
		...(code ? [`Code: ${code}`] : []),
		...(requestId ? [`inSigner request ID: ${requestId}`] : []),
	];
}

const SOMEONE_ELSE_ANSWERS =
	'Check the Base URL of the credential, and whether a proxy or firewall answers in place of inSigner.';

function hintOf(fault: Fault): string | undefined {
	const { method, scope, known } = endpoints[fault.endpoint];
	const mayHaveBeenDone =
		method === 'POST'
			? 'inSigner may still have done it. Check there before running this again.'
			: 'Try again later.';

	switch (fault.result) {
		case 'notSent':
			return 'Nothing was sent. Check the Base URL of the credential and the network of this n8n.';
		case 'noAnswer':
			return mayHaveBeenDone;
		case 'unreadable':
			return `${SOMEONE_ELSE_ANSWERS} ${method === 'POST' ? mayHaveBeenDone : ''}`.trim();
		case 'rateLimited':
			return `inSigner asks to wait ${fault.retryAfterSeconds ?? 60} seconds. Run fewer requests at once, or spread them over time.`;
		case 'serverFault':
			return fault.status === 502
				? `A service behind inSigner, for example its email delivery, did not respond. ${mayHaveBeenDone}`
				: mayHaveBeenDone;
		case 'refused':
			break;
	}

	const noSuchEndpoint = known === 'inferred' && (fault.status === 404 || fault.status === 405);
	if (fault.foreign && !fault.storage && !noSuchEndpoint) return SOMEONE_ELSE_ANSWERS;
	if (fault.storage) {
		return 'The file storage did not accept the file. It may be larger than inSigner allows.';
	}
	const notOffered =
		'inSigner may not offer this through its API yet; in that case use the web app at https://app.insigner.co.';
	switch (fault.status) {
		case 401:
			return 'The API key is missing, invalid, revoked or expired. Create a new one in inSigner under Dashboard > Developers > API Keys.';
		case 403:
			return `The API key is missing the permission ${scope}. Add it in inSigner under Developers > API Keys, or use another key.`;
		case 404:
			if (fault.exists) {
				return 'The object exists, so inSigner does not offer this through its API yet. Use the web app at https://app.insigner.co.';
			}
			return known === 'inferred' && fault.exists === undefined
				? `It does not exist or belongs to another organization. ${notOffered}`
				: 'It does not exist or belongs to another organization. Check the ID.';
		case 405:
			return notOffered;
		case 409:
			return 'Its status does not allow this. Read it again to see its status.';
		default:
			return undefined;
	}
}

/** The fault as the plain JSON that n8n stores with the execution. */
function plain({
	endpoint,
	result,
	status,
	type,
	detail,
	fields,
	requestId,
	code,
}: Fault): JsonObject {
	const json: IDataObject = { endpoint, result, status, type, detail, requestId, code };
	if (fields) json.fields = fields.map(({ field, message }) => ({ field, message }));
	return JSON.parse(JSON.stringify(json)) as JsonObject;
}
