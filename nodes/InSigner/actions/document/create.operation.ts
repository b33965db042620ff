import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { requireNoProblems } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { documentNameProperty, readDocumentSettings, withSettings } from './documentSettings';
import { simpleNewDocument } from './simpleDocument';

/** Creates an empty draft. https://docs.insigner.co/api/documents */
export const create: ItemOperation = {
	once: true,
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create document',
		description: 'Create an empty draft to fill step by step',
		builderHint: {
			propertyHint:
				'Only if other nodes have to work on the draft in between; otherwise createAndSend.',
		},
	},
	properties: [documentNameProperty, { ...OPTIONS, options: withSettings(simplifyProperty) }],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, true);
		requireNoProblems(ctx, itemIndex, problems);
		const toOutput = simplifier(
			parametersOf(ctx, itemIndex).collection(OPTIONS),
			simpleNewDocument,
		);

		const { data } = await request(ctx, 'createDocument', {
			body: { name, ...settings },
			itemIndex,
		});
		return [{ json: toOutput(data) }];
	},
};
