import type { INodeProperties } from 'n8n-workflow';

import type { components } from '../../api/schema';
import type { Problem } from '../checks';

export type FieldInput = Required<
	Pick<
		components['schemas']['FieldCreate'],
		'type' | 'page' | 'x' | 'y' | 'width' | 'height' | 'assignedTo' | 'required' | 'readOnly'
	>
> &
	Pick<components['schemas']['FieldCreate'], 'label' | 'placeholder' | 'defaultValue' | 'options'>;

const FIELD_TYPES: Array<{ name: string; value: FieldInput['type'] }> = [
	{ name: 'Address', value: 'address' },
	{ name: 'Approval', value: 'approval' },
	{ name: 'Attachment', value: 'attachment' },
	{ name: 'Checkbox', value: 'checkbox' },
	{ name: 'Checkbox Group', value: 'checkbox_group' },
	{ name: 'Company', value: 'company' },
	{ name: 'Date', value: 'date' },
	{ name: 'Date Signed', value: 'date_signed' },
	{ name: 'Dropdown', value: 'dropdown' },
	{ name: 'Email', value: 'email' },
	{ name: 'Formula', value: 'formula' },
	{ name: 'ID Number', value: 'id_number' },
	{ name: 'Image', value: 'image' },
	{ name: 'Initials', value: 'initials' },
	{ name: 'Name', value: 'name' },
	{ name: 'Note', value: 'note' },
	{ name: 'Number', value: 'number' },
	{ name: 'Payment', value: 'payment' },
	{ name: 'Phone', value: 'phone' },
	{ name: 'Radio Group', value: 'radio_group' },
	{ name: 'Signature', value: 'signature' },
	{ name: 'Stamp', value: 'stamp' },
	{ name: 'Text', value: 'text' },
	{ name: 'Textarea', value: 'textarea' },
	{ name: 'Title', value: 'title' },
];

const CHOICE_TYPES: Array<FieldInput['type']> = ['checkbox_group', 'dropdown', 'radio_group'];

/** The inputs of one field. Coordinates are points from the top left corner, as far as the API is known. */
export const fieldProperties: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: FIELD_TYPES,
		default: 'signature',
		description: 'What the signer does in the field',
	},
	{
		displayName: 'Signer Position',
		name: 'signerPosition',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: 1,
		description: 'Whose field it is, by position in the signing order: 1 is the first signer',
	},
	{
		displayName: 'Page',
		name: 'page',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'Page the field is on, from 1',
	},
	{
		displayName: 'X',
		name: 'x',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 100,
		description: 'Distance from the left edge of the page in points (72 per inch)',
	},
	{
		displayName: 'Y',
		name: 'y',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 650,
		description: 'Distance from the top edge of the page in points (72 per inch)',
	},
	{
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 2 },
		default: 200,
		description: 'Width in points (72 per inch)',
	},
	{
		displayName: 'Height',
		name: 'height',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 2 },
		default: 60,
		description: 'Height in points (72 per inch)',
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
		default: true,
		description: 'Whether the signer has to fill it in',
	},
	{
		displayName: 'Read Only',
		name: 'readOnly',
		type: 'boolean',
		default: false,
		description: 'Whether the signer can see but not change it',
	},
	{
		displayName: 'Placeholder',
		name: 'placeholder',
		type: 'string',
		default: '',
		description: 'Shown while the field is empty',
	},
	{
		displayName: 'Default Value',
		name: 'defaultValue',
		type: 'string',
		default: '',
		description: 'What the field holds at first',
	},
	{
		displayName: 'Choices',
		name: 'options',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Choice' },
		displayOptions: { show: { type: CHOICE_TYPES } },
		default: [],
		description: 'What the signer can choose from',
	},
];

/** A field as the form gives it. */
export interface EnteredField {
	type?: FieldInput['type'];
	signerPosition?: number;
	page?: number;
	x?: number;
	y?: number;
	width?: number;
	height?: number;
	label?: string;
	required?: boolean;
	readOnly?: boolean;
	placeholder?: string;
	defaultValue?: string;
	options?: string[];
}

/**
 * Turns a field as entered into what the API takes. Required and Read Only are always sent, since the
 * service's own defaults are not documented and an optional signature would be worthless.
 *
 * @param entered - the values of the form; coordinates in points
 * @returns the field; its signer by zero-based number
 * @see https://docs.insigner.co/api/fields
 */
export function toField(entered: EnteredField): FieldInput {
	const { label, placeholder, defaultValue } = entered;
	const options = (entered.options ?? []).filter((option) => option !== '');
	return {
		type: entered.type ?? 'signature',
		assignedTo: (entered.signerPosition ?? 1) - 1,
		page: entered.page ?? 1,
		x: entered.x ?? 100,
		y: entered.y ?? 650,
		width: entered.width ?? 200,
		height: entered.height ?? 60,
		required: entered.required ?? true,
		readOnly: entered.readOnly ?? false,
		...(label && { label }),
		...(placeholder && { placeholder }),
		...(defaultValue && { defaultValue }),
		...(options.length > 0 && { options }),
	};
}

/**
 * Checks one field.
 *
 * @param parameter - display name, for example "Field 2"
 * @param field - the field
 * @param signerCount - how many signers there are; undefined when not known
 */
export function checkField(parameter: string, field: FieldInput, signerCount?: number): Problem[] {
	const problems: Problem[] = [];
	const refuseUnless = (ok: boolean, input: string, message: string) => {
		if (!ok) problems.push({ parameter: `${parameter}: ${input}`, message });
	};
	refuseUnless(
		Number.isInteger(field.page) && field.page >= 1,
		'Page',
		'must be a whole number from 1',
	);
	refuseUnless(field.x >= 0, 'X', 'must not be negative');
	refuseUnless(field.y >= 0, 'Y', 'must not be negative');
	refuseUnless(field.width > 0, 'Width', 'must be more than 0');
	refuseUnless(field.height > 0, 'Height', 'must be more than 0');
	refuseUnless(
		!CHOICE_TYPES.includes(field.type) || (field.options ?? []).length > 0,
		'Choices',
		`is empty, but a field of type ${field.type} needs something to choose from`,
	);
	const position = field.assignedTo + 1;
	refuseUnless(
		Number.isInteger(position) && position >= 1 && position <= (signerCount ?? Infinity),
		'Signer Position',
		signerCount === undefined
			? 'must be a whole number from 1'
			: `is ${position}, but there ${signerCount === 1 ? 'is 1 signer' : `are ${signerCount} signers`}`,
	);
	return problems;
}
