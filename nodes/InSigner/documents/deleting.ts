import type { IExecuteFunctions } from 'n8n-workflow';

import { beyondCancellation } from '../api/cancellation';
import { reasonOf } from '../api/nodeErrors';
import { request } from '../api/request';
import { LOOKS_MS, lookUntil, wasSent, type DocumentWithSigners } from './reading';

/** What happened to a draft that was to be deleted. */
export type Deletion =
	/** It is gone, so it was not sent and never will be; inSigner refuses to delete a pending document. */
	| { deleted: true }
	/** It could not be deleted, because it had been sent. */
	| { sent: DocumentWithSigners }
	/** It could not be deleted, and why. */
	| { reason: string };

/**
 * Deletes a draft, even if the execution was cancelled.
 *
 * @param ctx - n8n's execution context
 * @param documentId - the draft
 * @param itemIndex - index of the input item, from 0
 * @param mayBeSent - whether it may have been sent; if so, it is read before it is called undeletable
 * @returns what happened to it; nothing is thrown
 * @see https://docs.insigner.co/getting-started/errors
 */
export async function deleteDraft(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
	mayBeSent: boolean,
): Promise<Deletion> {
	const path = { documentId };
	return await request(beyondCancellation(ctx), 'deleteDocument', { path, itemIndex }).then(
		() => ({ deleted: true }),
		async (error: unknown): Promise<Deletion> => {
			const document = await lookUntil(
				ctx,
				documentId,
				itemIndex,
				wasSent,
				mayBeSent ? LOOKS_MS : [0],
			);
			if (document && wasSent(document)) return { sent: document };
			return { reason: reasonOf(error) };
		},
	);
}
