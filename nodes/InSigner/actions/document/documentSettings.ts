import { DateTime } from 'luxon';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { components } from '../../api/schema';
import { checkText, LIMITS, type Problem } from '../checks';

export type DocumentSettings = Omit<components['schemas']['DocumentCreate'], 'name'>;

export const documentNameProperty: INodeProperties = {
	displayName: 'Document Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Sales Agreement Q3',
	description: 'Name of the document as the signers see it, up to 200 characters',
};

/** The optional settings of a new document, to be put into an Options collection. */
export const settingsOptions: INodeProperties[] = [
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

/** What n8n gives for a dateTime parameter: text from the picker, a Luxon or JavaScript date from an expression. */
type EnteredTime = string | Date | { toISO(): string };

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
	const options = ctx.getNodeParameter('options', itemIndex, {}) as Omit<
		DocumentSettings,
		'expiresAt'
	> & {
		expiresAt?: EnteredTime;
	};
	const { message, folderId, signingType } = options;
	const expiresAt = options.expiresAt ? toTime(options.expiresAt, ctx.getTimezone()) : undefined;

	return {
		name,
		settings: {
			...(signingType && { signingType }),
			...(message && { message }),
			...(folderId && { folderId }),
			...(expiresAt?.isValid && { expiresAt: expiresAt.toJSDate().toISOString() }),
		},
		problems: [
			...checkText('Document Name', name, { required: nameRequired, max: LIMITS.name }),
			...checkText('Message', message ?? '', { max: LIMITS.message }),
			...checkExpiry(expiresAt),
		],
	};
}

function toTime(entered: EnteredTime, zone: string): DateTime {
	if (typeof entered === 'string') return DateTime.fromISO(entered, { zone });
	if (entered instanceof Date) return DateTime.fromJSDate(entered);
	return DateTime.fromISO(entered.toISO());
}

function checkExpiry(expiresAt: DateTime | undefined): Problem[] {
	const parameter = 'Expires At';
	if (!expiresAt) return [];
	if (!expiresAt.isValid) return [{ parameter, message: 'is not a date and time' }];
	if (expiresAt > DateTime.now()) return [];
	return [{ parameter, message: `must be in the future, but is ${expiresAt.toISO()}` }];
}
