import type { IExecuteFunctions } from 'n8n-workflow';

import { chosenId, documentPicker } from '../../parameters/pickers';
import { filtersProperty, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists the signers of a document in signing order. https://docs.insigner.co/api/signers */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many signers',
		description:
			'List the signers of a document with their status, in signing order. Use it to find the ID of a signer by name or email.',
	},
	properties: [
		documentPicker,
		...listingProperties,
		filtersProperty([
			statusFilter('signers', ['completed', 'declined', 'pending', 'viewed'], 'pending'),
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const status = ctx.getNodeParameter('filters.status', itemIndex, '') as string;
		return await getManyOf(ctx, 'listSigners', itemIndex, {
			path: { documentId: chosenId(ctx, documentPicker, itemIndex) },
			...(status && { keep: (signer) => signer.status === status }),
		});
	},
};
