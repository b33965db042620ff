import type { IExecuteFunctions, INodeProperties, ResourceMapperField } from 'n8n-workflow';

import type { DataOf } from '../api/endpoint';
import { checkPerson, requireNoProblems, type Problem } from '../parameters/checks';
import { isObject } from '../json/json';
import { parametersOf, type Parameter, type Parameters } from '../parameters/parameters';
import { isEmpty } from '../parameters/values';

/** A place for one person in a template. */
export type Slot = DataOf<'getTemplate'>['signers'][number];

/** The person in a slot, as the API takes it. */
export interface SlotSigner {
	name: string;
	email: string;
	phone?: string;
}

/** What the form asks for in each slot. */
const INPUTS = [
	{ key: 'name', displayName: 'Name', required: true },
	{ key: 'email', displayName: 'Email', required: true },
	{ key: 'phone', displayName: 'Phone', required: false },
] as const;

const specifySignersProperty: INodeProperties = {
	displayName: 'Specify Signers',
	name: 'specifySigners',
	type: 'options',
	options: [
		{
			name: 'Using JSON',
			value: 'json',
			description: 'Also where an expression chooses the template',
		},
		{
			name: 'Using the Form Below',
			value: 'slots',
			description: 'Shows the signer slots of the chosen template',
		},
	],
	default: 'slots',
	description: 'How to enter the signers',
};

const slotsProperty: INodeProperties = {
	displayName: 'Signers',
	name: 'slots',
	type: 'resourceMapper',
	noDataExpression: true,
	required: true,
	default: { mappingMode: 'defineBelow', value: null },
	description: 'One person for each signer slot of the template',
	displayOptions: { show: { specifySigners: ['slots'] } },
	typeOptions: {
		loadOptionsDependsOn: ['templateId.value'],
		resourceMapper: {
			resourceMapperMethod: 'templateSlots',
			mode: 'add',
			valuesLabel: 'Signers',
			fieldWords: { singular: 'slot', plural: 'slots' },
			addAllFields: true,
			supportAutoMap: false,
			noFieldsError: 'This template has no signer slots.',
		},
	},
};

const signersJsonProperty: INodeProperties = {
	displayName: 'Signers (JSON)',
	name: 'signersJson',
	type: 'json',
	displayOptions: { show: { specifySigners: ['json'] } },
	required: true,
	// Empty: a person in an example would be emailed.
	default: '',
	description:
		'People in the order of the slots of the template, for example [{ "name": "Jane Smith", "email": "jane@example.com" }]. Each can also have phone and order.',
};

/** Who fills the slots of the chosen template: as a form with its slots, or as JSON. */
export const slotsProperties = [specifySignersProperty, slotsProperty, signersJsonProperty];

/**
 * The inputs of a form for the slots of a template.
 *
 * @param slots - as the service returns them
 * @returns name, email and phone of each slot, in signing order
 */
export function toMapperFields(slots: Slot[]): ResourceMapperField[] {
	return inOrder(slots).flatMap((slot) =>
		INPUTS.map(({ key, displayName, required }) => ({
			id: inputId(slot, key),
			displayName: `${slot.label}: ${displayName}`,
			required,
			defaultMatch: false,
			display: true,
			type: 'string' as const,
		})),
	);
}

/**
 * Reads who fills the slots.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param slots - the slots of the template
 * @returns one person per slot, in signing order
 * @throws NodeOperationError if a slot stays empty, a person has no slot, or a person's data is wrong
 */
export function readSlotSigners(
	ctx: IExecuteFunctions,
	itemIndex: number,
	slots: Slot[],
): SlotSigner[] {
	const parameters = parametersOf(ctx, itemIndex);
	const { signers, problems } =
		parameters.choice(specifySignersProperty, ['json', 'slots']) === 'json'
			? fromJson(parameters.entries(signersJsonProperty, 'Signer'), slots)
			: fromForm(parameters, slots);
	requireNoProblems(ctx, itemIndex, problems);
	requireNoProblems(
		ctx,
		itemIndex,
		signers.flatMap((signer, index) =>
			checkPerson(inOrder(slots)[index]?.label ?? `Signer ${index + 1}`, signer),
		),
	);
	return signers;
}

