import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { beyondCancellation } from '../../api/cancellation';
import { request } from '../../api/request';

export const ifNotSentOption: INodeProperties = {
	displayName: 'If Not Sent',
	name: 'ifNotSent',
	type: 'options',
	options: [
		{
			name: 'Delete Draft',
			value: 'deleteDraft',
			description: 'Leave nothing behind',
		},
		{
			name: 'Keep Draft',
			value: 'keepDraft',
			description: 'Keep what was made so far; the message names its ID',
		},
	],
	default: 'deleteDraft',
	description: 'What becomes of the draft when a step does not succeed',
};

/**
 * Deletes or keeps a draft that was not sent, as the option If Not Sent says, also when the execution was
 * cancelled. inSigner refuses to delete what is no draft any more.
 *
 * @param ctx - n8n's execution context
 * @param documentId - the draft
 * @param itemIndex - index of the input item, from 0
 * @returns what became of it, as a sentence that is true
 */
export async function cleanUpDraft(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
): Promise<string> {
	if (ctx.getNodeParameter('options.ifNotSent', itemIndex, 'deleteDraft') === 'keepDraft') {
		return `The draft was kept: ${documentId}.`;
	}
	const path = { documentId };
	return await request(beyondCancellation(ctx), 'deleteDocument', { path, itemIndex }).then(
		() => `The draft ${documentId} was deleted.`,
		(reason: unknown) =>
			`The draft ${documentId} could not be deleted (${reason instanceof Error ? reason.message : 'no reason known'}) and is still there.`,
	);
}
