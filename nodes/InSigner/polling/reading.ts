import { readDocument } from '../documents/reading';
import type { InSignerContext } from '../api/context';
import { isAboutThisOne, isGone, isRateLimited, isRefusedCursor } from '../api/errors';
import { readPage } from '../api/pagination';
import { request } from '../api/request';
import { dueIn, endedIn, observe, postpone, type Observed, type Transition } from './observe';
import { bulkSendSighting, documentSighting, type Sighting } from './sightings';
import type { Turn, Watch } from './snapshot';

/** Pages of the list of everything that each poll reads beyond the first, from where the one before stopped. */
const SWEEP_PAGES = 5;

/** Ended documents that are remembered before a poll reads more of it, so that they can be forgotten soon. */
const MANY_ENDED = 1_000;

/** Pages it reads then; about half of what polling may take in a minute. */
const MORE_SWEEP_PAGES = 30;

/** Documents that a poll tries to read in vain before it leaves the reading of others to the next one. */
const MAX_UNREADABLE = 3;

const TURNS: readonly Turn[] = ['new', 'lists', 'sweep'];

interface Page {
	sightings: Sighting[];
	next?: string;
}

/** Something to watch, and the requests that show it. */
export interface Subject {
	/** The lists of what can still change, in the order in which things move through them. */
	lists: readonly PageReader[];
	all: PageReader;
	one: (id: string) => Promise<Sighting>;
}

/** Reads a page, from the beginning or from a cursor. */
type PageReader = (cursor?: string) => Promise<Page>;

/**
 * A list of documents.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param status - only documents in this state
 * @see https://docs.insigner.co/api/documents
 */
export function documentList(
	ctx: InSignerContext,
	status?: 'draft' | 'pending' | 'completed' | 'declined' | 'cancelled' | 'expired',
): PageReader {
	return async (cursor) => {
		const { entries, next } = await readPage(ctx, 'listDocuments', { query: { status } }, cursor);
		return { sightings: entries.map(documentSighting), next };
	};
}

/**
 * A list of bulk sends.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param status - only bulk sends in this state
 * @see https://docs.insigner.co/api/bulk-send
 */
export function bulkSendList(
	ctx: InSignerContext,
	status?: 'processing' | 'completed' | 'failed',
): PageReader {
	return async (cursor) => {
		const { entries, next } = await readPage(ctx, 'listBulkSends', { query: { status } }, cursor);
		return { sightings: entries.map(bulkSendSighting), next };
	};
}

/** @param ctx - any n8n context with the credential inSignerApi */
export function documents(ctx: InSignerContext): Subject {
	return {
		lists: [documentList(ctx, 'draft'), documentList(ctx, 'pending')],
		all: documentList(ctx),
		one: async (id) => documentSighting(await readDocument(ctx, id)),
	};
}

/** @param ctx - any n8n context with the credential inSignerApi */
export function bulkSends(ctx: InSignerContext): Subject {
	return {
		lists: [bulkSendList(ctx, 'processing')],
		all: bulkSendList(ctx),
		one: async (bulkSendId) =>
			bulkSendSighting((await request(ctx, 'getBulkSend', { path: { bulkSendId } })).data),
	};
}

/** What a poll may do. */
export interface Means {
	/** Whether signers matter. */
	signers: boolean;
	/** Takes one request of the allowance; false ends the poll. */
	take: () => Promise<boolean>;
	/** Told what could not be read and is left for the next poll. */
	onUnreadable: (id: string, error: Error) => void;
}

/** Ends a poll that has had its share of requests; what it learnt stays. */
class ShareUsedUp extends Error {}

/**
 * Asks inSigner what happened. With d drafts, p pending documents, n new ones and c that changed since the last
 * poll it takes ceil(d/100) + ceil(p/100) + 1 + n/100 + c requests, and up to 5 more for the list of everything, of
 * which each poll reads the next part (30 while many ended ones are remembered). What the share does not cover is done by the next poll, where this one stopped.
 *
 * @param subject - documents or bulk sends
 * @param watch - what is known
 * @param means - what the poll may do
 * @returns what happened and what is known now
 * @throws InSignerApiError when inSigner cannot be asked
 */
