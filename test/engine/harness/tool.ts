import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import { CredentialStore, type CredentialData } from './credentialStore';
import { completeNode, DEFAULT_WORKFLOW_ID, type ExecutionParts } from './workflowRun';

export interface ToolOptions {
	credentials?: CredentialData;
	/** Retry On Fail and the like. */
	node?: Partial<INode>;
	executionId?: string;
}

/** A node as a tool that an agent calls with arguments; returns what the model is shown. */
export type ToolCall = (args: IDataObject) => Promise<string>;

/**
 * Makes a node a tool: n8n-core's own tool handling with its retries, each of which is a new run of the node. The
 * agent around it is left out.
 *
 * @param parts - the engine
 * @param type - node type
 * @param parameters - with `$fromAI()` expressions, as n8n's editor writes them
 * @param options - credentials, settings of the node, and the execution
 * @returns calls the tool; rejects with the error whose message the model is shown
 */
export function createTool(
	parts: ExecutionParts,
	type: string,
	parameters: INodeParameters,
	options: ToolOptions = {},
): ToolCall {
	const { services, nodeTypes, credentialTypes } = parts;
	const store = new CredentialStore(credentialTypes, nodeTypes, options.credentials ?? {});
	const node = completeNode({ ...options.node, name: 'Tool', type, parameters }, nodeTypes, store);
	const workflow = new Workflow({
		id: DEFAULT_WORKFLOW_ID,
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const executionId = options.executionId ?? parts.nextExecutionId();
	const additionalData = createAdditionalData({ services, credentials: store, executionId });
	const runData = createRunExecutionData();
	// n8n gives a tool what it executes: the agent.
	const agent = { ...node, id: 'id-of-Agent', name: 'Agent' };
	const executeData = { node: agent, data: {}, source: null };
	return async (args) => {
		const contextOf = (runIndex: number) =>
			new SupplyDataContext(
				workflow,
				node,
				additionalData,
				'trigger',
				runData,
				runIndex,
				[],
				{},
				'ai_tool',
				executeData,
				[],
			);
		const nodeType = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const call = makeHandleToolInvocation(contextOf, node, nodeType, runData);
		return await call(args);
	};
}
