import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import type {
	ExecutionError,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	ITaskData,
	IWorkflowBase,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createRunExecutionData, deepCopy, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import type { CredentialData } from './credentialStore';
import { CredentialStore } from './credentialStore';
import type { KnownCredentialTypes, KnownNodeTypes } from './knownTypes';
import type { N8nServices } from './n8nServices';

/** A node as a test writes it: whatever is left out gets n8n's usual value. */
export type NodeSketch = Partial<INode> & Pick<INode, 'name' | 'type'>;

/** A workflow as a test writes it, or as it was exported from n8n. */
export interface WorkflowSketch {
	id?: string;
	name?: string;
	nodes: NodeSketch[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

export interface RunOptions {
	/** Saved credentials by id, or by type. A node without credentials gets those of its type. */
	credentials?: CredentialData;
	/** What the start node outputs. One empty item if left out. */
	input?: INodeExecutionData[];
	/** Name of the node to start from; otherwise n8n chooses, as it does for a manual run. */
	startNode?: string;
	/** `trigger` (a production run) if left out. Only `manual` shows messages in the editor. */
	mode?: WorkflowExecuteMode;
	/** Cancels the execution when this node has finished. */
	abortAfterNode?: string;
	/** Cancels the execution when this aborts, through the same call n8n's Stop button makes. */
	signal?: AbortSignal;
	executionId?: string;
	/** What WEBHOOK_URL says in n8n. */
	webhookUrl?: string;
}

/** The result of an execution. Errors in it are plain copies, as in n8n's run data. */
export interface EngineResult {
	run: IRun;
	executionId: string;
	/**
	 * The status n8n stores. After a cancellation that is `canceled`, even if the node then threw because its request
	 * or sleep was aborted; `run.status` says `error` in that case.
	 */
	status: IRun['status'];
	/** What ended the execution, if anything did. */
	error?: ExecutionError;
	/** Whole static data of the workflow after the run. */
	staticData: IDataObject;
	/** What nodes sent to the editor's console. */
	messages: unknown[];
	/** Every run of a node in this execution; empty when it never ran. */
	tasks(nodeName: string): ITaskData[];
	/** Items of one output of a node's last run. */
	items(nodeName: string, output?: number): INodeExecutionData[];
	/** Items of every output of a node's last run. */
	branches(nodeName: string): INodeExecutionData[][];
	/** The error in the run data of a node's last run. */
	nodeError(nodeName: string): ExecutionError | undefined;
}

/** What an execution needs from the engine it runs in. */
export interface ExecutionParts {
	services: N8nServices;
	nodeTypes: KnownNodeTypes;
	credentialTypes: KnownCredentialTypes;
	nextExecutionId: () => string;
}

/** Id of workflows that have none of their own. */
export const DEFAULT_WORKFLOW_ID = 'workflow1';

/**
 * Completes a sketched node to what n8n stores: id, version, position, and credentials if the test has some of the
 * type that the node declares.
 *
 * @throws Error if this engine does not know the node's type
 */
export function completeNode(
	sketch: NodeSketch,
	nodeTypes: KnownNodeTypes,
	store: CredentialStore,
): INode {
	const node: INode = {
		id: `id-of-${sketch.name}`,
		typeVersion: latestVersion(sketch.type, nodeTypes),
		position: [0, 0],
		...sketch,
		parameters: deepCopy(sketch.parameters ?? {}),
	};
	const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	for (const { name } of description.credentials ?? []) {
		if (node.credentials?.[name] || !store.has(name)) continue;
		node.credentials = { ...node.credentials, [name]: { id: name, name } };
	}
	return node;
}

/**
 * Runs a workflow to its end with n8n-core's WorkflowExecute: the real retry loop, error outputs, item pairing,
 * binary conversion and cancellation.
 *
 * @param parts the engine
 * @param sketch the workflow; connections as in an exported workflow
 * @param options see RunOptions
 * @returns the run as n8n would store it. A failed node is a result with `error`, not a rejection
 * @throws WorkflowHasIssuesError if a required parameter is empty, since n8n refuses to start then
 * @throws Error if a node type or the start node does not exist
 */
export async function runWorkflow(
	parts: ExecutionParts,
	sketch: WorkflowSketch,
	options: RunOptions = {},
): Promise<EngineResult> {
	const { services, nodeTypes, credentialTypes } = parts;
	const mode = options.mode ?? 'trigger';
	const executionId = options.executionId ?? parts.nextExecutionId();
	const store = new CredentialStore(credentialTypes, nodeTypes, options.credentials ?? {});
	const nodes = sketch.nodes.map((node) => completeNode(node, nodeTypes, store));
	const workflow = new Workflow({
		id: sketch.id ?? DEFAULT_WORKFLOW_ID,
		name: sketch.name ?? 'Test workflow',
		nodes,
		connections: deepCopy(sketch.connections),
		active: mode !== 'manual',
		nodeTypes,
		staticData: deepCopy(sketch.staticData ?? {}),
		settings: { executionOrder: 'v1', ...sketch.settings },
	});
	const startNode = options.startNode
		? workflow.getNode(options.startNode)
		: workflow.getStartNode();
	if (!startNode) throw new Error('No node to start the workflow from could be found');

	const messages: unknown[] = [];
	const additionalData = createAdditionalData({
		services,
		credentials: store,
		executionId,
		webhookUrl: options.webhookUrl,
		onMessage: (type, data) => {
			if (type === 'sendConsoleMessage') messages.push(data);
		},
	});
	const hooks = new ExecutionLifecycleHooks(mode, executionId, storedWorkflow(workflow, nodes));
	additionalData.hooks = hooks;

	const input = deepCopy(options.input ?? [{ json: {} }]);
	const execution = new WorkflowExecute(
		additionalData,
		mode,
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: startNode, data: { main: [input] }, source: null }],
			},
		}),
	).processRunExecutionData(workflow);

	let storedStatus: IRun['status'] | undefined;
	hooks.addHandler('workflowExecuteAfter', ({ status }) => {
		storedStatus ??= status;
	});
	const cancel = () => execution.cancel();
	hooks.addHandler('nodeExecuteAfter', (nodeName) => {
		if (nodeName === options.abortAfterNode) cancel();
	});
	options.signal?.addEventListener('abort', cancel, { once: true });
	if (options.signal?.aborted) cancel();
	try {
		const run = await execution;
		const described = describeRun(run, executionId, workflow, messages);
		return { ...described, status: storedStatus ?? run.status };
	} finally {
		options.signal?.removeEventListener('abort', cancel);
	}
}

function describeRun(
	run: IRun,
	executionId: string,
	workflow: Workflow,
	messages: unknown[],
): EngineResult {
	const { runData, error } = run.data.resultData;
	const tasks = (nodeName: string) => runData[nodeName] ?? [];
	const branches = (nodeName: string) =>
		(tasks(nodeName).at(-1)?.data?.main ?? []).map((items) => items ?? []);
	return {
		run,
		executionId,
		status: run.status,
		error,
		staticData: deepCopy(workflow.staticData),
		messages,
		tasks,
		branches,
		items: (nodeName, output = 0) => branches(nodeName)[output] ?? [],
		nodeError: (nodeName) => tasks(nodeName).at(-1)?.error,
	};
}

function latestVersion(type: string, nodeTypes: KnownNodeTypes): number {
	const { version, defaultVersion } = nodeTypes.getByNameAndVersion(type).description;
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}

function storedWorkflow(workflow: Workflow, nodes: INode[]): IWorkflowBase {
	return {
		id: workflow.id,
		name: workflow.name ?? '',
		active: workflow.active,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes,
		connections: workflow.connectionsBySourceNode,
		settings: workflow.settings,
	};
}
