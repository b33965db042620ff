import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoint';
import { list } from '../../api/pagination';
import { requestInferred } from '../../api/requestInferred';
import { checkChanges, requireNoProblems, type Problem } from '../../parameters/checks';
import { UPDATE_FIELDS } from '../../parameters/collections';
import { parametersOf, type Parameter, type Parameters } from '../../parameters/parameters';
import { chosenId, documentPicker, fieldPicker } from '../../parameters/pickers';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';
import { overlapping, readChoices } from './fieldInput';
import { fieldInputsWithoutPdf, UNITS, type FieldInputs } from './fieldProperties';
import { placedFields, signerNumberNow } from './heldFields';
import { beyondPage, toApiLength, tooSmall, toPoints } from './placement';

type Changes = BodyOf<'updateField'>;

/** The PDF is not at hand, so percent cannot be measured. */
const inputs: FieldInputs = {
	...fieldInputsWithoutPdf,
	page: {
		...fieldInputsWithoutPdf.page,
		typeOptions: { minValue: 1 },
		description: 'Page the field is on: 1 is the first',
	},
	unit: {
		...fieldInputsWithoutPdf.unit,
		options: [
			{ name: 'Millimeters', value: 'millimeters' },
			{ name: 'Points', value: 'points', description: '72 per inch' },
		],
		description: 'Unit of X, Y, width and height',
	},
	width: { ...fieldInputsWithoutPdf.width, default: 200, description: 'Width of the field' },
	height: { ...fieldInputsWithoutPdf.height, default: 60, description: 'Height of the field' },
};

/** The type stays what it is, and without the PDF a place is given by coordinates. */
const UNCHANGEABLE = new Set([
	'type',
	'position',
	'text',
	'occurrence',
	'occurrenceNumber',
	'offsetX',
	'offsetY',
]);

/** The other inputs are offered whatever it is. */
const changeable: INodeProperties[] = Object.values(inputs)
	.filter(({ name }) => !UNCHANGEABLE.has(name))
	.map((property) => ({ ...property, displayOptions: undefined }))
	.sort((a, b) => a.displayName.localeCompare(b.displayName));

/** Changes a field of a draft. The endpoint is inferred; listing is documented: https://docs.insigner.co/api/fields */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update field',
		description: 'Change a field of a draft',
	},
	properties: [documentPicker, fieldPicker, { ...UPDATE_FIELDS, options: changeable }],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const fieldId = chosenId(ctx, fieldPicker, itemIndex);
		const fields = parametersOf(ctx, itemIndex).collection(UPDATE_FIELDS);
		const signer = fields.added(inputs.signer)?.text(inputs.signer);
		const changes = readChanges(fields);
		requireNoProblems(ctx, itemIndex, [
			...tooSmall(changes),
			...checkChanges({ signer, ...changes }),
		]);

		const work = async () => {
			if (signer !== undefined) {
				changes.assignedTo = await signerNumberNow(ctx, itemIndex, documentId, signer);
			}
			if (SIDES.some((side) => changes[side] !== undefined) || changes.page !== undefined) {
				requireNoProblems(
					ctx,
					itemIndex,
					await checkPlace(ctx, itemIndex, documentId, fieldId, changes),
				);
			}
			return await requestInferred(ctx, 'updateField', {
				path: { documentId, fieldId },
				body: changes,
				itemIndex,
			});
		};
		const deed = { subject: `Field ${fieldId}`, action: 'changed in', documentId };
		const { data } = await tellNotDone(ctx, itemIndex, deed, work);
		return [{ json: { ...data, id: fieldId } }];
	},
};

const SIDES = ['x', 'y', 'width', 'height'] as const;

/** Only what was entered, an empty text included. */
function readChanges(fields: Parameters): Changes {
	const text = (input: Parameter) => fields.added(input)?.text(input);
	const yesNo = (input: Parameter) => fields.added(input)?.yesNo(input);
	const unit = fields.choice(
		inputs.unit,
		UNITS.filter((one) => one !== 'percent'),
	);
	const length = (input: Parameter) =>
		fields.added(input) && toApiLength(toPoints(fields.number(input), unit));
	return {
		label: text(inputs.label),
		placeholder: text(inputs.placeholder),
		defaultValue: text(inputs.defaultValue),
		format: text(inputs.format),
		group: text(inputs.group),
		required: yesNo(inputs.required),
		readOnly: yesNo(inputs.readOnly),
		options: fields.added(inputs.options) && readChoices(fields, inputs.options),
		validation: fields.added(inputs.validation) && (fields.object(inputs.validation) ?? {}),
		page: fields.added(inputs.page)?.wholeNumber(inputs.page),
		x: length(inputs.x),
		y: length(inputs.y),
		width: length(inputs.width),
		height: length(inputs.height),
	};
}

/** Checks the new place of a field; one that is not there is left to the service. */
async function checkPlace(
	ctx: IExecuteFunctions,
	itemIndex: number,
	documentId: string,
	fieldId: string,
	changes: Changes,
): Promise<Problem[]> {
	const held = await list(ctx, 'listFields', { path: { documentId }, itemIndex });
	const entered = Object.entries(changes).filter(([, change]) => change !== undefined);
	const changed = held
		.filter(({ id }) => id === fieldId)
		.map((field) => ({ ...field, ...Object.fromEntries(entered) }));
	const [moved] = placedFields(changed);
	if (!moved) return [];
	const others = placedFields(held.filter(({ id }) => id !== fieldId));
	return [...beyondPage(moved.box), ...overlapping({ ...moved, name: 'Field' }, others)];
}
