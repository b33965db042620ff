import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ListEndpointName } from '../api/endpoint';
import { list, type EntryOf, type ListOptions } from '../api/pagination';
import { FILTERS } from '../parameters/collections';
import { parametersOf } from '../parameters/parameters';
import type { Result } from './operation';

const returnAllProperty: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limitProperty: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

/** Return All and Limit, the same for every Get Many. */
export const listingProperties: INodeProperties[] = [returnAllProperty, limitProperty];

/**
 * The Filters of a Get Many.
 *
 * @param options - the filters, by name
 */
export function listFilters(options: INodeProperties[]): INodeProperties {
	return { ...FILTERS, options };
}

/**
 * The filter by part of the name.
 *
 * @param plural - what is listed
 * @param example - a text to search for
 */
export function searchFilter(plural: string, example: string): INodeProperties {
	return {
		displayName: 'Search',
		name: 'search',
		type: 'string',
		default: '',
		placeholder: `e.g. ${example}`,
		description: `Return only ${plural} whose name contains this text, in any case`,
	};
}

/**
 * The filter by status.
 *
 * @param plural - what is listed
 * @param statuses - as the API spells them, in alphabetical order
 * @param chosen - the status a new filter starts with
 * @param remark - further sentences of its description
 */
export function statusFilter<S extends string>(
	plural: string,
	statuses: readonly S[],
	chosen: S,
	remark?: string,
): INodeProperties {
	const description = `Return only ${plural} with this status`;
	return {
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: statuses.map((value) => ({
			name: value.charAt(0).toUpperCase() + value.slice(1),
			value,
		})),
		default: chosen,
		description: remark ? `${description}. ${remark}` : description,
	};
}

/**
 * Reads a list as Return All and Limit say.
 *
 * @param ctx - n8n's execution context
 * @param endpoint - a list of the table in api/endpoints.ts
 * @param itemIndex - index of the input item, from 0
 * @param options - path ids and filters
 * @param toOutput - what an entry becomes; unchanged if left out
 * @returns one result per entry
 * @throws NodeOperationError that names Return All or Limit when it is neither; as list() of api/pagination.ts
 */
export async function getMany<E extends ListEndpointName>(
	ctx: IExecuteFunctions,
	endpoint: E,
	itemIndex: number,
	options: ListOptions<E> = {},
	toOutput: (entry: EntryOf<E>) => object = (entry) => entry,
): Promise<Result[]> {
	const parameters = parametersOf(ctx, itemIndex);
	const returnAll = parameters.yesNo(returnAllProperty);
	const limit = returnAll ? undefined : parameters.wholeNumber(limitProperty);
	const entries = await list(ctx, endpoint, { ...options, limit, itemIndex });
	return entries.map((entry) => ({ json: toOutput(entry) }));
}
