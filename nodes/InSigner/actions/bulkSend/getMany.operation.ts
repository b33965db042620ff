import type { IExecuteFunctions } from 'n8n-workflow';

import { FILTERS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { listFilters, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import type { ItemOperation } from '../operation';

const STATUSES = ['completed', 'failed', 'processing'] as const;

const statusProperty = statusFilter('bulk sends', STATUSES, 'completed');

/** Lists bulk sends. https://docs.insigner.co/api/bulk-send */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many bulk sends',
		description: 'List bulk sends, for example to find an ID',
	},
	properties: [...listingProperties, listFilters([statusProperty])],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const status = filters.added(statusProperty)?.choice(statusProperty, STATUSES);
		return await getManyOf(ctx, 'listBulkSends', itemIndex, {
			query: { ...(status && { status }) },
		});
	},
};
