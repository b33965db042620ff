import {
	DOCUMENTED_EVENTS,
	UNDOCUMENTED_EVENTS,
	type EventName,
} from '../../nodes/InSigner/events/events';
import { nameOf } from './differences';
import { idOf, isSuccess, itemOf, itemsOf, statusOf, wordsOf, type Answer } from './exchange';
import { lookUntil, mustWork, noteMade, noteUse, type SendingRun } from './run';

/**
 * Addresses that no one has, so that no event of the account reaches anyone: a name that never exists (RFC 2606), and
 * an address from the documentation range (RFC 5737) if such a name is refused.
 */
const NOBODY = ['https://n8n-nodes-insigner.invalid', 'https://192.0.2.1'];

const DOCUMENTED: EventName[] = DOCUMENTED_EVENTS.map(({ value }) => value);
const UNDOCUMENTED: EventName[] = UNDOCUMENTED_EVENTS.map(({ value }) => value);

/**
 * A webhook that no one listens to: created, switched off, given other events, listed, deleted.
 *
 * @param run - the run
 */
export async function tryWebhook(run: SendingRun): Promise<void> {
	const webhookId = await create(run);
	if (webhookId === undefined) return;
	const path = { webhookId };
	const off = await run.client.call('updateWebhook', { path, body: { status: 'inactive' } });
	mustWork('updateWebhook', off);
	await tryEvents(run, webhookId);
	const read = await run.client.call('getWebhook', { path });
	if (isSuccess(read) && statusOf(itemOf(read)) !== 'inactive') {
		run.differ(nameOf('updateWebhook'), 'does not switch a webhook off');
	}
	const list = await run.client.call('listWebhooks', { query: { limit: 100 } });
	const listed = itemsOf(list).find((item) => idOf(item) === webhookId);
	if (!listed) run.differ(nameOf('listWebhooks'), 'does not list a webhook that was just made');
	else if ('secret' in listed) run.differ(nameOf('listWebhooks'), 'shows the secret');

	const answer = await run.client.call('deleteWebhook', { path });
	if (!noteUse(run, 'deleteWebhook', answer)) return;
	const isGone = (seen: Answer): boolean => seen.status === 404;
	const after = await lookUntil(
		run,
		async () => await run.client.call('getWebhook', { path }),
		isGone,
	);
	if (isGone(after)) run.own.remove(webhookId);
	run.seen.effects.set('deleteWebhook', {
		done: isGone(after),
		words: isGone(after) ? wordsOf(answer) : 'the webhook is still there',
	});
}

async function create(run: SendingRun): Promise<string | undefined> {
	for (const host of NOBODY) {
		const answer = await run.client.call('createWebhook', {
			body: { url: webhookUrl(run, host), events: DOCUMENTED, description: run.name },
		});
		if (isSuccess(answer)) return noteMade(run, 'webhook', answer);
		const why = `No webhook could be made: ${wordsOf(answer)}`;
		run.seen.why.set(18, why);
		run.seen.why.set(19, why);
		if (answer.status !== 422) break;
	}
	return undefined;
}

function webhookUrl(run: SendingRun, host: string): string {
	return `${host}/${run.name.replace(/\W+/g, '-')}`;
}

/** Changing the events does not count towards the ten creations an hour. */
async function tryEvents(run: SendingRun, webhookId: string): Promise<void> {
	const path = { webhookId };
	const all = await run.client.call('updateWebhook', {
		path,
		body: { events: [...DOCUMENTED, ...UNDOCUMENTED] },
	});
	const accepted: string[] = [];
	const refused: string[] = [];
	if (isSuccess(all)) {
		accepted.push(...UNDOCUMENTED);
	} else {
		for (const event of UNDOCUMENTED) {
			const answer = await run.client.call('updateWebhook', { path, body: { events: [event] } });
			(isSuccess(answer) ? accepted : refused).push(event);
		}
	}
	const nonsense = await run.client.call('updateWebhook', {
		path,
		rawBody: JSON.stringify({ events: ['conformance.nothing'] }),
	});
	run.seen.events = { accepted, refused, takesAnything: isSuccess(nonsense) };
}
