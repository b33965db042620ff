import type { IExecuteFunctions } from 'n8n-workflow';

import type { EntryOf } from '../../api/pagination';
import { filtersProperty, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { webhookBaseOf } from './thisN8n';
import { probe } from './probe';
import { forOutput } from './webhookOutput';

interface EnteredFilters {
	onlyOrphaned?: boolean;
	onlyThisInstance?: boolean;
	status?: 'active' | 'inactive';
}

/** Lists webhooks; the API has no filters, so they are applied here. https://docs.insigner.co/webhooks/overview */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many webhooks',
		description:
			'List the webhooks of the organization, 10 at the most. Use it to find the ID of a webhook by its address.',
	},
	properties: [
		...listingProperties,
		filtersProperty([
			{
				displayName: 'Only Orphaned',
				name: 'onlyOrphaned',
				type: 'boolean',
				default: false,
				description:
					'Whether to return only webhooks that point to this n8n but to no published workflow (asked by calling their address)',
			},
			{
				displayName: 'Only This Instance',
				name: 'onlyThisInstance',
				type: 'boolean',
				default: false,
				description: 'Whether to return only webhooks that point to this n8n',
			},
			statusFilter(
				'webhooks',
				['active', 'inactive'],
				'inactive',
				'inSigner switches one off after 20 failed deliveries in a row.',
			),
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = ctx.getNodeParameter('filters', itemIndex, {}) as EnteredFilters;
		const base = webhookBaseOf(ctx);
		const keep = async (webhook: EntryOf<'listWebhooks'>) => {
			if (filters.status && webhook.status !== filters.status) return false;
			const isHere = webhook.url.startsWith(base);
			if ((filters.onlyThisInstance || filters.onlyOrphaned) && !isHere) return false;
			return !filters.onlyOrphaned || (await probe(ctx, webhook)) === 'orphaned';
		};
		return await getManyOf(ctx, 'listWebhooks', itemIndex, { keep }, forOutput);
	},
};
