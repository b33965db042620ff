import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { problemWithApiKey } from '../nodes/InSigner/api/apiKey';
import { DEFAULT_BASE_URL, isLoopback, parseBaseUrl } from '../nodes/InSigner/api/baseUrl';
import { targetOf, trustsMoreThanN8n, type AnyRequest } from '../nodes/InSigner/api/requestTarget';

export class InSignerApi implements ICredentialType {
	name = 'inSignerApi';

	displayName = 'inSigner API';

	documentationUrl = 'https://docs.insigner.co/getting-started/authentication';

	icon: Icon = {
		light: 'file:../icons/insigner.svg',
		dark: 'file:../icons/insigner.dark.svg',
	};

	// n8n's own domain list would have to be filled in by hand; authenticate() below pins the key instead.
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. isk_…',
			description:
				'Created in inSigner under Dashboard > Developers > API Keys. It is shown there only once.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			required: true,
			description:
				'Where the API is. Leave it as it is unless you use the local sandbox. Plain http is only accepted for this machine.',
		},
	];

	/**
	 * Adds the key to a request of any node, the HTTP Request node included, and only to requests that go to
	 * the host of the base URL: a typing slip or a redirect must not hand the key to someone else.
	 *
	 * @throws Error for another host, and where certificates are ignored
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: AnyRequest,
	): Promise<IHttpRequestOptions> => {
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
		// What was checked is what is fetched: nothing is left for anyone to put together again.
		const { uri: _uri, baseURL: _baseURL, headers, ...rest } = request;
		return {
			...rest,
			url: target.href,
			headers: {
				...Object.fromEntries(
					Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'),
				),
				// In lower case: n8n 2.0 puts "Authorization" back after a redirect to another host.
				authorization: `Bearer ${apiKey}`,
			},
			allowedDomains: base.hostname,
			sendCredentialsOnCrossOriginRedirect: false,
		};
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/org',
			// A key that lacks org.read gets a 403 here and is a good key all the same.
			ignoreHttpStatusErrors: {
				ignore: true,
				except: [400, 401, 404, 405, 429, 500, 502, 503, 504],
			},
		},
		// Older versions of n8n ignore "except", but look into the answer.
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'status',
					value: 401,
					message: 'inSigner does not accept this API key: it is invalid, revoked or expired',
				},
			},
		],
	};
}
