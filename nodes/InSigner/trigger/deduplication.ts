import { createHash } from 'crypto';

/** Deliveries this process remembers, over all triggers. */
const MAX_REMEMBERED = 20_000;

/** In the order they came. */
const seen = new Set<string>();

/**
 * Takes note of a verified delivery and tells whether it was there before. inSigner delivers at least once, and
 * no delivery id is known, so the body itself is the mark of a delivery.
 *
 * The memory is that of this process. Static data would outlive a restart, but n8n 2.41 does not save what a
 * webhook changes there when the same call starts an execution, unless the call is answered before the
 * execution is stored; a crash in between would then lose the event, which is worse than starting it twice.
 *
 * @param webhookId - the webhook it came through
 * @param rawBody - the verified bytes
 * @returns true when this body came before through this webhook
 */
export function isRepeat(webhookId: string, rawBody: Buffer): boolean {
	const mark = `${webhookId} ${createHash('sha256').update(rawBody).digest('base64url')}`;
	if (seen.has(mark)) return true;
	seen.add(mark);
	if (seen.size > MAX_REMEMBERED) {
		const [oldest] = seen;
		if (oldest !== undefined) seen.delete(oldest);
	}
	return false;
}
