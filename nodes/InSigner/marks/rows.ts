/**
 * Marks in n8n's deduplication store, a table of its database: it survives restarts and is shared by all processes of
 * an n8n. This file relies on how n8n reads a node's id, which no contract of n8n promises. It was run in n8n 1.123 and
 * 2.0 to 2.41 (docs/compatibility.md), and in 2.41.1 by several processes at once (test/queue).
 */
import type { IExecuteFunctions, INode } from 'n8n-workflow';

/** Marks in one row: enough for all marks of a node, should n8n ever keep them in one. */
const MAX_MARKS = 6_000;

const STORE = { mode: 'entries', maxEntries: MAX_MARKS } as const;

/** The content of a row whose existence is all that matters. */
const THERE = 'there';

/** A row that is never created. */
const NO_ROW = 'none';

/**
 * Adds marks to a row, and creates the row if need be.
 *
 * @param ctx - n8n's execution context of the node whose row it is
 * @param row - name of the row among those of the node
 * @param marks - texts; n8n keeps a hash of each
 * @returns those that were in it already
 * @throws what n8n throws when another process created the row at the same moment, or the database does not answer
 */
export async function addMarks(
	ctx: IExecuteFunctions,
	row: string,
	marks: string[],
): Promise<unknown[]> {
	const adding = inRow(ctx, row, () => ctx.helpers.checkProcessedAndRecord(marks, 'node', STORE));
	return (await adding).processed;
}

/**
 * Whether a row is there. Reads only.
 *
 * @param ctx - n8n's execution context of the node whose row it is
 * @param row - name of the row among those of the node
 * @throws what n8n throws when the database does not answer, or it has no such store
 */
export async function hasRow(ctx: IExecuteFunctions, row: string): Promise<boolean> {
	return (await inRow(ctx, row, () => ctx.helpers.getProcessedDataCount('node', STORE))) > 0;
}

/**
 * Creates a row. Of any number of processes that try, one succeeds: the database sees to that.
 *
 * @param ctx - n8n's execution context of the node whose row it is
 * @param row - name of the row among those of the node
 * @returns false if it is there already
 * @throws as {@link hasRow}; Error when n8n puts everything into one row, so that nothing can be told apart
 */
export async function createRow(ctx: IExecuteFunctions, row: string): Promise<boolean> {
	if (await hasRow(ctx, row)) return false;
	const before = await addMarks(ctx, row, [THERE]).catch(async (error: unknown) => {
		// Another process was quicker, or n8n did not get to say that it is done.
		if (await hasRow(ctx, row)) return [THERE];
		throw error;
	});
	if (before.length > 0) return false;
	if (await hasRow(ctx, NO_ROW)) {
		await removeRow(ctx, row);
		throw new Error(NO_ROWS);
	}
	return true;
}

/**
 * Removes a row.
 *
 * @param ctx - n8n's execution context of the node whose row it is
 * @param row - name of the row among those of the node
 * @throws as {@link hasRow}
 */
export async function removeRow(ctx: IExecuteFunctions, row: string): Promise<void> {
	await inRow(ctx, row, () => ctx.helpers.clearAllProcessedItems('node', STORE));
}

const NO_ROWS = 'this version of n8n keeps no record that can be relied on';

/**
 * n8n keeps one row per node and rewrites it as a whole, without a lock: two processes at once would lose each other's
 * marks. Only creating a row is safe. So each thing to remember gets its own row: the node has a different id for as
 * long as n8n reads it, until the call returns its promise.
 *
 * The node is that of the context: getExecuteData() gives the agent when the node is its tool.
 */
function inRow<T>(ctx: IExecuteFunctions, row: string, call: () => T): T {
	const { node } = ctx as IExecuteFunctions & { readonly node?: INode };
	if (!node) throw new Error(NO_ROWS);
	const { id } = node;
	node.id = `${id} ${row}`;
	try {
		if (ctx.getNode().id !== node.id) throw new Error(NO_ROWS);
		return call();
	} finally {
		node.id = id;
	}
}
