import type { IExecuteFunctions } from 'n8n-workflow';

import { beyondCancellation, cancelSignalOf } from '../../api/cancellation';
import type { BodyOf } from '../../api/endpoint';
import { InSignerApiError, isRateLimited, isUnclear } from '../../api/errors';
import { request } from '../../api/request';
import { asPossiblyMailed } from '../../documents/possiblyMailed';
import {
	lookFor,
	nothingKnown,
	readNewest,
	remember,
	tellOurs,
	type BulkSendSighting,
} from './sightings';

/** The call returns only after all documents have been created and emailed. In seconds. */
const TIMEOUT_SECONDS = 600;

/** One bulk send per 5 minutes and organization (getting-started/rate-limits). In milliseconds. */
export const INTERVAL_MS = 300_000;

/** When to check inSigner after it said itself that it broke down: only its reads may be behind. In milliseconds. */
const LOOKS_AFTER_BREAKDOWN = [0, 2_000, 4_000, 8_000];

/** When to check inSigner while it may still be at work. In milliseconds. */
const LOOKS_WITHOUT_ANSWER = [0, 5_000, 10_000, 20_000, 40_000, 60_000];

/** How often a bulk send is posted at most if inSigner says each time that it broke down. */
const MAX_POSTS = 3;

/** What is known about a bulk send that was created. */
export interface BulkSendResult {
	id?: string;
	name: string;
	templateId: string;
	totalCount: number;
}

/**
 * Creates one bulk send, once. The call emails people at once and has no idempotency key, so the existing bulk sends
 * are noted immediately before each POST, and after an unclear answer a new one is looked for. If it is found, it is
 * this one. If it is not found although inSigner said itself that it broke down, it was not created and is posted
 * again. In any other case no one knows, and it stops.
 *
 * @param ctx - n8n's execution context
 * @param body - template, name, message and recipients
 * @param wait - waits for the rate limit or the 5-minute rule, in milliseconds; throws when that is too long
 * @returns the bulk send
 * @throws InSignerApiError when it was not created, or (marked as possibly emailed, so never tried again) when no one
 * knows; what `wait` throws
 * @see https://docs.insigner.co/api/bulk-send
 */
export async function makeBulkSend(
	ctx: IExecuteFunctions,
	body: BodyOf<'createBulkSend'>,
	wait: (ms: number) => Promise<void>,
): Promise<BulkSendResult> {
	const still = beyondCancellation(ctx);
	const known = nothingKnown();
	let breakdown: InSignerApiError | undefined;
	for (let attempt = 1; ; ) {
		const entries = await readNewest(ctx);
		if (breakdown) {
			const seen = await tellOurs(ctx, body, known, entries);
			if (seen.ours) return seen.ours;
			if (seen.doubtful.length > 0) throw maybeSent(breakdown, seen);
		}
		remember(known, entries);

		const answer = await post(ctx, body);
		if (!(answer instanceof InSignerApiError)) {
			if (answer?.id) return { ...asked(body), ...answer };
			const { ours } = await lookFor(still, body, known, LOOKS_AFTER_BREAKDOWN);
			return { ...asked(body), ...ours, ...answer };
		}
		if (isRateLimited(answer)) {
			// Others may create bulk sends meanwhile, so what exists is noted again.
			await wait(Math.max(1, answer.fault.retryAfterSeconds ?? 60) * 1000);
			continue;
		}
		if (!isUnclear(answer)) throw answer;

		const looks = answer.ended ? LOOKS_AFTER_BREAKDOWN : LOOKS_WITHOUT_ANSWER;
		const seen = await lookFor(still, body, known, looks);
		if (seen.ours) return seen.ours;
		if (!answer.ended || !seen.asked || seen.doubtful.length > 0) throw maybeSent(answer, seen);
		if (attempt === MAX_POSTS || cancelSignalOf(ctx)?.aborted) throw notMade(answer);
		breakdown = answer;
		attempt += 1;
	}
}

/** Posts once, without waiting: after every wait, what exists has to be noted again. */
async function post(
	ctx: IExecuteFunctions,
	body: BodyOf<'createBulkSend'>,
): Promise<Partial<BulkSendResult> | InSignerApiError | undefined> {
	return await request(ctx, 'createBulkSend', {
		body,
		timeoutSeconds: TIMEOUT_SECONDS,
		maxWaitSeconds: 0,
		itemIndex: 0,
	}).then(
		({ data }) => data,
		(error: unknown) => {
			if (error instanceof InSignerApiError) return error;
			throw error;
		},
	);
}

function maybeSent(reason: InSignerApiError, { doubtful }: BulkSendSighting): InSignerApiError {
	if (doubtful.length > 0) {
		reason.message += `; ${doubtful.join(' or ')}, made meanwhile, may be it`;
	}
	return asPossiblyMailed(reason);
}

function notMade(reason: InSignerApiError): InSignerApiError {
	reason.message += '; inSigner holds no such bulk send';
	return reason;
}

/** What is known about a bulk send if the answer says nothing about it. */
function asked({ name, templateId, signers }: BodyOf<'createBulkSend'>): BulkSendResult {
	return { name, templateId, totalCount: signers.length };
}
