/** n8n's executions as its API delivers them: the run data inside is one string in the "flatted" format. */
import type { IDataObject, INodeExecutionData, IRunExecutionData, ITaskData } from 'n8n-workflow';

/** States in which an execution no longer changes by itself; `waiting` continues when it is resumed. */
export type FinalStatus = 'success' | 'error' | 'crashed' | 'canceled';
export type ExecutionStatus = FinalStatus | 'new' | 'running' | 'waiting' | 'unknown';

/** One line of the list of executions. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	/** `manual`, `webhook`, `trigger` ... */
	mode: string;
	/** ISO 8601, null before it began. */
	startedAt: string | null;
	stoppedAt?: string | null;
}

/** One execution with its data. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

const isContainer = (value: unknown): value is object =>
	typeof value === 'object' && value !== null;

/**
 * Decodes flatted text: an array whose first entry is the root; inside its objects and arrays every string is the index
 * of an entry. Objects that occur several times, even inside themselves, stay one object.
 *
 * @param text as n8n 2.41 stores and delivers execution data
 * @returns the value; its form is for the caller to know
 * @throws SyntaxError when the text is not JSON, Error when it is not flatted
 */
export function decodeFlatted(text: string): unknown {
	const entries: unknown = JSON.parse(text);
	if (!Array.isArray(entries) || entries.length === 0) {
		throw new Error('The execution data is not in the flatted format: no array of entries.');
	}
	// A copy of the containers first, so that references can point at them before they are filled.
	const values = entries.map((entry: unknown) => {
		if (Array.isArray(entry)) return [] as unknown[];
		return isContainer(entry) ? ({} as Record<string, unknown>) : entry;
	});
	const follow = (value: unknown): unknown => {
		if (typeof value !== 'string') return value;
		const index = Number(value);
		if (!Number.isInteger(index) || index < 0 || index >= values.length) {
			throw new Error(`The execution data is not in the flatted format: no entry ${value}.`);
		}
		return values[index];
	};
	entries.forEach((entry: unknown, index) => {
		const target = values[index];
		if (!isContainer(entry) || !isContainer(target)) return;
		for (const [key, value] of Object.entries(entry)) {
			Object.defineProperty(target, key, {
				value: follow(value),
				writable: true,
				enumerable: true,
				configurable: true,
			});
		}
	});
	return values[0];
}

/**
 * All runs of one node in one execution, the first one first.
 *
 * @returns an empty array when the node did not run
 */
export function runsOf(execution: Execution, nodeName: string): ITaskData[] {
	return execution.data.resultData.runData[nodeName] ?? [];
}

/**
 * The items that a node output.
 *
 * @param output index of the output: 0 is the main one, 1 often the one for errors
 * @param run index of the run, by default the last one
 * @returns an empty array when the node did not run or output nothing there
 */
export function itemsOf(
	execution: Execution,
	nodeName: string,
	output = 0,
	run = -1,
): INodeExecutionData[] {
	return runsOf(execution, nodeName).at(run)?.data?.main?.[output] ?? [];
}

/** The JSON of {@link itemsOf}. */
export function jsonOf(
	execution: Execution,
	nodeName: string,
	output = 0,
	run = -1,
): IDataObject[] {
	return itemsOf(execution, nodeName, output, run).map((item) => item.json);
}

/**
 * What went wrong in an execution.
 *
 * @returns the message of the error that ended it, undefined when none did
 */
export function errorOf(execution: Execution): string | undefined {
	return execution.data.resultData.error?.message;
}
