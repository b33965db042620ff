import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import type { components } from '../api/schema';

export type EventName = components['schemas']['WebhookEventName'];

/** The five documented events. Others make the service refuse the whole webhook, so they are not offered. */
export const DOCUMENTED_EVENTS: Array<INodePropertyOptions & { value: EventName }> = [
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
