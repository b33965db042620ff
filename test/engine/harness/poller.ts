import { PollContext } from 'n8n-core';
import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { deepCopy, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import type { CredentialData } from './credentialStore';
import { CredentialStore } from './credentialStore';
import type { EngineResult, ExecutionParts, RunOptions } from './workflowRun';
import { completeNode, DEFAULT_WORKFLOW_ID, runWorkflow } from './workflowRun';

export interface PollerOptions {
	credentials?: CredentialData;
	workflowId?: string;
	/** The node's static data as left by earlier polls. */
	staticData?: IDataObject;
	/** How long a poll may take, in ms; 5 minutes if left out, as in n8n. None as in versions that do not say. */
	pollBudgetMs?: number | 'none';
}

/** What a poll returned: the items of one execution, or null. */
export type Polled = INodeExecutionData[] | null;

/** A polling trigger in a published workflow. */
export interface PollerHandle {
	/** The static data of the node in n8n's database. A copy: assign to replace it, as a restore would. */
	staticData: IDataObject;
	/** Starts n8n: loads what is saved, polls for the first time and saves. What was only in memory is lost. */
	start(): Promise<Polled>;
	/** The next poll of the same process. */
	poll(): Promise<Polled>;
	/** Saves credentials while n8n runs, which n8n does not report to published workflows. By type. */
	saveCredentials(data: CredentialData): Promise<void>;
	/** Runs the execution that a poll started; the trigger is its only node. Without items, a test run. */
	execute(
		items?: INodeExecutionData[],
		options?: Pick<RunOptions, 'executionId' | 'mode'>,
	): Promise<EngineResult>;
}

/**
 * A polling trigger set up through n8n-core's real PollContext.
 *
 * Relies on n8n 2.41 with its default scheduler: one Workflow object per process keeps the static data between polls.
 * It is saved after the first poll, which is part of publishing and of n8n's start, and whenever a poll returns
 * items, before their execution is stored. A poll that returns null or throws saves nothing.
 */
export function createPoller(
	parts: ExecutionParts,
	type: string,
	parameters: INodeParameters,
	options: PollerOptions = {},
): PollerHandle {
	const { nodeTypes, credentialTypes, services } = parts;
	const store = new CredentialStore(credentialTypes, nodeTypes, options.credentials ?? {});
	const node: INode = completeNode({ name: 'Trigger', type, parameters }, nodeTypes, store);
	const key = `node:${node.name}`;
	let saved: IDataObject = { [key]: deepCopy(options.staticData ?? {}) };
	let running: { workflow: Workflow; context: PollContext } | undefined;

	const load = () => {
		const workflow = new Workflow({
			id: options.workflowId ?? DEFAULT_WORKFLOW_ID,
			name: 'Test workflow',
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: deepCopy(saved),
		});
		const additionalData = createAdditionalData({ services, credentials: store });
		const { pollBudgetMs } = options;
		const context = new PollContext(
			workflow,
			node,
			additionalData,
			'trigger',
			'activate',
			...([undefined, undefined, undefined, undefined, undefined] as const),
			typeof pollBudgetMs === 'number' ? () => pollBudgetMs : undefined,
		);
		if (pollBudgetMs === 'none') Reflect.deleteProperty(context, 'getPollBudgetMs');
		return { workflow, context };
	};
	const save = (workflow: Workflow) => {
		if (workflow.staticData.__dataChanged === true) saved = deepCopy(workflow.staticData);
	};
	const pollOnce = async ({ workflow, context }: NonNullable<typeof running>): Promise<Polled> => {
		const nodeType = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		if (!nodeType.poll) throw new Error(`Node type "${type}" does not poll`);
		const result = await nodeType.poll.call(context);
		if (result === null) return null;
		save(workflow);
		return deepCopy(result[0] ?? []);
	};

	return {
		get staticData() {
			return deepCopy((saved[key] ?? {}) as IDataObject);
		},
		set staticData(data: IDataObject) {
			saved = { ...saved, [key]: deepCopy(data) };
		},
		start: async () => {
			running = load();
			const result = await pollOnce(running);
			save(running.workflow);
			return result;
		},
		poll: async () => {
			if (!running) throw new Error('The poller was not started');
			return await pollOnce(running);
		},
		saveCredentials: async (data) => {
			for (const [name, values] of Object.entries(data)) {
				const details = node.credentials?.[name];
				if (!details) throw new Error(`The node has no credential of type "${name}"`);
				await store.updateCredentials(details, name, values);
			}
		},
		execute: async (items, runOptions = {}) =>
			await runWorkflow(
				parts,
				{ id: options.workflowId, nodes: [node], connections: {}, staticData: saved },
				{
					mode: items ? 'trigger' : 'manual',
					credentials: options.credentials,
					...(items && { input: items }),
					startNode: node.name,
					...runOptions,
				},
			),
	};
}
