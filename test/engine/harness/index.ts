import 'reflect-metadata';

import type {
	ExecutionError,
	ICredentialDataDecryptedObject,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeParameters,
	ITaskData,
} from 'n8n-workflow';
import { inspect } from 'node:util';

import { createAdditionalData } from './additionalData';
import type { BinaryFiles } from './binary';
import { createBinaryFiles } from './binary';
import { testCredential } from './credentialTest';
import { CredentialStore } from './credentialStore';
import type { EngineResult, ExecutionParts, RunOptions, WorkflowSketch } from './workflowRun';
import { DEFAULT_WORKFLOW_ID, runWorkflow } from './workflowRun';
import type { CredentialClass, NodeClass } from './knownTypes';
import { KnownCredentialTypes, KnownNodeTypes, START_NODE_TYPE } from './knownTypes';
import { deduplicationStore, type DeduplicationStore } from './deduplicationStore';
import type { BinaryMode, LogEntry } from './n8nServices';
import { startServices } from './n8nServices';
import type { NodeMethods } from './nodeMethods';
import { createNodeMethods } from './nodeMethods';
import type { PollerHandle, PollerOptions } from './poller';
import { createPoller } from './poller';
import { createTool, type ToolCall, type ToolOptions } from './tool';
import type { TriggerHandle, TriggerOptions } from './webhookTrigger';
import { createTrigger } from './webhookTrigger';

export { DEFAULT_WEBHOOK_URL } from './additionalData';
export type { BinaryFiles } from './binary';
export type { CredentialData } from './credentialStore';
export type { EngineResult, NodeSketch, RunOptions, WorkflowSketch } from './workflowRun';
export { START_NODE_TYPE } from './knownTypes';
export type { BinaryMode, LogEntry } from './n8nServices';
export type { ListSearchOptions, NodeMethodOptions } from './nodeMethods';
export type { Polled, PollerHandle, PollerOptions } from './poller';
export type { Delivery, TriggerHandle, TriggerOptions } from './webhookTrigger';
export type { WebhookCall } from './webhookRequest';

export interface EngineOptions {
	/** Node classes by the type name that workflows use, e.g. `n8n-nodes-insigner.inSigner`. */
	nodes: Record<string, NodeClass>;
	/** Credential classes by their type name. */
	credentials?: Record<string, CredentialClass>;
	/** `filesystem` if left out, as in n8n 2.x. */
	binaryMode?: BinaryMode;
}

export interface RunNodeOptions extends Omit<RunOptions, 'input' | 'startNode'> {
	/** Items the node receives. One empty item if left out. */
	items?: INodeExecutionData[];
	/** retryOnFail, maxTries, waitBetweenTries, onError, name, typeVersion and so on. */
	node?: Partial<INode>;
	settings?: WorkflowSketch['settings'];
	staticData?: WorkflowSketch['staticData'];
}

/** What a single node left behind. Errors are plain copies, as in n8n's run data. */
export interface NodeResult
	extends Pick<EngineResult, 'run' | 'executionId' | 'status' | 'staticData' | 'messages'> {
	/** Items of the node's first output. */
	items: INodeExecutionData[];
	/** Items by output; with `onError: 'continueErrorOutput'` the last one has the failed items. */
	branches: INodeExecutionData[][];
	/** The error in the node's run data, or whatever else stopped the execution. */
	error?: ExecutionError;
	/** The node's entries in the run data. */
	tasks: ITaskData[];
}

