import { NodeOperationError } from 'n8n-workflow';

import { clock } from '../api/clock';
import type { InSignerContext } from '../api/context';
import { InSignerApiError, isUnclear } from '../api/errors';
import { untilShown } from './untilShown';

/** Something to add to a document exactly once: a signer or a field. */
export interface Adding<Held extends { id: string }, Added extends { id: string } = Held> {
	documentId: string;
	/** What people call it, for example "Signer ann@example.com". Unique within the document. */
	what: string;
	/** Ids of those of its kind that existed before. */
	known: ReadonlySet<string>;
	/** Adds it. Not repeated, since each request that arrives adds one more. */
	add(): Promise<Added>;
	/** Reads all of its kind that the document holds. */
	list(): Promise<Held[]>;
	/** Whether one that the document holds is the one to add. */
	isIt(held: Held): boolean;
}

/** How long an unanswered request is remembered, in milliseconds: longer than n8n keeps retrying a node. */
const MAX_AGE_MS = 60 * 60 * 1000;

/** How many unanswered requests are remembered in this process. */
const MAX_UNANSWERED = 1_000;

/** Requests that got no clear answer and whose effect was not seen yet, the oldest first. */
const unanswered = new Map<string, { at: number; known: ReadonlySet<string> }>();

/**
 * Adds something to a draft once. After a request without a clear answer the draft is read for about 10 seconds, and
 * whatever is new in it is the result. It is only added again if the service itself said that it broke down, or by a
 * later call (Retry On Fail runs the node again) that looked again and still did not find it.
 *
 * @param ctx - n8n's execution context
 * @param adding - what to add, and how
 * @param itemIndex - index of the input item, from 0
 * @returns what the service returned or holds
 * @throws InSignerApiError as request(), with `effect` "unclear" when it may yet appear; NodeOperationError when it
 * is there twice after it was added again
 * @see https://docs.insigner.co/getting-started/errors
 */
export async function addOnce<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
	itemIndex?: number,
): Promise<Added | Held> {
	const key = keyOf(adding);
	let again = unanswered.has(key);
	let found = again ? await lookFor(ctx, adding, itemIndex) : undefined;
	while (!found) {
		const added = await adding.add().catch((error: unknown) => {
			if (isUnclear(error)) return error;
			throw error;
		});
		if (!(added instanceof InSignerApiError)) {
			// The first request may have been carried out after the last look.
			if (again) addedEarlier(ctx, adding, await adding.list().catch(() => []), itemIndex);
			unanswered.delete(key);
			return added;
		}
		remember(key, adding.known);
		found = await lookFor(ctx, adding, itemIndex, added);
		// If the service itself ended it, what has not appeared by now was not added.
		if (!found && (again || !added.ended)) throw added;
		again = true;
	}
	return found;
}

/**
 * Whether an earlier call may have added it, because it got no clear answer and has not been seen since.
 *
 * @param adding - the document, and what is to be added
 */
export function mayBeAdded(adding: Pick<Adding<{ id: string }>, 'documentId' | 'what'>): boolean {
	return unanswered.has(keyOf(adding));
}

/**
 * What an earlier call added although it got no clear answer.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param adding - what is to be added
 * @param held - all of its kind that the document holds now
 * @param itemIndex - index of the input item, from 0
 * @returns the one that appeared since then; undefined if there was no such call, or nothing appeared
 * @throws NodeOperationError when it is there twice
 */
export function addedEarlier<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
	held: Held[],
	itemIndex?: number,
): Held | undefined {
	const appeared = appearedSince(adding, held);
	if (appeared.length > 1) {
		const ids = appeared.map(({ id }) => id).join(', ');
		throw new NodeOperationError(
			ctx.getNode(),
			`${adding.what} is in document ${adding.documentId} ${appeared.length} times now`,
			{
				itemIndex,
				description: `inSigner gave no clear answer at first and added it all the same. Keep one of these and remove the rest before the document is sent: ${ids}.`,
			},
		);
	}
	const [found] = appeared;
	if (found) unanswered.delete(keyOf(adding));
	return found;
}

/** @throws `unclear`, or the error of reading, if the document could not be read */
async function lookFor<Held extends { id: string }, Added extends { id: string }>(
	ctx: InSignerContext,
	adding: Adding<Held, Added>,
	itemIndex?: number,
	unclear?: InSignerApiError,
): Promise<Held | undefined> {
	const held = await untilShown(ctx, async () => {
		const now = await adding.list();
		return appearedSince(adding, now).length > 0 ? now : undefined;
	}).catch((error: unknown) => {
		if (unclear) throw unclear;
		throw error;
	});
	if (!held) return undefined;
	ctx.logger.info(
		`inSigner: ${adding.what} was added to document ${adding.documentId}, although no answer said so`,
	);
	return addedEarlier(ctx, adding, held, itemIndex);
}

/**
 * Whether a value is read back as it was written. A value that is missing, or of another type (a number read back as
 * the id of something), does not contradict that.
 *
 * @param held - as read
 * @param asked - as written
 */
export function isToldAs(held: unknown, asked: string | number): boolean {
	if (held === undefined || held === null) return true;
	if (typeof asked === 'string') return held === asked;
	return Number.isNaN(Number(held)) || Number(held) === asked;
}

/**
 * What is held now and was not before the first request without a clear answer; empty if there was no such request.
 */
function appearedSince<Held extends { id: string }, Added extends { id: string }>(
	adding: Adding<Held, Added>,
	held: Held[],
): Held[] {
	const known = unanswered.get(keyOf(adding))?.known;
	return known ? held.filter((one) => !known.has(one.id) && adding.isIt(one)) : [];
}

function keyOf({ documentId, what }: Pick<Adding<{ id: string }>, 'documentId' | 'what'>): string {
	return JSON.stringify([documentId, what]);
}

/** What counts is what was there before the first of several unanswered requests. */
function remember(key: string, known: ReadonlySet<string>): void {
	const expired = clock.now() - MAX_AGE_MS;
	for (const [oldest, { at }] of unanswered) {
		if (at > expired && unanswered.size < MAX_UNANSWERED) break;
		unanswered.delete(oldest);
	}
	if (!unanswered.has(key)) unanswered.set(key, { at: clock.now(), known });
}
