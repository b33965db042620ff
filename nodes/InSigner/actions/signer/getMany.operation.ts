import type { IExecuteFunctions } from 'n8n-workflow';

import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { isEmpty } from '../../parameters/values';
import { filtersProperty, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';

const STATUSES = ['completed', 'declined', 'pending', 'viewed'] as const;

const statusProperty = statusFilter('signers', STATUSES, 'pending');

const filters = filtersProperty([statusProperty]);

/** Lists the signers of a document in signing order. https://docs.insigner.co/api/signers */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many signers',
		description:
			'List the signers of a document with their status, in signing order. Use it to find the ID of a signer by name or email.',
	},
	properties: [documentPicker, ...listingProperties, filters],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const chosen = parametersOf(ctx, itemIndex).collection(filters);
		const isFiltered = chosen.has(statusProperty) && !isEmpty(chosen.valueOf(statusProperty));
		const status = isFiltered ? chosen.choice(statusProperty, STATUSES) : undefined;
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
