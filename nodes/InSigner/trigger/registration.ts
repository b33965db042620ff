import type { IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isLoopback, parseBaseUrl } from '../api/baseUrl';
import { list } from '../api/pagination';
import { request } from '../api/request';
import {
	descriptionOf,
	isSameAddress,
	otherOwnerOf,
	plan,
	type Desired,
	type Webhook,
} from '../webhooks/plan';
import { removeWebhook } from '../webhooks/removing';
import { notAgainAfterRefusal } from './refusals';
import { storedOf, type Stored } from './storage';
import { problemWithWebhookUrl } from './webhookUrl';

/**
 * Whether inSigner holds exactly what is desired already. Looked up each time: an id that n8n keeps says nothing
 * about what has happened to the webhook since.
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
			description: 'Choose in Trigger On what starts the workflow.',
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
		`${ctx.getNode().name}: webhook ${id} is left as it is: it points to ${url}, which is not the address of this trigger. If it is no longer needed, delete it with Webhook > Delete`,
	);
}

async function create(
	ctx: IHookFunctions,
	{ url, events }: Desired,
	held: Webhook[],
): Promise<void> {
	const stored = storedOf(ctx);
	const { data } = await notAgainAfterRefusal(ctx, { url, events }, held, async () => {
		return await request(ctx, 'createWebhook', {
			body: {
				url,
				events,
				description: descriptionOf(ctx.getWorkflow(), ctx.getMode() === 'manual'),
			},
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
