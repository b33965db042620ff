import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { clock } from '../api/clock';
import { reasonOf } from '../api/nodeErrors';
import { request } from '../api/request';
import { claim, fingerprintOf } from '../events/deduplication';
import { documentIdOf, readDelivery, type SignatureEvent } from '../events/events';
import { passes, type Filters } from '../events/filters';
import { tellIgnored, type Reason } from '../events/ignored';
import { readSettings, type TriggerSettings } from '../events/settings';
import { isAuthentic, SIGNATURE_HEADER } from './signature';
import { CAN_VERIFY, CHECK_HEADER, isCheck } from '../webhooks/check';
import { storedOf } from './storage';

/** Tells inSigner that the delivery arrived; after anything but a 2xx it is repeated for days. */
const RECEIVED = { webhookResponse: { received: true } };

/** inSigner waits 10 s for an answer. What takes longer is left to the execution. In milliseconds. */
const LOOK_UP_BUDGET_MS = 6_000;

/**
 * Receives one delivery: verifies the bytes as they came, and starts the workflow for the wanted events, once for each.
 * What takes time (reading the document, its PDF) is done by the execution, see starting.ts.
 *
 * @param ctx - n8n's webhook context
 * @returns workflow data for a wanted event; for others a 200 that starts nothing, and a line in n8n's log; for what
 * isn't verified a 401, written to the response itself since n8n would answer 200
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
	const fingerprint = fingerprintOf(rawBody);
	const delivery = readDelivery(rawBody, headers['x-insigner-timestamp']);
	if (!delivery) {
		ctx.logger.warn(`${ctx.getNode().name}: the signed delivery ${fingerprint} is no event`);
		return answer(ctx, 400, 'This is not an inSigner event');
	}
	const ignore = (reason: Reason) => {
		tellIgnored(ctx, fingerprint, reason);
		return RECEIVED;
	};

	const { event, happenedAt } = delivery;
	const settings = readableSettings(ctx, fingerprint);
	if (settings && !settings.events.some((name) => name === event.event)) return ignore('notChosen');
	if (settings && isTooOld(happenedAt, settings.maximumAgeHours)) return ignore('tooOld');
	const wanted = settings && passes(settings.filters, event);
	if (wanted === false) return ignore('filtered');

	// Someone testing a workflow sends the same event again and again.
	if ((settings?.deduplicate ?? true) && ctx.getMode() !== 'manual') {
		const claimed = await claim(stored.webhookId ?? '', fingerprint, ctx.getResponseObject());
		if (claimed === 'repeat') return ignore('repeat');
		if (claimed === 'unsettled') return answer(ctx, 503, 'The same event is being taken already');
	}
	if (settings && wanted === undefined) {
		const passed = await documentPasses(ctx, settings.filters, event);
		if (passed === false) return ignore('filtered');
	}
	return { ...RECEIVED, workflowData: [[{ json: { ...event, fingerprint } }]] };
}

/**
 * The settings, or undefined if an expression no longer gives one. The event is accepted all the same, and the
 * execution it starts stops with the reason and keeps the event for a retry. After any answer but a 2xx it would be
 * repeated for 60 hours only, and 20 of them in a row switch the webhook off for all events.
 */
function readableSettings(
	ctx: IWebhookFunctions,
	fingerprint: string,
): TriggerSettings | undefined {
	try {
		return readSettings(ctx);
	} catch (error) {
		ctx.logger.error(
			`${ctx.getNode().name}: the execution of event ${fingerprint} will stop: ${reasonOf(error)}`,
		);
		return undefined;
	}
}

/** n8n only reads the body of common content types; one that cannot be read at all counts as none. */
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

/**
 * The time is that of the event and stays the same for all tries, so a limit of minutes would refuse genuine retries.
 */
function isTooOld(happenedAt: number | undefined, maximumAgeHours: number): boolean {
	if (happenedAt === undefined || maximumAgeHours <= 0) return false;
	return clock.now() - happenedAt > maximumAgeHours * 3_600_000;
}
