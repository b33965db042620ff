import { whyNotPublic } from './publicAddress';

export const DEFAULT_BASE_URL = 'https://app.insigner.co/api/v1';

const LOOPBACK_HOSTS = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a URL is that of a sandbox on n8n's own machine, which may do without https and a public address.
 *
 * @param url - any absolute URL
 * @returns true for localhost, 127.0.0.0/8 and [::1] only; a name that DNS might send elsewhere is not enough
 */
export function isLoopback(url: URL): boolean {
	return LOOPBACK_HOSTS.test(url.hostname);
}

/**
 * Reads a URL that is about to receive a key or a contract, and refuses one that would send it in the clear.
 *
 * @param value - as given by the user or the service
 * @returns the URL; always https, or http to a loopback host (how the local sandbox is used)
 * @throws Error with a text for people when it is not a URL, contains a user name or is plain http to another machine
 */
export function parseSafeUrl(value: string): URL {
	// Not repeated in the text: it may hold a key, or the signature of a file address.
	if (!URL.canParse(value)) {
		throw new Error(`The address is not a URL. Expected something like ${DEFAULT_BASE_URL}`);
	}
	const url = new URL(value);
	if (url.username || url.password) {
		throw new Error('The URL must not contain a user name or a password');
	}
	if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
	throw new Error(
		`${url.protocol}//${url.host} is refused because it is not https. Plain http is only accepted for this machine (localhost, 127.0.0.1)`,
	);
}

/**
 * Reads the base URL of a credential.
 *
 * @param value - the Base URL of the credential; empty means inSigner Cloud
 * @returns the URL without a trailing slash, query or hash, ready to have a path appended
 * @throws Error as {@link parseSafeUrl} does
 */
export function parseBaseUrl(value: string | undefined): string {
	const url = parseSafeUrl(value?.trim() || DEFAULT_BASE_URL);
	// The lookbehind keeps this linear.
	return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

/**
 * Accepts a URL the service gave for a file: https to a public address, or anything if the API itself is the local
 * sandbox. A forged answer must not point n8n at its own machine or network.
 *
 * @param value - absolute, or relative to the base URL
 * @param baseUrl - from {@link parseBaseUrl}
 * @returns the absolute URL
 * @throws Error as {@link parseSafeUrl} does, and for a file that is not at a public address
 */
export function parseFileUrl(value: string, baseUrl: string): string {
	const base = new URL(baseUrl);
	const url = parseSafeUrl(URL.canParse(value, baseUrl) ? new URL(value, baseUrl).href : value);
	const problem = isLoopback(base) ? undefined : whyNotPublic(url);
	if (problem) throw new Error(`inSigner gave the address of a file that is refused: ${problem}.`);
	return url.href;
}
