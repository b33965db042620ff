import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { beyondCancellation } from '../../api/cancellation';
import type { DataOf } from '../../api/endpoints';
import { InSignerApiError } from '../../api/errors';
import { request } from '../../api/request';
import { asPossiblyMailed } from '../ledger';
import { readDocument, readUntilChanged, type DocumentWithSigners } from './documentReading';

/** A document after sending; signers and fields are missing where it could not be read back. */
export type SentDocument = DataOf<'sendDocument'> & Partial<DocumentWithSigners>;

/**
 * Sends a draft, once. When the service gives no clear answer, or the execution is cancelled in the middle, the
 * document is read instead of sending again: no longer a draft means sent.
 *
 * @param ctx - n8n's execution context
 * @param documentId - the draft
 * @param itemIndex - index of the input item, from 0
 * @returns the document as it is after sending
 * @throws InSignerApiError when it was refused, or (`effect` "unclear") when it could not be found out;
 * NodeOperationError when the document turned out to be a draft still
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function sendDraft(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
): Promise<SentDocument> {
	const sent = await request(ctx, 'sendDocument', { path: { documentId }, itemIndex }).catch(
		(error: unknown) => {
			if (error instanceof InSignerApiError && error.effect === 'unclear') return error;
			throw error;
		},
	);
	if (!(sent instanceof InSignerApiError)) {
		const still = beyondCancellation(ctx);
		const document = await readDocument(still, documentId, itemIndex).catch(() => undefined);
		// Not being able to read it back does not make it unsent.
		return document ?? { ...sent.data, id: documentId };
	}
	const document = await readUntilChanged(ctx, documentId, 'draft', sent, itemIndex);
	if (!document) throw asPossiblyMailed(sent);
	if (document.status !== 'draft') {
		// A cancelled execution may not show its output; the log does.
		ctx.logger.warn(`inSigner: document ${documentId} was sent, although no answer said so`);
		return document;
	}
	throw new NodeOperationError(ctx.getNode(), `inSigner did not send document ${documentId}`, {
		itemIndex,
		description: `${sent.message}. The document was read afterwards and is still a draft: nobody was mailed.`,
	});
}
