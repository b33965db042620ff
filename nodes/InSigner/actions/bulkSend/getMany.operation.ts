import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { filtersProperty, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists bulk sends. https://docs.insigner.co/api/bulk-send */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many bulk sends',
		description: 'List bulk sends, by status. Use it to find the ID of a bulk send by its name.',
	},
	properties: [
		...listingProperties,
		filtersProperty([
			statusFilter('bulk sends', ['completed', 'failed', 'processing'], 'completed'),
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { status } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listBulkSends'>
		>;
		return await getManyOf(ctx, 'listBulkSends', itemIndex, {
			query: { ...(status && { status }) },
		});
	},
};
