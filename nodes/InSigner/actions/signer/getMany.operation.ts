import type { IExecuteFunctions } from 'n8n-workflow';

import { chosenId, documentPicker } from '../identifiers';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists the signers of a document in signing order. https://docs.insigner.co/api/signers */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many signers',
		description: 'List the signers of a document with their status, in signing order',
	},
	properties: [documentPicker, ...listingProperties],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) =>
		await getManyOf(ctx, 'listSigners', itemIndex, {
			path: { documentId: chosenId(ctx, documentPicker, itemIndex) },
		}),
};
