import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { requireNoProblems } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import type { ItemOperation } from '../operation';
import { documentNameProperty, readDocumentSettings, withSettings } from './documentSettings';

/** Creates an empty draft. https://docs.insigner.co/api/documents */
export const create: ItemOperation = {
	once: true,
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create document',
		description: 'Create an empty draft to fill step by step',
	},
	properties: [
		documentNameProperty,
		{
			...OPTIONS,
			description: 'Settings of the document',
			options: withSettings(),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, true);
		requireNoProblems(ctx, itemIndex, problems);

		const { data } = await request(ctx, 'createDocument', {
			body: { name, ...settings },
			itemIndex,
		});
		return [{ json: data }];
	},
};
