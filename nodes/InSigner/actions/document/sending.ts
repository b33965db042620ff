import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { InSignerApiError } from '../../api/errors';
import { request } from '../../api/request';
import { readDocument, type DocumentWithSigners } from './documentReading';

/**
 * Sends a draft, once. When the service gives no clear answer the document is read instead of sending again:
 * no longer a draft means sent.
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
): Promise<DocumentWithSigners> {
	const unclear = await request(ctx, 'sendDocument', { path: { documentId }, itemIndex }).then(
		() => undefined,
		(error: unknown) => {
			if (error instanceof InSignerApiError && error.effect === 'unclear') return error;
			throw error;
		},
	);
	if (!unclear) return await readDocument(ctx, documentId, itemIndex);

	const document = await readDocument(ctx, documentId, itemIndex).catch(() => {
		throw unclear;
	});
	if (document.status !== 'draft') return document;
	throw new NodeOperationError(ctx.getNode(), `inSigner did not send document ${documentId}`, {
		itemIndex,
		description: `${unclear.message}. The document was read afterwards and is still a draft: nobody was mailed.`,
	});
}
