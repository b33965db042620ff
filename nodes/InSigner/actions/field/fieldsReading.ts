import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { clock } from '../../api/clock';
import type { PdfFile } from '../../api/files';
import { requireNoProblems, type Problem } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { readPages, type PageSize } from '../../pdf/pages';
import { UnreadablePdf } from '../../pdf/unreadablePdf';
import { readField, toFields, type FieldInput } from './fieldInput';
import { fieldsJsonProperty, readFieldsJson } from './fieldJson';
import { fieldInputs, fieldProperties } from './fieldProperties';
import type { FieldSigner } from './fieldSigner';
import { needsPages } from './placement';

const specifyFieldsProperty: INodeProperties = {
	displayName: 'Specify Fields',
	name: 'specifyFields',
	type: 'options',
	options: [
		{ name: 'Using the Form Below', value: 'form' },
		{ name: 'Using JSON', value: 'json' },
	],
	default: 'form',
	description: 'How to enter the fields',
};

const fieldRow = { displayName: 'Field', name: 'field', values: fieldProperties };

const fieldsProperty: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Field',
	displayOptions: { show: { specifyFields: ['form'] } },
	required: true,
	default: { field: [{ type: 'signature', signer: '1', position: 'bottomLeft', page: -1 }] },
	description: 'What the signers fill in and where. Each person who signs needs at least one.',
	options: [fieldRow],
};

/** The fields of a new document, by form or as JSON. */
export const specifyFieldsProperties: INodeProperties[] = [
	specifyFieldsProperty,
	fieldsProperty,
	fieldsJsonProperty,
];

/**
 * Reads the fields of a new document. The PDF is only read when a field is placed by its pages.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param signers - the signers as entered, who the fields are for
 * @param file - the PDF
 * @returns the fields as the API takes them, and what is wrong with them
 * @throws NodeOperationError when an input does not hold what it should, and when pages are needed and cannot be read
 */
export async function readFields(
	ctx: IExecuteFunctions,
	itemIndex: number,
	signers: FieldSigner[],
	file: PdfFile,
): Promise<{ fields: FieldInput[]; problems: Problem[] }> {
	const parameters = parametersOf(ctx, itemIndex);
	const entered =
		parameters.choice(specifyFieldsProperty, ['form', 'json']) === 'json'
			? readFieldsJson(parameters)
			: parameters
					.rows(fieldsProperty, { ...fieldRow, default: [] })
					.map((row) => readField(row, fieldInputs));
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
		requireNoProblems(ctx, itemIndex, [
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
