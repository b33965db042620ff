import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../api/clock';

/** Answered deliveries this process remembers, over all triggers. */
const MAX_REMEMBERED = 20_000;

/**
 * Events n8n's database remembers per trigger. Each takes two marks of 24 characters, read and written as a
 * whole for every event: enough for days of events, small enough not to be felt.
 */
const MAX_RECORDED = 3_000;

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
			if (heard) remember(mark);
			resolve(heard);
		});
	});
	inFlight.set(mark, outcome);
	return 'first';
}

function remember(mark: string): void {
	answered.add(mark);
	const [oldest] = answered;
	if (answered.size > MAX_REMEMBERED && oldest !== undefined) answered.delete(oldest);
}

/** Marks on their way into the database, by trigger node. */
interface Batch {
	/** The execution that claims each fingerprint, the first one where several do. */
	claims: Map<string, string>;
	/** The marks that were there before. */
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
	const executionId = ctx.getExecutionId();
	const batch = batchOf(ctx);
	const claimant = batch.claims.get(fingerprint);
	if (claimant !== undefined && claimant !== executionId) return false;
	batch.claims.set(fingerprint, executionId);
	const recorded = await batch.recorded.catch((error: unknown) => {
		ctx.logger.warn(
			'inSigner Trigger: n8n could not tell whether this event came before, so it is taken for new',
			{ reason: error instanceof Error ? error.message : String(error) },
		);
		return new Set<string>();
	});
	return !recorded.has(fingerprint) || recorded.has(ownMark(fingerprint, executionId));
}

/** n8n's store reads and writes all marks of a node: one write at a time, the next takes all that waits. */
function batchOf(ctx: IExecuteFunctions): Batch {
	const node = `${ctx.getWorkflow().id} ${ctx.getNode().id}`;
	const open = waiting.get(node);
	if (open) return open;

	const claims: Batch['claims'] = new Map();
	const recorded = (lastWrite.get(node) ?? Promise.resolve()).then(async () => {
		waiting.delete(node);
		const marks = [...claims].flatMap(([fingerprint, executionId]) => [
			fingerprint,
			ownMark(fingerprint, executionId),
		]);
		const record = async () =>
			await ctx.helpers.checkProcessedAndRecord(marks, 'node', {
				mode: 'entries',
				maxEntries: 2 * MAX_RECORDED,
			});
		// The very first write of two processes at once collides; the second try finds what the other wrote.
		const { processed } = await record().catch(record);
		return new Set(processed.map(String));
	});
	lastWrite.set(
		node,
		recorded.catch(() => undefined),
	);
	const batch = { claims, recorded };
	waiting.set(node, batch);
	return batch;
}

function ownMark(fingerprint: string, executionId: string): string {
	return `${fingerprint} ${executionId}`;
}
