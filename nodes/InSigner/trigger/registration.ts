import type { IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isLoopback, parseBaseUrl } from '../api/baseUrl';
import type { InSignerContext } from '../api/context';
import type { DataOf } from '../api/endpoints';
import { hasStatus } from '../api/errors';
import { list } from '../api/pagination';
import { request } from '../api/request';
import type { EventName } from './events';
import { notAgainAfterRefusal } from './refusals';
import { storedOf, type Stored } from './storage';
import { problemWithWebhookUrl } from './webhookUrl';

export type Webhook = Pick<DataOf<'listWebhooks'>[number], 'id' | 'url' | 'events' | 'status'>;

/** What this trigger needs at inSigner. */
export interface Desired {
	url: string;
	events: EventName[];
}

export type Step =
	| { do: 'create' }
	| { do: 'update'; id: string; changes: { url?: string; events?: EventName[]; status?: 'active' } }
	| { do: 'delete'; id: string };

/**
 * What has to be done so that inSigner delivers exactly what is desired, once.
 *
 * @param desired - url and events
 * @param stored - what n8n keeps
 * @param actual - all webhooks of the organization
 * @returns the steps in order; none when all is as it should be
 */
export function plan(desired: Desired, stored: Stored, actual: Webhook[]): Step[] {
	// A webhook without its secret is worthless: what it delivers could not be verified.
	const kept = actual.find(({ id }) => id === stored.webhookId && Boolean(stored.secret));
	const others = actual.filter(({ id, url }) => id !== kept?.id && url === desired.url);
	const steps: Step[] = [];
	for (const { id, status } of others) {
		// One that is switched off delivers nothing; it only has to go where its place is needed.
		if (status === 'active' || !kept) steps.push({ do: 'delete', id });
	}
	if (!kept) return [...steps, { do: 'create' }];

	const changes = {
		...(kept.url !== desired.url && { url: desired.url }),
		...(!sameEvents(readEvents(kept.events), desired.events) && { events: desired.events }),
		...(kept.status !== 'active' && { status: 'active' as const }),
	};
	if (Object.keys(changes).length > 0) steps.push({ do: 'update', id: kept.id, changes });
	return steps;
}

/**
 * Whether inSigner holds exactly what is desired already. Looked up each time: an id that n8n keeps says nothing
 * about what became of the webhook since.
 *
 * @param ctx - n8n's hook context
 * @param desired - url and events
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function isRegistered(ctx: IHookFunctions, desired: Desired): Promise<boolean> {
	return plan(desired, storedOf(ctx), await list(ctx, 'listWebhooks')).length === 0;
}

/**
 * Brings inSigner to what is desired. Each step is safe to repeat: killed anywhere, the next call converges.
 *
 * @param ctx - n8n's hook context
 * @param desired - url and events
 * @throws NodeOperationError for no events, a URL inSigner cannot deliver to or a creation without a secret;
 * InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function register(ctx: IHookFunctions, desired: Desired): Promise<void> {
	if (desired.events.length === 0) {
		throw new NodeOperationError(ctx.getNode(), 'No event is chosen', {
			description: 'Choose in Events what starts the workflow.',
		});
	}
	await refuseUnreachable(ctx, desired.url);
	const held = await list(ctx, 'listWebhooks');
	for (const step of plan(desired, storedOf(ctx), held)) {
		if (step.do === 'delete') await removeWebhook(ctx, step.id);
		if (step.do === 'update') {
			await request(ctx, 'updateWebhook', { path: { webhookId: step.id }, body: step.changes });
		}
		if (step.do === 'create') await create(ctx, desired, held);
	}
}

/**
 * Removes every webhook of this trigger, found by id and by URL.
 *
 * @param ctx - n8n's hook context
 * @param url - this trigger's URL
 * @throws InSignerApiError when inSigner does not answer or refuses: n8n then tries again
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function deregister(ctx: IHookFunctions, url: string): Promise<void> {
	const stored = storedOf(ctx);
	let kept = false;
	for (const webhook of await list(ctx, 'listWebhooks')) {
		if (webhook.id !== stored.webhookId && webhook.url !== url) continue;
		const outcome = await removeWebhook(ctx, webhook.id);
		// Where deleting is not offered, the next activation switches the same one on again.
		if (webhook.id === stored.webhookId && outcome === 'switchedOff') kept = true;
	}
	if (!kept) forget(stored);
}

async function create(
	ctx: IHookFunctions,
	{ url, events }: Desired,
	held: Webhook[],
): Promise<void> {
	const stored = storedOf(ctx);
	const { data } = await notAgainAfterRefusal(ctx, { url, events }, held, async () => {
		return await request(ctx, 'createWebhook', {
			body: { url, events, description: descriptionOf(ctx) },
		});
	});
	stored.webhookId = data.id;
	// The type promises a secret; the service may still leave it out.
	const { secret }: { secret?: string } = data;
	if (secret) {
		stored.secret = secret;
		return;
	}
	await removeWebhook(ctx, data.id);
	forget(stored);
	throw new NodeOperationError(
		ctx.getNode(),
		'inSigner created the webhook without giving its secret, so no event could be verified',
		{ description: 'The webhook was removed again. Publish the workflow once more.' },
	);
}

function forget(stored: Stored): void {
	delete stored.webhookId;
	delete stored.secret;
}

/** Tells people, in inSigner and in the Webhook operations, what a webhook is for. */
function descriptionOf(ctx: IHookFunctions): string {
	const { id, name } = ctx.getWorkflow();
	const purpose = ctx.getMode() === 'manual' ? 'n8n test run' : 'n8n';
	return `${purpose}: workflow "${[...(name ?? '')].slice(0, 400).join('')}" (${id})`;
}

