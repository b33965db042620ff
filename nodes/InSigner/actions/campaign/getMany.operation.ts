import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { getMany as getManyOf, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';
import { campaignStatusProperty } from './campaignInput';

/** Lists campaigns. https://docs.insigner.co/api/campaigns */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many campaigns',
		description: 'List campaigns, by status or by a part of their name',
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
					placeholder: 'e.g. Onboarding',
					description: 'Return only campaigns whose name contains this text, in any case',
				},
				{ ...campaignStatusProperty, description: 'Return only campaigns with this status' },
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { search, status } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listCampaigns'>
		>;
		return await getManyOf(ctx, 'listCampaigns', itemIndex, {
			query: { ...(search && { search }), ...(status && { status }) },
		});
	},
};
