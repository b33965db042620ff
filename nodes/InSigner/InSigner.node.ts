import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { document } from './actions/document/document.resource';
import { toProperties, toSubtitle } from './actions/operation';
import { resources } from './actions/resources';
import { route } from './actions/router';
import { inSignerApiTest } from './api/credentialTest';
import * as listSearch from './methods/listSearch';
import * as resourceMapping from './methods/resourceMapping';

export class InSigner implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'inSigner',
		name: 'inSigner',
		icon: { light: 'file:../../icons/insigner.svg', dark: 'file:../../icons/insigner.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: toSubtitle(resources),
		description: 'Create contracts, send them for e-signature and get the signed PDF with inSigner',
		defaults: { name: 'inSigner' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'To send a contract use one node: document, createAndSend (a PDF, signers and fields, emailed in one step) or document, createAndSendFromTemplate. Do not chain create, uploadFile, signer add, field add and send. Each item is one contract, and people are emailed at once. The same template for many people: bulkSend, create. What happens after signing begins with the inSigner Trigger: do not poll in a loop. Return signing links only if the user asked for them.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-insigner.inSignerTrigger',
					relationHint: 'Starts when it is signed or declined, and can bring the signed PDF',
				},
				{
					nodeType: 'n8n-nodes-base.formTrigger',
					relationHint: 'Before it: a form that takes the PDF and the signers',
				},
				{
					nodeType: 'n8n-nodes-base.googleDrive',
					relationHint: 'Before it: downloads the PDF as binary data',
				},
				{
					nodeType: 'n8n-nodes-base.googleSheets',
					relationHint: 'Before it: rows of people, each a contract',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true, testedBy: 'inSignerApiTest' }],
		// n8n hides these from everyone in stored executions; the nodes that follow still get them.
		sensitiveOutputFields: ['signingUrl', 'signers[*].signingUrl'],
		properties: toProperties(resources, document),
	};

	methods = { credentialTest: { inSignerApiTest }, listSearch, resourceMapping };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}
}
