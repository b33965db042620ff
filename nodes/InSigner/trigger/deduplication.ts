import { createHash } from 'crypto';

/** Deliveries this process remembers, over all triggers. */
const MAX_IN_MEMORY = 20_000;

/** Deliveries a trigger remembers in its static data, so that a restart does not forget them. */
const MAX_STORED = 1_000;

/** Characters of one stored mark: 64 bits of a SHA-256, base64url. */
const MARK_LENGTH = 11;

/** In the order they came. */
const inMemory = new Set<string>();

/** The part of static data that remembers deliveries: marks of equal length, joined, the newest last. */
export interface Remembered {
	seen?: string;
}

/**
 * Takes note of a verified delivery and tells whether it was there before. inSigner delivers at least once, and
 * no delivery id is known, so the body itself is the mark of a delivery. Memory settles it within this process,
 * also for two at the same moment; static data settles it after a restart and, as far as n8n has saved it by
 * then, between processes.
 *
 * @param stored - static data of the trigger; changed when the delivery is new
 * @param webhookId - the webhook it came through
 * @param rawBody - the verified bytes
 * @returns true when this body came before
 */
export function isRepeat(stored: Remembered, webhookId: string, rawBody: Buffer): boolean {
	const mark = createHash('sha256').update(rawBody).digest().subarray(0, 8).toString('base64url');
	const key = `${webhookId} ${mark}`;
	const seen = stored.seen ?? '';
	if (inMemory.has(key) || holds(seen, mark)) return true;

	inMemory.add(key);
	if (inMemory.size > MAX_IN_MEMORY) {
		for (const oldest of inMemory) {
			inMemory.delete(oldest);
			break;
		}
	}
	stored.seen = (seen + mark).slice(-MAX_STORED * MARK_LENGTH);
	return false;
}

function holds(seen: string, mark: string): boolean {
	for (let at = seen.indexOf(mark); at !== -1; at = seen.indexOf(mark, at + 1)) {
		// Found across the border of two marks it means nothing.
		if (at % MARK_LENGTH === 0) return true;
	}
	return false;
}
