import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists templates. https://docs.insigner.co/api/templates */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many templates',
		description: 'List templates, by category or by a part of their name',
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
					displayName: 'Category',
					name: 'category',
					type: 'string',
					default: '',
					placeholder: 'e.g. Legal',
					description: 'Return only templates of this category',
				},
				{
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					placeholder: 'e.g. NDA',
					description: 'Return only templates whose name contains this text, in any case',
				},
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { category, search } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listTemplates'>
		>;
		return await getManyOf(ctx, 'listTemplates', itemIndex, {
			query: { ...(category && { category }), ...(search && { search }) },
		});
	},
};
