import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isUnclear } from '../../api/errors';
import { requestInferred } from '../../api/requestInferred';
import { reasonOf } from '../../api/nodeErrors';
import { lookUntil, mayBe, type DocumentWithSigners } from '../../documents/reading';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { withMessage } from '../errorTexts';
import type { ItemOperation } from '../operation';
import { onceByDocument } from './documentOutput';

const reasonProperty: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. Replaced by a new offer',
	description: 'Why the document is cancelled',
};

/** Cancels a pending document. That cancelling exists follows from the status: https://docs.insigner.co/api/documents */
export const cancel: ItemOperation = {
	once: onceByDocument,
	menu: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel document',
		description: 'Stop the signing of a pending document',
	},
	properties: [documentPicker, reasonProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const reason = parametersOf(ctx, itemIndex).text(reasonProperty);
		const document = await requestInferred(ctx, 'cancelDocument', {
			path: { documentId },
			body: reason === '' ? undefined : { reason },
			itemIndex,
		}).then(
			({ data }): Partial<DocumentWithSigners> => data,
			async (error: unknown) => await findOut(ctx, error, documentId, itemIndex),
		);
		return [{ json: { ...document, id: documentId } }];
	},
};

/** Statuses in which it can no longer be signed; a pending one may yet be cancelled. */
const isOver = (document: DocumentWithSigners) =>
	!mayBe(document, 'pending') && document.status !== 'draft';

/** Without a clear answer, the document itself shows whether it was cancelled. */
async function findOut(
	ctx: IExecuteFunctions,
	error: unknown,
	documentId: string,
	itemIndex: number,
): Promise<DocumentWithSigners> {
	const say = (what: string, ...lines: string[]) =>
		withMessage(ctx, error, `Document ${documentId} ${what}: ${reasonOf(error)}`, lines, itemIndex);
	if (!isUnclear(error)) {
		throw say('was not cancelled');
	}
	const document = await lookUntil(ctx, documentId, itemIndex, isOver);
	if (document?.status === 'cancelled') {
		// A cancelled execution may not show its output; the log does.
		ctx.logger.warn(`inSigner: document ${documentId} was cancelled, although no answer said so`);
		return document;
	}
	if (!document || (!error.ended && !isOver(document))) throw say('may or may not be cancelled');
	throw say('was not cancelled', `It was read afterwards and is ${document.status}.`);
}
