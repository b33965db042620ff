import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isPdf, startOf, type PdfFile } from '../../api/files';
import { requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { fileKind } from './fileKind';

export const pdfProperty: INodeProperties = {
	displayName: 'PDF Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the PDF. If the item has only one file, that one is used.',
	description: 'Name of the field of the input item that holds the PDF',
	builderHint: {
		propertyHint:
			'A name, not a file and not an expression of one: the binary field that the node before fills, usually data.',
	},
};

/**
 * Finds the PDF of an item: the file in the named field, or the only file. If n8n keeps binary data on disk, it is not
 * read into memory.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns the file, ready to upload
 * @throws NodeOperationError when there is no such field and not just one file, or when it is empty or not a PDF
 */
export async function readPdf(ctx: IExecuteFunctions, itemIndex: number): Promise<PdfFile> {
	const parameters = parametersOf(ctx, itemIndex);
	const named = parameters.text(pdfProperty);
	const { binary: files = {} } = ctx.getInputData()[itemIndex] ?? {};
	if (named === '') parameters.refuse(pdfProperty, 'is empty');
	const [only, ...others] = Object.keys(files);
	const field = Object.hasOwn(files, named) || others.length > 0 ? named : (only ?? named);
	if (!Object.hasOwn(files, field)) {
		const names = Object.keys(files).map((name) => `"${name}"`);
		const held = names.length === 0 ? 'no files' : `files only in ${names.join(', ')}`;
		parameters.refuse(pdfProperty, `is "${field}", but this item has ${held}`);
	}
	const binary = ctx.helpers.assertBinaryData(itemIndex, field);
	const parameter = `The file in "${field}"`;
	const fileName = binary.fileName?.trim() || 'document.pdf';

	const { id } = binary;
	const file: PdfFile = id
		? {
				fileName,
				sizeBytes: (await ctx.helpers.getBinaryMetadata(id)).fileSize,
				open: async () => await ctx.helpers.getBinaryStream(id),
			}
		: await inMemory(ctx, itemIndex, field, fileName);

	if (file.sizeBytes === 0) requireNoProblems(ctx, itemIndex, [{ parameter, message: 'is empty' }]);
	const start = await startOf(await file.open());
	if (!isPdf(start)) {
		const kind = fileKind(start, fileName);
		const what = kind === undefined ? 'is not a PDF' : `is ${kind}, not a PDF`;
		requireNoProblems(ctx, itemIndex, [{ parameter, message: `${what}. Convert it to PDF first` }]);
	}
	return file;
}

async function inMemory(
	ctx: IExecuteFunctions,
	itemIndex: number,
	field: string,
	fileName: string,
): Promise<PdfFile> {
	const bytes = await ctx.helpers.getBinaryDataBuffer(itemIndex, field);
	return { fileName, sizeBytes: bytes.length, open: async () => bytes };
}
