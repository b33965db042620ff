import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { passes } from '../trigger/filters';
import { readSettings } from '../trigger/settings';
import type { Transition } from './observe';
import { isWanted, itemOf } from './output';
import { BULK_SENDS, bulkSendList, documentList, DOCUMENTS, type Subject } from './reading';
import type { Sighting } from './sightings';

/** Documents that are read by themselves in search of an example. */
const MAX_READ = 5;

/** Where an event leaves its traces. */
const TRACES: Readonly<Record<string, ReadonlyArray<Subject['all']>>> = {
	'bulk_send.completed': [bulkSendList('completed')],
	'bulk_send.failed': [bulkSendList('failed')],
	'document.cancelled': [documentList('cancelled')],
	'document.completed': [documentList('completed')],
	'document.declined': [documentList('declined')],
	'document.expired': [documentList('expired')],
	'document.sent': [documentList('pending')],
	'signer.completed': [documentList('completed'), documentList('pending')],
};

/**
 * What a test run shows: the latest event that would have started the workflow. Nothing is remembered.
 *
 * @param ctx - n8n's execution context of a manual run
 * @returns one item, none where inSigner has nothing that matches
 * @throws InSignerApiError as request()
 */
export async function example(ctx: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readSettings(ctx);
	const candidates: Array<{ sighting: Sighting; subject: Subject }> = [];
	for (const event of settings.events) {
		const subject = event.startsWith('bulk_send.') ? BULK_SENDS : DOCUMENTS;
		for (const read of TRACES[event] ?? []) {
			const { sightings } = await read(ctx);
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
		const last = stepsOf(await subject.one(ctx, sighting.id))
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
