import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ListEndpointName } from '../api/endpoints';
import { list, type ListOptions } from '../api/pagination';
import type { Result } from './operation';

/** Return All and Limit, the same for every Get Many. */
export const listingProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/**
 * Reads a list as Return All and Limit say.
 *
 * @param ctx - n8n's execution context
 * @param endpoint - a list of the table in api/endpoints.ts
 * @param itemIndex - index of the input item, from 0
 * @param options - path ids and filters
 * @returns one result per entry
 * @throws as list() of api/pagination.ts
 */
export async function getMany<E extends ListEndpointName>(
	ctx: IExecuteFunctions,
	endpoint: E,
	itemIndex: number,
	options: ListOptions<E> = {},
): Promise<Result[]> {
	const limit = ctx.getNodeParameter('returnAll', itemIndex)
		? undefined
		: ctx.getNodeParameter('limit', itemIndex);
	const entries = await list(ctx, endpoint, { ...options, limit, itemIndex });
	return entries.map((json) => ({ json }));
}
