import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { PdfFile } from '../../api/files';
import { parametersOf } from '../../parameters/parameters';
import { pdfProperty, readPdf } from '../document/pdfInput';
import { hint } from '../../api/hints';
import type { ItemOperation } from '../operation';
import { inWords } from './atText';
import type { FieldInPdf } from './fieldInPdf';
import { tellLeftOut } from './fieldsFromPdf';
import { fieldsOfForm } from './formFields';
import { readForm, readText } from './pdfContents';
import { toApiBox, type Box } from './placement';
import { firstPart } from './signersInPdf';
import { fieldsOfTags } from './tagFields';

const findProperty: INodeProperties = {
	displayName: 'Find',
	name: 'find',
	type: 'options',
	options: [
		{ name: 'Form Fields', value: 'formFields' },
		{ name: 'Tags', value: 'tags', description: 'Such as {{signature:1}}' },
		{ name: 'Text', value: 'text' },
	],
	default: 'tags',
	description: 'What to list, with the place where a field would be',
};

const textProperty: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	displayOptions: { show: { find: ['text'] } },
	required: true,
	default: '',
	placeholder: 'e.g. Signature of the buyer',
	description: 'Spaces and line breaks do not matter, capital letters do; white text is found, too',
};

/** More of a kind no one places; a document has hardly a thousand fields. */
const MAX_LISTED = 1_000;

/** Lists what the PDF asks for. It sends nothing and needs no draft. */
export const findInPdf: ItemOperation = {
	menu: {
		name: 'Find in PDF',
		value: 'findInPdf',
		action: 'Find fields in file',
		description: 'List the tags, form fields or texts of a PDF',
	},
	properties: [pdfProperty, findProperty, textProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const find = parameters.choice(findProperty, ['formFields', 'tags', 'text']);
		const text = find === 'text' ? parameters.text(textProperty) : '';
		if (find === 'text' && text === '') parameters.refuse(textProperty, 'is empty');
		const file = await readPdf(ctx, itemIndex);
		const found =
			find === 'formFields'
				? await formFieldsIn(ctx, itemIndex, file)
				: find === 'tags'
					? await tagsIn(ctx, itemIndex, file)
					: await placesOf(ctx, itemIndex, file, text);
		if (found.length > MAX_LISTED) {
			hint(ctx, `Only the first ${MAX_LISTED} of ${found.length} are listed.`);
		}
		return found.slice(0, MAX_LISTED).map((json) => ({ json }));
	},
};

/** What is listed of each; null where the PDF does not say it. */
interface Listed extends Box {
	/** As it is in the PDF: the tag, the name of the form field, or the text. */
	text: string;
	type: string | null;
	/** As the PDF has it: a number, an email address, a name, a role or a prefix. */
	signer: string | null;
	label: string | null;
	required: boolean | null;
	/** Why it cannot be placed. */
	problem: string | null;
}

async function formFieldsIn(
	ctx: IExecuteFunctions,
	itemIndex: number,
	file: PdfFile,
): Promise<object[]> {
	const { pages, formFields } = await readForm(ctx, itemIndex, file);
	const { found, leftOut } = fieldsOfForm(formFields, pages, firstPart);
	tellLeftOut(ctx, leftOut);
	if (formFields.length === 0) hint(ctx, 'The PDF has no form fields.');
	return found.map(listed);
}

async function tagsIn(ctx: IExecuteFunctions, itemIndex: number, file: PdfFile): Promise<object[]> {
	const pdf = await readText(ctx, itemIndex, file, { tags: true });
	if (pdf.tags.length === 0) hint(ctx, `The PDF has no tags: ${inWords(pdf)}.`);
	return fieldsOfTags(pdf, [], true).map(listed);
}

async function placesOf(
	ctx: IExecuteFunctions,
	itemIndex: number,
	file: PdfFile,
	text: string,
): Promise<object[]> {
	const pdf = await readText(ctx, itemIndex, file, { texts: [text] });
	const places = pdf.places.get(text) ?? [];
	if (places.length === 0) hint(ctx, `"${text}" isn't in the PDF, which has ${inWords(pdf)}.`);
	return places.map((place): Listed => ({ text, ...NOTHING, ...toApiBox(place) }));
}

const NOTHING = { type: null, signer: null, label: null, required: null, problem: null };

function listed({ text, page, signer, field, problem }: FieldInPdf): object {
	const nowhere = { page, x: null, y: null, width: null, height: null };
	return {
		text,
		...NOTHING,
		...(field ? toApiBox({ ...field, page }) : nowhere),
		...(field && { type: field.type, label: field.label || null }),
		...(field?.required !== undefined && { required: field.required }),
		signer: signer || null,
		problem: problem ?? null,
	};
}
