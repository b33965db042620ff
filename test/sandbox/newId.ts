import { randomBytes } from 'node:crypto';

/** A new opaque id, such as `sr_1f0c...`; the prefixes are those of the documented examples. */
export function newId(prefix: string): string {
	return prefix + randomBytes(9).toString('hex');
}

/** An unguessable token for a URL. */
export function newToken(): string {
	return randomBytes(24).toString('base64url');
}
