import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** One of n8n's errors that knows its item and has a description, which people read below the message. */
export type NodeError = NodeApiError | NodeOperationError;

/**
 * Whether something thrown is one of n8n's errors.
 *
 * @param error - what was caught
 */
export function isNodeError(error: unknown): error is NodeError {
	return error instanceof NodeApiError || error instanceof NodeOperationError;
}

/**
 * Turns whatever was thrown into one of n8n's errors.
 *
 * @param node - the node it happened in
 * @param error - what was caught
 * @param itemIndex - index of the input item, from 0
 * @returns the same error if it is already one of n8n's
 */
export function asNodeError(node: INode, error: unknown, itemIndex: number): NodeError {
	if (isNodeError(error)) return error;
	return new NodeOperationError(node, error instanceof Error ? error : String(error), {
		itemIndex,
	});
}

/**
 * Adds lines to an error's description.
 *
 * @param error - the error; it is changed
 * @param lines - `before` and `after` its description
 * @returns the same error
 */
export function withLines<E extends NodeError>(
	error: E,
	{ before = [], after = [] }: { before?: readonly string[]; after?: readonly string[] },
): E {
	error.description = inLines([...before, error.description, ...after]);
	return error;
}

/**
 * Joins the lines of an error's description. n8n's editor shows them one after the other, so each ends like a
 * sentence.
 *
 * @param lines - sentences, with or without a full stop, or several of them below each other; empty and missing ones
 * are left out
 */
export function inLines(lines: ReadonlyArray<string | null | undefined | false>): string {
	return lines
		.flatMap((line) => (line ? line.split('\n') : []))
		.flatMap((line) => (line.trim() ? [/[.:!?]$/.test(line) ? line : `${line}.`] : []))
		.join('\n');
}

/**
 * Why something failed, for a sentence.
 *
 * @param error - what was caught
 */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
