import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { request } from '../../api/request';
import { checkText, LIMITS, refuse } from '../checks';
import { chosenId, templatePicker } from '../identifiers';
import { toJson, type BatchOperation } from '../operation';
import { emailProperty, nameProperty, phoneProperty } from '../signer/signerInput';
import { checkRecipients, toRecipient, type Recipient } from './recipients';

/** The call returns only after all documents were made and mailed. In seconds. */
const TIMEOUT_SECONDS = 600;

/** One bulk send per 5 minutes and organization: wait for the next turn, and a little longer. In seconds. */
const MAX_WAIT_SECONDS = 330;

/** Sends one template to many people at once. https://docs.insigner.co/api/bulk-send */
export const create: BatchOperation = {
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create bulk send',
		description:
			'Send a template to up to 500 people at once, each with a document of their own. They are mailed immediately. Runs once for all input items.',
	},
	properties: [
		templatePicker,
		{
			displayName: 'Bulk Send Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Q3 Vendor Agreements',
			description: 'Name of the bulk send, up to 200 characters',
		},
		{
			displayName: 'Recipients From',
			name: 'recipientsFrom',
			type: 'options',
			options: [
				{
					name: 'Input Items',
					value: 'items',
					description: 'Each input item is one recipient',
				},
				{
					name: 'List',
					value: 'list',
					description: 'The recipients are entered below',
				},
			],
			default: 'items',
			description: 'Where the recipients come from',
		},
		{
			...nameProperty,
			displayName: 'Recipient Name',
			name: 'recipientName',
			default: '={{ $json.name }}',
			displayOptions: { show: { recipientsFrom: ['items'] } },
		},
		{
			...emailProperty,
			displayName: 'Recipient Email',
			name: 'recipientEmail',
			default: '={{ $json.email }}',
			displayOptions: { show: { recipientsFrom: ['items'] } },
		},
		{
			...phoneProperty,
			displayName: 'Recipient Phone',
			name: 'recipientPhone',
			default: '={{ $json.phone }}',
			displayOptions: { show: { recipientsFrom: ['items'] } },
		},
		{
			displayName: 'Recipients',
			name: 'recipients',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Recipient',
			default: { recipient: [{ name: '', email: '', phone: '' }] },
			description: 'The people to send to',
			displayOptions: { show: { recipientsFrom: ['list'] } },
			options: [
				{
					displayName: 'Recipient',
					name: 'recipient',
					values: [nameProperty, emailProperty, phoneProperty],
				},
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Email Message',
					name: 'emailMessage',
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					description: 'Text of the invitation, up to 1,000 characters',
				},
			],
		},
	],
	executeAll: async (ctx: IExecuteFunctions): Promise<INodeExecutionData[]> => {
		const templateId = chosenId(ctx, templatePicker, 0);
		const name = (ctx.getNodeParameter('name', 0) as string).trim();
		const emailMessage = ctx.getNodeParameter('options.emailMessage', 0, '') as string;
		const signers = readRecipients(ctx);
		refuse(ctx, 0, [
			...checkText('Bulk Send Name', name, { required: true, max: LIMITS.name }),
			...checkText('Email Message', emailMessage, { max: LIMITS.emailMessage }),
			...checkRecipients(signers),
		]);

		const { data } = await request(ctx, 'createBulkSend', {
			body: { templateId, name, signers, ...(emailMessage && { emailMessage }) },
			timeoutSeconds: TIMEOUT_SECONDS,
			maxWaitSeconds: MAX_WAIT_SECONDS,
		});
		return [{ json: toJson(data), pairedItem: ctx.getInputData().map((_, item) => ({ item })) }];
	},
};

function readRecipients(ctx: IExecuteFunctions): Recipient[] {
	if (ctx.getNodeParameter('recipientsFrom', 0) === 'list') {
		const entered = ctx.getNodeParameter('recipients.recipient', 0, []) as Array<
			Partial<Recipient>
		>;
		return entered.map(toRecipient);
	}
	return ctx.getInputData().map((_, itemIndex) =>
		toRecipient({
			name: ctx.getNodeParameter('recipientName', itemIndex, ''),
			email: ctx.getNodeParameter('recipientEmail', itemIndex, ''),
			phone: ctx.getNodeParameter('recipientPhone', itemIndex, ''),
		}),
	);
}
