import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Deletes a document. That deleting exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const deleteDocument: ItemOperation = {
	once: true,
	menu: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete document',
		description: 'Delete a document that is not pending',
	},
	properties: [documentPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		await requestInferred(ctx, 'deleteDocument', { path: { documentId }, itemIndex });
		return [{ json: { id: documentId, deleted: true } }];
	},
};
