import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { FILTERS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { listFilters, getMany as getManyOf, listingProperties, searchFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { simpleTemplate } from './simpleTemplate';

const category: INodeProperties = {
	displayName: 'Category',
	name: 'category',
	type: 'string',
	default: '',
	placeholder: 'e.g. Legal',
	description: 'Return only templates of this category',
};

const search = searchFilter('templates', 'NDA');

/** Lists templates. https://docs.insigner.co/api/templates */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many templates',
		description: 'List templates, for example to find an ID',
	},
	properties: [...listingProperties, simplifyProperty, listFilters([category, search])],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const wantedCategory = filters.added(category)?.text(category);
		const wantedName = filters.added(search)?.text(search);
		return await getManyOf(
			ctx,
			'listTemplates',
			itemIndex,
			{
				query: {
					...(wantedCategory && { category: wantedCategory }),
					...(wantedName && { search: wantedName }),
				},
			},
			simplifier(ctx, itemIndex, simpleTemplate),
		);
	},
};
