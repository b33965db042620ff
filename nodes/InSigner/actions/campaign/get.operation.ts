import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { campaignPicker, chosenId } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Reads one campaign. That reading exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get campaign',
		description: 'Get a campaign and how many have signed',
	},
	properties: [campaignPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const campaignId = chosenId(ctx, campaignPicker, itemIndex);
		const { data } = await requestInferred(ctx, 'getCampaign', { path: { campaignId }, itemIndex });
		return [{ json: data }];
	},
};
