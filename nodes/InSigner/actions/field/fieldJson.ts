import type { INodeProperties } from 'n8n-workflow';

import type { Parameter, Parameters } from '../../parameters/parameters';
import { readField, type EnteredField, type FieldAtText } from './fieldInput';
import { fieldInputs, inputsAsKeys } from './fieldProperties';

/** An example of the JSON form, shown in the editor. */
const FIELDS_EXAMPLE = JSON.stringify(
	[{ type: 'signature', signer: 1, page: 1, x: 100, y: 650, width: 200, height: 60 }],
	null,
	2,
);

/** The fields of a document as JSON. */
export const fieldsJsonProperty: INodeProperties = {
	displayName: 'Fields (JSON)',
	name: 'fieldsJson',
	type: 'json',
	displayOptions: { show: { specifyFields: ['json'] } },
	required: true,
	default: FIELDS_EXAMPLE,
	description:
		'Same format as Field > Get Many. "signer" (number, email or name) can replace assignedTo.',
};

/** In JSON, errors call an input by its key. */
const inputs = {
	...inputsAsKeys({
		...fieldInputs,
		position: { ...fieldInputs.position, default: 'coordinates' },
	}),
	assignedTo: { name: 'assignedTo', displayName: 'assignedTo', default: null },
};

/** The keys that are read, each with words that others use for it. */
const KEYS: Readonly<Record<keyof typeof inputs, readonly string[]>> = {
	type: ['fieldType'],
	signer: ['assignee', 'recipient', 'recipientEmail', 'signerEmail', 'signerName'],
	assignedTo: ['recipientIndex', 'signerIndex', 'signerOrder'],
	position: ['placement'],
	text: ['anchor', 'anchorString', 'anchorText'],
	occurrence: [],
	occurrenceNumber: [],
	page: ['pageIndex', 'pageNumber'],
	unit: ['units'],
	x: ['left'],
	y: ['top'],
	width: ['w'],
	height: ['h'],
	offsetX: ['anchorXOffset', 'xOffset'],
	offsetY: ['anchorYOffset', 'yOffset'],
	label: [],
	required: ['isRequired', 'mandatory', 'optional'],
	readOnly: ['isReadOnly', 'locked'],
	options: ['choices'],
	defaultValue: ['default'],
	placeholder: [],
	format: [],
	group: [],
	validation: [],
};

/**
 * Reads fields given as JSON: the form that Field: Get Many returns, in which `assignedTo` names the signer, and all
 * inputs of the form (`signer`, `position`, `unit`). What only the service knows (ids) is ignored.
 *
 * @param parameters - those of the operation
 * @returns the fields
 * @throws NodeOperationError that names the field and the key when it does not hold what it should
 * @see https://docs.insigner.co/api/fields
 */
export function readFieldsJson(parameters: Parameters): Array<EnteredField | FieldAtText> {
	return parameters.entries(fieldsJsonProperty, 'Field', KEYS).map(readEntry);
}

const AT_TEXT = [
	...[inputs.text, inputs.occurrence, inputs.occurrenceNumber],
	...[inputs.offsetX, inputs.offsetY],
];

/** What has no meaning with a position; of those not named it is both. */
const OTHERS: Readonly<Record<string, Parameter[] | undefined>> = {
	atText: [inputs.page, inputs.x, inputs.y],
	coordinates: AT_TEXT,
};

function readEntry(entry: Parameters): EnteredField | FieldAtText {
	if (!entry.has(inputs.type)) entry.refuse(inputs.type, 'is missing');
	if (!entry.has(inputs.signer) && !entry.has(inputs.assignedTo)) {
		entry.refuse(
			inputs.signer,
			'is missing: give "signer" (from 1, email address or name) or "assignedTo" (from 0)',
		);
	}
	const { signer, ...field } = readField(entry, inputs, entry);
	for (const input of OTHERS[field.position] ?? [inputs.x, inputs.y, ...AT_TEXT]) {
		if (!entry.has(input)) continue;
		entry.refuse(input, `is given, but position is ${field.position}: leave one of them out`);
	}
	return {
		...field,
		...(entry.has(inputs.page) && { page: entry.wholeNumber(inputs.page) }),
		...(entry.has(inputs.signer) && { signer }),
		...(entry.has(inputs.assignedTo) && { assignedTo: entry.wholeNumber(inputs.assignedTo) }),
	};
}
