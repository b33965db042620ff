import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { FILTERS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { listFilters, getMany as getManyOf, listingProperties, searchFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { CAMPAIGN_STATUSES, campaignStatusProperty } from './campaignInput';
import { simpleCampaign } from './simpleCampaign';

const search = searchFilter('campaigns', 'Onboarding');

const status: INodeProperties = {
	...campaignStatusProperty,
	description: 'Return only campaigns with this status',
};

/** Lists campaigns. https://docs.insigner.co/api/campaigns */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many campaigns',
		description: 'List campaigns, for example to find an ID',
	},
	properties: [...listingProperties, simplifyProperty, listFilters([search, status])],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const wantedName = filters.added(search)?.text(search);
		const wantedStatus = filters.added(status)?.choice(status, CAMPAIGN_STATUSES);
		return await getManyOf(
			ctx,
			'listCampaigns',
			itemIndex,
			{
				query: {
					...(wantedName && { search: wantedName }),
					...(wantedStatus && { status: wantedStatus }),
				},
			},
			simplifier(ctx, itemIndex, simpleCampaign),
		);
	},
};
