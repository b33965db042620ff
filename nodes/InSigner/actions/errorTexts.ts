import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { inLines, isUnclear } from '../api/errors';
import { asPossiblyMailed, mayHaveMailed } from '../documents/possiblyMailed';

/**
 * Gives an error another message and further lines. Hints that speak of a request alone are left out where the
 * error is about sending, since what became of it is known by now. That people may have been emailed stays marked.
 *
 * @param ctx - n8n's execution context
 * @param error - what was caught
 * @param message - the new message
 * @param lines - further lines of the description
 * @param itemIndex - index of the input item, from 0
 * @returns the same error where it is one of n8n's, else a new one
 */
export function withMessage(
	ctx: IExecuteFunctions,
	error: unknown,
	message: string,
	lines: string[],
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const known =
		error instanceof NodeApiError || error instanceof NodeOperationError
			? error
			: new NodeOperationError(ctx.getNode(), message, { itemIndex });
	const before = isUnclear(known) ? known.facts : [known.description];
	const marked = mayHaveMailed(error);
	known.message = message;
	known.description = inLines([...lines, ...before]);
	return marked ? asPossiblyMailed(known) : known;
}

/**
 * Why something failed, for a sentence.
 *
 * @param error - what was caught
 */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
