import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isUnclear } from '../../api/errors';
import { requestInferred } from '../../api/requestInferred';
import { reasonOf } from '../../api/nodeErrors';
import { asPossiblyMailed } from '../../documents/possiblyMailed';
import { mayBe, readDocument, type DocumentWithSigners } from '../../documents/reading';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import { withMessage } from '../errorTexts';
import type { ItemOperation } from '../operation';
import { readSendOnceFor, sendOnce, sendOnceForOption } from '../sendOnce';

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

const optionsProperty: INodeProperties = {
	...OPTIONS,
	description: 'How often it may be sent',
	options: [sendOnceForOption],
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
		description: 'Remind people who still have to sign',
	},
	properties: [
		documentPicker,
		remindProperty,
		{ ...signerPicker, displayOptions: { show: { remind: ['oneSigner'] } } },
		optionsProperty,
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const whom = parametersOf(ctx, itemIndex).choice(remindProperty, ['inTurn', 'oneSigner']);
		const one = whom === 'oneSigner';
		const signerId = one ? chosenId(ctx, signerPicker, itemIndex) : undefined;
		const key = readSendOnceFor(parametersOf(ctx, itemIndex).collection(optionsProperty));

		const remind = async () => await sendIt(ctx, itemIndex, documentId, signerId);
		if (key === undefined) return [{ json: await remind() }];
		const once = { key, what: 'A reminder', lookFor: `document ${documentId}` };
		const json = await sendOnce<object>(ctx, itemIndex, once, {
			send: remind,
			sentBefore: async () => {
				const document = await readDocument(ctx, documentId, itemIndex).catch(() => undefined);
				return {
					id: documentId,
					name: document?.name,
					status: document?.status,
					signerId,
					alreadySent: true,
					sendOnceFor: key,
				};
			},
		});
		return [{ json }];
	},
};

async function sendIt(
	ctx: IExecuteFunctions,
	itemIndex: number,
	documentId: string,
	signerId: string | undefined,
): Promise<object> {
	const unread = (error: unknown) => {
		throw notReminded(ctx, error, `document ${documentId}`, itemIndex);
	};
	const document = await readDocument(ctx, documentId, itemIndex).catch(unread);
	const title = `document ${documentId} ("${document.name}")`;
	const obstacle = whyNot(document, signerId);
	if (obstacle) {
		throw new NodeOperationError(ctx.getNode(), `No reminder was sent for ${title}: ${obstacle}`, {
			itemIndex,
		});
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
	return { id: documentId, name, status, reminded: true, signerId };
}

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
