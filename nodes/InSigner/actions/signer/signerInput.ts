import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { components } from '../../api/schema';
import { checkPerson, LIMITS, type Problem } from '../../parameters/checks';
import { parametersOf, type Parameters } from '../../parameters/parameters';

export type SignerInput = Required<
	Pick<components['schemas']['SignerCreate'], 'name' | 'email' | 'role' | 'order'>
> &
	Pick<components['schemas']['SignerCreate'], 'phone'>;

export const nameProperty: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Jane Smith',
	description: 'Full name of the person, up to 200 characters',
};

export const emailProperty: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. jane@example.com',
	description: 'Where to send the signing invitation',
};

export const phoneProperty: INodeProperties = {
	displayName: 'Phone',
	name: 'phone',
	type: 'string',
	default: '',
	placeholder: 'e.g. +15551234567',
	description: 'Phone number for verification by SMS, up to 20 characters',
};

export const roleProperty: INodeProperties = {
	displayName: 'Role',
	name: 'role',
	type: 'options',
	options: [
		{
			name: 'Approver',
			value: 'approver',
			description: 'Has to approve before the signers can sign',
		},
		{ name: 'Signer', value: 'signer', description: 'Has to sign' },
		{ name: 'Viewer', value: 'viewer', description: 'Gets a copy and does not sign' },
	],
	default: 'signer',
	description: 'Role of this person',
};

export const orderProperty: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	required: true,
	default: 1,
	description:
		'Position in the signing order: 1 is the first. Each signer needs a different number, even when signing in parallel.',
};

const ROLES = ['approver', 'signer', 'viewer'] as const;

const specifySignersProperty: INodeProperties = {
	displayName: 'Specify Signers',
	name: 'specifySigners',
	type: 'options',
	options: [
		{ name: 'Using the Form Below', value: 'form' },
		{ name: 'Using JSON', value: 'json', description: 'When the number of signers varies' },
	],
	default: 'form',
	description: 'How to enter the signers',
};

const signerRow = {
	displayName: 'Signer',
	name: 'signer',
	values: [nameProperty, emailProperty, roleProperty, phoneProperty],
};

const signersProperty: INodeProperties = {
	displayName: 'Signers',
	name: 'signers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Signer',
	displayOptions: { show: { specifySigners: ['form'] } },
	required: true,
	default: { signer: [{ name: '', email: '', role: 'signer', phone: '' }] },
	description: 'The people of the document, in signing order',
	options: [signerRow],
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
		'People in signing order, for example [{ "name": "Jane Smith", "email": "jane@example.com" }]. Each can also have role (signer, viewer, approver), phone and order (0 is the first, as in Signer > Get Many).',
};

/** The keys of an entry that are read, each with words that others use for it. */
const KEYS = {
	name: [],
	email: [],
	role: ['recipientRole', 'signerRole'],
	phone: ['phoneNumber'],
	order: ['routingOrder', 'signingOrder', 'sortOrder'],
};

/** The people of a new document, by form or as JSON. */
export const signersProperties: INodeProperties[] = [
	specifySignersProperty,
	signersProperty,
	signersJsonProperty,
];

/**
 * Reads the Signers parameter. Each signer gets an order of its own (0, 1, 2, ...), because fields name their
 * signer by it and the API's default is 0 for everyone.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns the signers in signing order, and what is wrong with them
 * @throws NodeOperationError if an input does not hold what it should
 * @see https://docs.insigner.co/api/signers
 */
export function readSigners(
	ctx: IExecuteFunctions,
	itemIndex: number,
): { signers: SignerInput[]; problems: Problem[] } {
	const parameters = parametersOf(ctx, itemIndex);
	const isJson = parameters.choice(specifySignersProperty, ['form', 'json']) === 'json';
	const people = isJson
		? parameters.entries(signersJsonProperty, 'Signer', KEYS)
		: parameters.rows(signersProperty, { ...signerRow, default: [] });
	const orders = isJson ? readOrders(parameters, people) : [...people.keys()];
	const signers = people.map((person, index) => readSigner(person, orders[index] ?? index));
	const problems = checkSigners(signers);
	return { signers: signers.sort((a, b) => a.order - b.order), problems };
}

/**
 * Reads one signer.
 *
 * @param parameters - those of the person
 * @param order - position in signing order, from 0
 * @returns the signer as the API takes it; no phone instead of an empty one
 * @throws NodeOperationError if an input does not hold what it should
 */
export function readSigner(parameters: Parameters, order: number): SignerInput {
	const phone = parameters.text(phoneProperty);
	return {
		name: parameters.text(nameProperty),
		email: parameters.text(emailProperty),
		role: readRole(parameters),
		order,
		...(phone !== '' && { phone }),
	};
}

/**
 * Reads Role.
 *
 * @param parameters - those of the person
 * @returns the role; its default where it is not set
 * @throws NodeOperationError if it is none of the roles
 */
export function readRole(parameters: Parameters): SignerInput['role'] {
	return parameters.choice(roleProperty, ROLES);
}

/**
 * Reads Order.
 *
 * @param parameters - those of the person
 * @returns position in signing order as the API counts, from 0
 * @throws NodeOperationError if it is not a whole number from 1 to 50
 */
export function readOrder(parameters: Parameters): number {
	return parameters.wholeNumber(orderProperty) - 1;
}

/**
 * The signing order of a JSON list: `order` as the API has it, or the order of the list if no one has it. Fields
 * name their signer by these numbers, so they are refused if they are ambiguous.
 */
function readOrders(parameters: Parameters, people: Parameters[]): number[] {
	const order = { name: 'order', displayName: 'order', default: null };
	if (!people.some((person) => person.has(order))) return [...people.keys()];
	const orders = people.map((person) => person.wholeNumber(order));
	if (people.every((_, position) => orders.includes(position))) return orders;
	return parameters.refuse(
		signersJsonProperty,
		`must give each signer an order of its own from 0 to ${people.length - 1}, as Signer: Get Many does, or none at all; now they are ${orders.join(', ')}`,
	);
}

/**
 * Checks a list of signers.
 *
 * @param signers - as entered
 * @returns what is wrong: no one, too many, no one who signs, or a person's own data
 */
export function checkSigners(signers: SignerInput[]): Problem[] {
	const parameter = 'Signers';
	if (signers.length === 0) return [{ parameter, message: 'is empty: add at least one signer' }];
	if (signers.length > LIMITS.signersPerDocument) {
		const message = `has ${signers.length} people; inSigner allows ${LIMITS.signersPerDocument}`;
		return [{ parameter, message }];
	}
	const problems = signers.flatMap((signer, index) => checkPerson(`Signer ${index + 1}`, signer));
	if (signers.every(({ role }) => role === 'viewer')) {
		problems.push({ parameter, message: 'holds only viewers: no one would sign' });
	}
	return problems;
}
