import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { EventName } from '../events/events';
import { passes } from '../events/filters';
import { readSettings } from '../events/settings';
import type { Transition } from './observe';
import { isWanted, itemOf } from './output';
import { bulkSendList, bulkSends, documentList, documents, type Subject } from './reading';
import type { Sighting } from './sightings';

/** How many documents are read in full to find an example. */
const MAX_READ = 5;

/** The lists in which an event can be seen. */
function tracesOf(ctx: IExecuteFunctions, event: EventName): ReadonlyArray<Subject['all']> {
	switch (event) {
		case 'bulk_send.completed':
			return [bulkSendList(ctx, 'completed')];
		case 'bulk_send.failed':
			return [bulkSendList(ctx, 'failed')];
		case 'document.cancelled':
			return [documentList(ctx, 'cancelled')];
		case 'document.completed':
			return [documentList(ctx, 'completed')];
		case 'document.declined':
			return [documentList(ctx, 'declined')];
		case 'document.expired':
			return [documentList(ctx, 'expired')];
		case 'document.sent':
			return [documentList(ctx, 'pending')];
		case 'signer.completed':
			return [documentList(ctx, 'completed'), documentList(ctx, 'pending')];
		default:
			return [];
	}
}

/**
 * What a test run shows: the latest event that would have started the workflow. Nothing is remembered.
 *
 * @param ctx - n8n's execution context of a manual run
 * @returns one item; none if inSigner has nothing that matches
 * @throws InSignerApiError as request()
 */
export async function example(ctx: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readSettings(ctx);
	const candidates: Array<{ sighting: Sighting; subject: Subject }> = [];
	for (const event of settings.events) {
		const subject = event.startsWith('bulk_send.') ? bulkSends(ctx) : documents(ctx);
		for (const read of tracesOf(ctx, event)) {
			const { sightings } = await read();
			candidates.push(...sightings.map((sighting) => ({ sighting, subject })));
		}
	}
	const matching = candidates
		.filter(({ sighting: { sent, ended, json } }) => {
			const event = ended ?? sent;
			return event !== undefined && passes(settings.filters, event, json) === true;
		})
		.sort((one, other) => other.sighting.updatedAt - one.sighting.updatedAt);
	for (const { sighting, subject } of matching.slice(0, MAX_READ)) {
		const last = stepsOf(await subject.one(sighting.id))
			.filter((transition) => isWanted(settings, transition))
			.at(-1);
		if (!last) continue;
		tell(ctx, 'This is the latest event of this kind, as an example.');
		return [itemOf(last)];
	}
	tell(ctx, 'Nothing in inSigner matches these events and filters yet, so there is no example.');
	return [];
}

function stepsOf({ id, sent, signings = [], ended, json }: Sighting): Transition[] {
	return [sent, ...signings.map(({ event }) => event), ended].flatMap((event) =>
		event ? [{ id, event, about: json }] : [],
	);
}

function tell(ctx: IExecuteFunctions, message: string): void {
	ctx.addExecutionHints({
		message: `${message} Once published, the first poll takes what is there as the starting point, and what happens from then on starts the workflow.`,
		location: 'outputPane',
	});
}
