import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { PdfFile } from '../../api/files';
import type { Problem } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import type { PageSize } from '../../pdf/pages';
import { hint } from '../../api/hints';
import type { SignerInput } from '../signer/signerInput';
import { inWords, tooManyFields } from './atText';
import { toEntered } from './fieldInPdf';
import { toFields, type FieldInput } from './fieldInput';
import { fieldsOfForm } from './formFields';
import { readForm, readText } from './pdfContents';
import {
	prefixesProperty,
	readSignersInPdf,
	rolesProperty,
	signerOfPrefix,
	withoutSignature,
} from './signersInPdf';
import { fieldsOfTags } from './tagFields';

const assignByProperty: INodeProperties = {
	displayName: 'Assign By',
	name: 'assignBy',
	type: 'options',
	displayOptions: { show: { specifyFields: ['formFields'] } },
	options: [
		{ name: 'All to One Signer', value: 'allToOne' },
		{
			name: 'Name Prefix',
			value: 'prefix',
			description: 'By how the names of the form fields begin, as in buyer.signature',
		},
	],
	default: 'prefix',
	description: 'How to tell whose form fields they are',
};

const assignToProperty: INodeProperties = {
	displayName: 'Assign To',
	name: 'assignTo',
	type: 'string',
	displayOptions: { show: { specifyFields: ['formFields'], assignBy: ['allToOne'] } },
	default: '1',
	placeholder: 'e.g. 1 or jane@example.com',
	description: 'Who fills in all the form fields: number (1 is first), email or name',
};

/** What is asked where the PDF says which fields there are. */
export const fieldsFromPdfProperties: INodeProperties[] = [
	assignByProperty,
	assignToProperty,
	prefixesProperty.list,
	rolesProperty.list,
];

/** Fields as the API takes them, and what is wrong with them. */
type Fields = { fields: FieldInput[]; problems: Problem[] };

/**
 * Makes fields of the form fields of a PDF.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param signers - the signers as entered
 * @param file - the PDF
 * @throws NodeOperationError when a parameter does not hold what it should, and when the PDF cannot be read
 */
export async function readFormFields(
	ctx: IExecuteFunctions,
	itemIndex: number,
	signers: SignerInput[],
	file: PdfFile,
): Promise<Fields> {
	const parameters = parametersOf(ctx, itemIndex);
	const isByPrefix = parameters.choice(assignByProperty, ['allToOne', 'prefix']) === 'prefix';
	const prefixes = isByPrefix ? readSignersInPdf(parameters, prefixesProperty) : [];
	const signer = isByPrefix ? '' : parameters.text(assignToProperty);
	if (!isByPrefix && signer === '') parameters.refuse(assignToProperty, 'is empty');

	const { pages, formFields } = await readForm(ctx, itemIndex, file);
	const { found, leftOut } = fieldsOfForm(formFields, pages, (name) =>
		isByPrefix ? signerOfPrefix(name, prefixes) : { signer, rest: name },
	);
	tellLeftOut(ctx, leftOut);
	if (found.length === 0) {
		const message = leftOut.length > 0 ? 'has no form fields to fill in' : 'has no form fields';
		return refused([{ parameter: 'The PDF', message }]);
	}
	const wrong = tooManyFields(found.length, 'Form Fields');
	const entered = toEntered(found, (name) => `Form field "${name}"`);
	return wrong.length > 0 ? refused(wrong) : placed(entered, signers, pages);
}

/**
 * Makes fields of the tags in a PDF.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param signers - the signers as entered
 * @param file - the PDF
 * @throws NodeOperationError when a parameter does not hold what it should, and when the PDF cannot be read
 */
export async function readTagFields(
	ctx: IExecuteFunctions,
	itemIndex: number,
	signers: SignerInput[],
	file: PdfFile,
): Promise<Fields> {
	const roles = readSignersInPdf(parametersOf(ctx, itemIndex), rolesProperty);
	const pdf = await readText(ctx, itemIndex, file, { tags: true });
	if (pdf.tags.length === 0) {
		return refused([{ parameter: 'The PDF', message: `has no tags: ${inWords(pdf)}` }]);
	}
	const tooMany = tooManyFields(pdf.tags.length, 'Tags');
	if (tooMany.length > 0) return refused(tooMany);
	const found = fieldsOfTags(pdf, roles, signers.length === 1);
	return placed(
		toEntered(found, (tag) => `Tag ${tag}`),
		signers,
		pdf.pages,
	);
}

function placed(
	{ entered, names, problems }: ReturnType<typeof toEntered>,
	signers: SignerInput[],
	pages: PageSize[],
): Fields {
	const { fields, problems: others } = toFields(entered, names, signers, pages);
	const wrong = [...problems, ...others];
	return wrong.length > 0
		? refused(wrong)
		: { fields, problems: withoutSignature(fields, signers) };
}

/** How many form fields a hint names; the rest is counted. */
const NAMED = 10;

/**
 * Says which form fields were left out.
 *
 * @param ctx - n8n's execution context
 * @param leftOut - from fieldsOfForm()
 */
export function tellLeftOut(ctx: IExecuteFunctions, leftOut: readonly string[]): void {
	if (leftOut.length === 0) return;
	const more = leftOut.length > NAMED ? ` and ${leftOut.length - NAMED} more` : '';
	hint(ctx, `Form fields left out: ${leftOut.slice(0, NAMED).join(', ')}${more}.`);
}

function refused(problems: Problem[]): Fields {
	return { fields: [], problems };
}
