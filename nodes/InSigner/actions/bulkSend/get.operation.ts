import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { parametersOf } from '../../parameters/parameters';
import { bulkSendPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Reads one bulk send with its counts. https://docs.insigner.co/guides/bulk-sending */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get bulk send',
		description: 'Get a bulk send with its counts',
	},
	properties: [bulkSendPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const bulkSendId = parametersOf(ctx, itemIndex).chosenId(bulkSendPicker);
		const { data } = await request(ctx, 'getBulkSend', { path: { bulkSendId }, itemIndex });
		return [{ json: data }];
	},
};
