import type { IExecuteFunctions } from 'n8n-workflow';

import { removeWebhook } from '../../webhooks/removing';
import { chosenId, webhookPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Deletes a webhook, or switches it off if that is all the API offers. https://docs.insigner.co/webhooks/overview */
export const deleteWebhook: ItemOperation = {
	once: true,
	menu: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete webhook',
		description: 'Delete a webhook',
	},
	properties: [webhookPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const id = chosenId(ctx, webhookPicker, itemIndex);
		const outcome = await removeWebhook(ctx, id, itemIndex);
		if (outcome === 'deleted') return [{ json: { id, deleted: true } }];
		return [{ json: { id, deleted: false, status: 'inactive' } }];
	},
};
