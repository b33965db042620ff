import type { InSignerContext } from '../api/context';
import { isGone, isGoneOrNotOffered } from '../api/errors';
import { request } from '../api/request';

/**
 * Deletes a webhook; if the API does not offer that (it is not documented), switches it off.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param webhookId - the webhook
 * @param itemIndex - index of the input item, from 0
 * @returns what happened to it; one that is no longer there counts as deleted
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
			if (isGoneOrNotOffered(error)) return false;
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
			if (isGone(error)) return 'deleted' as const;
			throw error;
		},
	);
}
