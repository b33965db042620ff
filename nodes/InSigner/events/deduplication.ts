import { createHash } from 'crypto';

import { clock } from '../api/clock';

/** How many answered deliveries this process remembers, over all triggers. */
const MAX_REMEMBERED = 20_000;

/** How long inSigner waits for an answer, in ms. The sender of an older delivery has stopped listening. */
const SENDER_WAITS_MS = 10_000;

/** How long a delivery waits for the outcome of another delivery of the same event, in ms. */
const MAX_WAIT_MS = 8_000;

/** The part of n8n's response object that shows how a call ended. */
interface Response {
	readonly statusCode: number;
	/** Whether the whole answer was handed over. */
	readonly writableFinished: boolean;
	readonly writableEnded: boolean;
	readonly destroyed: boolean;
	readonly closed: boolean;
	once(event: 'close', listener: () => void): unknown;
}

/** A delivery not answered yet. */
interface Open {
	/** By {@link clock}. */
	since: number;
	/** True once it was answered with a 2xx. */
	outcome: Promise<boolean>;
}

/** Deliveries answered with a 2xx, in the order of their answers. */
const answered = new Set<string>();

/** Deliveries not answered yet; no more than there are open connections. */
const inFlight = new Map<string, Open>();

/**
 * The fingerprint of an event. inSigner sends no delivery id, and the bytes of a body stay the same over all its
 * deliveries; the timestamp header is not signed and so cannot be part of it.
 *
 * @param rawBody - the verified bytes
 * @returns a SHA-256, base64url
 */
export function fingerprintOf(rawBody: Buffer): string {
	return createHash('sha256').update(rawBody).digest('base64url');
}

/**
 * First line of defense against repeats, before an execution begins: what this process answered with a 2xx is done.
 * An event whose answer is still open may yet come to nothing (n8n could not store the execution), so a second
 * delivery waits for that answer before it counts as new. It does not wait in vain: not for a delivery whose sender
 * hung up, nor for one that is older than the sender's patience.
 *
 * @param webhookId - the webhook it came through
 * @param fingerprint - from {@link fingerprintOf}
 * @param response - what n8n will answer with
 * @returns `first`: handle it, even if no one is left to hear the answer, since it may be the last try; `repeat`:
 * already done; `unsettled`: the other one takes too long, try again later
 */
export async function claim(
	webhookId: string,
	fingerprint: string,
	response: Response,
): Promise<'first' | 'repeat' | 'unsettled'> {
	const mark = `${webhookId} ${fingerprint}`;
	const deadline = clock.now() + MAX_WAIT_MS;
	for (;;) {
		if (answered.has(mark)) return 'repeat';
		const other = inFlight.get(mark);
		if (!other || clock.now() - other.since >= SENDER_WAITS_MS) break;
		const leftMs = deadline - clock.now();
		if (leftMs <= 0) return 'unsettled';
		const given = new AbortController();
		// Ends the timer when the wait is over.
		const late = clock.sleep(leftMs, given.signal).catch(() => undefined);
		await Promise.race([other.outcome, late]);
		given.abort();
	}
	// A sender that hung up will try again. It may have hung up before this call, and then no event reports it.
	if (response.closed || response.destroyed || response.writableEnded) return 'first';
	const outcome = new Promise<boolean>((resolve) => {
		response.once('close', () => {
			const heard = response.writableFinished && response.statusCode < 300;
			if (inFlight.get(mark) === own) inFlight.delete(mark);
			if (heard) remember(mark);
			resolve(heard);
		});
	});
	const own: Open = { since: clock.now(), outcome };
	inFlight.set(mark, own);
	return 'first';
}

function remember(mark: string): void {
	answered.add(mark);
	const [oldest] = answered;
	if (answered.size > MAX_REMEMBERED && oldest !== undefined) answered.delete(oldest);
}
