import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { clock } from '../api/clock';
import { isRepeat } from './deduplication';
import { readEvent } from './events';
import { storedOf } from './registration';
import { isAuthentic, SIGNATURE_HEADER } from './signature';

/** Tells inSigner that it has been heard; anything but a 2xx would be delivered again for days. */
const RECEIVED = { webhookResponse: { received: true } };

/** How old an event may be where the user says nothing, in hours; inSigner tries for 59.6. */
export const DEFAULT_MAXIMUM_AGE_HOURS = 72;

/**
 * Takes one delivery: verifies it over the bytes as they came, and starts the workflow for the chosen events,
 * once for each.
 *
 * @param ctx - n8n's webhook context
 * @returns workflow data for a wanted event; for others a 200 that starts nothing; for what is not verified
 * a 401 written to the response itself, since n8n would answer 200 to it
 * @see https://docs.insigner.co/webhooks/security
 */
export async function receive(ctx: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request = ctx.getRequestObject();
	// n8n reads the body of common content types only.
	if (!request.rawBody) await request.readRawBody();
	const rawBody = request.rawBody ?? Buffer.alloc(0);

	const stored = storedOf(ctx);
	if (!isAuthentic(rawBody, request.headers[SIGNATURE_HEADER], stored.secret)) {
		return answer(ctx, 401, 'The signature of this delivery is missing or wrong');
	}
	const event = readEvent(rawBody, request.headers['x-insigner-timestamp']);
	if (!event) return answer(ctx, 400, 'This is not an inSigner event');

	const wanted = ctx.getNodeParameter('events') as string[];
	const { deduplicate = true, maximumAgeHours = DEFAULT_MAXIMUM_AGE_HOURS } = ctx.getNodeParameter(
		'options',
		{},
	) as { deduplicate?: boolean; maximumAgeHours?: number };
	if (!wanted.includes(event.event) || isTooOld(event.timestamp, maximumAgeHours)) return RECEIVED;
	if (deduplicate && isRepeat(stored.webhookId ?? '', rawBody)) return RECEIVED;
	return { ...RECEIVED, workflowData: [[{ json: { ...event } }]] };
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
