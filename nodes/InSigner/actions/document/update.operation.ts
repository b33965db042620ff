import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { requireNoProblems } from '../../parameters/checks';
import { UPDATE_FIELDS } from '../../parameters/collections';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { documentNameProperty, readDocumentChanges, withSettings } from './documentSettings';

/** Changes a draft. That updating exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update document',
		description: 'Change name, message or expiry of a draft',
	},
	properties: [
		documentPicker,
		{
			...UPDATE_FIELDS,
			options: withSettings({ ...documentNameProperty, required: false }),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const { changes, problems } = readDocumentChanges(ctx, itemIndex);
		requireNoProblems(ctx, itemIndex, problems);

		const { data } = await requestInferred(ctx, 'updateDocument', {
			path: { documentId },
			body: changes,
			itemIndex,
		});
		return [{ json: { ...data, id: documentId } }];
	},
};
