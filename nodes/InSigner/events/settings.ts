import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeProperties,
	INodePropertyOptions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { isResourceLocatorValue } from 'n8n-workflow';

import { parametersOfTrigger, type Parameters } from '../parameters/parameters';
import {
	bulkSendPicker,
	campaignPicker,
	documentPicker,
	templatePicker,
} from '../parameters/pickers';
import { isEmpty } from '../parameters/values';
import { DOCUMENTED_EVENTS, UNDOCUMENTED_EVENTS, type EventName } from './events';
import { readIds, type FilterKey, type Filters } from './filters';

/** How old an event may be by default, in hours; inSigner keeps trying for 59.6. */
const DEFAULT_MAXIMUM_AGE_HOURS = 72;

/** One of a kind that is wanted; a filter has as many as are added. */
interface FilterGroup {
	name: FilterKey;
	displayName: string;
	default: undefined;
	values: [INodeProperties];
}

const group = (picker: INodeProperties, description: string): FilterGroup => ({
	// Both have the name under which ids of this kind are known.
	name: picker.name as FilterKey,
	displayName: picker.displayName,
	default: undefined,
	values: [{ ...picker, required: false, description }],
});

const filterGroups: readonly FilterGroup[] = [
	group(bulkSendPicker, 'Only events of this bulk send and its documents'),
	group(campaignPicker, 'Only events of documents of this campaign'),
	group(documentPicker, 'Only events of this document'),
	group(templatePicker, 'Only events of documents made from this template'),
];

/** Which events are wanted; the same for both triggers. */
export const eventFilters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Filter',
	default: {},
	description:
		'Only events matching all filters start the workflow. Of several templates, or others of a kind, one is enough.',
	options: filterGroups.map(({ name, displayName, values }) => ({ name, displayName, values })),
};

const downloadPdfOption: INodeProperties = {
	displayName: 'Download Signed PDF',
	name: 'downloadPdf',
	type: 'boolean',
	default: false,
	description: 'Whether to add the signed PDF as binary data, for the event Document Completed',
	builderHint: {
		propertyHint: 'Turn it on to file or email the signed PDF: no download node is needed.',
	},
};

const ifNotAvailableOption: INodeProperties = {
	displayName: 'If Not Available',
	name: 'ifNotAvailable',
	type: 'options',
	options: [
		{
			name: 'Continue Without It',
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
	description: "What happens when the document or its PDF isn't available",
};

const includeDocumentOption: INodeProperties = {
	displayName: 'Include Document',
	name: 'includeDocument',
	type: 'boolean',
	default: false,
	description:
		'Whether to read the document of the event, with its signers and fields as they are now',
};

const outputBinaryFieldOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputBinaryField',
	type: 'string',
	default: 'data',
	hint: 'The name of the output field to put the signed PDF in',
	description: 'Name of the binary field that Download Signed PDF fills',
};

/** What is added to an event; the same for both triggers, sorted by name. */
export const additions: INodeProperties[] = [
	downloadPdfOption,
	ifNotAvailableOption,
	includeDocumentOption,
	outputBinaryFieldOption,
];

const deduplicateOption: INodeProperties = {
	displayName: 'Deduplicate',
	name: 'deduplicate',
	type: 'boolean',
	default: true,
	description:
		'Whether an event that inSigner delivers more than once starts the workflow only once',
};

const maximumAgeOption: INodeProperties = {
	displayName: 'Maximum Event Age (Hours)',
	name: 'maximumAgeHours',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_MAXIMUM_AGE_HOURS,
	description:
		"Events older than this don't start the workflow. Only a time inside the signed event counts, so an event without one has no age. inSigner retries a delivery for up to 60 hours. 0 accepts events of any age.",
};

/**
 * The parameter that chooses what starts the workflow; n8n makes an action of its panel of each event.
 *
 * @param options - the events that can be chosen
 */
export function triggerOn(options: INodePropertyOptions[]): INodeProperties {
	return {
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options,
		default: ['document.completed'],
		builderHint: {
			propertyHint:
				'"When it is signed" means document.completed: everyone has signed. signer.completed comes once for each signer.',
		},
	};
}

const eventsProperty = triggerOn(DOCUMENTED_EVENTS);

const undocumentedEventsOption: INodeProperties = {
	displayName: 'Undocumented Events',
	name: 'undocumentedEvents',
	type: 'multiOptions',
	options: UNDOCUMENTED_EVENTS,
	default: [],
	description:
		"What else starts the workflow. If inSigner doesn't know one of these, the workflow can't be published with it.",
};

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [deduplicateOption, maximumAgeOption, undocumentedEventsOption, ...additions].sort(
		(one, other) => one.displayName.localeCompare(other.displayName),
	),
};

/** The parameters of the trigger node. */
export const triggerProperties: INodeProperties[] = [
	{
		displayName:
			'inSigner can only reach public https addresses. A self-hosted n8n needs <code>WEBHOOK_URL</code>.',
		name: 'webhookUrlNotice',
		type: 'notice',
		default: '',
	},
	eventsProperty,
	eventFilters,
	optionsProperty,
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
 * @returns the settings, with defaults for options that were not added
 * @throws NodeOperationError that names a parameter without a meaningful value; n8n's own error for an expression
 * that fails
 */
export function readSettings(
	ctx: IHookFunctions | IWebhookFunctions | IPollFunctions | IExecuteFunctions,
): TriggerSettings {
	const parameters = parametersOfTrigger(ctx);
	const options = parameters.collection(optionsProperty);
	const further = options.list(undocumentedEventsOption);
	return {
		// inSigner has the last word on which events exist.
		events: [...new Set([...parameters.list(eventsProperty), ...further])] as EventName[],
		filters: readFilters(parameters),
		deduplicate: options.yesNo(deduplicateOption),
		maximumAgeHours: options.number(maximumAgeOption),
		includeDocument: options.yesNo(includeDocumentOption),
		downloadPdf: options.yesNo(downloadPdfOption),
		ifNotAvailable: options.choice(ifNotAvailableOption, ['stop', 'goOn']),
		outputBinaryField: options.text(outputBinaryFieldOption) || 'data',
	};
}

function readFilters(parameters: Parameters): Filters {
	return Object.fromEntries(
		filterGroups.map((kind) => [
			kind.name,
			parameters.rows(eventFilters, kind).flatMap((row) => readRow(row, kind.values[0])),
		]),
	) as Record<FilterKey, string[]>;
}

/** Left out, one that is empty would silently pass every event. An expression may give several IDs. */
function readRow(row: Parameters, picker: INodeProperties): string[] {
	const value = row.added(picker)?.valueOf(picker);
	const chosen: unknown = isResourceLocatorValue(value) ? value.value : value;
	if (isEmpty(chosen)) row.refuse(picker, "isn't selected");
	const read = readIds(chosen);
	return 'value' in read ? read.value : row.refuse(picker, read.message);
}
