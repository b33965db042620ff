import type { INodeProperties } from 'n8n-workflow';

import { FIELD_TYPES, typesUsing } from './fieldTypes';
import { MAX_OCCURRENCE } from './atText';
import type { Position, Unit } from './placement';

/** What Position can be. */
export const POSITIONS: ReadonlyArray<Position | 'atText'> = [
	'atText',
	'belowPrevious',
	'bottomLeft',
	'bottomRight',
	'coordinates',
	'topLeft',
	'topRight',
];

/** What Unit can be. */
export const UNITS: readonly Unit[] = ['millimeters', 'percent', 'points'];

/** The inputs of one field of a PDF at hand, by name. */
export const fieldInputs = {
	type: {
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: FIELD_TYPES.map(({ name, value }) => ({ name, value })),
		default: 'signature',
		description: 'What the signer does in the field',
	},
	signer: {
		displayName: 'Signer',
		name: 'signer',
		type: 'string',
		default: '1',
		placeholder: 'e.g. 1 or jane@example.com',
		description: 'Who fills it in: number (1 is first), email or name',
	},
	position: {
		displayName: 'Position',
		name: 'position',
		type: 'options',
		options: [
			{
				name: 'At Text',
				value: 'atText',
				description: 'On a line of the PDF, where a text of yours begins',
			},
			{
				name: 'Below Previous Field',
				value: 'belowPrevious',
				description: 'On the same page, under the field before this one',
			},
			{ name: 'Bottom Left', value: 'bottomLeft' },
			{ name: 'Bottom Right', value: 'bottomRight' },
			{ name: 'Coordinates', value: 'coordinates', description: 'Exactly where you say' },
			{ name: 'Top Left', value: 'topLeft' },
			{ name: 'Top Right', value: 'topRight' },
		],
		default: 'bottomLeft',
		description: 'Where on the page the field goes',
	},
	text: {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		displayOptions: { show: { position: ['atText'] } },
		default: '',
		placeholder: 'e.g. Signature of the buyer',
		description:
			'The field stands where this begins in the PDF. Spaces and line breaks do not matter, capital letters do; white text is found, too.',
	},
	occurrence: {
		displayName: 'Occurrence',
		name: 'occurrence',
		type: 'options',
		displayOptions: { show: { position: ['atText'] } },
		options: [
			{ name: 'Every', value: 'every', description: 'One field at each of them' },
			{ name: 'First', value: 'first' },
			{ name: 'Last', value: 'last' },
			{ name: 'Number', value: 'number', description: 'The second, third and so on' },
			{ name: 'Only One', value: 'only', description: 'Refused if the text is there twice' },
		],
		default: 'only',
		description: 'Which one is meant if the text is there several times',
	},
	occurrenceNumber: {
		displayName: 'Occurrence Number',
		name: 'occurrenceNumber',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_OCCURRENCE },
		displayOptions: { show: { position: ['atText'], occurrence: ['number'] } },
		default: 1,
		description: 'Which one from the beginning of the PDF: 1 is the first',
	},
	page: {
		displayName: 'Page',
		name: 'page',
		type: 'number',
		displayOptions: { hide: { position: ['atText', 'belowPrevious'] } },
		default: -1,
		description: 'Page the field is on: 1 is the first, -1 the last, -2 the one before it',
	},
	unit: {
		displayName: 'Unit',
		name: 'unit',
		type: 'options',
		options: [
			{ name: 'Millimeters', value: 'millimeters' },
			{
				name: 'Percent',
				value: 'percent',
				description: 'Of the width or the height of the page',
			},
			{ name: 'Points', value: 'points', description: '72 per inch' },
		],
		default: 'points',
		description: 'Unit of X, Y, Width, Height and the offsets',
	},
	x: {
		displayName: 'X',
		name: 'x',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		displayOptions: { show: { position: ['coordinates'] } },
		default: 100,
		description: 'Distance of the field from the left edge of the page',
	},
	y: {
		displayName: 'Y',
		name: 'y',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		displayOptions: { show: { position: ['coordinates'] } },
		default: 650,
		description: 'Distance of the field from the top edge of the page',
	},
	width: {
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Width of the field; 0 uses the default size',
	},
	height: {
		displayName: 'Height',
		name: 'height',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Height of the field; 0 uses the default size',
	},
	offsetX: {
		displayName: 'Offset X',
		name: 'offsetX',
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
		description: 'With At Text: how far right of the text it begins; negative is left',
	},
	offsetY: {
		displayName: 'Offset Y',
		name: 'offsetY',
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
		description: 'With At Text: how far below the base line it stands; negative is above',
	},
	label: {
		displayName: 'Label',
		name: 'label',
		type: 'string',
		default: '',
		placeholder: 'e.g. Client Signature',
		description: 'Name of the field as the signer sees it',
	},
	required: {
		displayName: 'Required',
		name: 'required',
		type: 'boolean',
		default: true,
		description: 'Whether the signer has to fill it in',
	},
	readOnly: {
		displayName: 'Read Only',
		name: 'readOnly',
		type: 'boolean',
		default: false,
		description: 'Whether the signer can see but not change it',
	},
	options: {
		displayName: 'Choices',
		name: 'options',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Choice' },
		displayOptions: { show: { type: typesUsing('options') } },
		default: [],
		description: 'What the signer can choose from',
	},
	defaultValue: {
		displayName: 'Default Value',
		name: 'defaultValue',
		type: 'string',
		displayOptions: { show: { type: typesUsing('defaultValue') } },
		default: '',
		description: 'Initial value: note text, formula or amount',
	},
	placeholder: {
		displayName: 'Placeholder',
		name: 'placeholder',
		type: 'string',
		displayOptions: { show: { type: typesUsing('placeholder') } },
		default: '',
		placeholder: 'e.g. Your job title',
		description: 'Shown while the field is empty',
	},
	format: {
		displayName: 'Format',
		name: 'format',
		type: 'string',
		displayOptions: { show: { type: typesUsing('format') } },
		default: '',
		placeholder: 'e.g. DD/MM/YYYY',
		description: 'Supported formats are undocumented; test with a draft',
	},
	group: {
		displayName: 'Group',
		name: 'group',
		type: 'string',
		displayOptions: { show: { type: typesUsing('group') } },
		default: '',
		placeholder: 'e.g. consent',
		description: 'Name that fields which belong together share',
	},
	validation: {
		displayName: 'Validation',
		name: 'validation',
		type: 'json',
		displayOptions: { show: { type: typesUsing('validation') } },
		default: '',
		description:
			'Rules for what is filled in, as a JSON object. Supported rules are undocumented; test with a draft.',
	},
} satisfies Record<string, INodeProperties>;

