import type { IExecuteFunctions } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { requestInferred } from '../../api/requestInferred';
import { checkChanges, checkEmail, checkText, LIMITS, refuse } from '../../parameters/checks';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	checkOrder,
	emailProperty,
	nameProperty,
	orderProperty,
	phoneProperty,
	roleProperty,
} from './signerInput';

/** Changes a signer of a draft. The endpoint is inferred; adding is documented: https://docs.insigner.co/api/signers */
export const update: ItemOperation = {
	menu: {
		name: 'Update',
		value: 'update',
		action: 'Update signer',
		description: 'Change name, address, phone, role or position of a signer of a draft',
	},
	properties: [
		documentPicker,
		signerPicker,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'What to change. Whatever is not added here stays as it is.',
			options: [emailProperty, nameProperty, orderProperty, phoneProperty, roleProperty].map(
				(property) => ({ ...property, required: false }),
			),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const signerId = chosenId(ctx, signerPicker, itemIndex);
		const entered = ctx.getNodeParameter('updateFields', itemIndex, {}) as Entered;
		const body = toChanges(entered);
		refuse(ctx, itemIndex, [
			...checkChanges(entered),
			...(body.name === undefined
				? []
				: checkText('Name', body.name, { required: true, max: LIMITS.name })),
			...(body.email === undefined ? [] : checkEmail('Email', body.email)),
			...checkText('Phone', body.phone ?? '', { max: LIMITS.phone }),
			...(body.order === undefined ? [] : checkOrder(body.order)),
		]);

		const { data } = await requestInferred(ctx, 'updateSigner', {
			path: { documentId, signerId },
			body,
			itemIndex,
		});
		return [{ json: data }];
	},
};

/** As the form gives it: an expression may give a number for a text; the order starts at 1. */
interface Entered {
	name?: string | number;
	email?: string;
	phone?: string | number;
	role?: BodyOf<'updateSigner'>['role'];
	order?: number;
}

function toChanges({ name, email, phone, role, order }: Entered): BodyOf<'updateSigner'> {
	return {
		...(name !== undefined && { name: String(name).trim() }),
		...(email !== undefined && { email: String(email).trim() }),
		...(phone !== undefined && { phone: String(phone).trim() }),
		...(role !== undefined && { role }),
		...(order !== undefined && { order: order - 1 }),
	};
}
