import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import type { components } from '../../api/schema';
import { checkChanges, checkText, LIMITS, type Problem } from '../../parameters/checks';
import { checkFuture, toApiTime, toTime, type EnteredTime } from '../../parameters/times';

export type DocumentSettings = Omit<components['schemas']['DocumentCreate'], 'name'>;

/** The settings as the form gives them. */
type EnteredSettings = Omit<DocumentSettings, 'expiresAt'> & { expiresAt?: EnteredTime };

export const documentNameProperty: INodeProperties = {
	displayName: 'Document Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Sales Agreement Q3',
	description: 'Name of the document as the signers see it, up to 200 characters',
};

/** The optional settings of a document. */
const settingsOptions: INodeProperties[] = [
	{
		displayName: 'Expires At',
		name: 'expiresAt',
		type: 'dateTime',
		default: '',
		description:
			'When the document can no longer be signed. A time without a zone is in the zone of the workflow.',
	},
	{
		displayName: 'Folder ID',
		name: 'folderId',
		type: 'string',
		default: '',
		description: 'ID of the folder to put the document into',
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'Text shown to the signers, up to 5,000 characters',
	},
	{
		displayName: 'Signing Type',
		name: 'signingType',
		type: 'options',
		options: [
			{ name: 'Parallel', value: 'parallel', description: 'Everybody can sign at once' },
			{
				name: 'Sequential',
				value: 'sequential',
				description: 'One after the other, in signing order',
			},
		],
		default: 'sequential',
		description: 'Whether the signers sign one after the other or all at once',
	},
];

/**
 * The settings of a document as the options of a collection, in the order n8n wants.
 *
 * @param others - options of the operation itself
 * @returns all of them by display name
 */
export function withSettings(...others: INodeProperties[]): INodeProperties[] {
	return [...settingsOptions, ...others].sort((a, b) => a.displayName.localeCompare(b.displayName));
}

/**
 * Reads name and settings of a new document.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param nameRequired - whether an empty name is a problem
 * @returns the settings as the API takes them, without those left empty; and what is wrong with them
 * @see https://docs.insigner.co/api/documents
 */
export function readDocumentSettings(
	ctx: IExecuteFunctions,
	itemIndex: number,
	nameRequired: boolean,
): { name: string; settings: DocumentSettings; problems: Problem[] } {
	const name = (ctx.getNodeParameter('name', itemIndex, '') as string).trim();
	const options = ctx.getNodeParameter('options', itemIndex, {}) as EnteredSettings;
	const { signingType, message, folderId } = options;
	const expiresAt = toTime(options.expiresAt, ctx.getTimezone());

	return {
		name,
		settings: {
			...(signingType && { signingType }),
			...(message && { message }),
			...(folderId && { folderId }),
			...(expiresAt?.isValid && { expiresAt: toApiTime(expiresAt) }),
		},
		problems: [
			...checkText('Document Name', name, { required: nameRequired, max: LIMITS.name }),
			...checkText('Message', message ?? '', { max: LIMITS.message }),
			...checkFuture('Expires At', expiresAt),
		],
	};
}

/**
 * Reads what an update of a draft is to change.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns only what the Update Fields collection holds, an empty text included; and what is wrong with it
 * @see https://docs.insigner.co/api/documents
 */
export function readDocumentChanges(
	ctx: IExecuteFunctions,
	itemIndex: number,
): { changes: BodyOf<'updateDocument'>; problems: Problem[] } {
	const entered = ctx.getNodeParameter('updateFields', itemIndex, {}) as EnteredSettings & {
		name?: string;
	};
	const { expiresAt: enteredTime, ...others } = entered;
	const name = others.name?.trim();
	const expiresAt = toTime(enteredTime, ctx.getTimezone());
	return {
		changes: {
			...others,
			...(name !== undefined && { name }),
			...(expiresAt?.isValid && { expiresAt: toApiTime(expiresAt) }),
		},
		problems: [
			...checkChanges(entered),
			...(name === undefined
				? []
				: checkText('Document Name', name, { required: true, max: LIMITS.name })),
			...checkText('Message', others.message ?? '', { max: LIMITS.message }),
			...(enteredTime === '' ? [{ parameter: 'Expires At', message: 'is empty' }] : []),
			...checkFuture('Expires At', expiresAt),
		],
	};
}
