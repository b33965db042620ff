import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { inSignerApiTest } from './api/credentialTest';
import { eventsSubtitle } from './events/events';
import { receive } from './trigger/receiving';
import { deregister, isRegistered, register } from './trigger/registration';
import type { Desired } from './webhooks/plan';
import { readSettings, triggerProperties } from './events/settings';
import { start } from './events/starting';
import {
	searchBulkSends,
	searchCampaigns,
	searchDocuments,
	searchTemplates,
} from './methods/listSearch';

export class InSignerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'inSigner Trigger',
		name: 'inSignerTrigger',
		icon: { light: 'file:../../icons/insigner.svg', dark: 'file:../../icons/insigner.dark.svg' },
		group: ['trigger'],
		// For a trigger of version 1, n8n evaluates an expression before each delivery (its parseRequestBody).
		version: 1.1,
		subtitle: eventsSubtitle(),
		// n8n shows it for both nodes, which are one entry in its panel.
		description: 'Send contracts for e-signature and start workflows when they are signed',
		defaults: { name: 'inSigner Trigger' },
		builderHint: {
			searchHint:
				'Starts a workflow when a contract is signed or declined, or a bulk send has ended. It registers its webhook in inSigner by itself: never ask the user for a webhook URL or a secret. For the signed PDF turn on its option downloadPdf. An organization has ten webhooks: for many workflows use one trigger that calls the others. If n8n cannot be reached from the internet use the inSigner Polling Trigger.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-insigner.inSigner',
					relationHint: 'Sends the contract, in this workflow or another one',
				},
				{
					nodeType: 'n8n-nodes-insigner.inSignerPollingTrigger',
					relationHint: 'Instead of it, if n8n has no public address',
				},
				{
					nodeType: 'n8n-nodes-base.googleDrive',
					relationHint: 'After it: files the signed PDF',
				},
			],
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true, testedBy: 'inSignerApiTest' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		properties: triggerProperties,
	};

	methods = {
		credentialTest: { inSignerApiTest },
		listSearch: { searchBulkSends, searchCampaigns, searchDocuments, searchTemplates },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered(this, desiredOf(this));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await register(this, desiredOf(this));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				// Even if a parameter no longer means anything.
				await deregister(this, urlOf(this));
				return true;
			},
		},
	};

	/** One delivery, in the process that inSigner reaches. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}

	/** The execution that a delivery started, in whatever process runs it. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await start(this, this.getInputData());
	}
}

function urlOf(ctx: IHookFunctions): string {
	return ctx.getNodeWebhookUrl('default') ?? '';
}

/** Reads all settings, so that one which means nothing is refused here and not met by the first event. */
function desiredOf(ctx: IHookFunctions): Desired {
	const { events } = readSettings(ctx);
	return { url: urlOf(ctx), events, workflowId: ctx.getWorkflow().id ?? '' };
}
