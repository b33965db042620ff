import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { problemWithApiKey } from './apiKey';
import { isLoopback, parseBaseUrl } from './baseUrl';
import { targetOf, trustsMoreThanN8n, type AnyRequest } from './requestTarget';

/**
 * Adds the key to a request of any node, the HTTP Request node included, and only to requests that go to the host of
 * the base URL: a typo or a redirect must not hand the key to someone else.
 *
 * @param credentials - the fields of the credential
 * @param request - options of n8n's newer or older request helper
 * @returns the request with the key, and with the one address that was checked
 * @throws Error, with a text for people, for a bad key or base URL, for another host, and if certificates are ignored
 */
export function withApiKey(
	credentials: ICredentialDataDecryptedObject,
	request: AnyRequest,
): IHttpRequestOptions {
	const apiKey = typeof credentials.apiKey === 'string' ? credentials.apiKey : '';
	const problem = problemWithApiKey(apiKey);
	if (problem) throw new Error(problem);

	const { baseUrl } = credentials;
	const base = new URL(parseBaseUrl(typeof baseUrl === 'string' ? baseUrl : ''));
	const target = targetOf(request);
	if (target.origin !== base.origin) {
		throw new Error(
			`This credential is only sent to ${base.host}, the host of its Base URL, and not to ${target.host}.`,
		);
	}
	if (!isLoopback(base) && trustsMoreThanN8n(request)) {
		throw new Error(
			'This credential is not sent where SSL certificates are ignored or other authorities are trusted: whoever answers in place of inSigner could read the API key.',
		);
	}
	// What was checked is what is fetched: there is nothing left to reassemble.
	const { headers, ...others } = request;
	delete others.uri;
	delete others.baseURL;
	const otherHeaders = Object.entries(headers ?? {}).filter(
		([name]) => name.toLowerCase() !== 'authorization',
	);
	return {
		...others,
		url: target.href,
		// In lower case: n8n 2.0 puts "Authorization" back after a redirect to another host.
		headers: { ...Object.fromEntries(otherHeaders), authorization: `Bearer ${apiKey}` },
		allowedDomains: base.hostname,
		sendCredentialsOnCrossOriginRedirect: false,
	};
}
