import type { IExecuteFunctions } from 'n8n-workflow';

import { beyondCancellation, cancelSignalOf } from '../../api/cancellation';
import { clock } from '../../api/clock';
import type { BodyOf, DataOf } from '../../api/endpoints';
import { InSignerApiError } from '../../api/errors';
import { list } from '../../api/pagination';
import { request } from '../../api/request';
import { asPossiblyMailed } from '../../documents/possiblyMailed';

/** The call returns only after all documents were made and mailed. In seconds. */
const TIMEOUT_SECONDS = 600;

/** One bulk send per 5 minutes and organization (getting-started/rate-limits). In milliseconds. */
export const INTERVAL_MS = 300_000;

/**
 * How far the clocks of n8n and inSigner may be apart. Because of the 5-minute rule no other bulk send can
 * have been made within it. In milliseconds.
 */
const CLOCK_TOLERANCE_MS = 240_000;

/** When the service is looked at after an answer that got lost, in milliseconds after it. */
const LOOKS_MS = [0, 5_000, 10_000, 20_000, 40_000, 60_000];

/** How often a bulk send is posted at the most when the service says each time that it broke down. */
const MAX_ATTEMPTS = 3;

export type BulkSendResult = DataOf<'listBulkSends'>[number] | DataOf<'createBulkSend'>;

/**
 * Makes one bulk send, once. The call mails people at once and has no idempotency key, so after an unclear
 * answer the list of bulk sends is read: found by name, total and time it was made; not found after the
 * service said that it broke down it was not; in any other case nobody knows, and it stops.
 *
 * @param ctx - n8n's execution context
 * @param body - template, name, message and recipients; the name must be unique among recent bulk sends
 * @param maxWaitSeconds - how long to wait for the 5-minute rule
 * @returns the bulk send
 * @throws InSignerApiError when refused, or (`effect` "unclear", never tried again) when nobody knows
 * @see https://docs.insigner.co/api/bulk-send
 */
export async function makeBulkSend(
	ctx: IExecuteFunctions,
	body: BodyOf<'createBulkSend'>,
	maxWaitSeconds: number,
): Promise<BulkSendResult> {
	const began = clock.now();
	for (let attempt = 1; ; attempt++) {
		const outcome = await request(ctx, 'createBulkSend', {
			body,
			timeoutSeconds: TIMEOUT_SECONDS,
			maxWaitSeconds,
		}).then(
			({ data }) => data,
			(error: unknown) => {
				if (error instanceof InSignerApiError && error.effect === 'unclear') return error;
				throw error;
			},
		);
		if (!(outcome instanceof InSignerApiError)) return outcome;

		const found = await find(ctx, body, began, outcome);
		if (found === 'unknown') throw asPossiblyMailed(outcome);
		if (found !== 'absent') return found;
		if (attempt === MAX_ATTEMPTS || cancelSignalOf(ctx)?.aborted) throw outcome;
	}
}

/** Looks for a bulk send whose answer got lost. */
async function find(
	ctx: IExecuteFunctions,
	body: BodyOf<'createBulkSend'>,
	began: number,
	unclear: InSignerApiError,
): Promise<BulkSendResult | 'absent' | 'unknown'> {
	const still = beyondCancellation(ctx);
	// The service answered, so it is no longer at work on it: what is not there now never will be.
	const ended = unclear.fault.result === 'serverFault';
	const looks = ended ? LOOKS_MS.slice(0, 2) : LOOKS_MS;
	for (const pause of looks) {
		await clock.sleep(pause);
		const all = await list(still, 'listBulkSends').catch(() => undefined);
		if (!all) return 'unknown';
		const found = all.find(
			({ name, totalCount, createdAt }) =>
				name === body.name &&
				totalCount === body.signers.length &&
				Date.parse(createdAt) >= began - CLOCK_TOLERANCE_MS,
		);
		if (found) return found;
	}
	return ended ? 'absent' : 'unknown';
}
