import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parametersOf } from '../../parameters/parameters';
import { onceByDocument } from '../document/documentOutput';
import type { ItemOperation } from '../operation';
import {
	fromTemplateOptions,
	makeFromTemplate,
	nameFromTemplateProperty,
	templateProperties,
} from './fromTemplate';

const afterCreatingProperty: INodeProperties = {
	displayName: 'After Creating',
	name: 'afterCreating',
	type: 'options',
	options: [
		{ name: 'Keep as Draft', value: 'keepDraft', description: 'No one is emailed' },
		{ name: 'Send to Signers', value: 'send', description: 'Its signers are emailed' },
	],
	default: 'keepDraft',
	description: 'What to do with the new document',
};

/** Creates a document from a template, and sends it if asked to. https://docs.insigner.co/api/templates */
export const createDocument: ItemOperation = {
	once: onceByDocument,
	menu: {
		name: 'Create Document',
		value: 'createDocument',
		action: 'Create document from template',
		description: 'Create a document from a template',
		builderHint: {
			propertyHint:
				'For a draft that a person looks at before it is sent. To send at once: document, createAndSendFromTemplate.',
		},
	},
	properties: [
		...templateProperties,
		afterCreatingProperty,
		nameFromTemplateProperty,
		fromTemplateOptions({ show: { '/afterCreating': ['send'] } }),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const after = parametersOf(ctx, itemIndex).choice(afterCreatingProperty, ['keepDraft', 'send']);
		return await makeFromTemplate(ctx, itemIndex, after === 'send');
	},
};
