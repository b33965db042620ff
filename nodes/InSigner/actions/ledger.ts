import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../api/clock';

/** How many outcomes are kept in this process. */
const MAX_ENTRIES = 20_000;

/**
 * How long an outcome is kept, in milliseconds: longer than a node runs that sends thousands of contracts at
 * the pace of the rate limit, since Retry On Fail begins with its first item again.
 */
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** Something thrown after which people may have been mailed, though nobody knows. */
const possiblyMailed = new WeakSet<object>();

type Outcome = { at: number } & ({ value: unknown } | { error: unknown });

/** In the order they were written, so the oldest are the first. */
const outcomes = new Map<string, Outcome>();

/**
 * Marks an error as one after which people may have been mailed: trying again could mail them twice.
 *
 * @param error - what is about to be thrown
 * @returns the same error
 */
export function asPossiblyMailed<E extends object>(error: E): E {
	possiblyMailed.add(error);
	return error;
}

/**
 * Whether people may have been mailed before this was thrown.
 *
 * @param error - what was caught
 */
export function mayHaveMailed(error: unknown): boolean {
	return typeof error === 'object' && error !== null && possiblyMailed.has(error);
}

/**
 * Does a piece of work that must not be repeated (it mails people, or makes or removes something) once per
 * execution. With Retry On Fail n8n runs a node again for all its items, in the same execution, also those that went well; a second call with the same name returns the
 * first one's result. Work that failed starts anew, unless people may have been mailed by it.
 *
 * The memory is that of this process: enough, because n8n retries a node where it ran.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item the work is for, from 0
 * @param name - names the work among those of one item; empty when there is only one
 * @param work - what must not be repeated
 * @returns what the work returned, now or the first time
 * @throws what the work throws; the recorded error when people may have been mailed before it
 */
export async function oncePerExecution<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	name: string,
	work: () => Promise<T>,
): Promise<T> {
	const key = keyOf(ctx, itemIndex, name);
	if (key === undefined) return await work();

	forgetOld();
	const known = outcomes.get(key);
	if (known) {
		if ('error' in known) throw known.error;
		ctx.logger.info(
			'inSigner: this item was already done in this execution and is not done again',
			{ itemIndex },
		);
		return known.value as T;
	}
	const value = await work().catch((error: unknown) => {
		if (mayHaveMailed(error)) {
			outcomes.set(key, { at: clock.now(), error });
		}
		throw error;
	});
	outcomes.set(key, { at: clock.now(), value });
	return value;
}

/**
 * What this node got done in this run of this execution, over all tries.
 *
 * @param ctx - n8n's execution context
 * @returns what the work of {@link oncePerExecution} returned, in the order it was done
 */
export function doneInRun(ctx: IExecuteFunctions): unknown[] {
	const run = runOf(ctx, 0);
	if (!run) return [];
	const prefix = `${JSON.stringify(run).slice(0, -1)},`;
	return [...outcomes].flatMap(([key, outcome]) =>
		key.startsWith(prefix) && 'value' in outcome ? [outcome.value] : [],
	);
}

/**
 * Execution, node, run (a node in a loop runs several times) and item. The item's content is part of it
 * because an AI agent may call the node several times in one run, each time as its first item.
 */
function keyOf(ctx: IExecuteFunctions, itemIndex: number, name: string): string | undefined {
	const run = runOf(ctx, itemIndex);
	if (!run) return undefined;
	const { json } = ctx.getInputData()[itemIndex] ?? {};
	const content = createHash('sha256')
		.update(JSON.stringify(json ?? null))
		.digest('base64');
	return JSON.stringify([...run, itemIndex, name, content]);
}

function runOf(ctx: IExecuteFunctions, itemIndex: number): unknown[] | undefined {
	const executionId = ctx.getExecutionId();
	if (!executionId) return undefined;
	const run: unknown = ctx.evaluateExpression('{{ $runIndex }}', itemIndex);
	return [executionId, ctx.getNode().id, run];
}

function forgetOld(): void {
	const expired = clock.now() - MAX_AGE_MS;
	for (const [key, { at }] of outcomes) {
		if (at > expired && outcomes.size < MAX_ENTRIES) return;
		outcomes.delete(key);
	}
}
