import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { list } from '../../api/pagination';
import { requestInferred } from '../../api/requestInferred';
import { checkChanges, refuse, type Problem } from '../../parameters/checks';
import { chosenId, documentPicker, fieldPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	isPosition,
	readValidation,
	signerNumber,
	type EnteredField,
	type FieldSigner,
} from './fieldInput';
import { fieldPropertiesWithoutPdf } from './fieldProperties';
import { toApiLength, toPoints } from './placement';

/** What differs from the inputs of a new field: the PDF is not at hand, so percent cannot be measured. */
const differing: Record<string, Partial<INodeProperties>> = {
	unit: {
		options: [
			{ name: 'Millimeters', value: 'millimeters' },
			{ name: 'Points', value: 'points', description: '72 per inch' },
		],
		description: 'What X, Y, width and height are in',
	},
	width: { default: 200, description: 'Width of the field' },
	height: { default: 60, description: 'Height of the field' },
};

/** The type stays what it is; the other inputs are offered whatever it is. */
const changeable: INodeProperties[] = fieldPropertiesWithoutPdf
	.filter(({ name }) => name !== 'type' && name !== 'position')
	.map((property) => ({ ...property, ...differing[property.name], displayOptions: undefined }))
	.sort((a, b) => a.displayName.localeCompare(b.displayName));

/** Changes a field of a draft. The endpoint is inferred; listing is documented: https://docs.insigner.co/api/fields */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update field',
		description: 'Change place, size, signer or content of a field of a draft',
	},
	properties: [
		documentPicker,
		fieldPicker,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'What to change. Whatever is not added here stays as it is.',
			options: changeable,
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const fieldId = chosenId(ctx, fieldPicker, itemIndex);
		const entered = ctx.getNodeParameter('updateFields', itemIndex, {}) as Partial<EnteredField>;
		const signer = entered.signer === undefined ? undefined : String(entered.signer);
		const signers =
			signer === undefined || isPosition(signer)
				? undefined
				: await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
		const { changes, problems } = readChanges(entered, signer, signers);
		refuse(ctx, itemIndex, problems);
		refuse(ctx, itemIndex, checkChanges(changes));

		const { data } = await requestInferred(ctx, 'updateField', {
			path: { documentId, fieldId },
			body: changes,
			itemIndex,
		});
		return [{ json: data }];
	},
};

/** Only what was entered, an empty text included. */
function readChanges(
	entered: Partial<EnteredField>,
	signer: string | undefined,
	signers: FieldSigner[] | undefined,
): { changes: BodyOf<'updateField'>; problems: Problem[] } {
	const { page, x, y, width, height, unit, options, validation } = entered;
	const { label, required, readOnly, placeholder, defaultValue, format, group } = entered;
	const changes: BodyOf<'updateField'> = {
		...(label !== undefined && { label }),
		...(required !== undefined && { required }),
		...(readOnly !== undefined && { readOnly }),
		...(placeholder !== undefined && { placeholder }),
		...(defaultValue !== undefined && { defaultValue }),
		...(format !== undefined && { format }),
		...(group !== undefined && { group }),
	};
	const problems: Problem[] = [];
	const refuseUnless = (ok: boolean, input: string, message: string) => {
		if (!ok) problems.push({ parameter: `Field: ${input}`, message });
	};

	if (page !== undefined) {
		changes.page = page;
		refuseUnless(Number.isInteger(page) && page >= 1, 'Page', 'must be a whole number from 1');
	}
	for (const [input, length] of Object.entries({ x, y, width, height })) {
		if (length === undefined) continue;
		const side = input as 'x' | 'y' | 'width' | 'height';
		changes[side] = toApiLength(toPoints(length, unit ?? 'points'));
		const name = `${side[0]?.toUpperCase()}${side.slice(1)}`;
		if (side === 'x' || side === 'y') refuseUnless(length >= 0, name, 'must be a number from 0');
		else refuseUnless(length > 0, name, 'must be more than 0');
	}
	if (signer !== undefined) {
		const whose = signerNumber(signer, signers);
		if (typeof whose === 'number') changes.assignedTo = whose;
		else refuseUnless(false, whose.parameter, whose.message);
	}
	if (options !== undefined) changes.options = options.filter((option) => option !== '');
	if (validation !== undefined) {
		const rules = readValidation(validation);
		if (rules === 'unreadable') refuseUnless(false, 'Validation', 'is not a JSON object');
		else changes.validation = rules ?? {};
	}
	return { changes, problems };
}
