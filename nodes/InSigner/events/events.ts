import { DateTime } from 'luxon';
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import type { components } from '../api/schema';
import { withoutSigningLinks } from '../api/signingLinks';
import { asText, isObject, parsed } from '../json/json';

export type EventName = components['schemas']['WebhookEventName'];

type EventOption = INodePropertyOptions & { value: EventName };

/** The five events that inSigner documents (webhooks/overview, guides/bulk-sending). */
export const DOCUMENTED_EVENTS: EventOption[] = [
	{
		name: 'Bulk Send Completed',
		value: 'bulk_send.completed',
		action: 'On bulk send completed',
		description: 'All documents of a bulk send were created and emailed',
	},
	{
		name: 'Bulk Send Failed',
		value: 'bulk_send.failed',
		action: 'On bulk send failed',
		description: 'A bulk send could not be completed',
	},
	{
		name: 'Document Completed',
		value: 'document.completed',
		action: 'On document signed by everyone',
		description: 'Everyone has signed; the signed PDF is ready',
	},
	{
		name: 'Document Declined',
		value: 'document.declined',
		action: 'On document declined by a signer',
		description: 'A signer refused to sign',
	},
	{
		name: 'Signer Completed',
		value: 'signer.completed',
		action: 'On document signed by one signer',
		description: 'One signer has signed',
	},
];

/**
 * Events that inSigner most likely has. If it does not know one, it refuses the whole webhook, so they are only
 * offered if the user asks for them.
 */
export const UNDOCUMENTED_EVENTS: EventOption[] = [
	{ name: 'Campaign Submission', value: 'campaign.submission' },
	{ name: 'Document Cancelled', value: 'document.cancelled' },
	{ name: 'Document Created', value: 'document.created' },
	{ name: 'Document Deleted', value: 'document.deleted' },
	{ name: 'Document Expired', value: 'document.expired' },
	{ name: 'Document Sent', value: 'document.sent' },
	{ name: 'Document Viewed', value: 'document.viewed' },
	{ name: 'Signer Added', value: 'signer.added' },
	{ name: 'Signer Declined', value: 'signer.declined' },
	{ name: 'Signer Reminded', value: 'signer.reminded' },
	{ name: 'Signer Viewed', value: 'signer.viewed' },
];

/**
 * Known names by their letters alone: no delivery was ever seen, so it may separate or spell the words differently.
 */
const NAMES: ReadonlyMap<string, string> = new Map(
	[...DOCUMENTED_EVENTS, ...UNDOCUMENTED_EVENTS].map(({ value }) => [lettersOf(value), value]),
);

function lettersOf(name: string): string {
	return name
		.toLowerCase()
		.replace(/[^a-z]/g, '')
		.replace(/canceled$/, 'cancelled');
}

/**
 * The documented name of an event.
 *
 * @param name - as inSigner wrote it, for example document_completed or DocumentCompleted
 * @returns the name as the trigger offers it; an unknown name as it is
 * @see https://docs.insigner.co/webhooks/overview
 */
export function eventNameOf(name: string): string {
	return NAMES.get(lettersOf(name)) ?? name;
}

/**
 * Events that the polling trigger sees in the documented statuses of documents, in addition to the documented ones.
 */
export const STATE_EVENTS: EventOption[] = [
	{
		name: 'Document Cancelled',
		value: 'document.cancelled',
		action: 'On document cancelled',
		description: 'The sender took the document back',
	},
	{
		name: 'Document Expired',
		value: 'document.expired',
		action: 'On document expired',
		description: 'The time for signing is over',
	},
	{
		name: 'Document Sent',
		value: 'document.sent',
		action: 'On document sent to its signers',
		description: 'The document went out to its signers',
	},
];

/**
 * Writes the line below a trigger in the editor.
 *
 * @returns an expression for the names of the chosen events, e.g. "Document Completed, Signer Completed"
 */
export function eventsSubtitle(): string {
	const options = [...DOCUMENTED_EVENTS, ...UNDOCUMENTED_EVENTS];
	const names = JSON.stringify(Object.fromEntries(options.map(({ name, value }) => [value, name])));
	const chosen =
		'[].concat($parameter["events"] || [], ($parameter["options"] || {})["undocumentedEvents"] || [])';
	return `={{ ${chosen}.map((event) => (${names})[event] || event).join(", ") }}`;
}

