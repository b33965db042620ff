import { isNodeError, type NodeError } from '../api/nodeErrors';

/**
 * Marks an error as one after which people may have been emailed: trying again could email them twice. The mark is in
 * the error's context, which n8n keeps with the execution.
 *
 * @param error - what is about to be thrown; it is changed
 * @returns the same error
 */
export function asPossiblyMailed<E extends NodeError>(error: E): E {
	error.context.possiblyMailed = true;
	return error;
}

/**
 * Removes the mark again, once it is proven that no one was emailed.
 *
 * @param error - what is about to be thrown; it is changed
 * @returns the same error
 */
export function asNotMailed<E extends NodeError>(error: E): E {
	delete error.context.possiblyMailed;
	return error;
}

/**
 * Whether people may have been emailed before this was thrown.
 *
 * @param error - what was caught
 */
export function mayHaveMailed(error: unknown): boolean {
	return isNodeError(error) && error.context.possiblyMailed === true;
}
