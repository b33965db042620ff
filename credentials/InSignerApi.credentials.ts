import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { withApiKey } from '../nodes/InSigner/api/authentication';
import { DEFAULT_BASE_URL } from '../nodes/InSigner/api/baseUrl';
import type { AnyRequest } from '../nodes/InSigner/api/requestTarget';

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

	/** See withApiKey(). */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: AnyRequest,
	): Promise<IHttpRequestOptions> => withApiKey(credentials, request);

	// Tested by the nodes (api/credentialTest.ts): a declared test mistakes a proxy's page for a success.
}
