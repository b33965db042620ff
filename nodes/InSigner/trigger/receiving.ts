import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { readEvent } from './events';
import { storedOf } from './registration';
import { isAuthentic, SIGNATURE_HEADER } from './signature';

/** Tells inSigner that it has been heard; anything but a 2xx would be delivered again for days. */
const RECEIVED = { webhookResponse: { received: true } };

/**
 * Takes one delivery: verifies it over the bytes as they came, and starts the workflow for the chosen events.
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

	if (!isAuthentic(rawBody, request.headers[SIGNATURE_HEADER], storedOf(ctx).secret)) {
		return answer(ctx, 401, 'The signature of this delivery is missing or wrong');
	}
	const event = readEvent(rawBody, request.headers['x-insigner-timestamp']);
	if (!event) return answer(ctx, 400, 'This is not an inSigner event');

	const wanted = ctx.getNodeParameter('events') as string[];
	if (!wanted.includes(event.event)) return RECEIVED;
	return { ...RECEIVED, workflowData: [[{ json: { ...event } }]] };
}

function answer(ctx: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	ctx.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
