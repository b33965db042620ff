import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { chosenId, documentPicker, fieldPicker } from '../../parameters/pickers';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';

/** Removes a field from a draft. The endpoint is inferred; listing is documented: https://docs.insigner.co/api/fields */
export const remove: ItemOperation = {
	once: true,
	menu: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove field',
		description: 'Remove a field from a draft',
	},
	properties: [documentPicker, fieldPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const fieldId = chosenId(ctx, fieldPicker, itemIndex);
		const deed = { subject: `Field ${fieldId}`, action: 'removed from', documentId };
		const path = { documentId, fieldId };
		await tellNotDone(
			ctx,
			itemIndex,
			deed,
			async () => await requestInferred(ctx, 'removeField', { path, itemIndex }),
		);
		return [{ json: { id: fieldId, deleted: true } }];
	},
};