/**
 * Deletes a webhook; where the API does not offer that (it is not documented), switches it off.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param webhookId - the webhook
 * @param itemIndex - index of the input item, from 0
 * @returns what became of it; one that is not there any more counts as deleted
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function removeWebhook(
	ctx: InSignerContext,
	webhookId: string,
	itemIndex?: number,
): Promise<'deleted' | 'switchedOff'> {
	const path = { webhookId };
	const isDeleted = await request(ctx, 'deleteWebhook', { path, itemIndex }).then(
		() => true,
		(error: unknown) => {
			if (hasStatus(error, 404, 405, 410)) return false;
			throw error;
		},
	);
	if (isDeleted) return 'deleted';
	return await request(ctx, 'updateWebhook', {
		path,
		body: { status: 'inactive' },
		itemIndex,
	}).then(
		() => 'switchedOff' as const,
		(error: unknown) => {
			// Gone for good: that is what was wanted.
			if (hasStatus(error, 404, 410)) return 'deleted' as const;
			throw error;
		},
	);
}

async function refuseUnreachable(ctx: IHookFunctions, url: string): Promise<void> {
	const { baseUrl } = await ctx.getCredentials<{ baseUrl: string }>('inSignerApi');
	const problem = problemWithWebhookUrl(url, isLoopback(new URL(parseBaseUrl(baseUrl))));
	if (!problem) return;
	throw new NodeOperationError(
		ctx.getNode(),
		`inSigner cannot deliver events to this n8n: ${problem}`,
		{
			description:
				'inSigner only delivers to public https addresses. Set the environment variable WEBHOOK_URL of n8n to its public address, or put a tunnel in front of it.',
		},
	);
}

/**
 * The events of a webhook: the API takes a list and gives back a text that holds one.
 *
 * @param events - as the API gives them
 * @returns event names; none when it is something else
 */
export function readEvents(events: Webhook['events']): string[] {
	if (Array.isArray(events)) return events;
	try {
		const parsed: unknown = JSON.parse(events);
		return Array.isArray(parsed) ? parsed.map(String) : [];
	} catch {
		return [];
	}
}

/**
 * Whether two lists hold the same events, in any order.
 *
 * @param actual - event names
 * @param desired - event names
 */
export function sameEvents(actual: string[], desired: string[]): boolean {
	const wanted = new Set(desired);
	return new Set(actual).size === wanted.size && actual.every((event) => wanted.has(event));
}
