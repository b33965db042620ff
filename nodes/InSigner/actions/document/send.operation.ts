import type { IExecuteFunctions } from 'n8n-workflow';

import { chosenId, documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';
import { forOutput, signingLinksProperty } from './documentReading';
import { sendDraft } from './sending';

/** Sends a draft to its signers. https://docs.insigner.co/guides/embedded-signing */
export const send: ItemOperation = {
	once: true,
	menu: {
		name: 'Send',
		value: 'send',
		action: 'Send document',
		description: 'Send a draft: its signers are mailed at once and it can no longer be changed',
	},
	properties: [documentPicker, signingLinksProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const document = await sendDraft(ctx, documentId, itemIndex);
		return [{ json: forOutput(ctx, document, itemIndex) }];
	},
};
