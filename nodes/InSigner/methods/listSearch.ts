import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { chosenDocument } from '../parameters/pickers';
import { list, readPage } from '../api/pagination';

/** Entries a picker shows per page. */
const PAGE_SIZE = 50;

/** How many pages one search reads at the most, where the API cannot search. */
const MAX_PAGES = 20;

/** Documents whose name contains the filter, a page at a time; for the Document picker. */
export async function searchDocuments(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { entries, next } = await readPage(this, 'listDocuments', pageOf(filter), cursor);
	return { results: entries.map(withStatus), paginationToken: next };
}

/** Templates whose name contains the filter, a page at a time; for the Template picker. */
export async function searchTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { entries, next } = await readPage(this, 'listTemplates', pageOf(filter), cursor);
	return {
		results: entries.map(({ id, name }) => ({ name, value: id })),
		paginationToken: next,
	};
}

/** Campaigns whose name contains the filter, a page at a time; for the Campaign picker. */
export async function searchCampaigns(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { entries, next } = await readPage(this, 'listCampaigns', pageOf(filter), cursor);
	return { results: entries.map(withStatus), paginationToken: next };
}

/**
 * Bulk sends whose name contains the filter; the API cannot search them, so each page is filtered here. The
 * editor takes an empty page for the end of the list, so reading goes on until something is found.
 */
export async function searchBulkSends(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	let next = cursor;
	for (let page = 0; page < MAX_PAGES; page++) {
		const read = await readPage(this, 'listBulkSends', {}, next);
		const found = read.entries.filter(contains(filter));
		next = read.next;
		if (found.length > 0 || !next) return { results: found.map(withStatus), paginationToken: next };
	}
	return { results: [], paginationToken: next };
}

/** Webhooks whose address or description contains the filter; there are 10 at the most. */
export async function searchWebhooks(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const wanted = filter.toLowerCase();
	const webhooks = await list(this, 'listWebhooks');
	return {
		results: webhooks
			.map(({ id, url, status, description }) => ({
				name: `${description || url} (${status})`,
				description: url,
				value: id,
			}))
			.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted)),
	};
}

/** Signers of the chosen document whose name or address contains the filter, in signing order. */
export async function searchSigners(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const documentId = chosenDocument(this, 'signers');
	const signers = await list(this, 'listSigners', { path: { documentId } });
	const results = signers.map(({ id, name, email, status }) => ({
		name: `${name}, ${email} (${status})`,
		value: id,
	}));
	return { results: results.filter(contains(filter)) };
}

/** Fields of the chosen document whose label or type contains the filter, by page and position. */
export async function searchFields(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const documentId = chosenDocument(this, 'fields');
	const fields = await list(this, 'listFields', { path: { documentId } });
	const results = fields.map(({ id, label, type, page, assignedTo }) => ({
		name: `${label || type} (${type}, page ${page}, signer ${assignedTo + 1})`,
		value: id,
	}));
	return { results: results.filter(contains(filter)) };
}

function contains(filter: string): (entry: { name: string }) => boolean {
	return ({ name }) => name.toLowerCase().includes(filter.toLowerCase());
}

function withStatus({ id, name, status }: { id: string; name: string; status: string }) {
	return { name: `${name} (${status})`, value: id };
}

function pageOf(search: string | undefined) {
	return { limit: PAGE_SIZE, query: { ...(search && { search }) } };
}
