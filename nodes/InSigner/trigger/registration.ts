import type { IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isLoopback, parseBaseUrl } from '../api/baseUrl';
import type { InSignerContext } from '../api/context';
import type { DataOf } from '../api/endpoints';
import { hasStatus } from '../api/errors';
import { list } from '../api/pagination';
import { request } from '../api/request';
import { eventNameOf, type EventName } from './events';
import { parsed } from '../parameters/json';
import { notAgainAfterRefusal } from './refusals';
import { storedOf, type Stored } from './storage';
import { problemWithWebhookUrl } from './webhookUrl';

export type Webhook = Pick<
	DataOf<'listWebhooks'>[number],
	'id' | 'url' | 'events' | 'status' | 'description'
>;

/** What this trigger needs at inSigner. */
export interface Desired {
	url: string;
	events: EventName[];
	/** Whose trigger it is. */
	workflowId: string;
}

export type Step =
	| { do: 'create' }
	| { do: 'update'; id: string; changes: { events?: EventName[]; status?: 'active' } }
	| { do: 'delete'; id: string };

/**
 * What has to be done so that inSigner delivers exactly what is desired, once. Only webhooks at the desired URL are
 * touched: what n8n keeps may be a copy of another n8n's, and then the webhook of the stored id is that n8n's.
 *
 * @param desired - url, events and workflow
 * @param stored - what n8n keeps
 * @param actual - all webhooks of the organization
 * @returns the steps in order; none when all is as it should be
 */
export function plan(desired: Desired, stored: Stored, actual: Webhook[]): Step[] {
	const here = actual.filter(({ url }) => isSameAddress(url, desired.url));
	// A webhook without its secret is worthless: what it delivers could not be verified.
	const kept = here.find(
		(webhook) =>
			webhook.id === stored.webhookId &&
			Boolean(stored.secret) &&
			otherOwnerOf(webhook, desired.workflowId) === undefined,
	);
	const steps: Step[] = [];
	for (const { id, status } of here) {
		// One that is switched off delivers nothing; it only has to go where its place is needed.
		if (id !== kept?.id && (status === 'active' || !kept)) steps.push({ do: 'delete', id });
	}
	if (!kept) return [...steps, { do: 'create' }];

	const changes = {
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
 * @param desired - url, events and workflow
 * @throws NodeOperationError for a URL that n8n may not serve; InSignerApiError as request()
 * @see https://docs.insigner.co/webhooks/overview
 */
export async function isRegistered(ctx: IHookFunctions, desired: Desired): Promise<boolean> {
	refuseDoubleSlash(ctx, desired.url);
	return plan(desired, storedOf(ctx), await list(ctx, 'listWebhooks')).length === 0;
}

/**
 * Brings inSigner to what is desired. Each step is safe to repeat: killed anywhere, the next call converges.
 *
 * @param ctx - n8n's hook context
 * @param desired - url, events and workflow
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
	refuseDoubleSlash(ctx, desired.url);
	const stored = storedOf(ctx);
	const held = await list(ctx, 'listWebhooks');
	const elsewhere = held.find(
		({ id, url }) => id === stored.webhookId && !isSameAddress(url, desired.url),
	);
	for (const step of plan(desired, stored, held)) {
		if (step.do === 'delete') await removeWebhook(ctx, step.id);
		if (step.do === 'update') {
			await request(ctx, 'updateWebhook', { path: { webhookId: step.id }, body: step.changes });
		}
		if (step.do === 'create') await create(ctx, desired, held);
	}
	if (elsewhere) tellElsewhere(ctx, elsewhere);
}

/**
 * Removes every webhook at this trigger's URL, except one that says it is another workflow's. Where that cannot be
 * told (the same workflow in two n8n with the same address), it is taken for ours.
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
		const isStored = webhook.id === stored.webhookId;
		if (!isSameAddress(webhook.url, url)) {
			if (isStored) tellElsewhere(ctx, webhook);
			continue;
		}
		const owner = otherOwnerOf(webhook, ctx.getWorkflow().id);
		if (owner !== undefined) {
			ctx.logger.warn(
				`${ctx.getNode().name}: webhook ${webhook.id} at this address is left as it is: it belongs to workflow ${owner}`,
			);
			continue;
		}
		const outcome = await removeWebhook(ctx, webhook.id);
		// Where deleting is not offered, the next activation switches the same one on again.
		if (isStored && outcome === 'switchedOff') kept = true;
	}
	if (!kept) forget(stored);
}

/** This n8n may have moved, or be a copy of one that is still there: a person has to say which. */
function tellElsewhere(ctx: IHookFunctions, { id, url }: Webhook): void {
	ctx.logger.warn(
		`${ctx.getNode().name}: webhook ${id} is left as it is: it points to ${url}, which is not the address of this trigger. If no one needs it any more, delete it with Webhook > Delete`,
	);
}

/** @returns whether two addresses are the same, however the service writes them (capitals in the host, a default port) */
function isSameAddress(one: string, other: string): boolean {
	const [a, b] = [one, other].map((url) => (URL.canParse(url) ? new URL(url).href : url));
	return a === b;
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

/** Tells people, in inSigner and in the Webhook operations, what a webhook is for; and deregister() whose it is. */
function descriptionOf(ctx: IHookFunctions): string {
	const { id, name } = ctx.getWorkflow();
	const purpose = ctx.getMode() === 'manual' ? 'n8n test run' : 'n8n';
	return `${purpose}: workflow "${[...(name ?? '')].slice(0, 400).join('')}" (${id})`;
}

/** What {@link descriptionOf} writes. */
const DESCRIPTION = /^n8n(?: test run)?: workflow "[^]*" \(([^\s()]+)\)$/;

/**
 * Some versions of n8n let two published workflows have one address, for example after an import.
 *
 * @returns the id of the other workflow that a webhook says it was made for; undefined for ours or where it says nothing
 */
function otherOwnerOf(
	{ description }: Webhook,
	workflowId: string | undefined,
): string | undefined {
	const owner = DESCRIPTION.exec(description ?? '')?.[1];
	return owner === workflowId ? undefined : owner;
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
 * n8n puts WEBHOOK_URL and N8N_ENDPOINT_WEBHOOK together as they are, and serves what the second one says below its
 * root. Where two slashes come from the first, n8n does not serve them; where they come from the second, it serves
 * nothing else. A node cannot see which it is, so neither can be mended here.
 */
function refuseDoubleSlash(ctx: IHookFunctions, url: string): void {
	if (!URL.canParse(url) || !new URL(url).pathname.includes('//')) return;
	throw new NodeOperationError(
		ctx.getNode(),
		`inSigner cannot deliver events to this n8n: ${url} has two slashes in a row`,
		{
			description:
				'Correct the environment variable WEBHOOK_URL of n8n: it ends with one slash. If it does, N8N_ENDPOINT_WEBHOOK begins or ends with a slash and must not. Then restart n8n and publish again.',
		},
	);
}

/**
 * The events of a webhook: the API takes a list and gives back a text that holds one.
 *
 * @param events - as the API gives them
 * @returns event names as the trigger offers them; none when it is something else
 */
export function readEvents(events: Webhook['events']): string[] {
	const list: unknown = typeof events === 'string' ? parsed(events) : events;
	return Array.isArray(list) ? list.map((name) => eventNameOf(String(name))) : [];
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
