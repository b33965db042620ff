import type { IExecuteFunctions } from 'n8n-workflow';

import { chosenId, documentPicker } from '../identifiers';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists the fields of a document. https://docs.insigner.co/api/fields */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many fields',
		description: 'List the fields of a document by page and position',
	},
	properties: [documentPicker, ...listingProperties],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) =>
		await getManyOf(ctx, 'listFields', itemIndex, {
			path: { documentId: chosenId(ctx, documentPicker, itemIndex) },
		}),
};
