import type { IExecuteFunctions } from 'n8n-workflow';

import { reasonOf } from '../../api/nodeErrors';
import { mayHaveMailed } from '../../documents/possiblyMailed';
import { sendDraft } from '../../documents/sending';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, documentPicker } from '../../parameters/pickers';
import { withMessage } from '../errorTexts';
import type { ItemOperation } from '../operation';
import {
	documentResult,
	onceByDocument,
	outputOptions,
	signingLinksOption,
} from './documentOutput';

/** Sends a draft to its signers. https://docs.insigner.co/guides/embedded-signing */
export const send: ItemOperation = {
	once: onceByDocument,
	menu: {
		name: 'Send',
		value: 'send',
		action: 'Send document',
		description: 'Send a draft for signature',
		builderHint: {
			propertyHint:
				'Only for a draft that exists already. Not after createAndSend, which has sent.',
		},
	},
	properties: [documentPicker, { ...OPTIONS, options: outputOptions }],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const documentId = chosenId(ctx, documentPicker, itemIndex);
		const toResult = documentResult(ctx, itemIndex);
		const options = parametersOf(ctx, itemIndex).collection(OPTIONS);
		const withSigningLinks = options.yesNo(signingLinksOption);
		const draft = { documentId, own: false, withSigningLinks };
		const document = await sendDraft(ctx, draft, itemIndex).catch((error: unknown) => {
			const message = mayHaveMailed(error)
				? `Document ${documentId} may or may not have been sent: ${reasonOf(error)}. Do not send it again; look at its status in inSigner first`
				: `Document ${documentId} was not sent: ${reasonOf(error)}`;
			throw withMessage(ctx, error, message, [], itemIndex);
		});
		return [toResult(document)];
	},
};