/** The inputs of one field, by name. */
export type FieldInputs = Readonly<Record<keyof typeof fieldInputs, INodeProperties>>;

/** Inputs that a field can do without; they are in Field Options. */
const OPTIONAL: ReadonlyArray<keyof typeof fieldInputs> = [
	'height',
	'label',
	'offsetX',
	'offsetY',
	'readOnly',
	'required',
	'unit',
	'width',
];

/** Holds the inputs that a field can do without; the same in every form of a field. */
export const fieldOptionsProperty: INodeProperties = {
	displayName: 'Field Options',
	name: 'fieldOptions',
	type: 'collection',
	placeholder: 'Add Field Option',
	default: {},
	description: 'Size, label and whether the field has to be filled in',
	options: OPTIONAL.map((name) => fieldInputs[name]),
};

/** The form of one field of a PDF at hand. */
export const fieldProperties: INodeProperties[] = formOf(fieldInputs);

/** The inputs of one field of a document whose PDF need not be at hand; without it, a field can only be placed by coordinates. */
export const fieldInputsWithoutPdf: FieldInputs = {
	...fieldInputs,
	page: { ...fieldInputs.page, default: 1 },
	position: {
		...fieldInputs.position,
		options: fieldInputs.position.options.filter(({ value }) => value !== 'belowPrevious'),
		default: 'coordinates',
	},
	occurrence: {
		...fieldInputs.occurrence,
		options: fieldInputs.occurrence.options.filter(({ value }) => value !== 'every'),
	},
};

/** The form of one field of a document whose PDF is not at hand. */
export const fieldPropertiesWithoutPdf: INodeProperties[] = formOf(fieldInputsWithoutPdf);

function formOf(inputs: FieldInputs): INodeProperties[] {
	const names: readonly string[] = OPTIONAL;
	const main = Object.values(inputs).filter(({ name }) => !names.includes(name));
	return [...main, fieldOptionsProperty];
}

/**
 * The inputs as an entry of JSON has them: errors call each by its key.
 *
 * @param inputs - those of the form
 */
export function inputsAsKeys(inputs: FieldInputs): FieldInputs {
	const keys = Object.entries(inputs).map(([key, input]) => [key, { ...input, displayName: key }]);
	return { ...inputs, ...(Object.fromEntries(keys) as Partial<FieldInputs>) };
}
