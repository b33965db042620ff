import type { components } from '../../nodes/InSigner/api/schema';
import { validationError } from './problems';

type ListMeta = components['schemas']['ListMeta'];

/** getting-started/pagination. */
const DEFAULT_LIMIT = 25;

/** One page of a list in the order given (newest first is inferred), with its `meta`. */
export interface Page<T> {
	readonly items: T[];
	readonly meta: ListMeta;
}

/**
 * Cuts a page out of a list (getting-started/pagination).
 *
 * @param entries newest first; `sequence` falls, and stays with an item for ever, so that items that are
 *   added or removed between two pages neither repeat nor hide others
 * @throws 422 when the cursor is none of ours
 */
export function cutPage<T>(
	entries: readonly { readonly item: T; readonly sequence: number }[],
	query: { readonly limit?: number; readonly cursor?: string } | undefined,
): Page<T> {
	const limit = query?.limit ?? DEFAULT_LIMIT;
	const before = query?.cursor === undefined ? Infinity : readCursor(query.cursor);
	const rest = entries.filter((entry) => entry.sequence < before);
	const page = rest.slice(0, limit);
	const last = page.at(-1);
	const hasMore = rest.length > page.length;
	return {
		items: page.map((entry) => entry.item),
		meta: {
			count: page.length,
			hasMore,
			nextCursor: hasMore && last ? writeCursor(last.sequence) : null,
		},
	};
}

function writeCursor(sequence: number): string {
	return Buffer.from(`after:${sequence}`).toString('base64url');
}

function readCursor(cursor: string): number {
	const sequence = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
	if (sequence === undefined)
		throw validationError([{ field: 'cursor', message: 'Invalid cursor' }]);
	return Number(sequence);
}
