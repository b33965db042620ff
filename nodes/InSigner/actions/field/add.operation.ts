import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { list } from '../../api/pagination';
import {
	addFieldOnce,
	fieldAddedEarlier,
	fieldMayBeThere,
	nameOfField,
} from '../../documents/addField';
import { requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { readPdf } from '../document/pdfInput';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';
import { readField, toFields, type FieldInput, type PlacedField } from './fieldInput';
import {
	fieldInputsWithoutPdf,
	fieldOptionsProperty,
	fieldPropertiesWithoutPdf,
} from './fieldProperties';
import { placedInPdf } from './fieldsReading';
import { placedFields, signerNumberNow } from './heldFields';

const pdfProperty: INodeProperties = {
	displayName: 'PDF Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'Only needed for At Text, corners, percent and pages counted from the end',
	description: 'Name of the field of the input item that holds the PDF of the document',
};

/** Adds one field to a draft. https://docs.insigner.co/guides/embedded-signing */
export const add: ItemOperation = {
	once: true,
	menu: {
		name: 'Add',
		value: 'add',
		action: 'Add field',
		description: 'Add a field, such as a signature, to a draft',
		builderHint: {
			propertyHint: 'Only for a draft that exists already; createAndSend takes the fields itself.',
		},
	},
	properties: [documentPicker, ...fieldPropertiesWithoutPdf, pdfProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const parameters = parametersOf(ctx, itemIndex);
		const options = parameters.collection(fieldOptionsProperty);
		const entered = readField(parameters, fieldInputsWithoutPdf, options);
		const file = async () => await readPdf(ctx, itemIndex);
		const inPdf = await placedInPdf(ctx, itemIndex, 'Field', [entered], undefined, file);
		requireNoProblems(ctx, itemIndex, inPdf.problems);
		const { pages } = inPdf;
		const [one] = inPdf.entered;
		if (!one) return [];
		const { signer, ...unassigned } = one;
		const fieldOf = (assignedTo: number, held?: PlacedField[]): FieldInput[] => {
			const assigned = [{ ...unassigned, assignedTo }];
			const { fields, problems } = toFields(assigned, undefined, undefined, pages, held);
			requireNoProblems(ctx, itemIndex, problems);
			return fields;
		};
		// All that is wrong whoever the signer is and whatever the draft holds.
		const [placed] = fieldOf(0);
		if (!placed) return [];

		const work = async () => {
			const assignedTo = await signerNumberNow(ctx, itemIndex, documentId, signer ?? '');
			const held = await list(ctx, 'listFields', { path: { documentId }, itemIndex });
			const field = { ...placed, assignedTo };
			const earlier = fieldAddedEarlier(ctx, documentId, field, held, itemIndex);
			if (earlier) return earlier;
			fieldOf(assignedTo, placedFields(held));
			const known = new Set(held.map(({ id }) => id));
			return await addFieldOnce(ctx, documentId, field, known, itemIndex);
		};
		const deed = {
			subject: nameOfField(placed),
			action: 'added to',
			documentId,
			mayBeDone: () => fieldMayBeThere(documentId, placed),
		};
		const added = await tellNotDone(ctx, itemIndex, deed, work);
		return [{ json: added }];
	},
};
