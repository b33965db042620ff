import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists documents. https://docs.insigner.co/api/documents */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many documents',
		description: 'List documents, by status or by a part of their name',
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
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					placeholder: 'e.g. Agreement',
					description: 'Return only documents whose name contains this text, in any case',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Cancelled', value: 'cancelled' },
						{ name: 'Completed', value: 'completed' },
						{ name: 'Declined', value: 'declined' },
						{ name: 'Draft', value: 'draft' },
						{ name: 'Expired', value: 'expired' },
						{ name: 'Pending', value: 'pending' },
					],
					default: 'pending',
					description: 'Return only documents with this status',
				},
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { search, status } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listDocuments'>
		>;
		return await getManyOf(ctx, 'listDocuments', itemIndex, {
			query: { ...(search && { search }), ...(status && { status }) },
		});
	},
};
