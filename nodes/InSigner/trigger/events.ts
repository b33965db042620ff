import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import type { components } from '../api/schema';

export type EventName = components['schemas']['WebhookEventName'];

type EventOption = INodePropertyOptions & { value: EventName };

/** The five events that inSigner documents (webhooks/overview, guides/bulk-sending). */
export const DOCUMENTED_EVENTS: EventOption[] = [
	{
		name: 'Bulk Send Completed',
		value: 'bulk_send.completed',
		description: 'All documents of a bulk send were made and mailed',
	},
	{
		name: 'Bulk Send Failed',
		value: 'bulk_send.failed',
		description: 'A bulk send did not go through',
	},
	{
		name: 'Document Completed',
		value: 'document.completed',
		description: 'Everybody has signed; the signed PDF is ready',
	},
	{
		name: 'Document Declined',
		value: 'document.declined',
		description: 'A signer refused to sign',
	},
	{
		name: 'Signer Completed',
		value: 'signer.completed',
		description: 'One signer has signed',
	},
];

/**
 * Events that inSigner most likely has. One that it does not know makes it refuse the whole webhook, so they
 * are only offered where the user asks for them.
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

/** Events that the polling trigger sees in the documented states of documents, besides the documented ones. */
export const STATE_EVENTS: EventOption[] = [
	{
		name: 'Document Cancelled',
		value: 'document.cancelled',
		description: 'The sender took the document back',
	},
	{
		name: 'Document Expired',
		value: 'document.expired',
		description: 'The time for signing is over',
	},
	{
		name: 'Document Sent',
		value: 'document.sent',
		description: 'The document went out to its signers',
	},
];

/** A delivery, as it becomes the trigger's output item. */
export interface SignatureEvent {
	event: string;
	/** When the event happened, ISO 8601 in UTC; null when the delivery does not say. */
	timestamp: string | null;
	data: IDataObject;
}

/**
 * Reads the body of a verified delivery.
 *
 * @param rawBody - the verified bytes: `{ event, data, timestamp? }`
 * @param timestampHeader - value of X-InSigner-Timestamp, Unix seconds of the event
 * @returns the event, without signing links; undefined when the body is not a delivery
 * @see https://docs.insigner.co/webhooks/security
 */
export function readEvent(rawBody: Buffer, timestampHeader: unknown): SignatureEvent | undefined {
	const body = parse(rawBody);
	if (!isObject(body) || typeof body.event !== 'string') return undefined;
	return {
		event: body.event,
		timestamp:
			typeof body.timestamp === 'string' ? body.timestamp : toIso(Number(timestampHeader ?? NaN)),
		data: isObject(body.data) ? body.data : {},
	};
}

/**
 * Finds the document an event is about. The keys of `data` are inferred, so several places are looked at.
 *
 * @param event - the event
 * @returns the document's id; undefined for events without one. A bare `data.id` is only that of the document
 * in `document.*` events
 */
export function documentIdOf({ event, data }: SignatureEvent): string | undefined {
	const nested = isObject(data.document) ? data.document.id : undefined;
	const bare = event.startsWith('document.') ? data.id : undefined;
	return [data.documentId, nested, bare].find(
		(id): id is string => typeof id === 'string' && id !== '',
	);
}

function parse(rawBody: Buffer): unknown {
	try {
		// A signing link lets its holder sign; it is only given out where the user asks for it.
		return JSON.parse(rawBody.toString('utf8'), (key, value: unknown) =>
			key === 'signingUrl' || key === '__proto__' ? undefined : value,
		);
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toIso(seconds: number): string | null {
	const time = new Date(seconds * 1000);
	return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
