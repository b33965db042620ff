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
