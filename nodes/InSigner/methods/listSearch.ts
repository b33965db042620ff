import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { chosenDocument } from '../parameters/pickers';
import { list, readPage } from '../api/pagination';

/** Entries a picker shows per page. */
const PAGE_SIZE = 50;

/** How many pages one search reads at most, if the API cannot search. */
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

/**
 * Templates with one signer slot whose name contains the filter, for the Template picker of bulk sends: a recipient
 * fills one slot.
 */
export async function searchTemplatesForBulkSend(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { found, next } = await searchPages(
		async (from) => await readPage(this, 'listTemplates', pageOf(filter), from),
		// A count that is missing says nothing against it.
		({ _count: count }: { _count?: { signers?: number } }) => (count?.signers ?? 1) === 1,
		cursor,
	);
	return { results: found.map(({ id, name }) => ({ name, value: id })), paginationToken: next };
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

/** Bulk sends whose name contains the filter; the API cannot search them, so each page is filtered here. */
export async function searchBulkSends(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { found, next } = await searchPages(
		async (from) => await readPage(this, 'listBulkSends', {}, from),
		contains(filter),
		cursor,
	);
	return { results: found.map(withStatus), paginationToken: next };
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

/**
 * Reads pages of what the API cannot search until one holds something: the editor considers an empty page the end of
 * the list.
 */
async function searchPages<T>(
	read: (cursor: string | undefined) => Promise<{ entries: T[]; next?: string }>,
	isWanted: (entry: T) => boolean,
	cursor: string | undefined,
): Promise<{ found: T[]; next: string | undefined }> {
	let next = cursor;
	for (let page = 0; page < MAX_PAGES; page++) {
		const { entries, next: following } = await read(next);
		const found = entries.filter(isWanted);
		next = following;
		if (found.length > 0 || !next) return { found, next };
	}
	return { found: [], next };
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
