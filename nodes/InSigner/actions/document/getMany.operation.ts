import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { DateTime } from 'luxon';

import type { EntryOf } from '../../api/pagination';
import { FILTERS } from '../../parameters/collections';
import { parametersOf, type Parameters } from '../../parameters/parameters';
import { bulkSendPicker, campaignPicker, templatePicker } from '../../parameters/pickers';
import {
	listFilters,
	getMany as getManyOf,
	listingProperties,
	searchFilter,
	statusFilter,
} from '../listing';
import type { ItemOperation } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { simpleDocument } from './simpleDocument';

const STATUSES = ['cancelled', 'completed', 'declined', 'draft', 'expired', 'pending'] as const;

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

const createdAfterFilter: INodeProperties = {
	displayName: 'Created After',
	name: 'createdAfter',
	type: 'dateTime',
	default: '',
	description: only(`created at this time or later (${ZONE})`),
};

const createdBeforeFilter: INodeProperties = {
	displayName: 'Created Before',
	name: 'createdBefore',
	type: 'dateTime',
	default: '',
	description: only(`created before this time (${ZONE})`),
};

const search = searchFilter('documents', 'Agreement');

const status = statusFilter('documents', STATUSES, 'pending');

/** Lists documents. https://docs.insigner.co/api/documents */
export const getMany: ItemOperation = {
	menu: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many documents',
		description: 'List documents, for example to find an ID',
	},
	properties: [
		...listingProperties,
		simplifyProperty,
		listFilters([
			bulkSendFilter,
			campaignFilter,
			createdAfterFilter,
			createdBeforeFilter,
			search,
			status,
			templateFilter,
		]),
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const filters = parametersOf(ctx, itemIndex).collection(FILTERS);
		const wantedName = filters.added(search)?.text(search);
		const wantedStatus = filters.added(status)?.choice(status, STATUSES);
		return await getManyOf(
			ctx,
			'listDocuments',
			itemIndex,
			{
				query: {
					...(wantedName && { search: wantedName }),
					...(wantedStatus && { status: wantedStatus }),
				},
				keep: readListFilters(filters),
			},
			simplifier(ctx, itemIndex, simpleDocument),
		);
	},
};

type Filter = (document: EntryOf<'listDocuments'>) => boolean;

/** @returns what a document must be to be returned; undefined where nothing is asked for */
function readListFilters(entered: Parameters): Filter | undefined {
	const after = entered.added(createdAfterFilter)?.time(createdAfterFilter);
	const before = entered.added(createdBeforeFilter)?.time(createdBeforeFilter);
	const templateId = entered.added(templateFilter)?.id(templateFilter);
	const campaignId = entered.added(campaignFilter)?.id(campaignFilter);
	const bulkSendId = entered.added(bulkSendFilter)?.id(bulkSendFilter);

	const filters: Filter[] = [];
	if (templateId) filters.push((document) => document.templateId === templateId);
	if (campaignId) filters.push((document) => document.campaignId === campaignId);
	if (bulkSendId) filters.push((document) => document.bulkSendId === bulkSendId);
	if (after) filters.push(({ createdAt }) => DateTime.fromISO(createdAt) >= after);
	if (before) filters.push(({ createdAt }) => DateTime.fromISO(createdAt) < before);
	if (filters.length === 0) return undefined;
	return (document) => filters.every((filter) => filter(document));
}
