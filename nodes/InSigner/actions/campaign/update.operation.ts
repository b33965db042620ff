import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { checkChanges, refuse } from '../../parameters/checks';
import { campaignPicker, chosenId } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	campaignNameProperty,
	campaignSettings,
	campaignStatusProperty,
	readCampaign,
	type EnteredCampaign,
} from './campaignInput';

/** Changes a campaign. That updating exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update campaign',
		description: 'Change a campaign, for example pause, resume or close it',
	},
	properties: [
		campaignPicker,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'What to change. Whatever is not added here stays as it is.',
			options: [
				...campaignSettings,
				{ ...campaignNameProperty, required: false },
				campaignStatusProperty,
			].sort((a, b) => a.displayName.localeCompare(b.displayName)),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const campaignId = chosenId(ctx, campaignPicker, itemIndex);
		const entered = ctx.getNodeParameter('updateFields', itemIndex, {}) as EnteredCampaign;
		const { campaign, problems } = readCampaign(entered, ctx.getTimezone());
		refuse(ctx, itemIndex, [...checkChanges(entered), ...problems]);

		const { data } = await requestInferred(ctx, 'updateCampaign', {
			path: { campaignId },
			body: campaign,
			itemIndex,
		});
		return [{ json: data }];
	},
};
