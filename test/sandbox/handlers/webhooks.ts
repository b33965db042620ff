import { randomBytes } from 'node:crypto';
import type { ApiKey } from '../apiKeys';
import type { Cloud } from '../cloud';
import { newId } from '../newId';
import { handle, type HandlersOf } from '../operation';
import { findOwn } from '../ownership';
import { cutPage } from '../pagination';
import { conflict, notFound, validationError } from '../problems';
import { toWebhook, toWebhookCreated } from '../representations';
import type { StoredWebhook } from '../store';
import { refusalOfWebhookUrl } from '../webhookUrl';

/** Per organization (webhooks/overview). */
const MAX_WEBHOOKS = 10;

type WebhookOperations =
	| 'listWebhooks'
	| 'createWebhook'
	| 'getWebhook'
	| 'updateWebhook'
	| 'deleteWebhook';

/** The operations on webhooks (webhooks/overview, webhooks/retries). */
export function webhookHandlers(cloud: Cloud): HandlersOf<WebhookOperations> {
	const find = (caller: ApiKey, id: string): StoredWebhook =>
		findOwn(cloud.store.webhooks, caller, id, 'Webhook');

	const requireGoodUrl = async (url: string): Promise<void> => {
		const { allowLoopbackWebhooks, resolveHost } = cloud.settings;
		const refusal = await refusalOfWebhookUrl(url, allowLoopbackWebhooks, resolveHost);
		if (refusal !== undefined) throw validationError([{ field: 'url', message: refusal }]);
	};

	return {
		listWebhooks: handle('listWebhooks', ({ caller, query }) => {
			const page = cutPage(cloud.store.webhooks.newestFirst(caller.organizationId), query);
			return { status: 200, json: { data: page.items.map(toWebhook), meta: page.meta } };
		}),

		createWebhook: handle('createWebhook', async ({ caller, body }) => {
			await requireGoodUrl(body.url);
			if (cloud.store.webhooks.newestFirst(caller.organizationId).length >= MAX_WEBHOOKS) {
				throw conflict(`An organization has at most ${MAX_WEBHOOKS} webhooks`);
			}
			const now = cloud.clock.iso();
			const webhook = cloud.store.webhooks.add({
				id: newId('wh_'),
				organizationId: caller.organizationId,
				url: body.url,
				events: body.events,
				status: 'active',
				description: body.description ?? null,
				secret: randomBytes(32).toString('hex'),
				failureCount: 0,
				createdAt: now,
				updatedAt: now,
			});
			return { status: 201, json: { data: toWebhookCreated(webhook) } };
		}),

		getWebhook: handle('getWebhook', ({ caller, path }) => {
			return { status: 200, json: { data: toWebhook(find(caller, path.webhookId)) } };
		}),

		updateWebhook: handle('updateWebhook', async ({ caller, path, body }) => {
			const webhook = find(caller, path.webhookId);
			if (body.url !== undefined) await requireGoodUrl(body.url);
			// If the count did not restart, the next failure would switch it off again (inferred).
			if (body.status === 'active' && webhook.status !== 'active') webhook.failureCount = 0;
			Object.assign(webhook, body, { updatedAt: cloud.clock.iso() });
			return { status: 200, json: { data: toWebhook(webhook) } };
		}),

		deleteWebhook: handle('deleteWebhook', ({ caller, path }) => {
			const { webhookDeletionUnknown, webhookDeletionRefused } = cloud.forms;
			if (webhookDeletionUnknown || webhookDeletionRefused) throw notFound('Endpoint');
			const webhook = find(caller, path.webhookId);
			cloud.store.webhooks.delete(webhook.id);
			return { status: 200, json: { data: { id: webhook.id, deleted: true } } };
		}),
	};
}
