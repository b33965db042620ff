import type { IExecuteFunctions } from 'n8n-workflow';

import { reasonOf } from '../../api/nodeErrors';
import { pages } from '../../api/pagination';
import { readDocument, wasSent } from '../../documents/reading';
import type { Result } from '../operation';
import { sendOnce } from '../sendOnce';

/** How many documents of its name are searched for an earlier one. */
const MAX_CANDIDATES = 300;

/** A document that is sent once for a key. */
export interface DocumentForKey {
	/** Undefined if it is sent on every run. */
	key: string | undefined;
	/** The name to look for an earlier one by. */
	name: string;
	/** Turns a document into an output item. */
	toResult: (document: object) => Result;
}

/**
 * Sends a document once for a key, if there is one.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param document - its key and its name
 * @param send - sends it; calls `created` with its id as soon as it is known
 * @returns the document as the output item; with `alreadySent` and the key if it was sent before
 * @throws what `send` throws; NodeOperationError as sendOnce() does
 */
export async function sendDocumentOnce(
	ctx: IExecuteFunctions,
	itemIndex: number,
	{ key, name, toResult }: DocumentForKey,
	send: (created: (documentId: string) => Promise<void>) => Promise<object>,
): Promise<Result> {
	if (key === undefined) return toResult(await send(async () => undefined));

	const asSentBefore = (document: object, found = true): Result => {
		const result = found ? toResult(document) : { json: document };
		return { ...result, json: { ...result.json, alreadySent: true, sendOnceFor: key } };
	};
	const once = { key, what: 'A document', lookFor: `the document "${name}"` };
	return await sendOnce<Result>(ctx, itemIndex, once, {
		send: async (recognizable) =>
			toResult(await send(async (documentId) => await recognizable(`document:${documentId}`))),
		sentBefore: async (isRecognized) => {
			const found = await find(ctx, itemIndex, name, isRecognized);
			if (!found || found.status === 'draft') return asSentBefore({ name }, false);
			return asSentBefore(await readDocument(ctx, found.id, itemIndex).catch(() => found));
		},
		lookAfter: async (isRecognized) => {
			const found = await find(ctx, itemIndex, name, isRecognized);
			if (!found) return undefined;
			if (!wasSent(found)) return { left: `Look at document ${found.id}: it is ${found.status}.` };
			return {
				sent: asSentBefore(await readDocument(ctx, found.id, itemIndex).catch(() => found)),
			};
		},
	});
}

interface Found {
	id: string;
	name: string;
	status: string;
}

/** The document created for the key; a draft only if there is nothing else, since a draft was not sent. */
async function find(
	ctx: IExecuteFunctions,
	itemIndex: number,
	name: string,
	isRecognized: (by: string) => Promise<boolean>,
): Promise<Found | undefined> {
	let draft: Found | undefined;
	try {
		const options = { query: { search: name }, limit: MAX_CANDIDATES, itemIndex };
		for await (const page of pages(ctx, 'listDocuments', options)) {
			for (const { id, name: itsName, status } of page) {
				if (!(await isRecognized(`document:${id}`))) continue;
				const found = { id: String(id), name: itsName, status };
				if (status !== 'draft') return found;
				draft = found;
			}
		}
	} catch (error) {
		ctx.logger.warn(`inSigner: the document sent before could not be found: ${reasonOf(error)}`);
	}
	return draft;
}
