import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { DOCUMENTED_EVENTS } from './trigger/events';
import { receive } from './trigger/receiving';
import { deregister, missingSteps, register, type Desired } from './trigger/registration';

export class InSignerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'inSigner Trigger',
		name: 'inSignerTrigger',
		icon: { light: 'file:../../icons/insigner.svg', dark: 'file:../../icons/insigner.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when a contract is signed, declined or a bulk send ends in inSigner',
		defaults: { name: 'inSigner Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: DOCUMENTED_EVENTS,
				required: true,
				default: ['document.completed'],
				description: 'What starts the workflow',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Deduplicate',
						name: 'deduplicate',
						type: 'boolean',
						default: true,
						description:
							'Whether an event that inSigner delivers more than once starts the workflow only once',
					},
					{
						displayName: 'Maximum Event Age (Hours)',
						name: 'maximumAgeHours',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 72,
						description:
							'Events older than this start nothing. inSigner repeats a delivery for up to 60 hours. 0 takes events of any age.',
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return (await missingSteps(this, desiredOf(this))).length === 0;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await register(this, desiredOf(this));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await deregister(this, desiredOf(this).url);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}

function desiredOf(ctx: IHookFunctions): Desired {
	return {
		url: ctx.getNodeWebhookUrl('default') ?? '',
		events: ctx.getNodeParameter('events') as Desired['events'],
	};
}
