import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { DateTime } from 'luxon';

import type { QueryOf } from '../../api/endpoints';
import type { EntryOf } from '../../api/pagination';
import { refuse } from '../../parameters/checks';
import { bulkSendPicker, campaignPicker, templatePicker } from '../../parameters/pickers';
import {
	filterId,
	filtersProperty,
	getMany as getManyOf,
	listingProperties,
	searchFilter,
	statusFilter,
} from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { checkTime, toTime, type EnteredTime } from '../../parameters/times';
import { simpleDocument } from './simpleDocument';

interface EnteredFilters extends NonNullable<QueryOf<'listDocuments'>> {
	createdAfter?: EnteredTime;
	createdBefore?: EnteredTime;
}

/** For a filter that is applied here. */
const only = (which: string) =>
	`Return only documents ${which}. inSigner cannot filter by this itself, so all documents are read.`;

const ZONE = 'a time without a zone is in the zone of the workflow';

const bulkSendFilter: INodeProperties = {
	...bulkSendPicker,
	required: false,
	description: only('of this bulk send'),
};

const campaignFilter: INodeProperties = {
	...campaignPicker,
	required: false,
	description: only('of this campaign'),
};

const templateFilter: INodeProperties = {
	...templatePicker,
	required: false,
	description: only('made from this template'),
};

/** Lists documents. https://docs.insigner.co/api/documents */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many documents',
		description:
			'List documents, by status, time, origin or a part of their name. Use it to find the ID of a document by its name.',
	},
	properties: [
		...listingProperties,
		simplifyProperty,
		filtersProperty([
			bulkSendFilter,
			campaignFilter,
			{
				displayName: 'Created After',
				name: 'createdAfter',
				type: 'dateTime',
				default: '',
				description: only(`created at this time or later (${ZONE})`),
			},
			{
				displayName: 'Created Before',
				name: 'createdBefore',
				type: 'dateTime',
				default: '',
				description: only(`created before this time (${ZONE})`),
			},
			searchFilter('documents', 'Agreement'),
			statusFilter(
				'documents',
				['cancelled', 'completed', 'declined', 'draft', 'expired', 'pending'],
				'pending',
			),
			templateFilter,
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { search, status } = ctx.getNodeParameter('filters', itemIndex, {}) as EnteredFilters;
		return await getManyOf(
			ctx,
			'listDocuments',
			itemIndex,
			{
				query: { ...(search && { search }), ...(status && { status }) },
				keep: readFilters(ctx, itemIndex),
			},
			simplifier(ctx, itemIndex, simpleDocument),
		);
	},
};

type Filter = (document: EntryOf<'listDocuments'>) => boolean;

/** @returns what a document must be to be returned; undefined where nothing is asked for */
function readFilters(ctx: IExecuteFunctions, itemIndex: number): Filter | undefined {
	const entered = ctx.getNodeParameter('filters', itemIndex, {}) as EnteredFilters;
	const after = toTime(entered.createdAfter, ctx.getTimezone());
	const before = toTime(entered.createdBefore, ctx.getTimezone());
	refuse(ctx, itemIndex, [
		...checkTime('Created After', after),
		...checkTime('Created Before', before),
	]);
	const templateId = filterId(ctx, templateFilter, itemIndex);
	const campaignId = filterId(ctx, campaignFilter, itemIndex);
	const bulkSendId = filterId(ctx, bulkSendFilter, itemIndex);

	const filters: Filter[] = [];
	if (templateId) filters.push((document) => document.templateId === templateId);
	if (campaignId) filters.push((document) => document.campaignId === campaignId);
	if (bulkSendId) filters.push((document) => document.bulkSendId === bulkSendId);
	if (after) filters.push(({ createdAt }) => DateTime.fromISO(createdAt) >= after);
	if (before) filters.push(({ createdAt }) => DateTime.fromISO(createdAt) < before);
	if (filters.length === 0) return undefined;
	return (document) => filters.every((filter) => filter(document));
}
