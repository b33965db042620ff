import type { IExecuteFunctions } from 'n8n-workflow';

import type { EntryOf } from '../../api/pagination';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { getMany as getManyOf, listingProperties } from '../listing';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';

/** Lists the fields of a document. https://docs.insigner.co/api/fields */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many fields',
		description: 'List fields, for example to find an ID',
	},
	properties: [documentPicker, ...listingProperties, simplifyProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const deed = { subject: 'The list of fields', action: 'read from', documentId };
		const toOutput = simplifier(ctx, itemIndex, simpleField);
		return await tellNotDone(
			ctx,
			itemIndex,
			deed,
			async () => await getManyOf(ctx, 'listFields', itemIndex, { path: { documentId } }, toOutput),
		);
	},
};

/** Leaves out empty values, which most of the 18 keys have. All else stays, so that new fields can be created from it. */
function simpleField({ documentId: _, ...field }: EntryOf<'listFields'>): object {
	return Object.fromEntries(Object.entries(field).filter(([, value]) => value !== null));
}
