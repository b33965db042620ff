import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { clock } from '../../api/clock';
import type { PdfFile } from '../../api/files';
import { readPages, type PageSize } from '../../pdf/pages';
import { UnreadablePdf } from '../../pdf/unreadablePdf';
import { refuse, type Problem } from '../checks';
import {
	completed,
	toFields,
	type EnteredField,
	type FieldInput,
	type FieldSigner,
} from './fieldInput';
import { FIELDS_EXAMPLE, readFieldsJson } from './fieldJson';
import { fieldProperties } from './fieldProperties';
import { needsPages } from './placement';

/** The fields of a new document, by form or as JSON. */
export const fieldsProperties: INodeProperties[] = [
	{
		displayName: 'Specify Fields',
		name: 'specifyFields',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: 'form' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'form',
		description: 'How to say what the signers fill in and where',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Field',
		displayOptions: { show: { specifyFields: ['form'] } },
		required: true,
		default: { field: [{ type: 'signature', signer: '1', position: 'bottomLeft', page: -1 }] },
		description: 'What the signers fill in and where. Each person who signs needs at least one.',
		options: [{ displayName: 'Field', name: 'field', values: fieldProperties }],
	},
	{
		displayName: 'Fields (JSON)',
		name: 'fieldsJson',
		type: 'json',
		displayOptions: { show: { specifyFields: ['json'] } },
		required: true,
		default: FIELDS_EXAMPLE,
		description:
			'List of fields, as Field: Get Many returns them. Instead of assignedTo (from 0) you can give signer: position (from 1), email address or name. Also known: position, unit, and all else that the form has.',
	},
];

/**
 * Reads the fields of a new document. The PDF is only read when a field is placed by its pages.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param signers - the signers as entered, who the fields are for
 * @param file - the PDF
 * @returns the fields as the API takes them, and what is wrong with them
 * @throws NodeOperationError when pages are needed and cannot be read
 */
export async function readFields(
	ctx: IExecuteFunctions,
	itemIndex: number,
	signers: FieldSigner[],
	file: PdfFile,
): Promise<{ fields: FieldInput[]; problems: Problem[] }> {
	const { entered, problems } =
		ctx.getNodeParameter('specifyFields', itemIndex) === 'json'
			? readFieldsJson(ctx.getNodeParameter('fieldsJson', itemIndex))
			: { entered: readForm(ctx, itemIndex), problems: [] };
	if (problems.length > 0) return { fields: [], problems };
	const pages = entered.some(needsPages)
		? await measurePages(ctx, itemIndex, 'Fields', file)
		: undefined;
	const names = entered.map((_, index) => `Field ${index + 1}`);
	return toFields(entered, names, signers, pages);
}

/**
 * Reads the sizes of the pages of a PDF.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param parameter - display name of what needs them
 * @param file - the PDF
 * @returns one entry per page, in points
 * @throws NodeOperationError when they cannot be read; it says how to do without
 */
export async function measurePages(
	ctx: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	file: PdfFile,
): Promise<PageSize[]> {
	return await readPages(await file.open(), clock.breaks()).catch((error: unknown) => {
		if (!(error instanceof UnreadablePdf)) throw error;
		refuse(ctx, itemIndex, [
			{
				parameter,
				message: `cannot be placed, because the pages of the PDF cannot be measured: ${error.message}`,
			},
			{
				parameter: 'Position',
				message: 'Coordinates does without, with a page from 1 and a unit other than percent',
			},
		]);
		throw error;
	});
}

function readForm(ctx: IExecuteFunctions, itemIndex: number): EnteredField[] {
	const entered = ctx.getNodeParameter('fields.field', itemIndex, []) as Array<
		Partial<EnteredField>
	>;
	return entered.map(completed);
}
