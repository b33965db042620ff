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
 * @param entries newest first; `sequence` falls, and an item keeps its own forever, so that items that are added or
 * removed between two pages neither repeat nor hide others
 * @throws 422 if the cursor is not one of ours
 */
export function cutPage<T>(
	entries: readonly { readonly item: T; readonly sequence: number }[],
	query: { readonly limit?: number; readonly cursor?: string } | undefined,
): Page<T> {
	const limit = query?.limit ?? DEFAULT_LIMIT;
	const before = query?.cursor === undefined ? Infinity : readCursor(query.cursor);
	const skipped = query?.cursor === undefined ? 0 : (numberIn(query.cursor, 'skip') ?? 0);
	const rest = entries.slice(skipped).filter((entry) => entry.sequence < before);
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
	if (numberIn(cursor, 'skip') !== undefined) return Infinity;
	const sequence = numberIn(cursor, 'after');
	if (sequence === undefined)
		throw validationError([{ field: 'cursor', message: 'Invalid cursor' }]);
	return sequence;
}

function numberIn(cursor: string, kind: 'after' | 'skip'): number | undefined {
	const [, number] = new RegExp(`^${kind}:(\\d+)$`).exec(decoded(cursor)) ?? [];
	return number === undefined ? undefined : Number(number);
}

function decoded(cursor: string): string {
	return Buffer.from(cursor, 'base64url').toString();
}

/** A cursor that skips so many items, for forms of lists that have no other position. */
export function cursorAfter(items: number): string {
	return Buffer.from(`skip:${items}`).toString('base64url');
}
