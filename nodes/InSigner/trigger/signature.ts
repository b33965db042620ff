import { createHmac } from 'crypto';

import { isSameText } from '../webhooks/check';

/** Header that carries the signature of a delivery, in lower case as Node.js gives it. */
export const SIGNATURE_HEADER = 'x-insigner-signature';

/**
 * Whether a delivery was signed with our secret. Fails closed: without a secret, a header or the exact
 * documented form the answer is no. It never throws, whatever is sent.
 *
 * @param rawBody - the bytes as received, never a re-serialised body
 * @param header - value of X-InSigner-Signature: `sha256=` and 64 lower-case hex digits
 * @param secret - the text inSigner gave when the webhook was created
 * @see https://docs.insigner.co/webhooks/security
 */
export function isAuthentic(rawBody: Buffer, header: unknown, secret: unknown): boolean {
	if (typeof secret !== 'string' || secret === '' || typeof header !== 'string') return false;
	const hmac = createHmac('sha256', secret).update(rawBody).digest('hex');
	return isSameText(header, `sha256=${hmac}`);
}
