import type {
	FieldType,
	IExecuteFunctions,
	INodeProperties,
	ResourceMapperField,
} from 'n8n-workflow';

import type { DataOf } from '../api/endpoint';
import { choicesIn } from '../json/choices';
import { isObject } from '../json/json';
import {
	checkEmail,
	checkName,
	checkPhone,
	requireNoProblems,
	type Problem,
} from '../parameters/checks';
import {
	GIVES_NOTHING,
	parametersOf,
	type Parameter,
	type Parameters,
} from '../parameters/parameters';
import {
	inWords,
	isEmpty,
	readChoice,
	readNumber,
	readText,
	readTime,
	readYesNo,
	type Reading,
} from '../parameters/values';

type Template = Pick<DataOf<'getTemplate'>, 'fields' | 'signers'>;
type TemplateField = Template['fields'][number];

/** A value to fill in before a document is sent. */
export interface FieldValue {
	/** What people call the field, for example "Price (page 2, Party A)". */
	title: string;
	/** The field of the template. */
	field: TemplateField;
	/** As the API takes it. */
	value: string;
	/** Whether signers must not be able to change it. */
	locked: boolean;
}

const specifyValuesProperty: INodeProperties = {
	displayName: 'Field Values',
	name: 'specifyValues',
	type: 'options',
	options: [
		{
			name: 'Leave as in the Template',
			value: 'none',
			description: 'Nothing is filled in',
		},
		{
			name: 'Using JSON',
			value: 'json',
			description: 'Also when an expression chooses the template',
		},
		{
			name: 'Using the Form Below',
			value: 'form',
			description: 'Shows the fields of the chosen template that hold a value',
		},
	],
	default: 'none',
	description:
		'Values to fill in before the document is sent, such as a price. Each takes one request more, and one more request reads them back.',
};

const valuesProperty: INodeProperties = {
	displayName: 'Values',
	name: 'values',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	description: 'Only fields with a value here are changed',
	displayOptions: { show: { specifyValues: ['form'] } },
	typeOptions: {
		loadOptionsDependsOn: ['templateId.value'],
		resourceMapper: {
			resourceMapperMethod: 'templateFields',
			mode: 'add',
			valuesLabel: 'Values',
			fieldWords: { singular: 'field', plural: 'fields' },
			// A checkbox that is shown is off, which is a value: only those that someone adds are filled in.
			addAllFields: false,
			supportAutoMap: false,
			noFieldsError: 'This template has no fields that hold a value.',
		},
	},
};

const valuesJsonProperty: INodeProperties = {
	displayName: 'Values (JSON)',
	name: 'valuesJson',
	type: 'json',
	displayOptions: { show: { specifyValues: ['json'] } },
	required: true,
	default: '',
	description:
		'Values by label or ID of the field, for example { "Price": 1200, "Start Date": "2031-03-31" }. Fields that are left out or null stay as in the template.',
};

const lockValuesProperty: INodeProperties = {
	displayName: 'Lock Values',
	name: 'lockValues',
	type: 'boolean',
	displayOptions: { show: { specifyValues: ['form', 'json'] } },
	default: true,
	description:
		'Whether to keep signers from changing the values. If off, each field stays as changeable as in the template.',
};

/** Which values are filled in: none, as a form with the fields of the template, or as JSON. */
export const fieldValuesProperties = [
	specifyValuesProperty,
	valuesProperty,
	valuesJsonProperty,
	lockValuesProperty,
];

/**
 * The inputs of a form for the values of a template.
 *
 * @param template - as the service returns it
 * @returns one input for each field that holds a value, in reading order; none is required
 */
export function toValueInputs(template: Template): ResourceMapperField[] {
	return valueFields(template).map(({ field, title, kind }) => ({
		id: field.id,
		displayName: title,
		required: false,
		defaultMatch: false,
		display: true,
		type: kind.input,
		...(kind.input === 'options' && {
			options: choicesIn(field.options).map(({ label, value }) => ({ name: label, value })),
		}),
	}));
}

/**
 * Reads which values are to be filled in, and checks each against the type of its field.
 *
 * The API documents that a field has a `defaultValue` and that it is a text or null; how each type writes it is only
 * inferred: a number in digits with a point, a checkbox as true or false, a choice as its value, and a date as
 * yyyy-MM-dd in the time zone of the workflow. Even where a field has a format of its own, the date is written like
 * this: a service that took 03/04/2031 for another day than it was meant would put a wrong date into a contract.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param template - the template
 * @returns the values in reading order of their fields; none if the fields stay as in the template
 * @throws NodeOperationError that lists every value that is wrong, and every field the template does not have
 * @see https://docs.insigner.co/api/fields
 */
