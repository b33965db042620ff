import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { parsedObject } from '../json/json';
import { readTransportFault } from './answer';
import { withApiKey } from './authentication';
import { parseBaseUrl } from './baseUrl';
import { reasonOf } from './nodeErrors';

const TIMEOUT_MS = 30_000;

/** The parts of an answer that show who gave it. */
interface TestAnswer {
	readonly statusCode: number;
	readonly body: string;
}

/**
 * The test of the credential: asks for the organization. Only inSigner's own answer is a success, which a declared
 * credential test cannot tell from a proxy's page.
 *
 * @param credential - as typed into the editor
 * @returns `OK`, or `Error` with what is wrong and where to look
 * @see https://docs.insigner.co/getting-started/authentication
 */
export async function inSignerApiTest(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	// This function is the only one n8n gives a credential test.
	const { request } = this.helpers;
	const ask = async (): Promise<string | undefined> => {
		const baseUrl = parseBaseUrl(typeof data.baseUrl === 'string' ? data.baseUrl : '');
		const { host } = new URL(baseUrl);
		const options = withApiKey(data, { url: `${baseUrl}/org` });
		return await request({
			...options,
			method: 'GET',
			json: false,
			timeout: TIMEOUT_MS,
			followRedirect: false,
			simple: false,
			resolveWithFullResponse: true,
		}).then(
			(answer: TestAnswer) => problemWithAnswer(answer, host),
			(error: unknown) => {
				const code = readTransportFault(error)?.code;
				if (code === undefined) throw error;
				return `inSigner could not be reached at ${host} (${code})`;
			},
		);
	};
	const problem = await ask().catch((error: unknown) => reasonOf(error));
	return problem === undefined
		? { status: 'OK', message: 'OK' }
		: { status: 'Error', message: problem };
}

/**
 * Says what is wrong with the answer to a credential test.
 *
 * @param answer - of GET /org
 * @param host - where it came from
 * @returns a sentence for people; undefined when inSigner accepts the key
 */
export function problemWithAnswer(
	{ statusCode, body }: TestAnswer,
	host: string,
): string | undefined {
	const answer = parsedObject(body);
	const isOrganization =
		statusCode === 200 && typeof answer?.data === 'object' && answer.data !== null;
	const isProblem =
		typeof answer?.type === 'string' &&
		typeof answer.title === 'string' &&
		answer.status === statusCode;
	// A key that lacks org.read is refused here, but is still a good key.
	if (isOrganization || (isProblem && statusCode === 403)) return undefined;
	if (!isProblem) {
		return `HTTP status ${statusCode} from ${host} is not an answer of inSigner: a proxy, a firewall or another server answered. Check the Base URL and the network of this n8n.`;
	}
	if (statusCode === 401) {
		return 'inSigner does not accept this API key: it is invalid, revoked or expired';
	}
	return `inSigner answered with HTTP status ${statusCode}: ${String(answer.title)}`;
}
