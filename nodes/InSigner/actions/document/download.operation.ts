import type { IExecuteFunctions } from 'n8n-workflow';

import { downloadPdf, PDF_MIME_TYPE } from '../../api/files';
import { refuse } from '../../parameters/checks';
import { readDocument } from '../../documents/reading';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { pdfFileName } from './fileName';

/** Fetches the signed PDF of a completed document as binary data. */
export const download: ItemOperation = {
	menu: {
		name: 'Download',
		value: 'download',
		action: 'Download signed document',
		description: 'Get the signed PDF of a completed document as binary data',
	},
	properties: [
		documentPicker,
		{
			displayName: 'Put Output File in Field',
			name: 'outputBinaryField',
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
			description: 'Name of the binary field of the output item that receives the PDF',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			description: 'How the file is named',
			options: [
				{
					displayName: 'File Name',
					name: 'fileName',
					type: 'string',
					default: '',
					placeholder: 'e.g. {date} {name} signed',
					description:
						'Name of the file, in which {name}, {documentId} and {date} (day of completion) are replaced. Without one it is the name of the document.',
				},
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const field = ctx.getNodeParameter('outputBinaryField', itemIndex) as string;
		const fileName = ctx.getNodeParameter('options.fileName', itemIndex, '') as string;

		const document = await readDocument(ctx, documentId, itemIndex);
		if (document.status !== 'completed') {
			refuse(ctx, itemIndex, [
				{
					parameter: `Document "${document.name}"`,
					message: `is ${document.status}; there is a signed PDF only once it is completed`,
				},
			]);
		}
		const pdf = await downloadPdf(ctx, documentId, itemIndex);
		const binary = await ctx.helpers.prepareBinaryData(
			pdf,
			pdfFileName(fileName, document),
			PDF_MIME_TYPE,
		);
		return [{ json: document, binary: { [field]: binary } }];
	},
};
