import type { IExecuteFunctions } from 'n8n-workflow';

import { chosenId, documentPicker } from '../identifiers';
import type { ItemOperation } from '../operation';
import { forOutput, readDocument, signingLinksOption } from './documentReading';

/** Reads one document with its signers and fields. https://docs.insigner.co/guides/embedded-signing */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get document',
		description: 'Get a document with its status, signers and fields',
	},
	properties: [
		documentPicker,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [signingLinksOption],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const document = await readDocument(ctx, documentId, itemIndex);
		return [{ json: forOutput(ctx, document, itemIndex) }];
	},
};
