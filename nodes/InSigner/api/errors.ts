import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { endpoints, type EndpointName } from './endpoints';
import type { ExchangeResult } from './retry';

/** What the service may have done with a request that did not succeed. */
export type Effect =
	/** Nothing: it was refused or never arrived. */
	| 'none'
	/** Unknown: it may have been carried out. Read before anything is sent again. */
	| 'unclear';

/** What is known of an exchange that did not succeed. Holds no key, no body and no address of a file. */
export interface Fault {
	readonly endpoint: EndpointName;
	readonly result: ExchangeResult;
	/** HTTP status, when there was an answer. */
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
	/** It was about the file storage, another host than the API. */
	readonly storage?: boolean;
	/** After a 404 of an inferred endpoint: whether the object was found by a documented one. */
	readonly exists?: boolean;
}

/** A request to inSigner that did not succeed, told for people, with what the code needs to branch on. */
export class InSignerApiError extends NodeApiError {
	readonly fault: Fault;

	/**
	 * @param node - the node that asked
	 * @param fault - what is known
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

function messageOf(fault: Fault): string {
	const { result, status, detail, host } = fault;
	switch (result) {
		case 'notSent':
			return `inSigner could not be reached at ${host} (${fault.code})`;
		case 'noAnswer':
			return `inSigner at ${host} gave no answer (${fault.code})`;
		case 'unreadable':
			return `The answer from ${host} is not one of inSigner's API: ${detail}`;
		default:
			return detail ?? `inSigner answered with HTTP status ${status}`;
	}
}

function descriptionOf(fault: Fault): string {
	const lines = (fault.fields ?? []).map(({ field, message }) => `${field}: ${message}`);
	const hint = hintOf(fault);
	if (hint) lines.push(hint);
	if (fault.requestId) lines.push(`inSigner request ID: ${fault.requestId}`);
	return lines.join('\n');
}

function hintOf(fault: Fault): string | undefined {
	const { method, scope, known } = endpoints[fault.endpoint];
	const mayHaveBeenDone =
		method === 'POST'
			? 'It may have been carried out all the same. Look in inSigner before you run this again.'
			: 'Try again later.';

	switch (fault.result) {
		case 'notSent':
			return 'Nothing was sent. Check the Base URL of the credential and the network of this n8n.';
		case 'noAnswer':
			return mayHaveBeenDone;
		case 'unreadable':
			return `Check the Base URL of the credential, and whether a proxy or firewall answers in place of inSigner. ${method === 'POST' ? mayHaveBeenDone : ''}`.trim();
		case 'rateLimited':
			return `inSigner asks to wait ${fault.retryAfterSeconds ?? 60} seconds. Run fewer requests at once, or spread them over time.`;
		case 'serverFault':
			return fault.status === 502
				? `A service behind inSigner, for example its e-mail delivery, did not respond. ${mayHaveBeenDone}`
				: mayHaveBeenDone;
		case 'refused':
			break;
	}

	if (fault.storage) {
		return 'The file storage did not accept the file. It may be larger than inSigner allows.';
	}
	const notOffered =
		'inSigner may not offer this through its API yet; in that case use the web app at https://app.insigner.co.';
	switch (fault.status) {
		case 401:
			return 'The API key is missing, invalid, revoked or expired. Create a new one in inSigner under Dashboard > Developers > API Keys.';
		case 403:
			return `The API key lacks the scope ${scope}. Give it this scope in inSigner, or use another key.`;
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
			return 'The current state does not allow this. Read the object again to see its status.';
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