export async function catchUp(
	subject: Subject,
	watch: Watch,
	means: Means,
): Promise<{ transitions: Transition[]; next: Watch }> {
	const scope = { lists: subject.lists.length, signers: means.signers };
	const transitions: Transition[] = [];
	let next = watch;
	const unreadable = new Set<string>();

	const ask = async <T>(read: () => Promise<T>): Promise<T> => {
		if (!(await means.take())) throw new ShareUsedUp();
		return await read();
	};
	const learn = (observed: Observed) => {
		const result = observe(next, observed, scope);
		transitions.push(...result.transitions);
		({ next } = result);
	};
	const readAll = async (from?: string) => {
		const page = await ask(async () => await subject.all(from)).catch((error: unknown) => {
			if (from === undefined || !isRefusedCursor(error)) throw error;
			return undefined;
		});
		if (page) learn({ of: 'all', from, ...page });
		// From the beginning again, in the next poll.
		else next = { ...next, sweep: undefined };
		return page;
	};
	const readNew = async () => {
		let from: string | undefined;
		do {
			const { known } = next;
			const page = await readAll(from);
			next = { ...next, turn: 'lists' };
			// As long as a page brings something new, there may be more behind it.
			const bringsNew = page?.sightings.some(
				({ id, createdAt }) => !known.has(id) && createdAt > next.createdUpTo,
			);
			from = bringsNew ? page?.next : undefined;
		} while (from !== undefined);
	};
	const readLists = async () => {
		do {
			const { list, cursor } = next.reading ?? { list: 0 };
			const read = subject.lists[list];
			if (!read) return;
			const page = await ask(async () => await read(cursor)).catch((error: unknown) => {
				if (cursor === undefined || !isRefusedCursor(error)) throw error;
				return undefined;
			});
			if (page) learn({ of: 'list', list, ...page });
			else next = { ...next, reading: { list } };
		} while (next.reading);
		next = { ...next, turn: 'sweep' };
	};
	const readSweep = async () => {
		const pages = endedIn(next) > MANY_ENDED ? MORE_SWEEP_PAGES : SWEEP_PAGES;
		for (let page = 0; page < pages && next.sweep; page++) {
			await readAll(next.sweep.cursor);
			next = { ...next, turn: 'new' };
		}
		next = { ...next, turn: 'new' };
	};
	const readDue = async () => {
		for (const id of dueIn(next)) {
			if (unreadable.has(id)) continue;
			if (unreadable.size > MAX_UNREADABLE) return;
			await ask(async () => await subject.one(id)).then(
				(sighting) => learn({ of: 'one', id, sighting }),
				(error: unknown) => {
					if (isGone(error)) return learn({ of: 'one', id });
					if (!isAboutThisOne(error)) throw error;
					unreadable.add(id);
					next = postpone(next, id);
					means.onUnreadable(id, error);
				},
			);
		}
	};

	const readEverything = async () => {
		if (next.starting) {
			while (next.starting?.all) await readAll(next.sweep?.cursor);
			await readLists();
			next = { ...next, turn: undefined };
			return;
		}
		await readDue();
		const first = TURNS.indexOf(next.turn ?? 'new');
		for (const turn of [...TURNS.slice(first), ...TURNS.slice(0, first)]) {
			await { new: readNew, lists: readLists, sweep: readSweep }[turn]();
			await readDue();
		}
		next = { ...next, turn: undefined };
	};
	await readEverything().catch((error: unknown) => {
		// Another process, or an action, has used up the key: as good as the share being used up.
		if (!(error instanceof ShareUsedUp) && !isRateLimited(error)) throw error;
	});
	return { transitions, next };
}
