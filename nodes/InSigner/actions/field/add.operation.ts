import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { refuse } from '../checks';
import { chosenId, documentPicker } from '../identifiers';
import type { ItemOperation } from '../operation';
import { checkField, fieldProperties, toField, type EnteredField } from './fieldInput';

/** Adds one field to a draft. https://docs.insigner.co/guides/embedded-signing */
export const add: ItemOperation = {
	once: true,
	menu: {
		name: 'Add',
		value: 'add',
		action: 'Add field',
		description: 'Add a field, for example a signature, to a page of a draft',
	},
	properties: [documentPicker, ...fieldProperties],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const entered: EnteredField = Object.fromEntries(
			fieldProperties.map((property) => [
				property.name,
				ctx.getNodeParameter(property.name, itemIndex, property.default),
			]),
		);
		const field = toField(entered);
		refuse(ctx, itemIndex, checkField('Field', field));

		const { data } = await request(ctx, 'addField', {
			path: { documentId },
			body: field,
			itemIndex,
		});
		return [{ json: data }];
	},
};
