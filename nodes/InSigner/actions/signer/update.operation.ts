import type { IExecuteFunctions } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoint';
import { requestInferred } from '../../api/requestInferred';
import {
	checkChanges,
	checkEmail,
	checkName,
	checkPhone,
	requireNoProblems,
} from '../../parameters/checks';
import { UPDATE_FIELDS } from '../../parameters/collections';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';
import {
	emailProperty,
	nameProperty,
	orderProperty,
	phoneProperty,
	readOrder,
	readRole,
	roleProperty,
} from './signerInput';

/** Changes a signer of a draft. The endpoint is inferred; adding is documented: https://docs.insigner.co/api/signers */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update signer',
		description: 'Change a signer of a draft',
	},
	properties: [
		documentPicker,
		signerPicker,
		{
			...UPDATE_FIELDS,
			options: [emailProperty, nameProperty, orderProperty, phoneProperty, roleProperty].map(
				(property) => ({ ...property, required: false }),
			),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const signerId = chosenId(ctx, signerPicker, itemIndex);
		const body = readChanges(parametersOf(ctx, itemIndex).collection(UPDATE_FIELDS));
		requireNoProblems(ctx, itemIndex, [
			...checkChanges(body),
			...(body.name === undefined ? [] : checkName('Name', body.name)),
			...(body.email === undefined ? [] : checkEmail('Email', body.email)),
			...checkPhone('Phone', body.phone ?? ''),
		]);

		const deed = { subject: `Signer ${signerId}`, action: 'changed in', documentId };
		const path = { documentId, signerId };
		const { data } = await tellNotDone(
			ctx,
			itemIndex,
			deed,
			async () => await requestInferred(ctx, 'updateSigner', { path, body, itemIndex }),
		);
		return [{ json: { ...data, id: signerId } }];
	},
};

/** Only what was entered, an empty text included. */
function readChanges(fields: Parameters): BodyOf<'updateSigner'> {
	return {
		name: fields.added(nameProperty)?.text(nameProperty),
		email: fields.added(emailProperty)?.text(emailProperty),
		phone: fields.added(phoneProperty)?.text(phoneProperty),
		role: fields.added(roleProperty) && readRole(fields),
		order: fields.added(orderProperty) && readOrder(fields),
	};
}
