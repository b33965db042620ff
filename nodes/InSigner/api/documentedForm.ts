/** How deep answers are searched; inSigner nests about five levels. */
const MAX_DEPTH = 16;

const ID = /^id$|Id$/;

/**
 * Brings an answer into the documented form if the service gives the same thing in another one: ids as numbers, a
 * status in capitals or American spelling, a document under a key of its own. Everything that reads answers can then
 * rely on one form.
 *
 * @param value - `data` of an answer
 * @returns a copy in the documented form; anything deeper than 16 levels is left as it is
 * @see https://docs.insigner.co/api/documents
 */
export function inDocumentedForm<T>(value: T): T {
	return formOf(value, MAX_DEPTH) as T;
}

function formOf(value: unknown, depth: number): unknown {
	if (depth === 0 || typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map((one) => formOf(one, depth - 1));
	const item = Object.fromEntries(
		Object.entries(value).map(([key, held]: [string, unknown]) => [
			key,
			formOfKey(key, formOf(held, depth - 1)),
		]),
	);
	const { document, ...beside } = item;
	const isWrapped = typeof document === 'object' && document !== null && !('id' in item);
	return isWrapped ? { ...document, ...beside } : item;
}

function formOfKey(key: string, value: unknown): unknown {
	if (typeof value === 'number' && ID.test(key)) return String(value);
	return typeof value === 'string' && key === 'status' ? statusOf(value) : value;
}

function statusOf(text: string): string {
	const lower = text.toLowerCase();
	return lower === 'canceled' ? 'cancelled' : lower;
}
