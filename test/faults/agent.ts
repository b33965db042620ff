import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { InSigner } from '../../nodes/InSigner/InSigner.node';

export const AGENT = 'test.agent';
export const TOOL = 'n8n-nodes-insigner.inSignerTool';

/** The twin that n8n makes of a node with `usableAsTool` (n8n 2.41, its generator of tools). */
export class InSignerTool extends InSigner {
	constructor() {
		super();
		const { description } = this;
		this.description = {
			...description,
			name: `${description.name}Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
			properties: [
				{
					displayName: 'Description',
					name: 'toolDescription',
					type: 'string',
					default: 'Sends contracts',
				},
				...description.properties,
			],
		};
	}
}

/**
 * An agent that calls its tool once and hands out what it got: the answer, or the message of what was thrown. n8n
 * gives the model nothing else. Tools come from n8n-core, with its own tries when Retry On Fail is on.
 */
export class Agent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent',
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: 'Calls its tool once',
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, required: true }],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions) {
		const tools: unknown = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
		const tool: unknown = Array.isArray(tools) ? tools[0] : tools;
		if (!isTool(tool)) throw new Error('No tool is connected');
		try {
			return [[{ json: { answer: await tool.invoke({}) } }]];
		} catch (error) {
			return [[{ json: { failed: error instanceof Error ? error.message : String(error) } }]];
		}
	}
}

function isTool(value: unknown): value is { invoke(input: object): Promise<string> } {
	return (
		typeof value === 'object' &&
		value !== null &&
		'invoke' in value &&
		typeof value.invoke === 'function'
	);
}
