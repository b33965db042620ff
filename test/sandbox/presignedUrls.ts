import { newToken } from './newId';

/** How long a URL is valid; the real lifetime is not documented, minutes are assumed. */
const LIFETIME_MS = 15 * 60_000;

/** What the holder of a presigned URL may do. */
export type Permission =
	| {
			readonly kind: 'upload';
			readonly documentId: string;
			readonly contentType: string;
			/** Bytes. */
			readonly fileSize: number;
	  }
	| { readonly kind: 'download'; readonly documentId: string };

/** The permissions that were issued as URLs of the storage origin (guides/embedded-signing). */
export class PresignedUrls {
	private readonly granted = new Map<
		string,
		{ readonly permission: Permission; readonly expiresAt: number }
	>();

	/** Issues a permission. Returns path and query, and when it expires (ms on the sandbox clock). */
	grant(permission: Permission, now: number): { path: string; expiresAt: number } {
		const token = newToken();
		const expiresAt = now + LIFETIME_MS;
		this.granted.set(token, { permission, expiresAt });
		const expires = Math.floor(expiresAt / 1000);
		const path = `/insigner/${permission.kind}s/${permission.documentId}.pdf`;
		return { path: `${path}?expires=${expires}&token=${token}`, expiresAt };
	}

	/** The permission of a token, or undefined if there is none or it has expired. */
	find(token: string | undefined, now: number): Permission | undefined {
		const grant = token === undefined ? undefined : this.granted.get(token);
		return grant && now < grant.expiresAt ? grant.permission : undefined;
	}
}
