import type { IExecuteFunctions } from 'n8n-workflow';

import { uploadPdf } from '../../api/files';
import { readDocument } from '../../documents/reading';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { pdfProperty, readPdf } from './pdfInput';

/** Puts a PDF into a draft. https://docs.insigner.co/guides/embedded-signing */
export const uploadFile: ItemOperation = {
	menu: {
		name: 'Upload File',
		value: 'uploadFile',
		action: 'Upload document file',
		description: 'Put a PDF into a draft, or replace it',
	},
	properties: [documentPicker, pdfProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const file = await readPdf(ctx, itemIndex);

		await uploadPdf(ctx, documentId, file, itemIndex);
		const document = await readDocument(ctx, documentId, itemIndex);
		return [{ json: document }];
	},
};
