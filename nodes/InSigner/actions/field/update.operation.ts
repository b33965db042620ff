import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { list } from '../../api/pagination';
import { requestInferred } from '../../api/requestInferred';
import { checkChanges, refuse, type Problem } from '../../parameters/checks';
import { parametersOf, type Parameters } from '../../parameters/parameters';
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

/** The type stays what it is; the other inputs are offered whatever it is. */
const updateFieldsProperty: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description: 'What to change. Whatever is not added here stays as it is.',
	options: Object.values(inputs)
		.filter(({ name }) => name !== 'type' && name !== 'position')
		.map((property) => ({ ...property, displayOptions: undefined }))
		.sort((a, b) => a.displayName.localeCompare(b.displayName)),
};

/** Changes a field of a draft. The endpoint is inferred; listing is documented: https://docs.insigner.co/api/fields */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update field',
		description: 'Change place, size, signer or content of a field of a draft',
	},
	properties: [documentPicker, fieldPicker, updateFieldsProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const fieldId = chosenId(ctx, fieldPicker, itemIndex);
		const fields = parametersOf(ctx, itemIndex).collection(updateFieldsProperty);
		const { changes, problems } = readChanges(fields);
		const changesSigner = fields.has(inputs.signer);
		refuse(ctx, itemIndex, [...problems, ...(changesSigner ? [] : checkChanges(changes))]);

		const work = async () => {
			if (changesSigner) {
				const signer = fields.text(inputs.signer);
				changes.assignedTo = await signerNumberNow(ctx, itemIndex, documentId, signer);
			}
			if (SIDES.some((side) => changes[side] !== undefined) || changes.page !== undefined) {
				refuse(ctx, itemIndex, await checkPlace(ctx, itemIndex, documentId, fieldId, changes));
			}
			return await requestInferred(ctx, 'updateField', {
				path: { documentId, fieldId },
				body: changes,
				itemIndex,
			});
		};
		const deed = { subject: `Field ${fieldId}`, action: 'changed in', documentId };
		const { data } = await tellNotDone(ctx, itemIndex, deed, work);
		return [{ json: data }];
	},
};

const SIDES = ['x', 'y', 'width', 'height'] as const;

/** Only what was entered, an empty text included. */
function readChanges(fields: Parameters): { changes: Changes; problems: Problem[] } {
	const changes: Changes = {};
	const problems: Problem[] = [];
	for (const key of ['label', 'placeholder', 'defaultValue', 'format', 'group'] as const) {
		if (fields.has(inputs[key])) changes[key] = fields.text(inputs[key]);
	}
	for (const key of ['required', 'readOnly'] as const) {
		if (fields.has(inputs[key])) changes[key] = fields.yesNo(inputs[key]);
	}
	if (fields.has(inputs.options)) changes.options = readChoices(fields, inputs.options);
	if (fields.has(inputs.validation)) changes.validation = fields.object(inputs.validation) ?? {};
	if (fields.has(inputs.page)) {
		changes.page = fields.wholeNumber(inputs.page);
		if (changes.page < 1) {
			problems.push({ parameter: 'Page', message: 'must be a whole number from 1' });
		}
	}
	const unit = fields.choice(
		inputs.unit,
		UNITS.filter((one) => one !== 'percent'),
	);
	for (const side of SIDES) {
		if (!fields.has(inputs[side])) continue;
		const length = fields.number(inputs[side]);
		changes[side] = toApiLength(toPoints(length, unit));
		if ((side === 'x' || side === 'y') && length < 0) {
			const parameter = inputs[side].displayName;
			problems.push({ parameter, message: 'must be a number from 0' });
		}
	}
	return { changes, problems: [...problems, ...tooSmall(changes)] };
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
	const changed = held
		.filter(({ id }) => id === fieldId)
		.map((field) => ({ ...field, ...changes }));
	const [moved] = placedFields(changed);
	if (!moved) return [];
	const others = placedFields(held.filter(({ id }) => id !== fieldId));
	return [...beyondPage(moved.box), ...overlapping({ ...moved, name: 'Field' }, others)];
}
