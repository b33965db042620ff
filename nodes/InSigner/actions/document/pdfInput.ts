import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isPdf, type PdfFile } from '../../api/files';
import { requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';

export const pdfProperty: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the PDF',
	description: 'Name of the binary field of the input item that holds the PDF to sign',
};

/**
 * Finds the PDF of an item. Where n8n keeps binary data on disk it is not read into memory.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns the file, ready to upload
 * @throws NodeOperationError when the field is missing, empty or no PDF
 */
export async function readPdf(ctx: IExecuteFunctions, itemIndex: number): Promise<PdfFile> {
	const parameters = parametersOf(ctx, itemIndex);
	const field = parameters.text(pdfProperty);
	const { binary: files = {} } = ctx.getInputData()[itemIndex] ?? {};
	if (field === '') parameters.refuse(pdfProperty, 'is empty');
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
	if (!(await isPdf(await file.open()))) {
		requireNoProblems(ctx, itemIndex, [
			{ parameter, message: 'is not a PDF (it does not begin with %PDF-)' },
		]);
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
