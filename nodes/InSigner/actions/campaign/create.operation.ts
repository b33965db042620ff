import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { checkText, LIMITS, requireNoProblems } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { templatePicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { campaignNameProperty, campaignSettings, readCampaignSettings } from './campaignInput';

/** Creates a campaign from a template. https://docs.insigner.co/api/campaigns */
export const create: ItemOperation = {
	once: true,
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create campaign',
		description: 'Create a public link to sign a template',
	},
	properties: [
		templatePicker,
		campaignNameProperty,
		{ ...OPTIONS, description: 'Settings of the campaign', options: campaignSettings },
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const templateId = parameters.chosenId(templatePicker);
		const name = parameters.text(campaignNameProperty);
		const options = parameters.collection(OPTIONS);
		const { settings, problems } = readCampaignSettings(options, 'isNothing');
		requireNoProblems(ctx, itemIndex, [
			...checkText('Campaign Name', name, { required: true, max: LIMITS.name }),
			...problems,
		]);

		const { data } = await request(ctx, 'createCampaign', {
			body: { name, ...settings, templateId },
			itemIndex,
		});
		return [{ json: data }];
	},
};
