import type { INodeExecutionData } from 'n8n-workflow';

import { withoutSigningLinks } from '../api/signingLinks';
import { fingerprintOf } from '../events/deduplication';
import { passes } from '../events/filters';
import type { TriggerSettings } from '../events/settings';
import type { Transition } from './observe';

/**
 * Whether the workflow is started by something that happened.
 *
 * @param settings - the events and filters that were chosen
 * @param transition - what happened
 */
export function isWanted(
	{ events, filters }: Pick<TriggerSettings, 'events' | 'filters'>,
	{ event, about }: Transition,
): boolean {
	return events.some((name) => name === event.event) && passes(filters, event, about) === true;
}

/**
 * The item that something that happened becomes: that of inSigner Trigger, and `source: "poll"`.
 *
 * @param transition - what happened
 * @returns the item; its fingerprint stays the same however often it is told, since a document takes each step once
 */
export function itemOf({ id, event }: Transition): INodeExecutionData {
	const { signerId = '' } = event.data;
	const fingerprint = fingerprintOf(Buffer.from(JSON.stringify([event.event, id, signerId])));
	return { json: withoutSigningLinks({ ...event, fingerprint, source: 'poll' }) };
}
