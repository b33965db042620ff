import type { IExecuteFunctions } from 'n8n-workflow';

import { FILTERS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { listFilters, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';

const STATUSES = ['completed', 'declined', 'pending', 'viewed'] as const;

const statusProperty = statusFilter('signers', STATUSES, 'pending');

/** Lists the signers of a document in signing order. https://docs.insigner.co/api/signers */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many signers',
		description: 'List signers, for example to find an ID',
	},
	properties: [documentPicker, ...listingProperties, listFilters([statusProperty])],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const status = filters.added(statusProperty)?.choice(statusProperty, STATUSES);
		const deed = { subject: 'The list of signers', action: 'read from', documentId };
		return await tellNotDone(
			ctx,
			itemIndex,
			deed,
			async () =>
				await getManyOf(ctx, 'listSigners', itemIndex, {
					path: { documentId },
					...(status && { keep: (signer) => signer.status === status }),
				}),
		);
	},
};
