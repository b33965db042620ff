/** Something thrown after which people may have been emailed, though no one knows. */
const possiblyMailed = new WeakSet<object>();

/**
 * Marks an error as one after which people may have been emailed: trying again could email them twice.
 *
 * @param error - what is about to be thrown
 * @returns the same error
 */
export function asPossiblyMailed<E extends object>(error: E): E {
	possiblyMailed.add(error);
	return error;
}

/**
 * Takes the mark off again, where it was proven afterwards that no one was emailed.
 *
 * @param error - what is about to be thrown
 * @returns the same error
 */
export function asNotMailed<E extends object>(error: E): E {
	possiblyMailed.delete(error);
	return error;
}

/**
 * Whether people may have been emailed before this was thrown.
 *
 * @param error - what was caught
 */
export function mayHaveMailed(error: unknown): boolean {
	return typeof error === 'object' && error !== null && possiblyMailed.has(error);
}
