import { NodeOperationError } from 'n8n-workflow';

import type { InSignerContext } from './context';
import type { DataOf, ListEndpointName, QueryOf } from './endpoint';
import { request, type ApiAnswer, type RequestOptions } from './request';

/** What a list says about its pages; only the cursor is documented. */
type ListMeta = NonNullable<ApiAnswer<unknown>['meta']> & { page?: number; totalPages?: number };

/** The largest page size of the API (getting-started/pagination). */
export const MAX_PAGE_SIZE = 100;

/** Documented without paging parameters. If they answer with a cursor anyway, it is followed. */
const UNPAGED: readonly ListEndpointName[] = ['listSigners', 'listFields', 'listMembers'];

export interface ListOptions<E extends ListEndpointName> extends Omit<RequestOptions<E>, 'body'> {
	/** The maximum number of entries to return; undefined = all. */
	limit?: number;
	/** Which entries to return if the API has no filter for it. Pages are then read in full size. */
	keep?: (entry: EntryOf<E>) => boolean | Promise<boolean>;
}

/** One entry of a list. */
export type EntryOf<E extends ListEndpointName> =
	DataOf<E> extends ReadonlyArray<infer T extends object> ? T : never;

/** One page of a list, and where the next one begins; undefined on the last page. */
export interface Page<E extends ListEndpointName> {
	entries: Array<EntryOf<E>>;
	next?: string;
}

/**
 * Reads one page of a list.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a list of the table in endpoints.ts
 * @param options - path ids, filters and the maximum number of entries (100 if left out)
 * @param cursor - where to begin, from the page before; the beginning if left out
 * @returns the page
 * @throws InSignerApiError as request() does; NodeOperationError when the next page is this one
 * @see https://docs.insigner.co/getting-started/pagination
 */
export async function readPage<E extends ListEndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	{ limit = MAX_PAGE_SIZE, ...options }: ListOptions<E>,
	cursor?: string,
): Promise<Page<E>> {
	const query = {
		...options.query,
		...(!UNPAGED.includes(endpoint) && { limit: Math.min(limit, MAX_PAGE_SIZE) }),
		...placeOf(cursor),
	} as QueryOf<E>;
	const { data, meta } = await request(ctx, endpoint, { ...options, query });
	const entries = data as Array<EntryOf<E>>;
	const next = nextOf(meta);
	// A service that claims forever that there is more ends in empty pages.
	const isEnd = entries.length === 0 && (next === cursor || isNumber(next));
	if (next === undefined || isEnd) return { entries };
	if (next === cursor) throw samePageTwice(ctx, options.itemIndex);
	return { entries, next };
}

/** Prefix of a page number that is kept in place of a cursor. */
const PAGE = 'page:';

function isNumber(next: string | undefined): boolean {
	return next?.startsWith(PAGE) ?? false;
}

/**
 * Where the next page begins, in the form in which {@link placeOf} understands it. A cursor is documented; if the
 * service numbers its pages instead, it is the number of the next one. Lists below a document come without meta: that
 * is their only page.
 */
function nextOf(meta: Partial<ListMeta> | undefined): string | undefined {
	if (!meta) return undefined;
	const { hasMore, nextCursor, page, totalPages } = meta;
	if (nextCursor) return hasMore ? nextCursor : undefined;
	const isThereMore = totalPages === undefined ? hasMore : Number(page) < Number(totalPages);
	return page !== undefined && isThereMore ? `${PAGE}${Number(page) + 1}` : undefined;
}

/** The query that asks for a page. */
function placeOf(next: string | undefined): { cursor?: string; page?: number } {
	if (!next) return {};
	return isNumber(next) ? { page: Number(next.slice(PAGE.length)) } : { cursor: next };
}

/**
 * Reads a list page by page, asking for no more than the caller still wants. Memory is bounded by the page.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a list of the table in endpoints.ts
 * @param options - path ids, filters and the limit
 * @returns the pages, the last one cut to the limit; with `keep` some may be empty
 * @throws InSignerApiError as request() does; NodeOperationError when the service repeats a cursor
 * @see https://docs.insigner.co/getting-started/pagination
 */
export async function* pages<E extends ListEndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	options: ListOptions<E> = {},
): AsyncGenerator<Array<EntryOf<E>>> {
	const { keep } = options;
	const seen = new Set<string>();
	let wanted = options.limit ?? Number.POSITIVE_INFINITY;
	const first = keep ? MAX_PAGE_SIZE : wanted;
	let cursor: string | undefined;

	while (wanted > 0) {
		// Which entries a numbered page holds depends on its size.
		const limit = keep || isNumber(cursor) ? first : wanted;
		const { entries, next } = await readPage(ctx, endpoint, { ...options, limit }, cursor);
		const page: Array<EntryOf<E>> = [];
		for (const entry of entries) {
			if (page.length >= wanted) break;
			if (!keep || (await keep(entry))) page.push(entry);
		}
		wanted -= page.length;
		yield page;

		if (next === undefined) return;
		cursor = next;
		if (seen.has(cursor)) {
			throw samePageTwice(ctx, options.itemIndex);
		}
		seen.add(cursor);
	}
}

/**
 * Reads a list into memory.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a list of the table in endpoints.ts
 * @param options - path ids, filters and the limit
 * @returns all entries, or as many as the limit allows
 * @throws as {@link pages}
 */
export async function list<E extends ListEndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	options: ListOptions<E> = {},
): Promise<Array<EntryOf<E>>> {
	const entries: Array<EntryOf<E>> = [];
	for await (const page of pages(ctx, endpoint, options)) entries.push(...page);
	return entries;
}

function samePageTwice(ctx: InSignerContext, itemIndex?: number): NodeOperationError {
	return new NodeOperationError(
		ctx.getNode(),
		'inSigner returned the same page twice, so the list cannot be read to its end',
		{
			itemIndex,
			description: 'Run it again. If it stays, tell inSigner support about the repeated cursor.',
		},
	);
}
