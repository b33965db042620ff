import type { INodeProperties } from 'n8n-workflow';

import { FIELD_TYPES, typesUsing } from './fieldTypes';

/** The inputs of one field of a PDF at hand. */
export const fieldProperties: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: FIELD_TYPES.map(({ name, value }) => ({ name, value })),
		default: 'signature',
		description: 'What the signer does in the field',
	},
	{
		displayName: 'Signer',
		name: 'signer',
		type: 'string',
		default: '1',
		placeholder: 'e.g. 1 or jane@example.com',
		description:
			'Whose field it is: position in the signing order (1 is the first), email address or name of the signer',
	},
	{
		displayName: 'Position',
		name: 'position',
		type: 'options',
		options: [
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
	{
		displayName: 'Page',
		name: 'page',
		type: 'number',
		displayOptions: { hide: { position: ['belowPrevious'] } },
		default: -1,
		description: 'Page the field is on: 1 is the first, -1 the last, -2 the one before it',
	},
	{
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
		description: 'What the numbers below are in',
	},
	{
		displayName: 'X',
		name: 'x',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		displayOptions: { show: { position: ['coordinates'] } },
		default: 100,
		description: 'Distance of the field from the left edge of the page',
	},
	{
		displayName: 'Y',
		name: 'y',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		displayOptions: { show: { position: ['coordinates'] } },
		default: 650,
		description: 'Distance of the field from the top edge of the page',
	},
	{
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Width of the field; 0 takes what is usual for its type',
	},
	{
		displayName: 'Height',
		name: 'height',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Height of the field; 0 takes what is usual for its type',
	},
	{
		displayName: 'Label',
		name: 'label',
		type: 'string',
		default: '',
		placeholder: 'e.g. Client Signature',
		description: 'Name of the field as the signer sees it',
	},
	{
		displayName: 'Required',
		name: 'required',
		type: 'boolean',
		displayOptions: { show: { type: typesUsing('required') } },
		default: true,
		description: 'Whether the signer has to fill it in',
	},
	{
		displayName: 'Read Only',
		name: 'readOnly',
		type: 'boolean',
		displayOptions: { show: { type: typesUsing('readOnly') } },
		default: false,
		description: 'Whether the signer can see but not change it',
	},
	{
		displayName: 'Choices',
		name: 'options',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Choice' },
		displayOptions: { show: { type: typesUsing('options') } },
		default: [],
		description: 'What the signer can choose from',
	},
	{
		displayName: 'Default Value',
		name: 'defaultValue',
		type: 'string',
		displayOptions: { show: { type: typesUsing('defaultValue') } },
		default: '',
		description:
			'What the field holds at first: the text of a note, the formula of a formula, the amount of a payment',
	},
	{
		displayName: 'Placeholder',
		name: 'placeholder',
		type: 'string',
		displayOptions: { show: { type: typesUsing('placeholder') } },
		default: '',
		placeholder: 'e.g. Your job title',
		description: 'Shown while the field is empty',
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'string',
		displayOptions: { show: { type: typesUsing('format') } },
		default: '',
		placeholder: 'e.g. DD/MM/YYYY',
		description:
			'How the value is written. inSigner does not document the formats it knows: try it on a draft.',
	},
	{
		displayName: 'Group',
		name: 'group',
		type: 'string',
		displayOptions: { show: { type: typesUsing('group') } },
		default: '',
		placeholder: 'e.g. consent',
		description: 'Name that fields which belong together share',
	},
	{
		displayName: 'Validation',
		name: 'validation',
		type: 'json',
		displayOptions: { show: { type: typesUsing('validation') } },
		default: '',
		description:
			'Rules for what is filled in, as a JSON object. inSigner does not document the rules it knows: try them on a draft.',
	},
];

/** The inputs of one field of a document whose PDF is not at hand, so that it can only be placed by coordinates. */
export const fieldPropertiesWithoutPdf: INodeProperties[] = fieldProperties.map((property) => {
	if (property.name === 'page') return { ...property, default: 1 };
	if (property.name !== 'position') return property;
	const options = property.options?.filter(
		(option) => !('value' in option) || option.value !== 'belowPrevious',
	);
	return { ...property, options, default: 'coordinates' };
});
