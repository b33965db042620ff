import { beyondCancellation } from '../api/cancellation';
import { clock } from '../api/clock';
import type { InSignerContext } from '../api/context';
import type { DataOf } from '../api/endpoint';
import { list } from '../api/pagination';
import { request } from '../api/request';
import { asText } from '../json/json';

/** A document with its signers and fields. */
export type DocumentWithSigners = DataOf<'getDocument'> &
	Required<Pick<DataOf<'getDocument'>, 'fields'>>;

/** Pauses before each look at something that may show up late, in milliseconds: ten seconds in all. */
export const LOOKS_MS = [0, 1_000, 2_000, 3_000, 4_000];

/** Statuses that prove that signers were emailed. An unknown status proves nothing. */
const SENT = new Set(['pending', 'completed', 'declined', 'cancelled', 'expired']);

/**
 * Reads a document with its signers and fields.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the document
 * @param itemIndex - index of the input item, from 0
 * @returns the document; if the service leaves out signers or fields, they are read from their own lists
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function readDocument(
	ctx: InSignerContext,
	documentId: string,
	itemIndex?: number,
): Promise<DocumentWithSigners> {
	const path = { documentId };
	const { data } = await request(ctx, 'getDocument', { path, itemIndex });
	const { signers, fields, ...document } = withSigners(data);
	return {
		...document,
		signers: signers ?? (await list(ctx, 'listSigners', { path, itemIndex })),
		fields: fields ?? (await list(ctx, 'listFields', { path, itemIndex })),
	};
}

/**
 * Reads a document again and again until it shows something, even if the execution was cancelled. Reads can lag
 * behind writes, and a request without an answer may still be carried out.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the document
 * @param itemIndex - index of the input item, from 0
 * @param isSettled - whether what was read needs no further look
 * @param looksMs - when to look, in milliseconds after the previous look
 * @returns the document as last seen; undefined if it could not be read
 */
export async function lookUntil(
	ctx: InSignerContext,
	documentId: string,
	itemIndex: number,
	isSettled: (document: DocumentWithSigners) => boolean,
	looksMs: readonly number[] = LOOKS_MS,
): Promise<DocumentWithSigners | undefined> {
	const still = beyondCancellation(ctx);
	let seen: DocumentWithSigners | undefined;
	for (const pause of looksMs) {
		await clock.sleep(pause);
		seen = await readDocument(still, documentId, itemIndex).catch(() => seen);
		if (seen && isSettled(seen)) break;
	}
	return seen;
}

/**
 * Whether a document's signers were certainly emailed.
 *
 * @param document - as read; undefined if it could not be read
 */
export function wasSent(document: { status?: string } | undefined): boolean {
	return document?.status !== undefined && SENT.has(document.status);
}

/**
 * Whether a document may be in a status: it is, or its own status is unknown.
 *
 * @param document - as read
 * @param status - a documented status
 */
export function mayBe(
	document: { status: string },
	status: DocumentWithSigners['status'],
): boolean {
	const isKnown = document.status === 'draft' || SENT.has(document.status);
	return document.status === status || !isKnown;
}

/**
 * The id of what was just created. Everything after creating needs it.
 *
 * @param created - what the service answered
 * @returns the id as text; undefined if there is none
 */
export function idOf(created: { id?: unknown } | undefined): string | undefined {
	return asText(created?.id);
}

/**
 * The documentation only shows `signingUrl` of a document's signers, so they may be left out, or under another key.
 */
function withSigners(
	data: DataOf<'getDocument'>,
): Partial<DocumentWithSigners> & Omit<DataOf<'getDocument'>, 'signers' | 'fields'> {
	const held: DataOf<'getDocument'> & { recipients?: DocumentWithSigners['signers'] } = data;
	const { recipients, ...document } = held;
	const { signers, fields }: Partial<DocumentWithSigners> = document;
	return { ...document, signers: signers ?? recipients, fields };
}
