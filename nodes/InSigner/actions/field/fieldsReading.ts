import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { PdfFile } from '../../api/files';
import type { Problem } from '../../parameters/checks';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import type { PageSize } from '../../pdf/pages';
import { isAtText, placedByText } from './atText';
import { automaticFields } from './automaticFields';
import {
	readField,
	toFields,
	type EnteredField,
	type FieldAtText,
	type FieldInput,
} from './fieldInput';
import { fieldsJsonProperty, readFieldsJson } from './fieldJson';
import { fieldInputs, fieldOptionsProperty, fieldProperties } from './fieldProperties';
import { fieldsFromPdfProperties, readFormFields, readTagFields } from './fieldsFromPdf';
import { measurePages, readText } from './pdfContents';
import type { SignerInput } from '../signer/signerInput';
import { needsPages } from './placement';

const specifyFieldsProperty: INodeProperties = {
	displayName: 'Specify Fields',
	name: 'specifyFields',
	type: 'options',
	options: [
		{
			name: 'From Form Fields of the PDF',
			value: 'formFields',
			description: 'Its text fields, check boxes, choices and signatures, where they are',
		},
		{
			name: 'From Tags in the PDF',
			value: 'tags',
			description:
				'Such as {{signature:1}} or {{text:2:Town}}, and those of other services. They stay in the PDF, so print them in white.',
		},
		{
			name: 'One Signature per Signer (Automatic)',
			value: 'automatic',
			description: 'At the bottom of the last page, in signing order; approvers get an approval',
		},
		{ name: 'Using JSON', value: 'json' },
		{ name: 'Using the Form Below', value: 'form' },
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

/** The fields of a new document: from the PDF, placed automatically, by form or as JSON. */
export const specifyFieldsProperties: INodeProperties[] = [
	specifyFieldsProperty,
	...fieldsFromPdfProperties,
	fieldsProperty,
	fieldsJsonProperty,
];

/** What is placed beside automatic signatures. */
export const automaticFieldsOptions: INodeProperties[] = [alsoAddOption, initialsOption];

/**
 * Reads the fields of a new document. The PDF is only read when a field is placed by it, and then once.
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
	const how = parameters.choice(specifyFieldsProperty, HOW);
	if (how === 'automatic') return await placeAutomatically(ctx, itemIndex, options, signers, file);
	if (how === 'formFields') return await readFormFields(ctx, itemIndex, signers, file);
	if (how === 'tags') return await readTagFields(ctx, itemIndex, signers, file);
	const entered =
		how === 'json'
			? readFieldsJson(parameters)
			: parameters
					.rows(fieldsProperty, { ...fieldRow, default: [] })
					.map((row) => readField(row, fieldInputs, row.collection(fieldOptionsProperty)));
	const names = entered.map((_, index) => `Field ${index + 1}`);
	const placed = await placedInPdf(ctx, itemIndex, 'Fields', entered, names, async () => file);
	if (placed.problems.length > 0) return { fields: [], problems: placed.problems };
	return toFields(placed.entered, placed.names, signers, placed.pages);
}

const HOW = ['automatic', 'form', 'formFields', 'json', 'tags'] as const;

/**
 * Finds the places of fields that are at a text, and the pages where they are needed. The PDF is read once, or not at
 * all.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param parameter - display name of what is placed
 * @param fields - as entered
 * @param names - what errors call each; undefined if there is only one
 * @param file - gives the PDF
 * @returns the fields in their order, the pages if they were read, and what is wrong
 * @throws NodeOperationError when the PDF is needed and cannot be read
 */
export async function placedInPdf(
	ctx: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	fields: ReadonlyArray<EnteredField | FieldAtText>,
	names: readonly string[] | undefined,
	file: () => Promise<PdfFile>,
): Promise<ReturnType<typeof placedByText> & { pages: PageSize[] | undefined }> {
	const texts = fields.filter(isAtText).map(({ text }) => text);
	if (texts.length > 0) {
		const pdf = await readText(ctx, itemIndex, await file(), { texts });
		return { ...placedByText(fields, names, pdf), pages: pdf.pages };
	}
	const placed = placedByText(fields, names, undefined);
	const pages = placed.entered.some(needsPages)
		? await measurePages(ctx, itemIndex, parameter, await file())
		: undefined;
	return { ...placed, pages };
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
