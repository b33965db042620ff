import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { downloadPdf, PDF_MIME_TYPE } from '../../api/files';
import { requireNoProblems } from '../../parameters/checks';
import { mayBe, readDocument } from '../../documents/reading';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { pdfFileName } from '../../documents/fileName';

const outputFieldProperty: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputBinaryField',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	description: 'Name of the binary field of the output item that receives the PDF',
};

const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. {date} {name} signed',
	description:
		'Name of the file, in which {name}, {documentId} and {date} (day of completion) are replaced. Without one it is the name of the document.',
};

/** Fetches the signed PDF of a completed document as binary data. */
export const download: ItemOperation = {
	menu: {
		name: 'Download',
		value: 'download',
		action: 'Download signed document',
		description: 'Get the signed PDF of a completed document',
	},
	properties: [
		documentPicker,
		outputFieldProperty,
		{ ...OPTIONS, description: 'How the file is named', options: [fileNameOption] },
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const documentId = parameters.chosenId(documentPicker);
		const field = parameters.text(outputFieldProperty);
		if (field === '') parameters.refuse(outputFieldProperty, 'is empty');
		const fileName = parameters.collection(OPTIONS).text(fileNameOption);

		const document = await readDocument(ctx, documentId, itemIndex);
		if (!mayBe(document, 'completed')) {
			requireNoProblems(ctx, itemIndex, [
				{
					parameter: `Document "${document.name}"`,
					message: `is ${document.status}; there is a signed PDF only once it is completed`,
				},
			]);
		}
		const name = pdfFileName(fileName, document, ctx.getTimezone());
		const binary = await downloadPdf(
			ctx,
			documentId,
			async (pdf) => await ctx.helpers.prepareBinaryData(pdf, name, PDF_MIME_TYPE),
			itemIndex,
		);
		return [{ json: document, binary: { [field]: binary } }];
	},
};
