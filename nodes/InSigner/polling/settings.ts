import type { INodeProperties } from 'n8n-workflow';

import { DOCUMENTED_EVENTS, STATE_EVENTS } from '../events/events';
import { additions, eventFilters, triggerOn } from '../events/settings';

/** The parameters of the polling trigger; n8n puts Poll Times before them. */
export const pollingProperties: INodeProperties[] = [
	{
		displayName:
			"Checks inSigner at the poll times. Events before the first check don't start the workflow. Prefer <b>inSigner Trigger</b> if n8n has a public address.",
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	triggerOn(
		[...DOCUMENTED_EVENTS, ...STATE_EVENTS].sort((one, other) =>
			one.name.localeCompare(other.name),
		),
	),
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
