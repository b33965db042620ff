import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { components } from '../../api/schema';
import { checkPerson, LIMITS, type Problem } from '../../parameters/checks';
import { readObjects } from '../../parameters/json';

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
	description: 'Address the invitation to sign is mailed to',
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
	description: 'What the person does with the document',
};

export const orderProperty: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	required: true,
	default: 1,
	description:
		'Position in the signing order: 1 is the first. Each signer needs a position of its own, in parallel documents too, because fields name their signer by it.',
};

/** An example of the JSON form, shown in the editor. */
const SIGNERS_EXAMPLE = JSON.stringify(
	[{ name: 'Jane Smith', email: 'jane@example.com', role: 'signer' }],
	null,
	2,
);

/** The people of a new document, by form or as JSON. */
export const signersProperties: INodeProperties[] = [
	{
		displayName: 'Specify Signers',
		name: 'specifySigners',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: 'form' },
			{ name: 'Using JSON', value: 'json', description: 'For a number of signers that changes' },
		],
		default: 'form',
		description: 'How to say who is to sign',
	},
	{
		displayName: 'Signers',
		name: 'signers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Signer',
		displayOptions: { show: { specifySigners: ['form'] } },
		required: true,
		default: { signer: [{ name: '', email: '', role: 'signer', phone: '' }] },
		description: 'The people of the document, in signing order',
		options: [
			{
				displayName: 'Signer',
				name: 'signer',
				values: [nameProperty, emailProperty, roleProperty, phoneProperty],
			},
		],
	},
	{
		displayName: 'Signers (JSON)',
		name: 'signersJson',
		type: 'json',
		displayOptions: { show: { specifySigners: ['json'] } },
		required: true,
		default: SIGNERS_EXAMPLE,
		description:
			'List of people in signing order, each with name and email, and perhaps role (signer, viewer, approver) and phone',
	},
];

interface EnteredSigner {
	name?: string;
	email?: string;
	role?: SignerInput['role'];
	phone?: string;
}

/**
 * Reads the Signers parameter. Each signer gets an order of its own (0, 1, 2, ...), because fields name their
 * signer by it and the API's default is 0 for everybody.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns the signers in signing order, and what is wrong with them
 * @see https://docs.insigner.co/api/signers
 */
export function readSigners(
	ctx: IExecuteFunctions,
	itemIndex: number,
): { signers: SignerInput[]; problems: Problem[] } {
	const entered: EnteredSigner[] | Problem =
		ctx.getNodeParameter('specifySigners', itemIndex) === 'json'
			? readObjects('Signers', ctx.getNodeParameter('signersJson', itemIndex))
			: (ctx.getNodeParameter('signers.signer', itemIndex, []) as EnteredSigner[]);
	if (!Array.isArray(entered)) return { signers: [], problems: [entered] };
	const signers = entered.map((signer, order) => toSigner(signer, order));
	return { signers, problems: checkSigners(signers) };
}

/**
 * Cleans up one signer as entered.
 *
 * @param entered - the values of the form
 * @param order - position in signing order, from 0
 * @returns the signer as the API takes it; no phone instead of an empty one
 */
export function toSigner(entered: EnteredSigner, order: number): SignerInput {
	const phone = String(entered.phone ?? '').trim();
	return {
		name: String(entered.name ?? '').trim(),
		email: String(entered.email ?? '').trim(),
		role: entered.role ?? 'signer',
		order,
		...(phone !== '' && { phone }),
	};
}

/**
 * Checks a list of signers.
 *
 * @param signers - in signing order
 * @returns what is wrong: nobody, too many, nobody who signs, or a person's own data
 */
export function checkSigners(signers: SignerInput[]): Problem[] {
	const parameter = 'Signers';
	if (signers.length === 0) return [{ parameter, message: 'is empty: add at least one signer' }];
	if (signers.length > LIMITS.signersPerDocument) {
		const message = `has ${signers.length} people; inSigner allows ${LIMITS.signersPerDocument}`;
		return [{ parameter, message }];
	}
	const problems = signers.flatMap((signer, index) => [
		...checkPerson(`Signer ${index + 1}`, signer),
		...checkRole(`Signer ${index + 1}`, signer.role),
	]);
	if (signers.every(({ role }) => role === 'viewer')) {
		problems.push({ parameter, message: 'holds only viewers: nobody would sign' });
	}
	return problems;
}

/** JSON can hold anything; a role that is not known would make a signer of a viewer, or the other way round. */
function checkRole(parameter: string, role: string): Problem[] {
	if (['signer', 'viewer', 'approver'].includes(role)) return [];
	const message = `is "${role}" and not signer, viewer or approver`;
	return [{ parameter: `${parameter}: Role`, message }];
}

/**
 * Checks a position in signing order.
 *
 * @param order - from 0, as the API takes it
 */
export function checkOrder(order: number): Problem[] {
	if (Number.isInteger(order) && order >= 0) return [];
	return [{ parameter: 'Order', message: 'must be a whole number from 1' }];
}
