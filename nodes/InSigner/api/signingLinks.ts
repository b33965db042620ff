/** A link that lets its holder sign, under any spelling the service may choose. */
const SIGNING_LINK = /^sign(ing|er)?[_-]?(url|link)s?$/i;

/** In a signer, a bare link can only be one of these. */
const LINK = /^(url|link)s?$/i;

const SIGNER = /^signers?$/i;

/** How deep a value is searched; inSigner nests about five levels. Anything deeper is left out unread. */
const MAX_DEPTH = 64;

/**
 * Copies a JSON value without the links that let their holder sign, and without keys named `__proto__`. The API may
 * add keys at any time, so every output goes through here unless the user asked for the links.
 *
 * @param value - what is about to be output: JSON, without cycles
 * @returns the copy, down to 64 levels; what is not a plain object or list is returned as it is
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export function withoutSigningLinks<T>(value: T): T {
	return copyOf(value, false, MAX_DEPTH) as T;
}

function copyOf(value: unknown, isSigner: boolean, depth: number): unknown {
	if (Array.isArray(value)) {
		return depth === 0 ? undefined : value.map((entry) => copyOf(entry, isSigner, depth - 1));
	}
	if (!isPlainObject(value)) return value;
	if (depth === 0) return undefined;
	const kept = Object.entries(value).filter(
		([key]) => !SIGNING_LINK.test(key) && !(isSigner && LINK.test(key)) && key !== '__proto__',
	);
	return Object.fromEntries(
		kept.map(([key, entry]) => [key, copyOf(entry, SIGNER.test(key), depth - 1)]),
	);
}

/** Whether something is a plain object as in JSON, from any realm; dates and buffers are left whole. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
