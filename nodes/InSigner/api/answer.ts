import type { IExecuteFunctions } from 'n8n-workflow';

import { asText, isObject, parsedObject } from '../json/json';
import { inDocumentedForm } from './documentedForm';
import type { Fault } from './errors';
import type { AnswerHeaders } from './rateLimit';
import type { ExchangeResult } from './retry';
import type { components } from './schema';

type ListMeta = components['schemas']['ListMeta'];

/** A stream of bytes as n8n hands it out (its type lives in a module that n8n Cloud does not let nodes import). */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** What came over the wire. The body is text, or a stream if the caller asked for one. */
export interface RawAnswer {
	readonly statusCode: number;
	readonly headers: AnswerHeaders;
	readonly body: string | ByteStream;
	/** Host that answered. */
	readonly host: string;
}

/** The most bytes a problem or envelope can have; both are small. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** The service never saw the request when one of these is the reason: no address, or a certificate that is not its own. */
const BEFORE_SENDING = new Set([
	'ENOTFOUND',
	'EAI_AGAIN',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'CERT_UNTRUSTED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** How deep errors are searched, and how many side by side: they come from elsewhere. */
const MAX_CAUSES = 8;
const MAX_ERRORS = 32;

/**
 * Reads the envelope `{ data, meta? }` of a success.
 *
 * @param text - the body
 * @param answer - where it came from
 * @param mayBeEmpty - whether an empty body is a success with any status
 * @returns data in its documented form and meta, data undefined for an empty body that is allowed; or `unreadable`,
 * which says briefly what is wrong
 * @see https://docs.insigner.co/getting-started/introduction
 */
export function readEnvelope<T>(
	text: string,
	{ statusCode, headers }: RawAnswer,
	mayBeEmpty = false,
): { data: T; meta?: ListMeta } | { unreadable: string } {
	if (statusCode >= 300 || statusCode < 200) {
		return { unreadable: `HTTP status ${statusCode}${statusCode < 400 ? ', a redirect' : ''}` };
	}
	// Deletions may answer with a body or without; anything else says 204 when it has nothing to say.
	if (text === '' && (statusCode === 204 || mayBeEmpty)) return { data: undefined as T };
	if (text === '') return { unreadable: 'an empty body' };
	const contentType = headers['content-type'] ?? 'no content type';
	const parsed = parsedObject(text);
	if (!parsed) return { unreadable: `${contentType} that is not a complete JSON object` };
	if (!('data' in parsed)) return { unreadable: 'JSON without "data"' };
	return { ...(parsed as { data: T; meta?: ListMeta }), data: inDocumentedForm(parsed.data as T) };
}

/**
 * Reads what a 4xx or 5xx says. Gateways and proxies answer with these statuses too, while the service behind them
 * may still be working, so only what certainly comes from the service itself counts as its answer.
 *
 * @param text - the body
 * @param answer - where it came from
 * @returns the parts of a Fault that it reveals
 * @see https://docs.insigner.co/getting-started/errors
 */
export function readProblem(
	text: string,
	{ statusCode: status, headers }: Pick<RawAnswer, 'statusCode' | 'headers'>,
): Pick<Fault, 'result' | 'status' | 'type' | 'detail' | 'fields' | 'foreign'> {
	const problem = parsedObject(text);
	const contentType = headers['content-type'] ?? '';
	const foreign = !problem && (isMarkup(contentType, text) || !headers['x-request-id']);
	const result = resultOf(status, contentType, problem, foreign);
	const told = { result, status, ...(foreign && { foreign }) };
	if (!problem) return told;
	const fields = Array.isArray(problem.errors) ? problem.errors.filter(isFieldProblem) : [];
	return {
		...told,
		// The URIs are on a different domain than the docs; only the last segment can be trusted.
		type: asText(problem.type)?.split('/').pop(),
		detail: asText(problem.detail) ?? asText(problem.title),
		...(fields.length > 0 && { fields: fields.map(({ field, message }) => ({ field, message })) }),
	};
}

/** Statuses that mean no service accepted the request, whoever answers. */
const NOT_TAKEN = new Set([404, 405, 407]);

/** Statuses with which a gateway says that it stopped waiting. */
const STOPPED_WAITING = new Set([408, 499]);

function resultOf(
	status: number,
	contentType: string,
	problem: Record<string, unknown> | undefined,
	foreign: boolean,
): ExchangeResult {
	if (status === 429) return 'rateLimited';
	if (status >= 500) {
		const own = problem !== undefined && contentType.includes('application/problem+json');
		return own && (status === 500 || status === 502) ? 'serverFault' : 'noAnswer';
	}
	if (STOPPED_WAITING.has(status)) return 'noAnswer';
	return foreign && !NOT_TAKEN.has(status) ? 'unreadable' : 'refused';
}

function isMarkup(contentType: string, text: string): boolean {
	return /\b(html|xml)\b/i.test(contentType) || text.trimStart().startsWith('<');
}

/**
 * Reads why there is no answer at all.
 *
 * @param error - what n8n's request helper threw: a NodeApiError around the error of its HTTP client
 * @returns result and code; undefined when the request failed before it left (the credential or n8n's SSRF protection
 * refused it); that message should reach the user as it is
 */
export function readTransportFault(error: unknown): Pick<Fault, 'result' | 'code'> | undefined {
	const causes = causesOf(error);
	const code = causes.map(codeOf).find((found) => found !== undefined);
	if (code === undefined && !causes.some((cause) => 'isAxiosError' in cause)) return undefined;
	return {
		result: causes.some(isBeforeSending) ? 'notSent' : 'noAnswer',
		code: code ?? 'no code',
	};
}

/** What is read from an error; n8n's, the HTTP client's and Node.js's errors each have some of it. */
interface ErrorLike {
	readonly message?: unknown;
	readonly cause?: unknown;
	readonly code?: unknown;
	/** What Node.js was doing. */
	readonly syscall?: unknown;
	/** One for each address, if a connection was tried at several. */
	readonly errors?: unknown;
	/** n8n puts the code here when there was no HTTP status. */
	readonly httpCode?: unknown;
	/** n8n keeps the message it replaced here. n8n before 2.32 keeps nothing else: it drops the cause. */
	readonly messages?: unknown;
}

/** An error and what caused it, from the outside in. */
function causesOf(error: unknown): ErrorLike[] {
	const causes: ErrorLike[] = [];
	let next = error;
	while (typeof next === 'object' && next !== null && causes.length < MAX_CAUSES) {
		const current: ErrorLike = next;
		causes.push(current);
		next = current.cause;
	}
	return causes;
}

function codeOf({ code, httpCode }: ErrorLike): string | undefined {
	if (typeof code === 'string') return code;
	return typeof httpCode === 'string' && /^[A-Z]/.test(httpCode) ? httpCode : undefined;
}

/** Whether the request cannot have gone out; if several addresses were tried, to none of them. */
function isBeforeSending(error: ErrorLike): boolean {
	const { errors } = error;
	if (!Array.isArray(errors) || errors.length === 0) return isOnConnect(error);
	return (
		errors.length <= MAX_ERRORS && errors.every((one: unknown) => causesOf(one).some(isOnConnect))
	);
}

/**
 * Whether an error says that no connection was made. The same codes (EHOSTUNREACH, ETIMEDOUT) can also end
 * connections after the request was sent, so what counts is what Node.js was doing.
 */
function isOnConnect(error: ErrorLike): boolean {
	const { syscall, message, messages } = error;
	if (syscall !== undefined) return syscall === 'connect' || syscall === 'getaddrinfo';
	const code = codeOf(error);
	if (code === undefined) return false;
	if (BEFORE_SENDING.has(code)) return true;
	const kept: unknown = Array.isArray(messages) ? messages[0] : undefined;
	return [message, kept].some(
		(text) => typeof text === 'string' && text.startsWith('connect') && text.includes(code),
	);
}

/**
 * The whole body as text.
 *
 * @param body - text, or a stream, which is read to its end
 * @returns the text
 * @throws Error when a stream breaks or is larger than 32 MiB
 */
export async function textOf(body: string | ByteStream): Promise<string> {
	if (typeof body === 'string') return body;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		const bytes = Buffer.from(chunk as Uint8Array);
		size += bytes.length;
		if (size > MAX_TEXT_BYTES) {
			body.destroy();
			throw new Error('The answer is too large');
		}
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function isFieldProblem(value: unknown): value is { field: string; message: string } {
	return isObject(value) && typeof value.field === 'string' && typeof value.message === 'string';
}