/** A small n8n in this process. */
export interface Engine extends NodeMethods {
	/** Everything n8n and the nodes logged since the engine started. */
	readonly logs: LogEntry[];
	/** The log as text with every detail of its metadata, to search for what must not be there. */
	logText(): string;
	readonly binary: BinaryFiles;
	/** The store behind n8n's deduplication helpers. */
	readonly deduplication: DeduplicationStore;
	/** Runs a workflow; see runWorkflow. */
	run(workflow: WorkflowSketch, options?: RunOptions): Promise<EngineResult>;
	/** Runs Start -> one node. Errors and rejections as in `run`. */
	runNode(type: string, parameters: INodeParameters, options?: RunNodeOptions): Promise<NodeResult>;
	/** A trigger node, to drive its registration and its webhook; see createTrigger. */
	trigger(type: string, parameters: INodeParameters, options?: TriggerOptions): TriggerHandle;
	/** A polling trigger, to drive its polls; see createPoller. */
	poller(type: string, parameters: INodeParameters, options?: PollerOptions): PollerHandle;
	/** A node as a tool that an agent calls; see createTool. */
	tool(type: string, parameters: INodeParameters, options?: ToolOptions): ToolCall;
	/** What the editor says when this credential is saved; see testCredential. */
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	/** Removes the engine's files. Until then no other engine can start in this process. */
	stop(): Promise<void>;
}

/**
 * Starts a small n8n in this process: n8n-core's real WorkflowExecute, contexts, request helpers and binary data
 * service, around the node and credential types of the test. HTTP goes over real sockets.
 *
 * Relies on n8n-core 2.41. Expressions run in n8n's in-process evaluator; the isolated one that a 2.41 server uses
 * needs a native module.
 *
 * @param options node types, credential types and where binary data is kept
 * @returns the engine; call `stop` when done
 * @throws Error if another engine is running in this process
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
	// Before the services: a class that cannot be instantiated must not leave an engine running.
	const nodeTypes = new KnownNodeTypes(options.nodes);
	const credentialTypes = new KnownCredentialTypes(options.credentials ?? {});
	const services = await startServices(options.binaryMode ?? 'filesystem');
	const deduplication = await deduplicationStore();
	let executions = 0;
	const parts: ExecutionParts = {
		services,
		nodeTypes,
		credentialTypes,
		nextExecutionId: () => String(++executions),
	};
	const storageContext = () =>
		createAdditionalData({
			services,
			credentials: new CredentialStore(credentialTypes, nodeTypes, {}),
			executionId: 'test-input',
		});
	return {
		...createNodeMethods(parts),
		logs: services.logs,
		logText: () => services.logs.map((entry) => inspect(entry, { depth: null })).join('\n'),
		binary: createBinaryFiles(services, storageContext, DEFAULT_WORKFLOW_ID),
		deduplication,
		run: async (workflow, runOptions) => await runWorkflow(parts, workflow, runOptions),
		runNode: async (type, parameters, runOptions) =>
			await runSingleNode(parts, type, parameters, runOptions),
		trigger: (type, parameters, triggerOptions) =>
			createTrigger(parts, type, parameters, triggerOptions),
		poller: (type, parameters, pollerOptions) =>
			createPoller(parts, type, parameters, pollerOptions),
		tool: (type, parameters, toolOptions) => createTool(parts, type, parameters, toolOptions),
		testCredential: async (type, data) => await testCredential(parts, type, data),
		stop: async () => await services.stop(),
	};
}

async function runSingleNode(
	parts: ExecutionParts,
	type: string,
	parameters: INodeParameters,
	options: RunNodeOptions = {},
): Promise<NodeResult> {
	const { items, node, settings, staticData, ...runOptions } = options;
	const nodeName = node?.name ?? 'Node';
	const result = await runWorkflow(
		parts,
		{
			nodes: [
				{ name: 'Start', type: START_NODE_TYPE },
				{ ...node, name: nodeName, type, parameters },
			],
			connections: { Start: { main: [[{ node: nodeName, type: 'main', index: 0 }]] } },
			settings,
			staticData,
		},
		{ ...runOptions, input: items, startNode: 'Start' },
	);
	const { run, executionId, status, staticData: staticDataAfter, messages } = result;
	return {
		run,
		executionId,
		status,
		staticData: staticDataAfter,
		messages,
		items: result.items(nodeName),
		branches: result.branches(nodeName),
		error: result.nodeError(nodeName) ?? result.error,
		tasks: result.tasks(nodeName),
	};
}
