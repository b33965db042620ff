import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { clock } from '../api/clock';
import { request } from '../api/request';
import { claim, fingerprintOf } from './deduplication';
import { documentIdOf, readEvent, type SignatureEvent } from './events';
import { passes, type Filters } from './filters';
import { readSettings } from './settings';
import { CAN_VERIFY, CHECK_HEADER, isAuthentic, isCheck, SIGNATURE_HEADER } from './signature';
import { storedOf } from './storage';

/** Tells inSigner that it has been heard; anything but a 2xx would be delivered again for days. */
const RECEIVED = { webhookResponse: { received: true } };

/** inSigner waits 10 s for an answer. What takes longer is left to the execution. In milliseconds. */
const LOOK_UP_BUDGET_MS = 6_000;

/**
 * Takes one delivery: verifies it over the bytes as they came, and starts the workflow for the wanted events,
 * once for each. What needs time (reading the document, its PDF) is done by the execution, see starting.ts.
 *
 * @param ctx - n8n's webhook context
 * @returns workflow data for a wanted event; for others a 200 that starts nothing; for what is not verified
 * a 401 written to the response itself, since n8n would answer 200 to it
 * @see https://docs.insigner.co/webhooks/security
 */
export async function receive(ctx: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { headers } = ctx.getRequestObject();
	const rawBody = await readBody(ctx);
	const stored = storedOf(ctx);
	if (!rawBody || !isAuthentic(rawBody, headers[SIGNATURE_HEADER], stored.secret)) {
		if (await isCheckOfOurs(ctx)) return answer(ctx, 200, CAN_VERIFY);
		return answer(ctx, 401, 'The signature of this delivery is missing or wrong');
	}
	const event = readEvent(rawBody, headers['x-insigner-timestamp']);
	if (!event) return answer(ctx, 400, 'This is not an inSigner event');

	const { events, filters, deduplicate, maximumAgeHours } = readSettings(ctx);
	const isSubscribed = events.some((name) => name === event.event);
	if (!isSubscribed || isTooOld(event.timestamp, maximumAgeHours)) return RECEIVED;
	const wanted = passes(filters, event);
	if (wanted === false) return RECEIVED;

	const fingerprint = fingerprintOf(rawBody);
	// Who tests a workflow sends the same event again and again.
	if (deduplicate && ctx.getMode() !== 'manual') {
		const claimed = await claim(stored.webhookId ?? '', fingerprint, ctx.getResponseObject());
		if (claimed === 'repeat') return RECEIVED;
		if (claimed === 'unsettled') return answer(ctx, 503, 'The same event is being taken already');
	}
	if (wanted === undefined && (await documentPasses(ctx, filters, event)) === false) {
		return RECEIVED;
	}
	return { ...RECEIVED, workflowData: [[{ json: { ...event, fingerprint } }]] };
}

/** n8n reads the body of common content types only; one that cannot be read at all is as good as none. */
async function readBody(ctx: IWebhookFunctions): Promise<Buffer | undefined> {
	const req = ctx.getRequestObject();
	if (!req.rawBody) await req.readRawBody().catch(() => undefined);
	return req.rawBody;
}

async function isCheckOfOurs(ctx: IWebhookFunctions): Promise<boolean> {
	const header = ctx.getRequestObject().headers[CHECK_HEADER];
	const { webhookId, secret } = storedOf(ctx);
	if (header === undefined || !secret) return false;
	const credentials = await ctx.getCredentials('inSignerApi').catch(() => undefined);
	return isCheck(header, credentials?.apiKey, webhookId);
}

/** Reads the document of an event that does not say where it comes from; undefined when that takes too long. */
async function documentPasses(
	ctx: IWebhookFunctions,
	filters: Filters,
	event: SignatureEvent,
): Promise<boolean | undefined> {
	const documentId = documentIdOf(event);
	if (documentId === undefined) return undefined;
	const given = new AbortController();
	const reading = request(ctx, 'getDocument', { path: { documentId } }).then(
		({ data }) => passes(filters, event, data),
		() => undefined,
	);
	const late = clock.sleep(LOOK_UP_BUDGET_MS, given.signal).catch(() => undefined);
	const verdict = await Promise.race([reading, late.then(() => undefined)]);
	given.abort();
	return verdict;
}

function answer(ctx: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	ctx.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The time is that of the event and stays the same over all tries, so minutes would refuse honest retries. */
function isTooOld(timestamp: string | null, maximumAgeHours: number): boolean {
	if (timestamp === null || maximumAgeHours <= 0) return false;
	return clock.now() - Date.parse(timestamp) > maximumAgeHours * 3_600_000;
}
