import type { IExecuteFunctions } from 'n8n-workflow';

import { readDocument } from '../../documents/reading';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { documentResult, signingLinksProperty } from './documentOutput';
import { simpleDocument } from './simpleDocument';

/** Reads one document with its signers and fields. https://docs.insigner.co/guides/embedded-signing */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get document',
		description: 'Get a document with its status and signers',
	},
	properties: [documentPicker, simplifyProperty, signingLinksProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const toResult = documentResult(ctx, itemIndex);
		const toOutput = simplifier(ctx, itemIndex, simpleDocument);
		const document = await readDocument(ctx, documentId, itemIndex);
		return [toResult(toOutput(document))];
	},
};
