import type { IExecuteFunctions } from 'n8n-workflow';

import { CAN_VERIFY, CHECK_HEADER, checkProof } from '../../trigger/signature';

/** How long an address of this n8n may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** What stands at the address of a webhook that points to this n8n. */
export type Listener =
	/** A trigger that can verify what this webhook delivers. */
	| 'ready'
	/** A trigger that cannot: it holds another webhook's secret, none, or uses another API key. */
	| 'cannotVerify'
	/** No published workflow. */
	| 'orphaned'
	/** It could not be found out; n8n may not be able to reach its own public address. */
	| 'unknown';

/**
 * Asks the address of a webhook who listens there. Nothing is started by it.
 *
 * @param ctx - n8n's execution context
 * @param webhook - one whose URL belongs to this n8n, since the question carries a proof made with the API key
 */
export async function probe(
	ctx: IExecuteFunctions,
	webhook: { id: string; url: string },
): Promise<Listener> {
	const proof = await proofFor(ctx, webhook.id);
	const answer: unknown = await ctx.helpers
		.httpRequest({
			method: 'POST',
			url: webhook.url,
			headers: { [CHECK_HEADER]: proof },
			body: { check: true },
			timeout: TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		})
		.catch(() => undefined);
	return readListener(answer);
}

async function proofFor(ctx: IExecuteFunctions, webhookId: string): Promise<string> {
	const { apiKey } = await ctx.getCredentials<{ apiKey: string }>('inSignerApi');
	return checkProof(apiKey, webhookId);
}

function readListener(answer: unknown): Listener {
	if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) return 'unknown';
	const body = 'body' in answer ? answer.body : undefined;
	const message =
		typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
	if (answer.statusCode === 200 && message === CAN_VERIFY) return 'ready';
	if (answer.statusCode === 401) return 'cannotVerify';
	// n8n's own words for a path that no workflow has; a 404 of a proxy says something else.
	if (answer.statusCode === 404 && /not registered/i.test(message)) return 'orphaned';
	return 'unknown';
}