/** What the trigger outputs. */
export interface SignatureEvent {
	event: string;
	/** When the event happened, ISO 8601 in UTC; null if the delivery does not say. */
	timestamp: string | null;
	data: IDataObject;
}

/** A verified delivery. */
export interface Delivery {
	event: SignatureEvent;
	/**
	 * When the event happened according to the signed body, in milliseconds since 1970; undefined if it does not say.
	 */
	happenedAt: number | undefined;
}

/** The longest text that is read as a time, in characters. */
const MAX_TIME_LENGTH = 64;

/** Numbers from here on are milliseconds; smaller ones are seconds, which reach to the year 5138. */
const FIRST_MILLISECONDS = 1e11;

/** No event of inSigner is older or newer: a number outside is not a time, but a zero, a count or a mistake. */
const EARLIEST_MS = Date.UTC(2020, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

const ISO_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads the body of a verified delivery.
 *
 * @param rawBody - the verified bytes: `{ event, data }`, perhaps with `timestamp` or `createdAt`, perhaps in a list
 * of one, or with the keys of `data` beside the event
 * @param timestampHeader - value of X-InSigner-Timestamp, Unix seconds of the event. It is not signed, so it is only
 * shown, and only if the body gives no time
 * @returns the event, without signing links, and its signed time; undefined if the body is not an event
 * @see https://docs.insigner.co/webhooks/security
 */
export function readDelivery(rawBody: Buffer, timestampHeader: unknown): Delivery | undefined {
	const body = withoutSigningLinks(soleOf(parsed(rawBody.toString('utf8'))));
	if (!isObject(body) || typeof body.event !== 'string') return undefined;
	const happenedAt = eventTimeOf(body.timestamp) ?? eventTimeOf(body.createdAt);
	const shown = happenedAt ?? eventTimeOf(timestampHeader);
	return {
		event: {
			event: eventNameOf(body.event),
			timestamp: shown === undefined ? null : new Date(shown).toISOString(),
			data: dataOf(body),
		},
		happenedAt,
	};
}

function soleOf(value: unknown): unknown {
	return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** All of it was parsed from JSON. */
function dataOf(body: Record<string, unknown>): IDataObject {
	const beside = { ...body };
	for (const key of ['event', 'data', 'timestamp', 'createdAt']) delete beside[key];
	return (isObject(body.data) ? body.data : beside) as IDataObject;
}

/**
 * Reads the time of an event, in any plain form.
 *
 * @param value - seconds or milliseconds since 1970, as number or text, or ISO 8601 with a time of day; UTC unless it
 * has an offset
 * @returns milliseconds since 1970; undefined for anything else
 */
export function eventTimeOf(value: unknown): number | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = String(value);
	if (text.length > MAX_TIME_LENGTH) return undefined;
	const ms = toMilliseconds(text.trim());
	return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : undefined;
}

/** @returns NaN for what is not a time */
function toMilliseconds(text: string): number {
	if (ISO_TIME.test(text)) {
		return DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' }).toMillis();
	}
	if (!/^\d+(\.\d+)?$/.test(text)) return NaN;
	const number = Number(text);
	return Math.round(number < FIRST_MILLISECONDS ? number * 1000 : number);
}

/**
 * Finds the document an event is about. The keys of `data` are inferred, so several places are looked at.
 *
 * @param event - the event
 * @returns the document's id; undefined for events without one. A bare `data.id` is the document's only in
 * `document.*` events
 */
export function documentIdOf({ event, data }: SignatureEvent): string | undefined {
	const nested = isObject(data.document) ? data.document.id : data.document;
	const bare = event.startsWith('document.') ? data.id : undefined;
	return [data.documentId, nested, bare].map(idOf).find((id) => id !== undefined);
}

/**
 * An id in an event.
 *
 * @param value - a text, or a number if the service numbers its objects
 * @returns the id as text; undefined for anything else
 */
export function idOf(value: unknown): string | undefined {
	if (typeof value === 'number') return String(value);
	return asText(value);
}
