import { NodeOperationError } from 'n8n-workflow';

import { cancelSignalOf } from '../api/cancellation';
import { clock } from '../api/clock';
import type { InSignerContext } from '../api/context';
import { InSignerApiError } from '../api/errors';

/** One thing that is to be in a document once: a signer or a field. */
export interface Adding<Held extends { id: string }, Added extends { id: string } = Held> {
	documentId: string;
	/** What it is, for people, for example "Signer ann@example.com". Tells it from others of the document. */
	what: string;
	/** Ids of those of its kind that were there before. */
	known: ReadonlySet<string>;
	/** Adds it; sent without repeating, since each request that arrives adds one more. */
	add(): Promise<Added>;
	/** Reads all of its kind that the document holds. */
	list(): Promise<Held[]>;
	/** Whether one that is held is what was to be added. */
	isIt(held: Held): boolean;
}

/**
 * When the document is looked at after a request without a clear answer, in milliseconds after the look before:
 * what was added may take a while to show.
 */
const LOOKS_MS = [0, 500, 1_500, 3_000, 5_000];

/** How long an unanswered request is remembered, in milliseconds: longer than n8n tries a node again. */
const MAX_AGE_MS = 60 * 60 * 1000;

/** How many unanswered requests are remembered in this process. */
const MAX_UNANSWERED = 1_000;

/** Requests that got no clear answer and of which nothing was seen yet, the oldest first. */
const unanswered = new Map<string, { at: number; known: ReadonlySet<string> }>();

/**
 * Adds something to a draft once. After a request without a clear answer the draft is read for about 10 seconds,
 * and what is there now and was not before is the result. It is only added again when the service itself said
 * that it did not do it, or by a later call (Retry On Fail runs the node again) that looked again and still did not
 * find it.
 *
 * @param ctx - n8n's execution context
 * @param adding - what to add, and how
 * @param itemIndex - index of the input item, from 0
 * @returns what the service answered, or holds
 * @throws InSignerApiError as request(), with `effect` "unclear" when it may yet appear; NodeOperationError when
 * it is there twice after it was added again
 * @see https://docs.insigner.co/getting-started/errors
 */
export async function addOnce<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
	itemIndex?: number,
): Promise<Added | Held> {
	const key = keyOf(adding);
	let again = unanswered.has(key);
	let found = again ? await lookFor(ctx, adding) : undefined;
	while (!found) {
		const added = await adding.add().catch((error: unknown) => {
			if (error instanceof InSignerApiError && error.effect === 'unclear') return error;
			throw error;
		});
		if (!(added instanceof InSignerApiError)) {
			if (again) await refuseTwins(ctx, adding, itemIndex);
			unanswered.delete(key);
			return added;
		}
		remember(key, adding.known);
		found = await lookFor(ctx, adding).catch(() => {
			throw added;
		});
		// Where the service itself ended it, what does not show by now was not added.
		if (!found && (again || added.fault.result !== 'serverFault')) throw added;
		again = true;
	}
	return found;
}

/**
 * What an earlier call added without knowing it, because it got no clear answer.
 *
 * @param adding - what is to be added
 * @param held - all of its kind that the document holds now
 * @returns the one that appeared since then; undefined when there was no such call, or nothing appeared
 */
export function addedEarlier<Held extends { id: string }, Added extends { id: string }>(
	adding: Adding<Held, Added>,
	held: Held[],
): Held | undefined {
	const key = keyOf(adding);
	if (!unanswered.has(key)) return undefined;
	const [found] = appeared(adding, held);
	if (found) unanswered.delete(key);
	return found;
}

async function lookFor<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
): Promise<Held | undefined> {
	for (const pause of LOOKS_MS) {
		await clock.sleep(pause, cancelSignalOf(ctx));
		const held = await adding.list().catch((error: unknown) => {
			// Only a list that was read tells that it is not there.
			if (pause === LOOKS_MS.at(-1)) throw error;
			return [];
		});
		const found = addedEarlier(adding, held);
		if (!found) continue;
		ctx.logger.info(
			`inSigner: ${adding.what} was added to document ${adding.documentId}, although no answer said so`,
		);
		return found;
	}
	return undefined;
}

/** The first request may have been carried out after the last look. */
async function refuseTwins<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
	itemIndex?: number,
): Promise<void> {
	const twins = appeared(adding, await adding.list().catch(() => []));
	if (twins.length < 2) return;
	throw new NodeOperationError(
		ctx.getNode(),
		`${adding.what} is in document ${adding.documentId} ${twins.length} times now`,
		{
			itemIndex,
			description: `inSigner gave no clear answer at first and added it all the same. Keep one of these and remove the rest before the document is sent: ${twins.map(({ id }) => id).join(', ')}.`,
		},
	);
}

function appeared<Held extends { id: string }, Added extends { id: string }>(
	adding: Adding<Held, Added>,
	held: Held[],
): Held[] {
	const known = unanswered.get(keyOf(adding))?.known ?? adding.known;
	return held.filter((one) => !known.has(one.id) && adding.isIt(one));
}

function keyOf({ documentId, what }: Pick<Adding<{ id: string }>, 'documentId' | 'what'>): string {
	return JSON.stringify([documentId, what]);
}

/** What was there before the first of several unanswered requests is what counts. */
function remember(key: string, known: ReadonlySet<string>): void {
	const expired = clock.now() - MAX_AGE_MS;
	for (const [oldest, { at }] of unanswered) {
		if (at > expired && unanswered.size < MAX_UNANSWERED) break;
		unanswered.delete(oldest);
	}
	if (!unanswered.has(key)) unanswered.set(key, { at: clock.now(), known });
}
