import type { IExecuteFunctions } from 'n8n-workflow';

import type { DataOf } from '../../api/endpoint';
import { request } from '../../api/request';
import type { ItemOperation } from '../operation';
import { pick, simplifier, simplifyProperty } from '../simplify';

/** Reads the organization of the API key. https://docs.insigner.co/api/organization */
export const get: ItemOperation = {
	menu: {
		name: 'Get',
		value: 'get',
		action: 'Get organization',
		description: 'Get the organization of the API key',
	},
	properties: [simplifyProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const toOutput = simplifier(ctx, itemIndex, simpleOrganization);
		const { data } = await request(ctx, 'getOrganization', { itemIndex });
		return [{ json: toOutput(data) }];
	},
};

function simpleOrganization(organization: DataOf<'getOrganization'>): object {
	return pick(organization, [
		'id',
		'name',
		'slug',
		'type',
		'signatureLevel',
		'createdAt',
		'_count',
	]);
}
