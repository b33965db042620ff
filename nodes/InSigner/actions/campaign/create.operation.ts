import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { refuse } from '../../parameters/checks';
import { chosenId, templatePicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	campaignNameProperty,
	campaignSettings,
	readCampaign,
	type EnteredCampaign,
} from './campaignInput';

/** Makes a campaign of a template. https://docs.insigner.co/api/campaigns */
export const create: ItemOperation = {
	once: true,
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create campaign',
		description:
			'Create a campaign: a public link over a template, with which anybody can sign a copy. Nobody is mailed.',
	},
	properties: [
		templatePicker,
		campaignNameProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			description: 'Settings of the campaign',
			options: campaignSettings,
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const templateId = chosenId(ctx, templatePicker, itemIndex);
		const options = ctx.getNodeParameter('options', itemIndex, {}) as EnteredCampaign;
		const filledIn = Object.fromEntries(
			Object.entries(options).filter(([, value]) => value !== ''),
		) as EnteredCampaign;
		const name = ctx.getNodeParameter('name', itemIndex, '') as string;
		const { campaign, problems } = readCampaign({ ...filledIn, name }, ctx.getTimezone());
		refuse(ctx, itemIndex, problems);

		const { data } = await request(ctx, 'createCampaign', {
			body: { name, ...campaign, templateId },
			itemIndex,
		});
		return [{ json: data }];
	},
};
