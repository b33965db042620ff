import type { IExecuteFunctions } from 'n8n-workflow';

import type { ItemOperation } from '../operation';
import {
	fromTemplateOptions,
	makeFromTemplate,
	nameFromTemplateProperty,
	templateProperties,
} from '../template/fromTemplate';
import { onceByDocument } from './documentOutput';

/** One item = one contract from a template, sent to its signers. https://docs.insigner.co/api/templates */
export const createAndSendFromTemplate: ItemOperation = {
	once: onceByDocument,
	menu: {
		name: 'Create and Send From Template',
		value: 'createAndSendFromTemplate',
		action: 'Create and send document from template',
		description: 'Send a template for signature, one per item',
		builderHint: {
			propertyHint:
				'The usual choice if the contract is a template in inSigner. It emails the signers.',
		},
	},
	properties: [...templateProperties, nameFromTemplateProperty, fromTemplateOptions()],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) =>
		await makeFromTemplate(ctx, itemIndex, true),
};
