import type { IExecuteFunctions } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { request } from '../../api/request';
import { DOCUMENTED_EVENTS, UNDOCUMENTED_EVENTS } from '../../trigger/events';
import { checkText, refuse, type Problem } from '../../parameters/checks';
import { chosenId, webhookPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { forOutput } from './webhookOutput';

/** Characters of a description (webhooks/overview). */
const MAX_DESCRIPTION = 500;

/** Changes a webhook, for example to switch it on again. https://docs.insigner.co/webhooks/retries */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update webhook',
		description: 'Change a webhook, for example reactivate one that inSigner switched off',
	},
	properties: [
		webhookPicker,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: { status: 'active' },
			description: 'What to change. Whatever is not added here stays as it is.',
			options: [
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					description: 'What the webhook is for, up to 500 characters',
				},
				{
					displayName: 'Events',
					name: 'events',
					type: 'multiOptions',
					options: [...DOCUMENTED_EVENTS, ...UNDOCUMENTED_EVENTS].sort((a, b) =>
						a.name.localeCompare(b.name),
					),
					default: [],
					description: 'What is delivered. A trigger node sets this itself when it is published.',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Active', value: 'active', description: 'Deliver events' },
						{ name: 'Inactive', value: 'inactive', description: 'Deliver nothing' },
					],
					default: 'active',
					description: 'Whether inSigner delivers events to it',
				},
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://n8n.example.com/webhook/…',
					description: 'Public https address that events are delivered to',
				},
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const webhookId = chosenId(ctx, webhookPicker, itemIndex);
		const body = ctx.getNodeParameter('updateFields', itemIndex, {}) as BodyOf<'updateWebhook'>;
		refuse(ctx, itemIndex, checkChanges(body));

		const { data } = await request(ctx, 'updateWebhook', {
			path: { webhookId },
			body,
			itemIndex,
		});
		return [{ json: forOutput(data) }];
	},
};

function checkChanges({ url, events, description, ...others }: BodyOf<'updateWebhook'>): Problem[] {
	if ([url, events, description, others.status].every((value) => value === undefined)) {
		return [{ parameter: 'Update Fields', message: 'is empty' }];
	}
	const problems = checkText('Description', description ?? '', { max: MAX_DESCRIPTION });
	if (events?.length === 0) problems.push({ parameter: 'Events', message: 'is empty' });
	if (url !== undefined && !/^https?:\/\//.test(url)) {
		problems.push({ parameter: 'URL', message: `"${url}" is not a web address` });
	}
	return problems;
}
