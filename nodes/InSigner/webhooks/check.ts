import { createHmac, timingSafeEqual } from 'crypto';

/** Header with which the Webhook operations ask a trigger whether it can verify what a webhook delivers. */
export const CHECK_HEADER = 'x-n8n-insigner-check';

/** What a trigger answers if it can. */
export const CAN_VERIFY = 'This webhook can be verified';

/**
 * The value of that header. Only someone with the API key can make it, so a stranger learns nothing by asking.
 *
 * @param apiKey - of the credential
 * @param webhookId - the webhook in question
 * @returns 64 hex digits
 */
export function checkProof(apiKey: string, webhookId: string): string {
	return createHmac('sha256', apiKey).update(`check ${webhookId}`).digest('hex');
}

/**
 * Whether a request is such a question, asked with our own API key about our webhook.
 *
 * @param header - value of {@link CHECK_HEADER}
 * @param apiKey - of the trigger's credential
 * @param webhookId - the webhook whose secret the trigger holds
 */
export function isCheck(header: unknown, apiKey: unknown, webhookId: unknown): boolean {
	if (typeof header !== 'string' || typeof apiKey !== 'string' || apiKey === '') return false;
	if (typeof webhookId !== 'string' || webhookId === '') return false;
	return isSameText(header, checkProof(apiKey, webhookId));
}

/**
 * Compares two texts in constant time.
 *
 * @param given - by someone else
 * @param expected - what only the other side of a secret can know
 */
export function isSameText(given: string, expected: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(expected)];
	// timingSafeEqual throws if the lengths differ.
	return a.length === b.length && timingSafeEqual(a, b);
}
