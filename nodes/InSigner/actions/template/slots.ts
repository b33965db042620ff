import type { IExecuteFunctions, INodeProperties, ResourceMapperField } from 'n8n-workflow';

import type { DataOf } from '../../api/endpoints';
import { checkPerson, refuse, type Problem } from '../../parameters/checks';
import { readObjects } from '../../parameters/json';

/** A place for one person in a template. */
export type Slot = DataOf<'getTemplate'>['signers'][number];

/** Who is put into a slot, as the API takes it. */
export interface SlotSigner {
	name: string;
	email: string;
	phone?: string;
}

/** What the form asks for each slot. */
const INPUTS = [
	{ key: 'name', displayName: 'Name', required: true },
	{ key: 'email', displayName: 'Email', required: true },
	{ key: 'phone', displayName: 'Phone', required: false },
] as const;

/** An example of the JSON form, shown in the editor. */
const SIGNERS_EXAMPLE = JSON.stringify(
	[{ name: 'Jane Smith', email: 'jane@example.com' }],
	null,
	2,
);

/** Who fills the slots of the chosen template: by a form with its slots, or as JSON. */
export const slotsProperties: INodeProperties[] = [
	{
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
				name: 'Using Slots of Template',
				value: 'slots',
				description: 'Shows the signer slots of the chosen template',
			},
		],
		default: 'slots',
		description: 'How to say who is to sign',
	},
	{
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
	},
	{
		displayName: 'Signers (JSON)',
		name: 'signersJson',
		type: 'json',
		displayOptions: { show: { specifySigners: ['json'] } },
		required: true,
		default: SIGNERS_EXAMPLE,
		description:
			'List of people in the order of the slots of the template, each with name and email, and perhaps phone',
	},
];

/**
 * The inputs of a form for the slots of a template.
 *
 * @param slots - as the service gives them
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
 * @throws NodeOperationError when a slot stays empty, a person has no slot, or a person's data is not right
 */
export function readSlotSigners(
	ctx: IExecuteFunctions,
	itemIndex: number,
	slots: Slot[],
): SlotSigner[] {
	const { signers, problems } =
		ctx.getNodeParameter('specifySigners', itemIndex) === 'json'
			? fromJson(ctx.getNodeParameter('signersJson', itemIndex), slots)
			: fromForm(ctx.getNodeParameter('slots.value', itemIndex, {}) as FormValue, slots);
	refuse(ctx, itemIndex, problems);
	refuse(
		ctx,
		itemIndex,
		signers.flatMap((signer, index) =>
			checkPerson(inOrder(slots)[index]?.label ?? `Signer ${index + 1}`, signer),
		),
	);
	return signers;
}

/** The order the people are in: that of signing. */
export function inOrder(slots: Slot[]): Slot[] {
	return [...slots].sort((a, b) => a.sortOrder - b.sortOrder);
}

type FormValue = Record<string, unknown> | null;

/** Letters, digits and _ only: n8n makes a parameter path of it. */
function inputId({ id }: Slot, key: string): string {
	return `${id}_${key}`;
}

function fromForm(value: FormValue, slots: Slot[]): { signers: SlotSigner[]; problems: Problem[] } {
	const signers = inOrder(slots).map((slot) => {
		const read = (key: string) => value?.[inputId(slot, key)];
		return toSlotSigner({ name: read('name'), email: read('email'), phone: read('phone') });
	});
	const known = new Set(toMapperFields(slots).map(({ id }) => id));
	const left = Object.entries(value ?? {}).filter(([id, entered]) => !known.has(id) && entered);
	const problems = left.length > 0 ? [{ parameter: 'Signers', message: OTHER_SLOTS }] : [];
	return { signers, problems };
}

const OTHER_SLOTS =
	'holds people for slots that the template does not have (any more). Open the node and refresh its list of slots.';

function fromJson(entered: unknown, slots: Slot[]): { signers: SlotSigner[]; problems: Problem[] } {
	const objects = readObjects('Signers', entered);
	if (!Array.isArray(objects)) return { signers: [], problems: [objects] };
	const signers = objects.map((object) => toSlotSigner({ ...object }));
	if (signers.length === slots.length) return { signers, problems: [] };
	const labels = inOrder(slots)
		.map(({ label }) => label)
		.join(', ');
	const people = signers.length === 1 ? '1 person' : `${signers.length} people`;
	const places = slots.length === 1 ? '1 slot' : `${slots.length} slots`;
	const message = `has ${people}, but the template has ${places}: ${labels}`;
	return { signers: [], problems: [{ parameter: 'Signers', message }] };
}

function toSlotSigner({ name, email, phone }: Record<string, unknown>): SlotSigner {
	const text = (value: unknown) =>
		typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return {
		name: text(name),
		email: text(email),
		...(text(phone) && { phone: text(phone) }),
	};
}
