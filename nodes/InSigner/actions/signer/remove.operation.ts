import type { IExecuteFunctions } from 'n8n-workflow';

import { requestInferred } from '../../api/requestInferred';
import { chosenId, documentPicker, signerPicker } from '../../parameters/pickers';
import { tellNotDone } from '../notDone';
import type { ItemOperation } from '../operation';

/** Removes a signer from a draft. The endpoint is inferred; adding is documented: https://docs.insigner.co/api/signers */
export const remove: ItemOperation = {
	once: true,
	menu: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove signer',
		description: 'Remove a signer from a draft',
	},
	properties: [documentPicker, signerPicker],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const signerId = chosenId(ctx, signerPicker, itemIndex);
		const deed = { subject: `Signer ${signerId}`, action: 'removed from', documentId };
		const path = { documentId, signerId };
		await tellNotDone(
			ctx,
			itemIndex,
			deed,
			async () => await requestInferred(ctx, 'removeSigner', { path, itemIndex }),
		);
		return [{ json: { id: signerId, deleted: true } }];
	},
};
