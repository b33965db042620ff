import type { IExecuteFunctions } from 'n8n-workflow';

import { list } from '../../api/pagination';
import { addFieldOnce, fieldAddedEarlier } from '../../documents/addField';
import { refuse } from '../../parameters/checks';
import { readPdf } from '../document/pdfInput';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { completed, isPosition, toFields, type EnteredField } from './fieldInput';
import { fieldPropertiesWithoutPdf } from './fieldProperties';
import { measurePages } from './fieldsReading';
import { needsPages } from './placement';

/** Adds one field to a draft. https://docs.insigner.co/guides/embedded-signing */
export const add: ItemOperation = {
	once: true,
	menu: {
		name: 'Add',
		value: 'add',
		action: 'Add field',
		description: 'Add a field, for example a signature, to a page of a draft',
	},
	properties: [
		documentPicker,
		...fieldPropertiesWithoutPdf,
		{
			displayName: 'Input Binary Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'Only needed for corners, percent and pages counted from the end',
			description: 'Name of the binary field of the input item that holds the PDF of the document',
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const entered = completed(
			Object.fromEntries(
				fieldPropertiesWithoutPdf
					.map(({ name }) => [name, ctx.getNodeParameter(name, itemIndex, null) as unknown])
					.filter(([, value]) => value !== null),
			) as Partial<EnteredField>,
		);
		const pages = needsPages(entered)
			? await measurePages(ctx, itemIndex, 'Field', await readPdf(ctx, itemIndex))
			: undefined;
		// A field may be added before its signer, so a position need not exist yet.
		const signers = isPosition(entered.signer)
			? undefined
			: await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
		const { fields, problems } = toFields([entered], ['Field'], signers, pages);
		refuse(ctx, itemIndex, problems);

		const [body] = fields;
		if (!body) return [];
		const held = await list(ctx, 'listFields', { path: { documentId }, itemIndex });
		const earlier = fieldAddedEarlier(ctx, documentId, body, held);
		if (earlier) return [{ json: earlier }];
		const known = new Set(held.map(({ id }) => id));
		return [{ json: await addFieldOnce(ctx, documentId, body, known, itemIndex) }];
	},
};
