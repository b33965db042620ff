import type { IExecuteFunctions } from 'n8n-workflow';

import { request } from '../../api/request';
import type { ItemOperation } from '../operation';

/** Reads the organization of the API key. https://docs.insigner.co/api/organization */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get organization',
		description: 'Get the organization of the API key with its settings and counts',
	},
	properties: [],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { data } = await request(ctx, 'getOrganization', { itemIndex });
		return [{ json: data }];
	},
};
