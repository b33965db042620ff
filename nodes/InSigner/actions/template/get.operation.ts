import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import { chosenId, templatePicker } from '../../parameters/pickers';
import { parametersOf } from '../../parameters/parameters';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { simpleTemplateDetail } from './simpleTemplate';

/** Reads one template with its slots and fields. https://docs.insigner.co/api/templates */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get template',
		description: 'Get a template with its signer slots and fields',
	},
	properties: [templatePicker, simplifyProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const templateId = chosenId(ctx, templatePicker, itemIndex);
		const toOutput = simplifier(parametersOf(ctx, itemIndex), simpleTemplateDetail);
		const { data } = await request(ctx, 'getTemplate', { path: { templateId }, itemIndex });
		return [{ json: toOutput(data) }];
	},
};
