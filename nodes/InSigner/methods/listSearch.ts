import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { list } from '../api/pagination';
import { request } from '../api/request';

/** Entries a picker shows per page. */
const PAGE_SIZE = 50;

/** Documents whose name contains the filter, a page at a time; for the Document picker. */
export async function searchDocuments(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { data, meta } = await request(this, 'listDocuments', {
		query: { limit: PAGE_SIZE, ...(filter && { search: filter }), ...(cursor && { cursor }) },
	});
	return {
		results: data.map(({ id, name, status }) => ({ name: `${name} (${status})`, value: id })),
		paginationToken: nextCursor(meta),
	};
}

/** Templates whose name contains the filter, a page at a time; for the Template picker. */
export async function searchTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { data, meta } = await request(this, 'listTemplates', {
		query: { limit: PAGE_SIZE, ...(filter && { search: filter }), ...(cursor && { cursor }) },
	});
	return {
		results: data.map(({ id, name }) => ({ name, value: id })),
		paginationToken: nextCursor(meta),
	};
}

/** Bulk sends whose name contains the filter; the API cannot search them, so each page is filtered here. */
export async function searchBulkSends(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { data, meta } = await request(this, 'listBulkSends', {
		query: { limit: PAGE_SIZE, ...(cursor && { cursor }) },
	});
	const wanted = filter.toLowerCase();
	return {
		results: data
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.map(({ id, name, status }) => ({ name: `${name} (${status})`, value: id })),
		paginationToken: nextCursor(meta),
	};
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

function nextCursor(meta?: { hasMore: boolean; nextCursor: string | null }): string | undefined {
	return meta?.hasMore && meta.nextCursor ? meta.nextCursor : undefined;
}
