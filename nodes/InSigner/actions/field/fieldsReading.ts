import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { clock } from '../../api/clock';
import type { PdfFile } from '../../api/files';
import { requireNoProblems, type Problem } from '../../parameters/checks';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import { readPages, type PageSize } from '../../pdf/pages';
import { UnreadablePdf } from '../../pdf/unreadablePdf';
import { automaticFields } from './automaticFields';
import { readField, toFields, type FieldInput } from './fieldInput';
import { fieldsJsonProperty, readFieldsJson } from './fieldJson';
import { fieldInputs, fieldOptionsProperty, fieldProperties } from './fieldProperties';
import type { SignerInput } from '../signer/signerInput';
import { needsPages } from './placement';

const specifyFieldsProperty: INodeProperties = {
	displayName: 'Specify Fields',
	name: 'specifyFields',
	type: 'options',
	options: [
		{
			name: 'One Signature per Signer (Automatic)',
			value: 'automatic',
			description: 'At the bottom of the last page, in signing order; approvers get an approval',
		},
		{ name: 'Using the Form Below', value: 'form' },
		{ name: 'Using JSON', value: 'json' },
	],
	default: 'automatic',
	description: 'How to enter the fields',
};

const shownWhenAutomatic = { show: { '/specifyFields': ['automatic'] } };

const alsoAddOption: INodeProperties = {
	displayName: 'Also Add',
	name: 'alsoAdd',
	type: 'multiOptions',
	options: [
		{ name: 'Date Signed', value: 'date_signed' },
		{ name: 'Full Name', value: 'name' },
	],
	displayOptions: shownWhenAutomatic,
	default: [],
	description: 'What to place below each signature',
};

const initialsOption: INodeProperties = {
	displayName: 'Initials on Every Page',
	name: 'initialsOnEveryPage',
	type: 'boolean',
	displayOptions: shownWhenAutomatic,
	default: false,
	description: 'Whether each person who signs also initials every page',
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

/** The fields of a new document: placed automatically, by form or as JSON. */
export const specifyFieldsProperties: INodeProperties[] = [
	specifyFieldsProperty,
	fieldsProperty,
	fieldsJsonProperty,
];

/** What is placed beside automatic signatures. */
export const automaticFieldsOptions: INodeProperties[] = [alsoAddOption, initialsOption];

/**
 * Reads the fields of a new document. The PDF is only read when a field is placed by its pages.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param options - those of the operation, with {@link automaticFieldsOptions} among them
 * @param signers - the signers as entered, who the fields are for
 * @param file - the PDF
 * @returns the fields as the API takes them, and what is wrong with them
 * @throws NodeOperationError when an input does not hold what it should, and when pages are needed and cannot be read
 */
export async function readFields(
	ctx: IExecuteFunctions,
	itemIndex: number,
	options: Parameters,
	signers: SignerInput[],
	file: PdfFile,
): Promise<{ fields: FieldInput[]; problems: Problem[] }> {
	const parameters = parametersOf(ctx, itemIndex);
	const how = parameters.choice(specifyFieldsProperty, ['automatic', 'form', 'json']);
	if (how === 'automatic') return await placeAutomatically(ctx, itemIndex, options, signers, file);
	const entered =
		how === 'json'
			? readFieldsJson(parameters)
			: parameters
					.rows(fieldsProperty, { ...fieldRow, default: [] })
					.map((row) => readField(row, fieldInputs, row.collection(fieldOptionsProperty)));
	const pages = entered.some(needsPages)
		? await measurePages(ctx, itemIndex, 'Fields', file)
		: undefined;
	const names = entered.map((_, index) => `Field ${index + 1}`);
	return toFields(entered, names, signers, pages);
}

async function placeAutomatically(
	ctx: IExecuteFunctions,
	itemIndex: number,
	options: Parameters,
	signers: SignerInput[],
	file: PdfFile,
): Promise<{ fields: FieldInput[]; problems: Problem[] }> {
	const extras = {
		alsoAdd: options.choices(alsoAddOption, ['date_signed', 'name']),
		initialsOnEveryPage: options.yesNo(initialsOption),
	};
	const pages = await measurePages(ctx, itemIndex, 'Specify Fields', file);
	const placed = automaticFields(signers, pages, extras);
	if ('problems' in placed) return { fields: [], problems: placed.problems };
	return toFields(placed.fields, undefined, signers, pages);
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
