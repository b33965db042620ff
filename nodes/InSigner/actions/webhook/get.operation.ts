import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { chosenId, webhookPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { forOutput } from './webhookOutput';

/** Reads one webhook. https://docs.insigner.co/webhooks/overview */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get webhook',
		description: 'Get a webhook with its events and status',
	},
	properties: [webhookPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const webhookId = chosenId(ctx, webhookPicker, itemIndex);
		const { data } = await request(ctx, 'getWebhook', { path: { webhookId }, itemIndex });
		return [{ json: forOutput(data) }];
	},
};
