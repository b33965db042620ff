import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parametersOf } from '../parameters/parameters';

export const simplifyProperty: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/**
 * Reads Simplify.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param simple - the simplified version of an object
 * @returns what turns an object into an output item: `simple`, or no change
 * @throws NodeOperationError when it says neither yes nor no
 */
export function simplifier<T extends object>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	simple: (object: T) => object,
): (object: T) => object {
	return parametersOf(ctx, itemIndex).yesNo(simplifyProperty) ? simple : (object) => object;
}

/**
 * Picks some keys of an object. Whatever the API adds later is only in the raw data.
 *
 * @param object - as the API gives it
 * @param keys - wanted, in this order; those it has no value for are left out
 */
export function pick<T extends object>(object: T, keys: ReadonlyArray<keyof T>): object {
	const picked: Partial<T> = {};
	for (const key of keys) {
		if (object[key] !== undefined) picked[key] = object[key];
	}
	return picked;
}
