import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { requestInferred } from '../../api/requestInferred';
import { checkChanges, checkEmail, checkName, checkPhone, refuse } from '../../parameters/checks';
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

const updateFieldsProperty: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description: 'What to change. Whatever is not added here stays as it is.',
	options: [emailProperty, nameProperty, orderProperty, phoneProperty, roleProperty].map(
		(property) => ({ ...property, required: false }),
	),
};

/** Changes a signer of a draft. The endpoint is inferred; adding is documented: https://docs.insigner.co/api/signers */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update signer',
		description: 'Change name, address, phone, role or position of a signer of a draft',
	},
	properties: [documentPicker, signerPicker, updateFieldsProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const signerId = chosenId(ctx, signerPicker, itemIndex);
		const body = readChanges(parametersOf(ctx, itemIndex).collection(updateFieldsProperty));
		refuse(ctx, itemIndex, [
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
		return [{ json: data }];
	},
};

/** Only what was entered, an empty text included. */
function readChanges(fields: Parameters): BodyOf<'updateSigner'> {
	return {
		...(fields.has(nameProperty) && { name: fields.text(nameProperty) }),
		...(fields.has(emailProperty) && { email: fields.text(emailProperty) }),
		...(fields.has(phoneProperty) && { phone: fields.text(phoneProperty) }),
		...(fields.has(roleProperty) && { role: readRole(fields) }),
		...(fields.has(orderProperty) && { order: readOrder(fields) }),
	};
}
