import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../api/clock';

/** Answered deliveries this process remembers, over all triggers. */
const MAX_REMEMBERED = 20_000;

/**
 * Marks n8n's database keeps per trigger, read and written as a whole for every event: of 3,000 events, in queue
 * mode 2,000. Enough for days of events, small enough not to be felt (24 characters each).
 */
const MAX_MARKS = 6_000;

/**
 * In queue mode, how long marks have to stay before they count: this long, and this many times as long as it took
 * to write them. In ms. It has to be longer than another process takes from reading the marks to writing them.
 */
const MIN_SETTLING_MS = 250;
const SETTLING_FACTOR = 3;

/** How often an event whose marks got lost is marked again, before it is taken for new. */
const MAX_LOOKS = 5;

/** How long a delivery waits for the outcome of another one of the same event, in ms; inSigner waits 10 s. */
const MAX_WAIT_MS = 8_000;

/** The part of n8n's response object that tells how a call ended. */
interface Response {
	readonly statusCode: number;
	/** Whether all of the answer was handed over. */
	readonly writableFinished: boolean;
	once(event: 'close', listener: () => void): unknown;
}

/** Deliveries that inSigner was told it need not repeat, in the order they were answered. */
const answered = new Set<string>();

/** Fingerprints of the events that this process took, the oldest first. */
const taken = new Set<string>();

/** Deliveries not answered yet; true once one was answered with a 2xx. */
const inFlight = new Map<string, Promise<boolean>>();

/**
 * The mark of an event. inSigner names no delivery id, and the bytes of a body stay the same over all its
 * deliveries; the timestamp header is not signed and so cannot be part of it.
 *
 * @param rawBody - the verified bytes
 * @returns a SHA-256, base64url
 */
export function fingerprintOf(rawBody: Buffer): string {
	return createHash('sha256').update(rawBody).digest('base64url');
}

/**
 * First line against repeats, before an execution begins: what this process answered with a 2xx is done. An
 * event whose answer is still open may yet come to nothing (n8n could not store the execution), so a second
 * delivery waits for that answer instead of being waved through.
 *
 * @param webhookId - the webhook it came through
 * @param fingerprint - from {@link fingerprintOf}
 * @param response - what n8n will answer with
 * @returns `first`: handle it; `repeat`: done already; `unsettled`: the other one takes too long, come again
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
		if (!other) break;
		const leftMs = deadline - clock.now();
		if (leftMs <= 0) return 'unsettled';
		const given = new AbortController();
		// A wait that is no longer needed must not keep a timer.
		const late = clock.sleep(leftMs, given.signal).catch(() => undefined);
		await Promise.race([other, late]);
		given.abort();
	}
	const outcome = new Promise<boolean>((resolve) => {
		response.once('close', () => {
			const heard = response.writableFinished && response.statusCode < 300;
			inFlight.delete(mark);
			if (heard) remember(answered, mark);
			resolve(heard);
		});
	});
	inFlight.set(mark, outcome);
	remember(taken, fingerprint);
	return 'first';
}

function remember(marks: Set<string>, mark: string): void {
	marks.add(mark);
	const [oldest] = marks;
	if (marks.size > MAX_REMEMBERED && oldest !== undefined) marks.delete(oldest);
}

/** Marks on their way into the database, for one trigger node. */
interface Batch {
	marks: Set<string>;
	/** Which of them were there before. */
	recorded: Promise<Set<string>>;
}

const waiting = new Map<string, Batch>();
const lastWrite = new Map<string, Promise<unknown>>();

/**
 * Second line against repeats, in the execution: n8n's own deduplication store, a table of its database. It
 * outlives restarts and is shared by all processes of an n8n. Static data would be the usual place, but n8n 2.41
 * does not save what a webhook call changes there when the call starts an execution, and it is saved as a whole,
 * last writer wins: an execution that ends late would put an old signing secret back.
 *
 * The store, too, is read and written as a whole, without a lock: of two processes that write at the same time one
 * loses its marks. So in queue mode an execution looks again whether its own mark stayed. When another one's did, it
 * leaves the event to that one, but not before that one has said that it goes on.
 *
 * An execution that runs again (Retry On Fail, a queue that lost its worker) finds its own mark and goes on.
 *
 * @param ctx - n8n's execution context of the trigger
 * @param fingerprint - of the event
 * @returns whether this execution is the one that the event is for; also true, with a warning in the log, when
 * n8n cannot tell, since a lost event is worse than one that is handled twice
 */
export async function isFirstExecution(
	ctx: IExecuteFunctions,
	fingerprint: string,
): Promise<boolean> {
	const ownMark = `${fingerprint} ${ctx.getExecutionId()}`;
	const wentOnMark = `${fingerprint} went on`;
	try {
		for (let look = 1; look <= MAX_LOOKS; look++) {
			const began = clock.now();
			const seen = await record(ctx, [fingerprint, ownMark]);
			const settlingMs = Math.max(MIN_SETTLING_MS, SETTLING_FACTOR * (clock.now() - began));
			if (look === 1) {
				if (seen.has(fingerprint)) return seen.has(ownMark);
				// The process that took the event runs it: not queue mode, and there is no other process.
				if (taken.has(fingerprint)) return true;
			} else if (seen.has(ownMark)) {
				await record(ctx, [wentOnMark]);
				return true;
			} else if (seen.has(fingerprint)) {
				await clock.sleep(2 * settlingMs);
				return !(await record(ctx, [wentOnMark])).has(wentOnMark);
			}
			await clock.sleep(settlingMs);
		}
	} catch (error) {
		ctx.logger.warn(
			'inSigner Trigger: n8n could not tell whether this event came before, so it is taken for new',
			{ reason: error instanceof Error ? error.message : String(error) },
		);
	}
	return true;
}

/** Records marks of a trigger node. @returns those that were there before */
async function record(ctx: IExecuteFunctions, marks: string[]): Promise<Set<string>> {
	const batch = batchOf(ctx);
	const joined = marks.filter((mark) => batch.marks.has(mark));
	for (const mark of marks) batch.marks.add(mark);
	const recorded = await batch.recorded;
	return new Set(marks.filter((mark) => recorded.has(mark) || joined.includes(mark)));
}

/** n8n's store reads and writes all marks of a node: one write at a time, the next takes all that waits. */
function batchOf(ctx: IExecuteFunctions): Batch {
	const node = `${ctx.getWorkflow().id} ${ctx.getNode().id}`;
	const open = waiting.get(node);
	if (open) return open;

	const marks: Batch['marks'] = new Set();
	const recorded = (lastWrite.get(node) ?? Promise.resolve()).then(async () => {
		waiting.delete(node);
		const write = async () =>
			await ctx.helpers.checkProcessedAndRecord([...marks], 'node', {
				mode: 'entries',
				maxEntries: MAX_MARKS,
			});
		// The very first write of two processes at once collides; the second try finds what the other wrote.
		const { processed } = await write().catch(write);
		return new Set(processed.map(String));
	});
	lastWrite.set(
		node,
		recorded.catch(() => undefined),
	);
	const batch = { marks, recorded };
	waiting.set(node, batch);
	return batch;
}
