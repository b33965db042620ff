import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { parametersOf } from '../../parameters/parameters';
import { bulkSendPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Deletes a bulk send. That deleting exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const deleteBulkSend: ItemOperation = {
	once: true,
	menu: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete bulk send',
		description: 'Delete the record; what was sent stays sent',
	},
	properties: [bulkSendPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const bulkSendId = parametersOf(ctx, itemIndex).chosenId(bulkSendPicker);
		await requestInferred(ctx, 'deleteBulkSend', { path: { bulkSendId }, itemIndex });
		return [{ json: { id: bulkSendId, deleted: true } }];
	},
};