/** The order of the people: that of signing. */
export function inOrder(slots: Slot[]): Slot[] {
	return [...slots].sort((a, b) => a.sortOrder - b.sortOrder);
}

/** The contents of the form. */
const slotsForm: Parameter = { name: 'value', displayName: 'Signers', default: null };

/** Keys of an entry of Signers (JSON) besides the inputs, as Signer: Get Many returns them. */
const orderKey: Parameter = { name: 'order', displayName: 'Order', default: '' };
const roleKey: Parameter = { name: 'role', displayName: 'Role', default: '' };

interface Entered {
	signers: SlotSigner[];
	problems: Problem[];
}

/** Letters, digits and _ only: n8n makes a parameter path of it. */
function inputId({ id }: Slot, key: string): string {
	return `${id}_${key}`;
}

const OTHER_SLOTS =
	'holds people for slots that this template does not have. Open the node and refresh its list of slots.';

function fromForm(parameters: Parameters, slots: Slot[]): Entered {
	const mapper = parameters.collection(slotsProperty);
	const form = mapper.filledIn(slotsForm)?.collection(slotsForm);
	const held = mapper.valueOf(slotsForm);
	const known = new Set(toMapperFields(slots).map(({ id }) => id));
	const left = Object.entries(isObject(held) ? held : {}).filter(
		([id, entered]) => !known.has(id) && !isEmpty(entered),
	);
	return {
		signers: inOrder(slots).map((slot) =>
			toSlotSigner((key, displayName) =>
				form?.text({
					name: inputId(slot, key),
					displayName: `${slot.label}: ${displayName}`,
					default: '',
				}),
			),
		),
		problems: left.length > 0 ? [{ parameter: 'Signers', message: OTHER_SLOTS }] : [],
	};
}

function fromJson(entries: Parameters[], slots: Slot[]): Entered {
	const people = entries.map((entry) => ({
		signer: toSlotSigner((name, displayName) => entry.text({ name, displayName, default: '' })),
		order: entry.filledIn(orderKey)?.wholeNumber(orderKey),
		role: entry.text(roleKey).toLowerCase(),
	}));
	const labels = inOrder(slots)
		.map(({ label }) => label)
		.join(', ');
	if (people.length !== slots.length) {
		const persons = people.length === 1 ? '1 person' : `${people.length} people`;
		const places = slots.length === 1 ? '1 slot' : `${slots.length} slots`;
		return refused(`has ${persons}, but the template has ${places}: ${labels}`);
	}
	const orders = new Set(people.map(({ order }) => order));
	const isOrdered = !(orders.size === 1 && orders.has(undefined));
	if (isOrdered && (orders.has(undefined) || orders.size < people.length)) {
		return refused(
			`must have a different order for each person, or none at all: people fill the slots ${labels} in that order`,
		);
	}
	if (isOrdered) people.sort((one, other) => Number(one.order) - Number(other.order));
	return {
		signers: people.map(({ signer }) => signer),
		problems: people.flatMap(({ role, signer }, index) => {
			const slot = inOrder(slots)[index];
			if (!slot || role === '' || role === slot.role.toLowerCase()) return [];
			const message = `has the role ${slot.role}, but ${signer.name} is entered with the role ${role}`;
			return [{ parameter: slot.label, message }];
		}),
	};
}

function refused(message: string): Entered {
	return { signers: [], problems: [{ parameter: 'Signers', message }] };
}

/** @param read - reads one of the inputs; undefined if there is no form */
function toSlotSigner(
	read: (key: (typeof INPUTS)[number]['key'], displayName: string) => string | undefined,
): SlotSigner {
	const [name = '', email = '', phone = ''] = INPUTS.map(({ key, displayName }) =>
		read(key, displayName),
	);
	return { name, email, ...(phone && { phone }) };
}
