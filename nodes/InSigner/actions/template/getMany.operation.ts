import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { filtersProperty, getMany as getManyOf, listingProperties, searchFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { simpleTemplate } from './simpleTemplate';

/** Lists templates. https://docs.insigner.co/api/templates */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many templates',
		description:
			'List templates, by category or by a part of their name. Use it to find the ID of a template by its name.',
	},
	properties: [
		...listingProperties,
		simplifyProperty,
		filtersProperty([
			{
				displayName: 'Category',
				name: 'category',
				type: 'string',
				default: '',
				placeholder: 'e.g. Legal',
				description: 'Return only templates of this category',
			},
			searchFilter('templates', 'NDA'),
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { category, search } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listTemplates'>
		>;
		return await getManyOf(
			ctx,
			'listTemplates',
			itemIndex,
			{ query: { ...(category && { category }), ...(search && { search }) } },
			simplifier(ctx, itemIndex, simpleTemplate),
		);
	},
};
