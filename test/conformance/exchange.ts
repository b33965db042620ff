import type { EndpointName } from '../../nodes/InSigner/api/endpoint';

/** A JSON object. */
export type Item = Record<string, unknown>;

/** What came back. */
export interface Answer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Parsed JSON, or the text of anything else; undefined for an empty body. */
	readonly body: unknown;
	/** Length of the body in bytes. */
	readonly bytes: number;
}

/** One request and its outcome, as the report shows it. */
export interface Exchange {
	/** From 1. */
	readonly number: number;
	/** What it was for. */
	readonly step: string;
	/** Undefined for the storage and for paths that do not exist. */
	readonly endpoint?: EndpointName;
	readonly method: string;
	/** Below the base URL, with the query; an address for the storage. */
	readonly path: string;
	/** The key it was sent with. */
	readonly key: 'own' | 'wrong' | 'none';
	/** The JSON that was sent; undefined if there was none. */
	readonly sent?: unknown;
	/** Milliseconds since the run began. */
	readonly atMs: number;
	tookMs?: number;
	answer?: Answer;
	/** Why there is no answer. */
	failure?: string;
}

/**
 * Whether something is a JSON object.
 *
 * @param value - anything
 */
export function isItem(value: unknown): value is Item {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a request was carried out.
 *
 * @param answer - what came back
 */
export function isSuccess({ status }: Answer): boolean {
	return status >= 200 && status < 300;
}

/**
 * The object in an answer, even if `data` wraps it once more.
 *
 * @param answer - what came back
 * @returns the object; an empty one if there is none
 */
export function itemOf({ body }: Answer): Item {
	const data = isItem(body) && 'data' in body ? body.data : body;
	if (!isItem(data)) return {};
	return isItem(data.document) ? data.document : data;
}

/**
 * The objects of a list.
 *
 * @param answer - what came back
 * @returns its items; none if it is not a list
 */
export function itemsOf({ body }: Answer): Item[] {
	const data = isItem(body) ? body.data : body;
	return Array.isArray(data) ? data.filter(isItem) : [];
}

/**
 * The id of an object as text.
 *
 * @param item - an object of the API @returns undefined if there is none
 */
export function idOf(item: Item): string | undefined {
	const { id } = item;
	return typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined;
}

/**
 * A status as the documentation writes it.
 *
 * @param item - an object with a status
 * @returns in lower case and British spelling; an empty text if there is none
 */
export function statusOf({ status }: Item): string {
	const text = typeof status === 'string' ? status.toLowerCase() : '';
	return text === 'canceled' ? 'cancelled' : text;
}

/**
 * A number, even if it arrived as text.
 *
 * @param value - anything
 * @returns undefined if it is not a number
 */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * The media type of an answer, without its parameters.
 *
 * @param answer - what came back
 */
export function mediaTypeOf({ headers }: Answer): string {
	return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * The last part of the type of an error.
 *
 * @param answer - what came back
 * @returns for example `not-found`; undefined if the error has no type
 */
export function errorTypeOf({ body }: Answer): string | undefined {
	const type = isItem(body) ? body.type : undefined;
	return typeof type === 'string' ? type.split('/').pop() : undefined;
}

/**
 * What an error says, for people.
 *
 * @param answer - what came back
 * @returns a short text; empty for a page or an empty body
 */
export function messageOf({ body }: Answer): string {
	if (typeof body === 'string') return body.trimStart().startsWith('<') ? '' : body.slice(0, 300);
	if (!isItem(body)) return '';
	const error = isItem(body.error) ? body.error : body;
	const said = [error.detail, error.message, error.title, body.error].find(
		(text) => typeof text === 'string' && text !== '',
	);
	const errors = Array.isArray(error.errors) ? error.errors.filter(isItem) : [];
	const fields = errors.map(({ field, message }) => `${String(field)}: ${String(message)}`);
	return [...(typeof said === 'string' ? [said] : []), ...fields].join('; ').slice(0, 300);
}

/**
 * An answer in a few words.
 *
 * @param answer - what came back
 * @returns for example `404 not-found "Document not found"`
 */
export function wordsOf(answer: Answer): string {
	const type = errorTypeOf(answer);
	const message = messageOf(answer);
	const media = answer.bytes === 0 ? 'without a body' : mediaTypeOf(answer);
	if (isSuccess(answer)) return [answer.status, answer.bytes === 0 ? media : ''].join(' ').trim();
	return [answer.status, type ?? media, message && `"${message}"`].filter(Boolean).join(' ');
}
