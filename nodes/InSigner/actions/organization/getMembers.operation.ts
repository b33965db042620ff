import type { IExecuteFunctions } from 'n8n-workflow';

import { getMany, listingProperties } from '../listing';
import type { ItemOperation } from '../operation';

/** Lists the members of the organization. https://docs.insigner.co/api/organization */
export const getMembers: ItemOperation = {
	menu: {
		name: 'Get Members',
		value: 'getMembers',
		action: 'Get organization members',
		description: 'List members, for example to find an ID',
	},
	properties: listingProperties,
	execute: async (ctx: IExecuteFunctions, itemIndex: number) =>
		await getMany(ctx, 'listMembers', itemIndex),
};
