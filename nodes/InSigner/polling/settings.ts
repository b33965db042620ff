import type { INodeProperties } from 'n8n-workflow';

import { DOCUMENTED_EVENTS, STATE_EVENTS } from '../events/events';
import { additions, eventFilters } from '../events/settings';

/** The parameters of the polling trigger; n8n puts Poll Times before them. */
export const pollingProperties: INodeProperties[] = [
	{
		displayName:
			'Asks inSigner at the poll times, so n8n needs no public address. Its <b>first poll starts nothing</b>: it takes what is there as the starting point. If inSigner can reach this n8n, <b>inSigner Trigger</b> is faster and needs no requests.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [...DOCUMENTED_EVENTS, ...STATE_EVENTS].sort((one, other) =>
			one.name.localeCompare(other.name),
		),
		default: ['document.completed'],
		description: 'What starts the workflow',
	},
	eventFilters,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		description: 'What is added to the output',
		options: additions,
	},
];
