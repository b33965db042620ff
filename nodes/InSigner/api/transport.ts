import type { IHttpRequestOptions } from 'n8n-workflow';

import { readTransportFault, type RawAnswer } from './answer';
import type { InSignerContext } from './context';
import type { Fault } from './errors';

/** An answer, whatever its status, or what prevented one. */
type Transmitted =
	| { answer: RawAnswer; fault?: undefined }
	| { answer?: undefined; fault: Pick<Fault, 'result' | 'code' | 'host'> };

/**
 * The one door to the outside: every request of the nodes goes through here, those to the file storage and to this
 * n8n's own address included.
 *
 * @param ctx - any n8n context
 * @param options - what to send; its URL was checked by the caller
 * @param credential - the credential that adds the key; none for any host but inSigner's
 * @returns the answer, or a fault of the connection
 * @throws the error with which n8n or the credential refuses to send it
 */
export async function transmit(
	ctx: InSignerContext,
	options: IHttpRequestOptions,
	credential?: 'inSignerApi',
): Promise<Transmitted> {
	const { host } = new URL(options.url);
	const request: IHttpRequestOptions = {
		...options,
		// Status and headers are for the caller to judge, and a redirect must not take a key or a file elsewhere.
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	const { helpers } = ctx;
	const sending = credential
		? helpers.httpRequestWithAuthentication.call(ctx, credential, request)
		: helpers.httpRequest(request);
	return await sending.then(
		(answer: Omit<RawAnswer, 'host'>) => ({ answer: { ...answer, host } }),
		(error: unknown) => {
			const transport = readTransportFault(error);
			if (!transport) throw error;
			return { fault: { ...transport, host } };
		},
	);
}
