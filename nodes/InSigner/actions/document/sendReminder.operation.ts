import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isUnclear } from '../../api/errors';
import { requestInferred } from '../../api/requestInferred';
import { reasonOf } from '../../api/nodeErrors';
import { asPossiblyMailed } from '../../documents/possiblyMailed';
import { mayBe, readDocument, type DocumentWithSigners } from '../../documents/reading';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import { withMessage } from '../errorTexts';
import type { ItemOperation } from '../operation';

const remindProperty: INodeProperties = {
	displayName: 'Remind',
	name: 'remind',
	type: 'options',
	options: [
		{
			name: 'Everyone Whose Turn It Is',
			value: 'inTurn',
			description: 'All whose turn it is to sign or approve',
		},
		{ name: 'One Signer', value: 'oneSigner', description: 'One of them, chosen below' },
	],
	default: 'inTurn',
	description: 'Who is emailed',
};

/**
 * Emails those again who have to sign. That reminding exists follows from its scope:
 * https://docs.insigner.co/getting-started/authentication
 */
export const sendReminder: ItemOperation = {
	once: true,
	menu: {
		name: 'Send Reminder',
		value: 'sendReminder',
		action: 'Send reminder for document',
		description: 'Email a reminder to people who still have to sign',
	},
	properties: [
		documentPicker,
		remindProperty,
		{ ...signerPicker, displayOptions: { show: { remind: ['oneSigner'] } } },
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const remind = parametersOf(ctx, itemIndex).choice(remindProperty, ['inTurn', 'oneSigner']);
		const one = remind === 'oneSigner';
		const signerId = one ? chosenId(ctx, signerPicker, itemIndex) : undefined;

		const unread = (error: unknown) => {
			throw notReminded(ctx, error, `document ${documentId}`, itemIndex);
		};
		const document = await readDocument(ctx, documentId, itemIndex).catch(unread);
		const title = `document ${documentId} ("${document.name}")`;
		const obstacle = whyNot(document, signerId);
		if (obstacle) {
			throw new NodeOperationError(
				ctx.getNode(),
				`No reminder was sent for ${title}: ${obstacle}`,
				{
					itemIndex,
				},
			);
		}
		await requestInferred(ctx, 'remindDocument', {
			path: { documentId },
			body: signerId === undefined ? undefined : { signerId },
			itemIndex,
		}).catch((error: unknown) => {
			throw isUnclear(error)
				? possiblyReminded(ctx, error, title, itemIndex)
				: notReminded(ctx, error, title, itemIndex);
		});
		const { name, status } = document;
		return [{ json: { id: documentId, name, status, reminded: true, signerId } }];
	},
};

/** @returns why no one can be reminded; undefined when someone can */
function whyNot(document: DocumentWithSigners, signerId?: string): string | undefined {
	const { status, signers } = document;
	if (!mayBe(document, 'pending')) return `it is ${status}, and only a pending one has reminders`;
	if (signerId === undefined) return undefined;
	const signer = signers.find((candidate) => String(candidate.id) === signerId);
	if (!signer) return `it has no signer ${signerId}`;
	if (signer.status !== 'completed' && signer.status !== 'declined') return undefined;
	return `${signer.email} is ${signer.status} and needs none`;
}

function notReminded(
	ctx: IExecuteFunctions,
	error: unknown,
	title: string,
	itemIndex: number,
): Error {
	return withMessage(
		ctx,
		error,
		`No reminder was sent for ${title}: ${reasonOf(error)}`,
		[],
		itemIndex,
	);
}

/** A reminder leaves no trace that could be read: without a clear answer no one can know. */
function possiblyReminded(
	ctx: IExecuteFunctions,
	error: unknown,
	title: string,
	itemIndex: number,
): Error {
	const message = `A reminder for ${title} may or may not have been sent: ${reasonOf(error)}. Do not send it again without asking the signers`;
	ctx.logger.warn(`inSigner: ${message}`);
	return asPossiblyMailed(withMessage(ctx, error, message, [], itemIndex));
}