export function readFieldValues(
	ctx: IExecuteFunctions,
	itemIndex: number,
	template: Template,
): FieldValue[] {
	const parameters = parametersOf(ctx, itemIndex);
	const way = parameters.choice(specifyValuesProperty, ['none', 'json', 'form']);
	if (way === 'none') return [];
	const lock = parameters.yesNo(lockValuesProperty);
	const fields = valueFields(template);
	const { entered, problems } =
		way === 'json' ? fromJson(parameters, template, fields) : fromForm(parameters, fields);
	const values = fields.flatMap(({ field, title, kind }) => {
		if (!entered.has(field)) return [];
		const read = kind.read(entered.get(field), field, ctx.getTimezone());
		if ('value' in read) {
			return [{ title, field, value: read.value, locked: lock && kind.lockable }];
		}
		problems.push({ parameter: title, message: read.message });
		return [];
	});
	requireNoProblems(ctx, itemIndex, problems);
	return values;
}

/** A type of field that holds a value. */
interface Kind {
	/** How n8n's form shows it. */
	input: FieldType;
	/** Whether signers could change it, so that it can be kept from that. */
	lockable: boolean;
	/** @returns the value as the API takes it */
	read(value: unknown, field: TemplateField, zone: string): Reading<string>;
}

const TEXT: Kind = { input: 'string', lockable: true, read: textOf };
const CHOICE: Kind = { input: 'options', lockable: true, read: choiceOf };

const KINDS: ReadonlyMap<string, Kind> = new Map([
	...['text', 'textarea', 'company', 'title', 'address', 'id_number'].map(
		(type) => [type, TEXT] as const,
	),
	['name', { ...TEXT, read: (value) => checked(value, checkName) }],
	['email', { ...TEXT, read: (value) => checked(value, checkEmail) }],
	['phone', { ...TEXT, read: (value) => checked(value, checkPhone) }],
	// Signers only read it.
	['note', { ...TEXT, lockable: false }],
	['number', { input: 'number', lockable: true, read: numberOf }],
	['date', { input: 'dateTime', lockable: true, read: (value, _, zone) => dateOf(value, zone) }],
	['dropdown', CHOICE],
	['radio_group', CHOICE],
	['checkbox', { input: 'boolean', lockable: true, read: yesNoOf }],
]);

/** One line ends like the other. */
function textOf(value: unknown): Reading<string> {
	const read = readText(value);
	return 'value' in read ? { value: read.value.replace(/\r\n?/g, '\n') } : read;
}

function checked(
	value: unknown,
	check: (parameter: string, value: string) => Problem[],
): Reading<string> {
	const read = textOf(value);
	const [problem] = 'value' in read ? check('', read.value) : [];
	return problem ? { message: problem.message } : read;
}

/** A text keeps its digits ("1200.50"); a number that was calculated has 15 of them, as in a spreadsheet. */
function numberOf(value: unknown): Reading<string> {
	const read = readNumber(value);
	if ('message' in read) return read;
	if (typeof value === 'string') return { value: value.trim().replace(/^\+/, '') };
	const isWhole = Number.isInteger(read.value);
	const text = String(isWhole ? read.value : Number(read.value.toPrecision(15)));
	const isExact = !text.includes('e') && (!isWhole || Number.isSafeInteger(read.value));
	if (isExact) return { value: text };
	return { message: `has more digits than a number can hold: enter ${inWords(value)} as text` };
}

function dateOf(value: unknown, zone: string): Reading<string> {
	const read = readTime(value, zone);
	return 'value' in read ? { value: read.value?.setZone(zone).toISODate() ?? '' } : read;
}

function yesNoOf(value: unknown): Reading<string> {
	const read = readYesNo(value);
	return 'value' in read ? { value: String(read.value) } : read;
}

function choiceOf(value: unknown, { options }: TemplateField): Reading<string> {
	const read = readText(value);
	if ('message' in read) return read;
	const choices = choicesIn(options);
	if (choices.length === 0) return { message: 'has no choices in the template to choose from' };
	const exact = choices.find((one) => one.value === read.value || one.label === read.value);
	if (exact) return { value: exact.value };
	return readChoice(
		read.value,
		choices.map((one) => one.value),
		(one) => choices.find((choice) => choice.value === one)?.label ?? one,
	);
}

/** A field that holds a value, with the name people know it by. */
interface ValueField {
	field: TemplateField;
	title: string;
	kind: Kind;
}

/** Two with the same label, page and slot are counted. */
function valueFields(template: Template): ValueField[] {
	const fields = inReadingOrder(template.fields).flatMap((field) => {
		const kind = KINDS.get(field.type);
		return kind ? [{ field, kind, place: placeOf(field, template.signers) }] : [];
	});
	return fields.map(({ field, kind, place: [label, ...where] }, index) => {
		const isAlike = (other: (typeof fields)[number]) =>
			[label, ...where].join('\n') === other.place.join('\n');
		const count = fields.filter(isAlike).length;
		const number = fields.slice(0, index + 1).filter(isAlike).length;
		const told = count > 1 ? [...where, `${number} of ${count}`] : where;
		return { field, kind, title: `${label} (${told.join(', ')})` };
	});
}

