import type { IExecuteFunctions } from 'n8n-workflow';

import { list, type EntryOf } from '../../api/pagination';
import {
	addSignerOnce,
	nameOfSigner,
	signerAddedEarlier,
	signerMayBeThere,
} from '../../documents/addSigner';
import { checkPerson, requireNoProblems, type Problem } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';
import {
	emailProperty,
	nameProperty,
	orderProperty,
	phoneProperty,
	readOrder,
	readSigner,
	roleProperty,
} from './signerInput';

/** Adds one signer to a draft. https://docs.insigner.co/api/signers */
export const add: ItemOperation = {
	once: true,
	menu: {
		name: 'Add',
		value: 'add',
		action: 'Add signer',
		description: 'Add a signer to a draft',
		builderHint: {
			propertyHint: 'Only for a draft that exists already; createAndSend takes the signers itself.',
		},
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
		const parameters = parametersOf(ctx, itemIndex);
		const signer = readSigner(parameters, readOrder(parameters));
		requireNoProblems(ctx, itemIndex, checkPerson('Signer', signer));

		const work = async () => {
			const held = await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
			const earlier = signerAddedEarlier(ctx, documentId, signer, held, itemIndex);
			if (earlier) return earlier;
			requireNoProblems(ctx, itemIndex, checkOrderIsFree(signer.order, held));
			const known = new Set(held.map(({ id }) => id));
			return await addSignerOnce(ctx, documentId, signer, known, itemIndex);
		};
		const deed = {
			subject: nameOfSigner(signer),
			action: 'added to',
			documentId,
			mayBeDone: () => signerMayBeThere(documentId, signer),
		};
		const added = await tellNotDone(ctx, itemIndex, deed, work);
		return [{ json: added }];
	},
};

/** Fields name their signer by order: of two with the same, either could get the other's. */
function checkOrderIsFree(wanted: number, held: Array<EntryOf<'listSigners'>>): Problem[] {
	const orders = held.map(({ order }) => Number(order));
	const other = held[orders.indexOf(wanted)];
	// Without a first one, they may be counted in another way.
	if (!other || !orders.includes(0)) return [];
	const next = Math.max(...orders) + 2;
	const message = `is ${wanted + 1}, which is that of ${other.email}: each signer needs a different number. ${next} is free`;
	return [{ parameter: orderProperty.displayName, message }];
}
