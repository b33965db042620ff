import { randomBytes } from 'node:crypto';
import { newId } from './newId';
import { forbidden, unauthorized } from './problems';

/** An API key as the service knows it. */
export interface ApiKey {
	readonly id: string;
	readonly key: string;
	readonly name: string;
	readonly scopes: readonly string[];
	readonly state: 'active' | 'revoked' | 'expired';
	readonly organizationId: string;
	/** The user it belongs to; the limit on webhook creations is per user. */
	readonly userId: string;
}

/** The form of a key: `isk_` and 44 URL-safe characters (getting-started/authentication). */
const FORM = /^isk_[A-Za-z0-9_-]{44}$/;

/** The keys of all organizations. */
export class ApiKeys {
	private readonly byKey = new Map<string, ApiKey>();

	/** Makes a key, a random one if `key` is not given. Throws if `key` does not have the form of a key. */
	create(options: Omit<ApiKey, 'id' | 'key'> & { key?: string }): ApiKey {
		const key = options.key ?? `isk_${randomBytes(33).toString('base64url')}`;
		if (!FORM.test(key)) throw new Error('An API key is isk_ and 44 URL-safe characters');
		const created: ApiKey = { ...options, key, id: newId('key_') };
		this.byKey.set(key, created);
		return created;
	}

	/** The key in an Authorization header, whatever its state. */
	find(authorization: string | undefined): ApiKey | undefined {
		const text = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
		return text === undefined ? undefined : this.byKey.get(text.trim());
	}

	/** How many keys of an organization are valid. */
	countActive(organizationId: string): number {
		return [...this.byKey.values()].filter(
			(key) => key.organizationId === organizationId && key.state === 'active',
		).length;
	}

	/** The key of a request. Throws 401 when it is missing, invalid, revoked or expired. */
	authenticate(authorization: string | undefined): ApiKey {
		if (!authorization) throw unauthorized('The Authorization header is missing');
		const key = this.find(authorization);
		if (!key) throw unauthorized('The API key is invalid');
		if (key.state !== 'active') throw unauthorized(`The API key is ${key.state}`);
		return key;
	}
}

/** Throws 403 when the key lacks the scope. `*` and `thing.*` are wildcards (getting-started/authentication). */
export function requireScope(key: ApiKey, scope: string): void {
	const [thing] = scope.split('.');
	if (!['*', `${thing}.*`, scope].some((held) => key.scopes.includes(held))) {
		throw forbidden(scope);
	}
}