/** Label, page and slot. That `assignedTo` names the `sortOrder` of a slot is inferred. */
function placeOf(field: TemplateField, slots: Template['signers']): string[] {
	const slot = slots.find(({ sortOrder }) => Number(sortOrder) === Number(field.assignedTo));
	return [labelOf(field), `page ${field.page}`, ...(slot ? [slot.label] : [])];
}

function labelOf({ label, type }: TemplateField): string {
	return label?.trim() || `Field of type ${type}`;
}

function inReadingOrder(fields: TemplateField[]): TemplateField[] {
	return [...fields].sort(
		(a, b) =>
			Number(a.page) - Number(b.page) || Number(a.y) - Number(b.y) || Number(a.x) - Number(b.x),
	);
}

interface Entered {
	/** What was entered for a field, in any form. */
	entered: Map<TemplateField, unknown>;
	problems: Problem[];
}

/** The contents of the form, and the inputs that the editor knew when it was filled in. */
const valuesForm: Parameter = { name: 'value', displayName: 'Values', default: null };
const formSchema: Parameter = { name: 'schema', displayName: 'Values', default: [] };

const OTHER_FIELDS =
	'holds values for fields that this template does not have. Open the node and refresh its list of fields.';

function fromForm(parameters: Parameters, fields: ValueField[]): Entered {
	const mapper = parameters.collection(valuesProperty);
	const form = mapper.filledIn(valuesForm)?.collection(valuesForm);
	const held = mapper.valueOf(valuesForm);
	const removed = new Set(
		[mapper.valueOf(formSchema)].flat().flatMap((input) =>
			// Older editors leave a value behind in an input that was taken out of the form.
			isObject(input) && input.removed === true ? [input.id] : [],
		),
	);
	const known = new Set<unknown>(fields.map(({ field }) => field.id));
	const isOther = ([id, value]: [string, unknown]) =>
		!known.has(id) && !removed.has(id) && !isEmpty(value);
	const others = Object.entries(isObject(held) ? held : {}).filter(isOther);
	const problems: Problem[] =
		others.length > 0 ? [{ parameter: 'Values', message: OTHER_FIELDS }] : [];
	const entered = new Map<TemplateField, unknown>();
	for (const { field, title } of fields) {
		const input: Parameter = { name: field.id, displayName: title, default: null };
		if (!form || removed.has(field.id) || form.isLeftEmpty(input)) continue;
		const value = form.valueOf(input);
		if (isEmpty(value)) problems.push({ parameter: `${title}:`, message: GIVES_NOTHING });
		else entered.set(field, value);
	}
	return { entered, problems };
}

function fromJson(parameters: Parameters, template: Template, fields: ValueField[]): Entered {
	const held = parameters.object(valuesJsonProperty);
	if (!held) parameters.refuse(valuesJsonProperty, 'is empty');
	const entered = new Map<TemplateField, unknown>();
	const problems: Problem[] = [];
	for (const [key, value] of Object.entries(held)) {
		const found = meantBy(key, template, fields);
		const message =
			typeof found === 'string'
				? found
				: entered.has(found.field)
					? `is the same field as another key: ${found.title}`
					: value !== null && isEmpty(value)
						? 'is empty: leave it out or use null to keep what the template has'
						: undefined;
		if (message !== undefined) problems.push({ parameter: inWords(key), message });
		else if (typeof found !== 'string') entered.set(found.field, value);
	}
	for (const [field, value] of entered) if (value === null) entered.delete(field);
	return { entered, problems };
}

/** How many fields an error names. */
const NAMED_FIELDS = 9;

/** @returns the field a key names, by ID, label, or as the form calls it; what is wrong if it is not exactly one */
function meantBy(key: string, template: Template, fields: ValueField[]): ValueField | string {
	const plain = (text: string) => text.trim().toLowerCase();
	const byId = fields.filter(({ field }) => field.id === key.trim());
	const exact = fields.filter(({ field, title }) => [labelOf(field), title].includes(key.trim()));
	const alike = fields.filter(({ field, title }) =>
		[labelOf(field), title].map(plain).includes(plain(key)),
	);
	const found = [byId, exact, alike].find((some) => some.length > 0) ?? [];
	const [first, ...others] = found;
	if (first && others.length === 0) return first;
	if (first) {
		const ids = found.map(({ field, title }) => `${field.id} for ${title}`);
		return `fits ${found.length} fields. Use their IDs instead: ${listed(ids)}`;
	}
	const without = template.fields.find(
		(field) => field.id === key.trim() || plain(labelOf(field)) === plain(key),
	);
	if (without) return `is a field of type ${without.type}, which can't be filled in here`;
	if (fields.length === 0) return 'fits no field: this template has none that hold a value';
	return `fits no field of this template. It has ${listed(fields.map(({ title }) => title))}`;
}

function listed(names: string[]): string {
	const more = names.length - NAMED_FIELDS;
	return [...names.slice(0, NAMED_FIELDS), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
