import type { IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../json/json';
import { transmit } from './transport';

/** How long an address may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** What an address that is not inSigner's answers to a question. */
export interface AddressAnswer {
	said: 'yes' | 'no' | 'notFound' | 'somethingElse' | 'nothing';
	/** The message in its answer; empty if there is none. */
	message: string;
	/** The HTTP status, if there was an answer. */
	status?: number;
}

/**
 * Posts a question to an address of this n8n, without the API key and without following redirects.
 *
 * @param ctx - n8n's execution context
 * @param url - where to ask
 * @param headers - the question
 * @returns what was said; never throws, since an address that cannot be asked says nothing
 */
export async function askAddress(
	ctx: IExecuteFunctions,
	url: string,
	headers: Record<string, string>,
): Promise<AddressAnswer> {
	const { answer } = await transmit(ctx, {
		method: 'POST',
		url,
		headers,
		body: { check: true },
		timeout: TIMEOUT_MS,
	}).catch(() => ({ answer: undefined }));
	if (!answer) return { said: 'nothing', message: '' };
	const { statusCode: status, body }: { statusCode: number; body: unknown } = answer;
	const message = isObject(body) && 'message' in body ? String(body.message) : '';
	return { said: SAID[status] ?? 'somethingElse', message, status };
}

const SAID: Readonly<Record<number, AddressAnswer['said']>> = {
	200: 'yes',
	401: 'no',
	404: 'notFound',
};
