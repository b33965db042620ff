import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeProperties,
	IPollFunctions,
	IWebhookFunctions,
	NodeParameterValueType,
} from 'n8n-workflow';

import { DOCUMENTED_EVENTS, UNDOCUMENTED_EVENTS, type EventName } from './events';
import { readFilters, type FilterKey, type Filters } from './filters';

/** How old an event may be where the user says nothing, in hours; inSigner tries for 59.6. */
const DEFAULT_MAXIMUM_AGE_HOURS = 72;

const filter = (name: FilterKey, displayName: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description: `${description}, several of them separated by commas`,
});

/** Which events are wanted; the same for both triggers. */
export const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Which events start the workflow; one that does not pass all filters starts nothing',
	options: [
		filter('bulkSendId', 'Bulk Send IDs', 'Only events of these bulk sends and their documents'),
		filter('campaignId', 'Campaign IDs', 'Only events of documents from these campaigns'),
		filter('documentId', 'Document IDs', 'Only events of these documents'),
		filter('templateId', 'Template IDs', 'Only events of documents made from these templates'),
	],
};

/** What is added to an event; the same for both triggers, sorted by name. */
export const additions: INodeProperties[] = [
	{
		displayName: 'Download Signed PDF',
		name: 'downloadPdf',
		type: 'boolean',
		default: false,
		description: 'Whether to add the signed PDF as binary data, for the event Document Completed',
	},
	{
		displayName: 'If Not Available',
		name: 'ifNotAvailable',
		type: 'options',
		options: [
			{
				name: 'Go On Without',
				value: 'goOn',
				description: 'The output item says in "notIncluded" what is missing and why',
			},
			{
				name: 'Stop the Execution',
				value: 'stop',
				description:
					'The execution can be retried from the list of executions; the event is kept in it',
			},
		],
		default: 'stop',
		description: 'What happens when the document or its PDF cannot be had',
	},
	{
		displayName: 'Include Document',
		name: 'includeDocument',
		type: 'boolean',
		default: false,
		description:
			'Whether to read the document of the event, with its signers and fields as they are now',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputBinaryField',
		type: 'string',
		default: 'data',
		hint: 'The name of the output field to put the signed PDF in',
		description: 'Name of the binary field that Download Signed PDF fills',
	},
];

const triggerOptions: INodeProperties[] = [
	{
		displayName: 'Deduplicate',
		name: 'deduplicate',
		type: 'boolean',
		default: true,
		description:
			'Whether an event that inSigner delivers more than once starts the workflow only once',
	},
	{
		displayName: 'Maximum Event Age (Hours)',
		name: 'maximumAgeHours',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: DEFAULT_MAXIMUM_AGE_HOURS,
		description:
			'Events older than this start nothing. inSigner repeats a delivery for up to 60 hours. 0 takes events of any age.',
	},
];

/** The parameters of the trigger node. */
export const triggerProperties: INodeProperties[] = [
	{
		displayName:
			'inSigner delivers to public https addresses only. A self-hosted n8n needs the environment variable <code>WEBHOOK_URL</code> set to its public address, or a tunnel in front of it.',
		name: 'webhookUrlNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName:
			'The <b>Test URL</b> is registered in inSigner only while you listen for a test event, for two minutes at the most. The <b>Production URL</b> is registered while the workflow is published. Each counts towards 10 webhooks per organization.',
		name: 'registrationNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: DOCUMENTED_EVENTS,
		default: ['document.completed'],
		description: 'What starts the workflow',
	},
	{
		displayName: 'Undocumented Events',
		name: 'useUndocumentedEvents',
		type: 'boolean',
		default: false,
		description:
			'Whether to offer events that the documentation of inSigner does not name. If inSigner does not know one of them, it refuses the whole webhook, and the workflow cannot be published with it.',
	},
	{
		displayName: 'Further Events',
		name: 'undocumentedEvents',
		type: 'multiOptions',
		options: UNDOCUMENTED_EVENTS,
		displayOptions: { show: { useUndocumentedEvents: [true] } },
		default: [],
		description: 'What else starts the workflow, if inSigner knows it',
	},
	filtersProperty,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		description: 'What is added to the output, and what becomes of repeated and old events',
		options: [...triggerOptions, ...additions].sort((one, other) =>
			one.displayName.localeCompare(other.displayName),
		),
	},
];

/** The parameters of the trigger node, read. */
export interface TriggerSettings {
	events: EventName[];
	filters: Filters;
	deduplicate: boolean;
	/** 0 = any age. */
	maximumAgeHours: number;
	includeDocument: boolean;
	downloadPdf: boolean;
	ifNotAvailable: 'stop' | 'goOn';
	/** Where the PDF goes. */
	outputBinaryField: string;
}

/**
 * Reads the parameters of a trigger node; they are the same for all items.
 *
 * @param ctx - any of n8n's contexts of a trigger
 * @returns the settings, with the defaults of options that were not added
 */
export function readSettings(
	ctx: IHookFunctions | IWebhookFunctions | IPollFunctions | IExecuteFunctions,
): TriggerSettings {
	const read = <T extends NodeParameterValueType>(name: string, fallback: T): T =>
		// In an execution the second argument is the index of an item.
		('getInputData' in ctx
			? ctx.getNodeParameter(name, 0, fallback)
			: ctx.getNodeParameter(name, fallback)) as T;
	const further = read('useUndocumentedEvents', false)
		? read<EventName[]>('undocumentedEvents', [])
		: [];
	return {
		events: [...new Set([...read<EventName[]>('events', []), ...further])],
		filters: readFilters(read('filters', {})),
		deduplicate: true,
		maximumAgeHours: DEFAULT_MAXIMUM_AGE_HOURS,
		includeDocument: false,
		downloadPdf: false,
		ifNotAvailable: 'stop',
		outputBinaryField: 'data',
		...(read('options', {}) as Partial<TriggerSettings>),
	};
}
