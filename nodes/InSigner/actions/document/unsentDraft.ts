import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { cancelSignalOf } from '../../api/cancellation';
import { reasonOf } from '../../api/nodeErrors';
import { deleteDraft } from '../../documents/deleting';
import { asNotMailed, asPossiblyMailed, mayHaveMailed } from '../../documents/possiblyMailed';
import type { DocumentWithSigners } from '../../documents/reading';
import type { Parameters } from '../../parameters/parameters';
import { withMessage } from '../errorTexts';

export const ifNotSentOption: INodeProperties = {
	displayName: "If It Can't Be Sent",
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
	description: 'What to do with the draft then',
};

/**
 * Reads what to do with the draft. Done before the work, since a value that means nothing must stop it.
 *
 * @param options - the options of the operation, with {@link ifNotSentOption}
 * @throws NodeOperationError when it is none of the choices
 */
export function keepsDraft(options: Parameters): boolean {
	return options.choice(ifNotSentOption, ['deleteDraft', 'keepDraft']) === 'keepDraft';
}

/** What a contract that could not be sent left behind. */
export interface Unsent {
	/** Name of the document. */
	name: string;
	/** The draft; undefined if none was created, or its id isn't known. */
	documentId: string | undefined;
	/** What could not be done, as the rest of a sentence that begins with "could not". */
	step: string;
	/** What the item wanted done with the document. */
	wanted: 'sent' | 'created';
	/** Whether to keep the draft, from {@link keepsDraft}. */
	keepDraft: boolean;
	/** Whether the error came from sending, so that a sent document is what was wanted. */
	sending: boolean;
	error: unknown;
}

/**
 * Settles what is left of a contract that was not sent, or may not have been: deletes or keeps the draft as the option
 * says, even if the execution was cancelled. Deleting is also proof: inSigner refuses to delete what was sent, and what
 * is deleted can no longer be sent.
 *
 * @param ctx - n8n's execution context
 * @param unsent - the contract, and what went wrong
 * @param itemIndex - index of the input item, from 0
 * @returns the document if it turned out to be sent
 * @throws NodeApiError or NodeOperationError that begins with the name of the contract and what did not happen
 */
export async function settleUnsent(
	ctx: IExecuteFunctions,
	unsent: Unsent,
	itemIndex: number,
): Promise<DocumentWithSigners> {
	const { documentId, error, keepDraft, sending } = unsent;
	const unclear = mayHaveMailed(error);
	if (documentId === undefined) throw asUnsent(ctx, unsent, unclear, [], itemIndex);

	if (keepDraft) {
		const kept = unclear
			? `Document ${documentId} was left as it is.`
			: `The draft was kept: ${documentId}.`;
		throw asUnsent(ctx, unsent, unclear, [kept], itemIndex);
	}
	const deletion = await deleteDraft(ctx, documentId, itemIndex, unclear);
	if ('sent' in deletion && sending) {
		ctx.logger.warn(`inSigner: document ${documentId} was sent, although no answer said so`);
		return deletion.sent;
	}
	if ('deleted' in deletion) {
		throw asUnsent(ctx, unsent, false, [`The draft ${documentId} was deleted.`], itemIndex);
	}
	const left =
		'sent' in deletion
			? `Document ${documentId} is ${deletion.sent.status}.`
			: `${unclear ? 'Document' : 'The draft'} ${documentId} could not be deleted (${deletion.reason}) and may still be there.`;
	throw asUnsent(ctx, unsent, unclear || 'sent' in deletion, [left], itemIndex);
}

/** The original error, put in terms of the contract. */
function asUnsent(
	ctx: IExecuteFunctions,
	{ name, documentId, step, wanted, error }: Unsent,
	unclear: boolean,
	left: string[],
	itemIndex: number,
): Error {
	const cancelled = cancelSignalOf(ctx)?.aborted ?? false;
	const reason = cancelled ? 'the execution was cancelled' : reasonOf(error);
	const message = unclear
		? `"${name}" may or may not have been sent: ${reason}. Do not send it again; look at document ${documentId ?? `"${name}"`} in inSigner first`
		: `"${name}" was not ${wanted}, could not ${step}: ${reason}`;
	// n8n drops an error when a later try succeeds or the execution was cancelled; the log keeps it.
	if (left.length > 0) ctx.logger.warn(`inSigner: ${message}. ${left.join(' ')}`);
	const told = withMessage(ctx, cancelled ? undefined : error, message, left, itemIndex);
	return unclear ? asPossiblyMailed(told) : asNotMailed(told);
}
