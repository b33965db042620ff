/** Runs of workflows in a real n8n. */
import { setTimeout as delay } from 'node:timers/promises';

import type { WorkflowInput } from '../host/client';
import { runsOf, type Execution } from '../host/execution';
import type { RealN8n } from '../host/realN8n';

/** Asks rarely: a busy poll would be part of what is measured. */
const POLL_MS = 500;

/**
 * Stores a workflow.
 *
 * @returns its id
 */
export async function store(real: RealN8n, workflow: WorkflowInput): Promise<string> {
	const { id } = await real.client.createWorkflow(workflow);
	return id;
}

/**
 * Runs a stored workflow to its end.
 *
 * @returns the execution with its data
 * @throws Error when it did not succeed
 */
export async function runToEnd(real: RealN8n, workflowId: string): Promise<Execution> {
	const executionId = await real.client.run(workflowId);
	for (;;) {
		await delay(POLL_MS);
		const over = await real.client.executions({
			workflowId,
			status: ['success', 'error', 'crashed', 'canceled'],
		});
		if (!over.some(({ id }) => id === executionId)) continue;
		const execution = await real.client.execution(executionId);
		if (execution.status === 'success') return execution;
		const reason = execution.data.resultData.error?.message ?? execution.status;
		throw new Error(`Workflow ${workflowId} did not end well: ${reason}`);
	}
}

/**
 * How long a node took, as n8n says in the execution.
 *
 * @returns milliseconds
 */
export function nodeMs(execution: Execution, nodeName: string): number {
	return runsOf(execution, nodeName)[0]?.executionTime ?? Number.NaN;
}
