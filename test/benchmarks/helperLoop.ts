import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';

/** The least a node can do to read a list: a loop around n8n's request helper. It is the floor below every node. */
export class HelperLoop implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Helper Loop',
		name: 'helperLoop',
		group: ['input'],
		version: 1,
		description: "Reads all documents with n8n's request helper and nothing else",
		defaults: { name: 'Helper Loop' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true }],
		properties: [{ displayName: 'URL', name: 'url', type: 'string', default: '' }],
	};

	async execute(this: IExecuteFunctions) {
		const documents: object[] = [];
		let cursor: string | null = null;
		do {
			const answer: string = (await this.helpers.httpRequestWithAuthentication.call(
				this,
				'inSignerApi',
				{
					url: this.getNodeParameter('url', 0) as string,
					qs: { limit: 100, ...(cursor !== null && { cursor }) },
					encoding: 'text',
				},
			)) as string;
			const { data, meta } = JSON.parse(answer) as {
				data: object[];
				meta: { hasMore: boolean; nextCursor: string | null };
			};
			documents.push(...data);
			cursor = meta.hasMore ? meta.nextCursor : null;
		} while (cursor !== null);
		return [documents.map((document) => ({ json: { ...document }, pairedItem: { item: 0 } }))];
	}
}
