import type { INodeProperties } from 'n8n-workflow';

/** Settings that an operation can do without. The choices are added where it is used. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
};

/** What an update changes. */
export const UPDATE_FIELDS: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Value',
	default: {},
	description: 'What to change. Whatever is not added here stays as it is.',
};

/** What a list is narrowed down to. */
export const FILTERS: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
};

/**
 * The entries of a collection in the order n8n wants.
 *
 * @param entries - in any order
 * @returns by display name
 */
export function alphabetical(entries: readonly INodeProperties[]): INodeProperties[] {
	return [...entries].sort((one, other) => one.displayName.localeCompare(other.displayName));
}
