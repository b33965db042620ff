import type { IHttpRequestOptions } from 'n8n-workflow';

import { parseSafeUrl } from './baseUrl';

/** A request of any node, in the form of n8n's newer or older request helper. */
export interface AnyRequest extends Partial<Omit<IHttpRequestOptions, 'url'>> {
	url?: string | URL;
	/** The older helper's name for `url`. */
	uri?: string | URL;
	/** The older helper's name for the opposite of `skipSslCertificateValidation`. */
	rejectUnauthorized?: boolean;
}

/** What axios, n8n's HTTP client, considers absolute; it prefixes anything else with `baseURL`. */
const ABSOLUTE = /^([a-z][a-z\d+\-.]*:)?\/\//i;

/** Connection options that say who is calling. Any other could change who answers. */
const OWN_CERTIFICATE = ['cert', 'key', 'passphrase'];

/**
 * The one address a request goes to. It is assembled the way axios does it, and parsed once; use the returned URL
 * from here on, so that no other parser can read the text differently.
 *
 * @param request - with `url` or `uri`, and perhaps `baseURL`
 * @returns the absolute URL
 * @throws Error as {@link parseSafeUrl} does
 */
export function targetOf({ url, uri, baseURL }: AnyRequest): URL {
	const address = String(url ?? uri ?? '');
	if (!baseURL || ABSOLUTE.test(address)) return parseSafeUrl(address);
	const path = address.replace(/^\/+/, '');
	return parseSafeUrl(path ? `${baseURL.replace(/\/?\/$/, '')}/${path}` : baseURL);
}

/**
 * Whether a request may be answered by someone whose certificate n8n itself would not accept: certificates are
 * ignored, or the request brings its own authorities. Through a proxy, that someone could read everything that is
 * sent.
 *
 * @param request - options of n8n's newer or older request helper
 */
export function trustsMoreThanN8n(request: AnyRequest): boolean {
	return (
		request.rejectUnauthorized === false ||
		request.skipSslCertificateValidation === true ||
		Object.keys(request.agentOptions ?? {}).some((option) => !OWN_CERTIFICATE.includes(option))
	);
}
