import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { cancelSignalOf } from '../api/cancellation';
import { asNodeError, isNodeError, withLines } from '../api/nodeErrors';
import { withoutSigningLinks } from '../api/signingLinks';
import { NAMED_PROBLEMS } from '../parameters/checks';
import { parametersOf } from '../parameters/parameters';
import { doneInRun, oncePerExecution, type Keeping } from './ledger';
import {
	BatchStopped,
	operationMenu,
	resourceMenu,
	toJson,
	type BatchOperation,
	type ItemOperation,
	type Once,
	type Operation,
	type Result,
} from './operation';
import { resources } from './resources';
import { pick } from './simplify';

/** How many objects done before an error names; the rest is counted. */
const NAMED_IDS = 50;

/**
 * Runs the chosen operation over the input items. Pairing, item indexes on errors and Continue On Fail are
 * settled here, so that an operation only has to do its work or throw.
 *
 * @param ctx - n8n's execution context
 * @returns the output items of the node's only output
 * @throws NodeApiError or NodeOperationError with the index of the item, unless Continue On Fail is on
 */
export async function route(ctx: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(ctx);
	const items = ctx.getInputData();
	if ('executeAll' in operation) return [await runBatch(ctx, operation)];

	const output: INodeExecutionData[] = [];
	const failed: string[] = [];
	for (let itemIndex = 0; itemIndex < items.length; itemIndex++) {
		const work = async () => await operation.execute(ctx, itemIndex);
		const done = operation.once
			? oncePerExecution(ctx, itemIndex, '', work, keepingOf(ctx, itemIndex, operation.once))
			: work();
		const results = await done.catch((error: unknown) => {
			if (!ctx.continueOnFail() || isCancelled(ctx)) {
				const known = withFailedBefore(ctx, withItem(ctx, error, itemIndex), failed);
				throw withDoneBefore(ctx, known, operation);
			}
			const json = errorJson(error);
			failed.push(`Before it, item ${itemIndex + 1} failed: ${json.error}`);
			return [{ json }];
		});
		for (const result of results) output.push(toItem(result, itemIndex));
	}
	return [output];
}

async function runBatch(
	ctx: IExecuteFunctions,
	operation: BatchOperation,
): Promise<INodeExecutionData[]> {
	const output = await operation.executeAll(ctx).catch((error: unknown) => {
		const stopped = error instanceof BatchStopped ? error : undefined;
		const reason = stopped?.reason ?? error;
		if (!ctx.continueOnFail() || isCancelled(ctx)) throw reason;
		const undone = stopped?.undone ?? [...ctx.getInputData().keys()];
		return [
			...(stopped?.done ?? []),
			{ json: errorJson(reason), pairedItem: undone.map((item) => ({ item })) },
		];
	});
	return output.map((item) => ({ ...item, json: withoutSigningLinks(item.json) }));
}

/** What is kept of results until n8n may run the item again: ids, or the results where they are small. */
function keepingOf(
	ctx: IExecuteFunctions,
	itemIndex: number,
	once: true | Once,
): Keeping<Result[]> {
	const { again } = once === true ? { again: undefined } : { again: once.again?.bind(once) };
	if (!again) {
		return { keep: (results) => results, recall: (kept) => kept as Result[] };
	}
	return {
		keep: (results) =>
			results.map(({ json }) => ({
				json: pick(json as Named, ['id', 'name', 'status', ...SENT_BEFORE]),
			})),
		recall: async (kept) => {
			const results = kept as Array<{ json: Named }>;
			const id = results[0]?.json.id;
			if (id === undefined) return results;
			// What was done stays done even if it cannot be read.
			const known = await again(ctx, itemIndex, id).catch(() => undefined);
			const sentBefore = pick(results[0]?.json ?? {}, SENT_BEFORE);
			return known?.map((one) => ({ ...one, json: { ...one.json, ...sentBefore } })) ?? results;
		},
	};
}

