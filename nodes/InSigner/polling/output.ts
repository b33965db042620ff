import type { INodeExecutionData } from 'n8n-workflow';

import { withoutSigningLinks } from '../api/signingLinks';
import { fingerprintOf } from '../events/deduplication';
import { passes } from '../events/filters';
import type { TriggerSettings } from '../events/settings';
import type { Transition } from './observe';

/**
 * Whether something that happened starts the workflow.
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
 * Turns something that happened into an item: that of inSigner Trigger, plus `source: "poll"`.
 *
 * @param transition - what happened
 * @returns the item; its fingerprint is the same however often it is told, since a document takes each step once
 */
export function itemOf({ id, event }: Transition): INodeExecutionData {
	const { signerId = '' } = event.data;
	const fingerprint = fingerprintOf(Buffer.from(JSON.stringify([event.event, id, signerId])));
	return { json: withoutSigningLinks({ ...event, fingerprint, source: 'poll' }) };
}
