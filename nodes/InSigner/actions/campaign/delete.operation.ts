import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { campaignPicker, chosenId } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

/** Deletes a campaign. That deleting exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const deleteCampaign: ItemOperation = {
	once: true,
	menu: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete campaign',
		description: 'Delete a campaign and its public link',
	},
	properties: [campaignPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const campaignId = chosenId(ctx, campaignPicker, itemIndex);
		await requestInferred(ctx, 'deleteCampaign', { path: { campaignId }, itemIndex });
		return [{ json: { id: campaignId, deleted: true } }];
	},
};