/** What names a document. */
interface Named {
	id?: string;
	name?: string;
	status?: string;
	alreadySent?: boolean;
	sendOnceFor?: string;
}

/** What a document does not say of itself, see sendOnce(). */
const SENT_BEFORE = ['alreadySent', 'sendOnceFor'] as const;

function chosenOperation(ctx: IExecuteFunctions): Operation {
	const parameters = parametersOf(ctx, 0);
	const resourceName = parameters.text(resourceMenu);
	const operationName = parameters.text(operationMenu);
	const operation = resources
		.find(({ value }) => value === resourceName)
		?.operations.find(({ menu }) => menu.value === operationName);
	if (operation) return operation;
	throw new NodeOperationError(
		ctx.getNode(),
		`This version of the inSigner node has no operation "${operationName}" for "${resourceName}"`,
		{ description: 'Choose the operation again, or update the package n8n-nodes-insigner.' },
	);
}

/** Whoever holds a signing link can sign, so links are only output if the user asked for them. */
function toItem({ json, binary, withSigningLinks }: Result, item: number): INodeExecutionData {
	const shown = toJson(withSigningLinks ? json : withoutSigningLinks(json));
	return { json: shown, ...(binary && { binary }), pairedItem: { item } };
}

/** Only these keys let n8n send the item to the error branch. */
function errorJson(error: unknown): { error: string; details?: string } {
	if (!(error instanceof Error)) return { error: String(error) };
	const details = 'description' in error ? error.description : undefined;
	return {
		error: error.message,
		...(typeof details === 'string' && details !== '' && { details }),
	};
}

/** Of several items people have to know which one; n8n counts them from 0 and shows that in a corner. */
function withItem(ctx: IExecuteFunctions, error: unknown, itemIndex: number): unknown {
	if (!(error instanceof Error)) return error;
	const known = 'context' in error ? error : asNodeError(ctx.getNode(), error, itemIndex);
	const count = ctx.getInputData().length;
	if (!isNodeError(known) || count === 1) return known;
	const isNamed = new RegExp(`\\bitem ${itemIndex + 1}\\b`).test(known.description ?? '');
	return isNamed
		? known
		: withLines(known, { after: [`This is item ${itemIndex + 1} of ${count}.`] });
}

/** The error items of Continue On Fail are lost if the execution is cancelled, so the last error says what they said. */
function withFailedBefore(ctx: IExecuteFunctions, error: unknown, failed: string[]): unknown {
	const named = failed.slice(0, NAMED_PROBLEMS);
	for (const line of named) ctx.logger.warn(`inSigner: ${line}`);
	if (!isNodeError(error) || named.length === 0) return error;
	const more = failed.length - named.length;
	return withLines(error, {
		after: [...named, ...(more > 0 ? [`Before it, ${more} more failed`] : [])],
	});
}

/** n8n does not show the output of what was done before, in this try or an earlier one, so the error says it. */
function withDoneBefore(ctx: IExecuteFunctions, error: unknown, { once }: ItemOperation): unknown {
	if (!once) return error;
	const results = (doneInRun(ctx) as Result[][]).flat();
	const ids = results.flatMap(({ json }) =>
		'id' in json && typeof json.id === 'string' ? [json.id] : [],
	);
	if (ids.length === 0) return error;
	const more = ids.length > NAMED_IDS ? ` and ${ids.length - NAMED_IDS} more` : '';
	const done = `Done before in this run: ${ids.slice(0, NAMED_IDS).join(', ')}${more}.`;
	ctx.logger.warn(`inSigner: ${done}`);
	// A recorded error is thrown again by each try and says it already.
	if (!isNodeError(error) || error.description?.includes(done)) return error;
	return withLines(error, { after: [done] });
}

/** A cancelled execution must end, not continue with the next item. */
function isCancelled(ctx: IExecuteFunctions): boolean {
	return cancelSignalOf(ctx)?.aborted ?? false;
}
