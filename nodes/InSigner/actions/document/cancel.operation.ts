import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { InSignerApiError } from '../../api/errors';
import { requestInferred } from '../../api/requestInferred';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { forOutput, readUntilChanged, type DocumentWithSigners } from './documentReading';

/** Cancels a pending document. That cancelling exists follows from the status: https://docs.insigner.co/api/documents */
export const cancel: ItemOperation = {
	once: true,
	menu: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel document',
		description: 'Cancel a pending document, so that nobody can sign it any more',
	},
	properties: [
		documentPicker,
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. Replaced by a new offer',
			description: 'Why the document is cancelled',
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const reason = ctx.getNodeParameter('reason', itemIndex, '') as string;
		const document = await requestInferred(ctx, 'cancelDocument', {
			path: { documentId },
			body: reason === '' ? undefined : { reason },
			itemIndex,
		}).then(
			({ data }): Partial<DocumentWithSigners> => data,
			async (error: unknown) => await findOut(ctx, error, documentId, itemIndex),
		);
		return [{ json: forOutput(ctx, { ...document, id: documentId }, itemIndex) }];
	},
};

/** Without a clear answer the document itself tells whether it was cancelled. */
async function findOut(
	ctx: IExecuteFunctions,
	error: unknown,
	documentId: string,
	itemIndex: number,
): Promise<DocumentWithSigners> {
	if (!(error instanceof InSignerApiError) || error.effect !== 'unclear') throw error;
	const document = await readUntilChanged(ctx, documentId, 'pending', error, itemIndex);
	if (document?.status === 'cancelled') {
		// A cancelled execution may not show its output; the log does.
		ctx.logger.warn(`inSigner: document ${documentId} was cancelled, although no answer said so`);
		return document;
	}
	if (!document) throw error;
	throw new NodeOperationError(ctx.getNode(), `inSigner did not cancel document ${documentId}`, {
		itemIndex,
		description: `${error.message}. The document was read afterwards and is ${document.status}.`,
	});
}
