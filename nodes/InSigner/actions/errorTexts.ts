import type { IExecuteFunctions } from 'n8n-workflow';

import { isUnclear } from '../api/errors';
import { asNodeError, inLines, type NodeError } from '../api/nodeErrors';

/**
 * Gives an error another message and further lines. Hints about a single request are left out if the error is about
 * sending, since its outcome is known by now.
 *
 * @param ctx - n8n's execution context
 * @param error - what was caught; undefined if it says less than the message
 * @param message - the new message
 * @param lines - further lines of the description
 * @param itemIndex - index of the input item, from 0
 * @returns the same error if it is one of n8n's, else a new one
 */
export function withMessage(
	ctx: IExecuteFunctions,
	error: unknown,
	message: string,
	lines: string[],
	itemIndex: number,
): NodeError {
	const known = asNodeError(ctx.getNode(), error ?? message, itemIndex);
	const before = isUnclear(known) ? known.facts : [known.description];
	known.message = message;
	known.description = inLines([...lines, ...before]);
	return known;
}
