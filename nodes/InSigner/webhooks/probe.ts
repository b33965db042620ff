import type { IExecuteFunctions } from 'n8n-workflow';

import { askAddress, type AddressAnswer } from '../api/address';
import { CAN_VERIFY, CHECK_HEADER, checkProof } from './check';
import { isBelow, isTriggerUrl } from './thisN8n';

/** What is at the address of a webhook. */
export type Listener =
	/** A trigger that can verify what this webhook delivers. */
	| 'ready'
	/** A trigger that cannot: it holds another webhook's secret, none, or uses another API key. */
	| 'cannotVerify'
	/** No published workflow. */
	| 'orphaned'
	/** Nothing at all: n8n answers for other paths. */
	| 'notServed'
	/** A node other than inSigner Trigger, or another host. It is not asked, since that could start a workflow. */
	| 'notAsked'
	/** Unknown; n8n may not be able to reach its own public address. */
	| 'unknown';

/** A webhook, and what is needed to ask about it. */
export interface Question {
	webhook: { id: string; url: string };
	/** The address of this n8n, see webhookBaseOf(). */
	base: string;
	/** Whether a workflow says that its inSigner Trigger has this URL. */
	isExpected?: boolean;
}

/**
 * Asks the address of a webhook who listens there. This starts nothing: only an inSigner Trigger is asked, and only
 * one of this n8n, since the question carries a proof made with the API key.
 *
 * @param ctx - n8n's execution context
 * @param question - about which webhook
 * @returns who listens; with the HTTP status if the answer says nothing
 */
export async function probe(
	ctx: IExecuteFunctions,
	{ webhook, base, isExpected = false }: Question,
): Promise<{ listener: Listener; status?: number }> {
	if (!isBelow(webhook.url, base) || !(isExpected || isTriggerUrl(webhook.url))) {
		return { listener: 'notAsked' };
	}
	const proof = await proofFor(ctx, webhook.id);
	const answer = await askAddress(ctx, webhook.url, { [CHECK_HEADER]: proof });
	return { listener: listenerOf(answer), status: answer.status };
}

async function proofFor(ctx: IExecuteFunctions, webhookId: string): Promise<string> {
	const { apiKey } = await ctx.getCredentials<{ apiKey: string }>('inSignerApi');
	return checkProof(apiKey, webhookId);
}

function listenerOf({ said, message }: AddressAnswer): Listener {
	if (said === 'yes' && message === CAN_VERIFY) return 'ready';
	if (said === 'no') return 'cannotVerify';
	// n8n's own words for a path that no workflow has; for a path outside its webhooks it says something else.
	if (said === 'notFound') return /not registered/i.test(message) ? 'orphaned' : 'notServed';
	return 'unknown';
}
