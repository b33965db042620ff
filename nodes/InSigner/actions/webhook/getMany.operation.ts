import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { EntryOf } from '../../api/pagination';
import { FILTERS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { listFilters, getMany as getManyOf, listingProperties, statusFilter } from '../listing';
import type { ItemOperation } from '../operation';
import { probe } from '../../webhooks/probe';
import { isBelow, webhookBaseOf } from '../../webhooks/thisN8n';
import { forOutput } from './webhookOutput';

const STATUSES = ['active', 'inactive'] as const;

const onlyOrphaned: INodeProperties = {
	displayName: 'Only Orphaned',
	name: 'onlyOrphaned',
	type: 'boolean',
	default: false,
	description:
		'Whether to return only webhooks that point to this n8n but to no published workflow (asked by calling their address)',
};

const onlyThisInstance: INodeProperties = {
	displayName: 'Only This Instance',
	name: 'onlyThisInstance',
	type: 'boolean',
	default: false,
	description: 'Whether to return only webhooks that point to this n8n',
};

const status = statusFilter(
	'webhooks',
	STATUSES,
	'inactive',
	'inSigner switches one off after 20 failed deliveries in a row.',
);

/** Lists webhooks; the API has no filters, so they are applied here. https://docs.insigner.co/webhooks/overview */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many webhooks',
		description: 'List webhooks, for example to find an ID',
	},
	properties: [...listingProperties, listFilters([onlyOrphaned, onlyThisInstance, status])],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const orphaned = filters.yesNo(onlyOrphaned);
		const onlyHere = orphaned || filters.yesNo(onlyThisInstance);
		const wantedStatus = filters.added(status)?.choice(status, STATUSES);
		const base = webhookBaseOf(ctx);
		const keep = async (webhook: EntryOf<'listWebhooks'>) => {
			if (wantedStatus && webhook.status !== wantedStatus) return false;
			if (onlyHere && !isBelow(webhook.url, base)) return false;
			return !orphaned || (await probe(ctx, { webhook, base })).listener === 'orphaned';
		};
		return await getManyOf(ctx, 'listWebhooks', itemIndex, { keep }, forOutput);
	},
};
