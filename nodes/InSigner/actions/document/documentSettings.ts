import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoint';
import type { components } from '../../api/schema';
import { checkChanges, checkText, LIMITS, type Problem } from '../../parameters/checks';
import { OPTIONS, UPDATE_FIELDS } from '../../parameters/collections';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import { checkFuture, toApiTime } from '../../parameters/times';

export type DocumentSettings = Omit<components['schemas']['DocumentCreate'], 'name'>;

const SIGNING_TYPES = ['parallel', 'sequential'] as const;

export const documentNameProperty: INodeProperties = {
	displayName: 'Document Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Sales Agreement Q3',
	description: 'Name of the document as the signers see it, up to 200 characters',
};

const expiresAtOption: INodeProperties = {
	displayName: 'Expires At',
	name: 'expiresAt',
	type: 'dateTime',
	default: '',
	description:
		'When the document can no longer be signed. A time without a zone is in the zone of the workflow, and a date without a time is the end of that day.',
};

const folderOption: INodeProperties = {
	displayName: 'Folder ID',
	name: 'folderId',
	type: 'string',
	default: '',
	description: 'ID of the folder to put the document into',
};

const messageOption: INodeProperties = {
	displayName: 'Message',
	name: 'message',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	description: 'Text shown to the signers, up to 5,000 characters',
};

const signingTypeOption: INodeProperties = {
	displayName: 'Signing Type',
	name: 'signingType',
	type: 'options',
	options: [
		{ name: 'Parallel', value: 'parallel', description: 'Everyone can sign in any order' },
		{
			name: 'Sequential',
			value: 'sequential',
			description: 'One after the other, in signing order',
		},
	],
	default: 'sequential',
	description: 'Whether the signers sign one after the other or all at once',
};

/** The optional settings of a document. */
const settingsOptions = [expiresAtOption, folderOption, messageOption, signingTypeOption];

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
 * @throws NodeOperationError that names a setting of the wrong type
 * @see https://docs.insigner.co/api/documents
 */
export function readDocumentSettings(
	ctx: IExecuteFunctions,
	itemIndex: number,
	nameRequired: boolean,
): { name: string; settings: DocumentSettings; problems: Problem[] } {
	const parameters = parametersOf(ctx, itemIndex);
	const name = parameters.text(documentNameProperty);
	const options = parameters.collection(OPTIONS);
	const message = options.text(messageOption);
	const folderId = options.text(folderOption);
	const expiresAt = options.time(expiresAtOption, 'end');
	const signingType = signingTypeIn(options);

	return {
		name,
		settings: {
			...(signingType && { signingType }),
			...(message && { message }),
			...(folderId && { folderId }),
			...(expiresAt && { expiresAt: toApiTime(expiresAt) }),
		},
		problems: [
			...checkText('Document Name', name, { required: nameRequired, max: LIMITS.name }),
			...checkText('Message', message, { max: LIMITS.message }),
			...checkFuture('Expires At', expiresAt),
		],
	};
}

/**
 * Reads what an update of a draft changes.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns only what the Update Fields collection holds, an empty text included, the rest undefined; and what is
 * wrong with it
 * @throws NodeOperationError that names a setting of the wrong type, or whose expression gives nothing
 * @see https://docs.insigner.co/api/documents
 */
export function readDocumentChanges(
	ctx: IExecuteFunctions,
	itemIndex: number,
): { changes: BodyOf<'updateDocument'>; problems: Problem[] } {
	const fields = parametersOf(ctx, itemIndex).collection(UPDATE_FIELDS);
	const name = fields.added(documentNameProperty)?.text(documentNameProperty);
	const message = fields.added(messageOption)?.text(messageOption);
	const folderId = fields.added(folderOption)?.text(folderOption);
	const expiresAt = fields.added(expiresAtOption)?.time(expiresAtOption, 'end');
	const signingType = signingTypeIn(fields);
	if (fields.has(expiresAtOption) && !expiresAt) fields.refuse(expiresAtOption, 'is empty');

	const changes = {
		name,
		message,
		folderId,
		expiresAt: expiresAt && toApiTime(expiresAt),
		signingType,
	};
	return {
		changes,
		problems: [
			...checkChanges(changes),
			...(name === undefined
				? []
				: checkText('Document Name', name, { required: true, max: LIMITS.name })),
			...checkText('Message', message ?? '', { max: LIMITS.message }),
			...checkFuture('Expires At', expiresAt),
		],
	};
}

function signingTypeIn(settings: Parameters): (typeof SIGNING_TYPES)[number] | undefined {
	return settings.added(signingTypeOption)?.choice(signingTypeOption, SIGNING_TYPES);
}
