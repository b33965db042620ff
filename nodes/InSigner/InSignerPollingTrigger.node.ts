import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { inSignerApiTest } from './api/credentialTest';
import { eventsSubtitle } from './events/events';
import { example } from './polling/example';
import { poll } from './polling/polling';
import { pollingProperties } from './polling/settings';
import { start } from './events/starting';
import {
	searchBulkSends,
	searchCampaigns,
	searchDocuments,
	searchTemplates,
} from './methods/listSearch';

export class InSignerPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'inSigner Polling Trigger',
		name: 'inSignerPollingTrigger',
		icon: { light: 'file:../../icons/insigner.svg', dark: 'file:../../icons/insigner.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(),
		description:
			'Start workflows when contracts are signed, for n8n instances without a public address',
		defaults: { name: 'inSigner Polling Trigger' },
		builderHint: {
			searchHint:
				'Only if n8n cannot be reached from the internet; otherwise the inSigner Trigger, which starts at once. For the signed PDF turn on its option downloadPdf.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-insigner.inSignerTrigger',
					relationHint: 'Instead of it, if n8n has a public https address',
				},
			],
		},
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true, testedBy: 'inSignerApiTest' }],
		properties: pollingProperties,
	};

	methods = {
		credentialTest: { inSignerApiTest },
		listSearch: { searchBulkSends, searchCampaigns, searchDocuments, searchTemplates },
	};

	/** What happened since the last poll. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}

	/** The execution that a poll started; in a test run, where no one polled, one with an example. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const isTest = this.getMode() === 'manual' && items.every(({ json }) => !('event' in json));
		return await start(this, isTest ? await example(this) : items);
	}
}
