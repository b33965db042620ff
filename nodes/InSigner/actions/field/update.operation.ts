import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { checkChanges, refuse } from '../checks';
import { chosenId, documentPicker, fieldPicker } from '../identifiers';
import type { ItemOperation } from '../operation';
import { checkField, fieldProperties, toField, type EnteredField } from './fieldInput';

/** The inputs of a new field, of which the type stays what it is; Choices are offered whatever it is. */
const changeable: INodeProperties[] = fieldProperties
	.filter(({ name }) => name !== 'type')
	.map((property) => ({ ...property, displayOptions: undefined }))
	.sort((a, b) => a.displayName.localeCompare(b.displayName));

/** Changes a field of a draft. The endpoint is inferred; listing is documented: https://docs.insigner.co/api/fields */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update field',
		description: 'Change place, size, signer or content of a field of a draft',
	},
	properties: [
		documentPicker,
		fieldPicker,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'What to change. Whatever is not added here stays as it is.',
			options: changeable,
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const fieldId = chosenId(ctx, fieldPicker, itemIndex);
		const entered = ctx.getNodeParameter('updateFields', itemIndex, {}) as EnteredField;
		const { signerPosition, ...others } = entered;
		// Complete only for the checks: what was not entered is not sent.
		const { assignedTo, ...field } = toField(entered);
		refuse(ctx, itemIndex, [
			...checkChanges(entered),
			...checkField('Field', { ...field, assignedTo }),
		]);

		const { data } = await requestInferred(ctx, 'updateField', {
			path: { documentId, fieldId },
			body: { ...others, ...(signerPosition !== undefined && { assignedTo }) },
			itemIndex,
		});
		return [{ json: data }];
	},
};
