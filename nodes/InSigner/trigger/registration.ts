import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isLoopback, parseBaseUrl } from '../api/baseUrl';
import type { DataOf } from '../api/endpoints';
import { hasStatus } from '../api/errors';
import { list } from '../api/pagination';
import { request } from '../api/request';
import type { EventName } from './events';
import { notAgainAfterRefusal } from './refusals';
import { problemWithWebhookUrl } from './webhookUrl';

type Webhook = Pick<DataOf<'listWebhooks'>[number], 'id' | 'url' | 'events' | 'status'>;

/** What this trigger needs at inSigner. */
export interface Desired {
	url: string;
	events: EventName[];
}

/** What n8n keeps for this trigger between calls. The secret is given out once, when a webhook is created. */
export interface Stored extends IDataObject {
	webhookId?: string;
	secret?: string;
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
 * Compares this trigger with what is registered.
 *
 * @param ctx - n8n's hook context
 * @param desired - url and events
 * @returns the steps that are missing
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function missingSteps(ctx: IHookFunctions, desired: Desired): Promise<Step[]> {
	return plan(desired, storedOf(ctx), await list(ctx, 'listWebhooks'));
}

/**
 * Brings inSigner to what is desired. Each step is safe to repeat: killed anywhere, the next call converges.
 *
 * @param ctx - n8n's hook context
 * @param desired - url and events
 * @throws NodeOperationError for a URL inSigner cannot deliver to or a creation without a secret;
 * InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function register(ctx: IHookFunctions, desired: Desired): Promise<void> {
	await refuseUnreachable(ctx, desired.url);
	for (const step of await missingSteps(ctx, desired)) {
		if (step.do === 'delete') await remove(ctx, step.id);
		if (step.do === 'update') {
			await request(ctx, 'updateWebhook', { path: { webhookId: step.id }, body: step.changes });
		}
		if (step.do === 'create') await create(ctx, desired);
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
	for (const webhook of await list(ctx, 'listWebhooks')) {
		if (webhook.id === stored.webhookId || webhook.url === url) await remove(ctx, webhook.id);
	}
	delete stored.webhookId;
	delete stored.secret;
}

/** What n8n keeps for this trigger; changes to it are saved by n8n. */
export function storedOf(ctx: Pick<IHookFunctions, 'getWorkflowStaticData'>): Stored {
	return ctx.getWorkflowStaticData('node');
}

async function create(ctx: IHookFunctions, { url, events }: Desired): Promise<void> {
	const stored = storedOf(ctx);
	const description = `n8n workflow ${ctx.getWorkflow().name ?? ''}`.slice(0, 500);
	const { data } = await notAgainAfterRefusal(ctx, { url, events }, async () => {
		return await request(ctx, 'createWebhook', { body: { url, events, description } });
	});
	stored.webhookId = data.id;
	// The type promises a secret; the service may still leave it out.
	const { secret }: { secret?: string } = data;
	if (secret) {
		stored.secret = secret;
		return;
	}
	await remove(ctx, data.id);
	delete stored.webhookId;
	delete stored.secret;
	throw new NodeOperationError(
		ctx.getNode(),
		'inSigner created the webhook without giving its secret, so no event could be verified',
		{ description: 'The webhook was removed again. Publish the workflow once more.' },
	);
}

/** Deletes a webhook; where the API does not offer that (it is not documented), switches it off. */
async function remove(ctx: IHookFunctions, webhookId: string): Promise<void> {
	const path = { webhookId };
	const refused = await request(ctx, 'deleteWebhook', { path }).then(
		() => undefined,
		(error: unknown) => {
			if (hasStatus(error, 404, 405, 410)) return error;
			throw error;
		},
	);
	if (!refused) return;
	await request(ctx, 'updateWebhook', { path, body: { status: 'inactive' } }).catch(
		(error: unknown) => {
			// Gone for good: that is what was wanted.
			if (!hasStatus(error, 404, 410)) throw error;
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

/** The API takes a list and gives back a text that holds one. */
function readEvents(events: Webhook['events']): string[] {
	if (Array.isArray(events)) return events;
	try {
		const parsed: unknown = JSON.parse(events);
		return Array.isArray(parsed) ? parsed.map(String) : [];
	} catch {
		return [];
	}
}

function sameEvents(actual: string[], desired: string[]): boolean {
	const wanted = new Set(desired);
	return new Set(actual).size === wanted.size && actual.every((event) => wanted.has(event));
}
