import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { clock } from '../api/clock';
import { inLines } from '../api/nodeErrors';
import { asPossiblyMailed, mayHaveMailed } from '../documents/possiblyMailed';
import { valuesOf } from '../parameters/parameters';

/** How much the ledger of this process holds over all executions, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How long a run of a node is remembered after something was last done in it, in milliseconds. */
const MAX_IDLE_MS = 24 * 60 * 60 * 1000;

/** The size of an entry without its text, and of an empty run, in bytes: keys and places in maps. */
const ENTRY_BYTES = 160;
const RUN_BYTES = 600;

/** The outcome of a piece of work: what is kept of it as JSON, or the error that must not be tried again. */
type Entry = { kept: string } | { message: string; description: string };

/** One run of a node in an execution. */
interface Run {
	usedAt: number;
	bytes: number;
	entries: Map<string, Entry>;
	/** Work in progress: an agent may call its tool twice at once. */
	going: Map<string, Promise<unknown>>;
}

/** In the order they were last used, so the oldest are the first. */
const runs = new Map<string, Run>();

/** What all of them take, in bytes. */
let bytes = 0;

/** How a result is kept and found again. */
export interface Keeping<T> {
	/** What is kept: ids rather than whole objects. Must survive JSON. */
	keep(value: T): unknown;
	/** Rebuilds the result from what was kept. */
	recall(kept: unknown): Promise<T> | T;
}

/**
 * Does a piece of work that must not be repeated (it emails people, or makes or removes something) once per
 * execution. With Retry On Fail n8n runs a node again for all its items, in the same execution, also those that
 * went well; a second call returns the first one's result. Work that failed starts again, unless people may have
 * been emailed by it.
 *
 * The memory is in this process, which is enough: n8n retries a node in the process it ran in.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item the work is for, from 0
 * @param name - names the work among those of one item; empty when there is only one
 * @param work - what must not be repeated
 * @param keeping - how the result is kept; the result itself if left out
 * @returns what the work returned, now or the first time
 * @throws what the work throws; the recorded error when people may have been emailed before it;
 * NodeOperationError when one run has done more than can be remembered
 */
export async function oncePerExecution<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	name: string,
	work: () => Promise<T>,
	keeping: Keeping<T> = { keep: (value) => value, recall: (kept) => kept as T },
): Promise<T> {
	const run = runOf(ctx, itemIndex);
	if (!run) return await work();

	const key = keyOf(ctx, itemIndex, name);
	const going = run.going.get(key);
	if (going) return (await going) as T;

	const known = run.entries.get(key);
	if (known) return await again(ctx, itemIndex, known, keeping);
	if (run.bytes > MAX_BYTES) {
		throw new NodeOperationError(ctx.getNode(), 'This run is too long to be kept from repeating', {
			itemIndex,
			description:
				'The node remembers what it did, so that Retry On Fail repeats nothing. Split the items over several executions.',
		});
	}
	const doing = work().then(
		(value) => {
			record(run, key, { kept: JSON.stringify(keeping.keep(value)) ?? 'null' });
			return value;
		},
		(error: unknown) => {
			if (mayHaveMailed(error)) record(run, key, asEntry(error));
			throw error;
		},
	);
	run.going.set(key, doing);
	return await doing.finally(() => run.going.delete(key));
}

/**
 * What this node got done in this run of this execution, over all tries.
 *
 * @param ctx - n8n's execution context
 * @returns what was kept of it, in the order it was done
 */
export function doneInRun(ctx: IExecuteFunctions): unknown[] {
	const entries = runOf(ctx, 0)?.entries.values() ?? [];
	return [...entries].flatMap((entry) =>
		'kept' in entry ? [JSON.parse(entry.kept) as unknown] : [],
	);
}

async function again<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	known: Entry,
	keeping: Keeping<T>,
): Promise<T> {
	if (!('kept' in known)) {
		const { message, description } = known;
		const error = new NodeOperationError(ctx.getNode(), message, {
			itemIndex,
			description: inLines([description]),
		});
		// n8n replaces messages that contain ECONNRESET and the like.
		error.message = message;
		throw asPossiblyMailed(error);
	}
	ctx.logger.info('inSigner: this item was already done in this execution and is not done again', {
		itemIndex,
	});
	return await keeping.recall(JSON.parse(known.kept));
}

function asEntry(error: unknown): Entry {
	const { message, description } = error as Error & { description?: string | null };
	return { message, description: description ?? '' };
}

function record(run: Run, key: string, entry: Entry): void {
	const text = 'kept' in entry ? entry.kept : entry.message + entry.description;
	const size = ENTRY_BYTES + 2 * text.length;
	run.entries.set(key, entry);
	run.bytes += size;
	bytes += size;
}

/**
 * The run of the node: a node in a loop has several. Nodes go by their names, since ids can stand twice in a
 * workflow. As a tool of an agent a node has a new run for every try, so all its calls count as one run.
 */
function runOf(ctx: IExecuteFunctions, itemIndex: number): Run | undefined {
	const executionId = ctx.getExecutionId();
	if (!executionId) return undefined;
	const number: unknown = isTool(ctx)
		? 'tool'
		: ctx.evaluateExpression('{{ $runIndex }}', itemIndex);
	const id = JSON.stringify([executionId, ctx.getNode().name, number]);
	const run = runs.get(id) ?? newRun();
	// Set again, so that the map stays in the order of use.
	runs.delete(id);
	runs.set(id, run);
	run.usedAt = clock.now();
	forgetOldRuns(run);
	return run;
}

/**
 * The item, and what is in it. Of a tool, whose every call is the first item, also the values of the parameters:
 * an agent may call it for several people. Otherwise they are left out, because an expression such as
 * `{{ $now }}` gives another value in every try.
 */
function keyOf(ctx: IExecuteFunctions, itemIndex: number, name: string): string {
	const { json } = ctx.getInputData()[itemIndex] ?? {};
	const values = isTool(ctx) ? valuesOf(ctx, itemIndex) : null;
	return createHash('sha256')
		.update(JSON.stringify([itemIndex, name, json ?? null, values]))
		.digest('base64');
}

function isTool(ctx: IExecuteFunctions): boolean {
	// n8n before 1.80 does not say so.
	return 'isToolExecution' in ctx && ctx.isToolExecution();
}

function newRun(): Run {
	bytes += RUN_BYTES;
	return { usedAt: 0, bytes: RUN_BYTES, entries: new Map(), going: new Map() };
}

function forgetOldRuns(current: Run): void {
	const idleSince = clock.now() - MAX_IDLE_MS;
	for (const [id, run] of runs) {
		if (run === current || (run.usedAt > idleSince && bytes <= MAX_BYTES)) return;
		if (run.going.size > 0) continue;
		bytes -= run.bytes;
		runs.delete(id);
	}
}
