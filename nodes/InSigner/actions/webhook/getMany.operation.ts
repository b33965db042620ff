import type { IExecuteFunctions } from 'n8n-workflow';

import { pages } from '../../api/pagination';
import { listingProperties } from '../listing';
import type { ItemOperation, Result } from '../operation';
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
		description: 'List the webhooks of the organization, 10 at the most',
	},
	properties: [
		...listingProperties,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
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
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Active', value: 'active' },
						{ name: 'Inactive', value: 'inactive' },
					],
					default: 'inactive',
					description:
						'Return only webhooks with this status. inSigner switches one off after 20 failed deliveries in a row.',
				},
			],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = ctx.getNodeParameter('filters', itemIndex, {}) as EnteredFilters;
		const limit = ctx.getNodeParameter('returnAll', itemIndex)
			? Infinity
			: ctx.getNodeParameter('limit', itemIndex);
		const base = webhookBaseOf(ctx);

		const results: Result[] = [];
		for await (const page of pages(ctx, 'listWebhooks', { itemIndex })) {
			for (const webhook of page) {
				if (filters.status && webhook.status !== filters.status) continue;
				const isHere = webhook.url.startsWith(base);
				if ((filters.onlyThisInstance || filters.onlyOrphaned) && !isHere) continue;
				if (filters.onlyOrphaned && (await probe(ctx, webhook)) !== 'orphaned') continue;
				results.push({ json: forOutput(webhook) });
				if (results.length >= limit) return results;
			}
		}
		return results;
	},
};
