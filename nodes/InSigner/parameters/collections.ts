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
	placeholder: 'Add Field',
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
	description: 'Return only those that match all filters. One that is empty is left out.',
};
