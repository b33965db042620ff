import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { checkChanges, checkText, LIMITS, requireNoProblems } from '../../parameters/checks';
import { UPDATE_FIELDS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { campaignPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	CAMPAIGN_STATUSES,
	campaignNameProperty,
	campaignSettings,
	campaignStatusProperty,
	readCampaignSettings,
} from './campaignInput';

/** Changes a campaign. That updating exists follows from its scope: https://docs.insigner.co/getting-started/authentication */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update campaign',
		description: 'Change, pause, resume or close a campaign',
	},
	properties: [
		campaignPicker,
		{
			...UPDATE_FIELDS,
			options: [
				...campaignSettings,
				{ ...campaignNameProperty, required: false },
				campaignStatusProperty,
			].sort((a, b) => a.displayName.localeCompare(b.displayName)),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const campaignId = parameters.chosenId(campaignPicker);
		const fields = parameters.collection(UPDATE_FIELDS);
		const name = fields.added(campaignNameProperty)?.text(campaignNameProperty);
		const status = fields
			.added(campaignStatusProperty)
			?.choice(campaignStatusProperty, CAMPAIGN_STATUSES);
		const { settings, problems } = readCampaignSettings(fields, 'isChange');
		const body = { ...settings, name, status };
		requireNoProblems(ctx, itemIndex, [
			...(name === undefined
				? []
				: checkText('Campaign Name', name, { required: true, max: LIMITS.name })),
			...problems,
		]);
		requireNoProblems(ctx, itemIndex, checkChanges(body));

		const { data } = await requestInferred(ctx, 'updateCampaign', {
			path: { campaignId },
			body,
			itemIndex,
		});
		return [{ json: { ...data, id: campaignId } }];
	},
};
