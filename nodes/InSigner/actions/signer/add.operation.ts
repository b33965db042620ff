import type { IExecuteFunctions } from 'n8n-workflow';

import { list } from '../../api/pagination';
import { addSignerOnce, signerAddedEarlier } from '../../documents/addSigner';
import { checkPerson, refuse } from '../../parameters/checks';
import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import {
	checkOrder,
	emailProperty,
	nameProperty,
	orderProperty,
	phoneProperty,
	roleProperty,
	toSigner,
} from './signerInput';

/** Adds one signer to a draft. https://docs.insigner.co/api/signers */
export const add: ItemOperation = {
	once: true,
	menu: {
		name: 'Add',
		value: 'add',
		action: 'Add signer',
		description: 'Add a signer to a draft. Nobody is mailed before the document is sent.',
	},
	properties: [
		documentPicker,
		nameProperty,
		emailProperty,
		orderProperty,
		roleProperty,
		phoneProperty,
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const read = (name: string) => ctx.getNodeParameter(name, itemIndex, '') as string;
		const order = (ctx.getNodeParameter('order', itemIndex) as number) - 1;
		const role = ctx.getNodeParameter('role', itemIndex) as 'signer';
		const signer = toSigner(
			{ name: read('name'), email: read('email'), phone: read('phone'), role },
			order,
		);
		refuse(ctx, itemIndex, [...checkPerson('Signer', signer), ...checkOrder(order)]);

		const held = await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
		const earlier = signerAddedEarlier(ctx, documentId, signer, held);
		if (earlier) return [{ json: earlier }];
		const known = new Set(held.map(({ id }) => id));
		return [{ json: await addSignerOnce(ctx, documentId, signer, known, itemIndex) }];
	},
};
