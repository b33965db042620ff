import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf, DataOf } from '../../api/endpoint';
import { request } from '../../api/request';
import { DOCUMENTED_EVENTS, UNDOCUMENTED_EVENTS } from '../../events/events';
import { checkChanges, checkText, requireNoProblems, type Problem } from '../../parameters/checks';
import { UPDATE_FIELDS } from '../../parameters/collections';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import { webhookPicker } from '../../parameters/pickers';
import { inWords } from '../../parameters/values';
import type { ItemOperation } from '../operation';
import { forOutput } from './webhookOutput';

type Webhook = DataOf<'getWebhook'>;

/** Characters of a description (webhooks/overview). */
const MAX_DESCRIPTION = 500;

const STATUSES = ['active', 'inactive'] as const;

const EVENTS = [...DOCUMENTED_EVENTS, ...UNDOCUMENTED_EVENTS].sort((a, b) =>
	a.name.localeCompare(b.name),
);

const descriptionOption: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'What the webhook is for, up to 500 characters',
};

const eventsOption: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: EVENTS,
	default: [],
	description: 'What is delivered. A trigger node sets this itself when it is published.',
};

const statusOption: INodeProperties = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: [
		{ name: 'Active', value: 'active', description: 'Deliver events' },
		{ name: 'Inactive', value: 'inactive', description: 'Deliver nothing' },
	],
	default: 'active',
	description: 'Whether inSigner delivers events to it',
};

const urlOption: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/…',
	description: 'Public https address that events are delivered to',
};

/** Changes a webhook, for example to switch it on again. https://docs.insigner.co/webhooks/retries */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update webhook',
		description: 'Change or reactivate a webhook',
	},
	properties: [
		webhookPicker,
		{
			...UPDATE_FIELDS,
			default: { status: 'active' },
			options: [descriptionOption, eventsOption, statusOption, urlOption],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const webhookId = parameters.chosenId(webhookPicker);
		const body = readChanges(parameters.collection(UPDATE_FIELDS));
		requireNoProblems(ctx, itemIndex, [...checkChanges(body), ...checkWebhook(body)]);

		const path = { webhookId };
		const { data }: { data?: Webhook } = await request(ctx, 'updateWebhook', {
			path,
			body,
			itemIndex,
		});
		const webhook = data ?? (await request(ctx, 'getWebhook', { path, itemIndex })).data;
		return [{ json: forOutput(webhook) }];
	},
};

function readChanges(fields: Parameters): BodyOf<'updateWebhook'> {
	return {
		description: fields.added(descriptionOption)?.text(descriptionOption),
		events: fields.added(eventsOption)?.choices(
			eventsOption,
			EVENTS.map(({ value }) => value),
		),
		status: fields.added(statusOption)?.choice(statusOption, STATUSES),
		url: fields.added(urlOption)?.text(urlOption),
	};
}

function checkWebhook({ url, events, description }: BodyOf<'updateWebhook'>): Problem[] {
	const problems = checkText('Description', description ?? '', { max: MAX_DESCRIPTION });
	if (events?.length === 0) problems.push({ parameter: 'Events', message: 'is empty' });
	if (url !== undefined && !/^https?:\/\//.test(url)) {
		problems.push({ parameter: 'URL', message: `must be a web address, but is ${inWords(url)}` });
	}
	return problems;
}
