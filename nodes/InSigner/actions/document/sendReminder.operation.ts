import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { InSignerApiError } from '../../api/errors';
import { requestInferred } from '../../api/requestInferred';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import { asPossiblyMailed } from '../ledger';
import type { ItemOperation } from '../operation';
import { readDocument, type DocumentWithSigners } from './documentReading';

/**
 * Mails those again who have to sign. That reminding exists follows from its scope:
 * https://docs.insigner.co/getting-started/authentication
 */
export const sendReminder: ItemOperation = {
	once: true,
	menu: {
		name: 'Send Reminder',
		value: 'sendReminder',
		action: 'Send reminder for document',
		description: 'Mail those again who have to sign a pending document. They are mailed at once.',
	},
	properties: [
		documentPicker,
		{
			displayName: 'Remind',
			name: 'remind',
			type: 'options',
			options: [
				{
					name: 'Everybody in Turn',
					value: 'inTurn',
					description: 'All whose turn it is to sign or approve',
				},
				{ name: 'One Signer', value: 'oneSigner', description: 'One of them, chosen below' },
			],
			default: 'inTurn',
			description: 'Who is mailed',
		},
		{ ...signerPicker, displayOptions: { show: { remind: ['oneSigner'] } } },
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const one = ctx.getNodeParameter('remind', itemIndex) === 'oneSigner';
		const signerId = one ? chosenId(ctx, signerPicker, itemIndex) : undefined;

		const document = await readDocument(ctx, documentId, itemIndex);
		const obstacle = whyNot(document, signerId);
		if (obstacle) {
			throw new NodeOperationError(ctx.getNode(), obstacle, {
				itemIndex,
				description: 'Nobody was reminded.',
			});
		}
		await requestInferred(ctx, 'remindDocument', {
			path: { documentId },
			body: signerId === undefined ? undefined : { signerId },
			itemIndex,
		}).catch((error: unknown) => {
			throw unclearReminder(ctx, error, document);
		});
		const { name, status } = document;
		return [{ json: { id: documentId, name, status, reminded: true, signerId } }];
	},
};

/** @returns why nobody can be reminded; undefined when somebody can */
function whyNot({ id, status, signers }: DocumentWithSigners, signerId?: string) {
	if (status !== 'pending') return `Document ${id} is ${status}; only a pending one has reminders`;
	if (signerId === undefined) return undefined;
	const signer = signers.find((candidate) => candidate.id === signerId);
	if (!signer) return `Document ${id} has no signer ${signerId}`;
	if (signer.status !== 'completed' && signer.status !== 'declined') return undefined;
	return `${signer.email} is ${signer.status} in document ${id} and needs no reminder`;
}

/** A reminder leaves no trace that could be read: without a clear answer nobody can know. */
function unclearReminder(
	ctx: IExecuteFunctions,
	error: unknown,
	{ id, name }: DocumentWithSigners,
): unknown {
	if (!(error instanceof InSignerApiError) || error.effect !== 'unclear') return error;
	const notice = `The reminder for document ${id} ("${name}") may have been mailed.`;
	error.description = [error.description, notice].filter(Boolean).join('\n');
	ctx.logger.warn(`inSigner: ${error.message}. ${notice}`);
	return asPossiblyMailed(error);
}
