import type { IExecuteFunctions } from 'n8n-workflow';

import type { QueryOf } from '../../api/endpoints';
import { filtersProperty, getMany as getManyOf, listingProperties, searchFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { campaignStatusProperty } from './campaignInput';
import { simpleCampaign } from './simpleCampaign';

/** Lists campaigns. https://docs.insigner.co/api/campaigns */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many campaigns',
		description:
			'List campaigns, by status or by a part of their name. Use it to find the ID of a campaign by its name.',
	},
	properties: [
		...listingProperties,
		simplifyProperty,
		filtersProperty([
			searchFilter('campaigns', 'Onboarding'),
			{ ...campaignStatusProperty, description: 'Return only campaigns with this status' },
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { search, status } = ctx.getNodeParameter('filters', itemIndex, {}) as NonNullable<
			QueryOf<'listCampaigns'>
		>;
		return await getManyOf(
			ctx,
			'listCampaigns',
			itemIndex,
			{ query: { ...(search && { search }), ...(status && { status }) } },
			simplifier(ctx, itemIndex, simpleCampaign),
		);
	},
};
