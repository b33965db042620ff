import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists bulk sends. https://docs.insigner.co/api/bulk-send */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many bulk sends',
		description: 'List bulk sends, by status',
	},
	properties: [
		...listingProperties,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Completed', value: 'completed' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Processing', value: 'processing' },
					],
					default: 'completed',
					description: 'Return only bulk sends with this status',
				},
			],
		},
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
