import type { IExecuteFunctions } from 'n8n-workflow';

import { endpoints } from '../api/endpoints';
import { InSignerApiError, isUnclear } from '../api/errors';
import { reasonOf } from '../api/nodeErrors';
import { withMessage } from './errorTexts';

/** What was to be done with part of a document. */
export interface Deed {
	/** For example "Signer ann@example.com". */
	subject: string;
	/** What was to be done with it, for example "added to". */
	action: string;
	documentId: string;
	/** Whether an earlier request may have done it. */
	mayBeDone?: () => boolean;
}

/**
 * Puts what did not happen, and in which document, before what inSigner said: error workflows and language models see
 * only the message.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param deed - what was to be done
 * @param work - does it
 * @returns what the work returns
 * @throws what the work throws; an InSignerApiError with the longer message
 */
export async function tellNotDone<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	{ subject, action, documentId, mayBeDone = () => false }: Deed,
	work: () => Promise<T>,
): Promise<T> {
	return await work().catch((error: unknown) => {
		if (!(error instanceof InSignerApiError)) throw error;
		const isRead = endpoints[error.fault.endpoint].method === 'GET';
		const unclear = (isUnclear(error) && !isRead) || mayBeDone();
		const what = unclear ? 'may or may not have been' : 'was not';
		const message = `${subject} ${what} ${action} document ${documentId}: ${reasonOf(error)}`;
		const lines = unclear ? [`Look at document ${documentId} before running this again`] : [];
		throw withMessage(ctx, error, message, lines, itemIndex);
	});
}
