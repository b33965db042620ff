import { readDocument } from '../documents/reading';
import type { InSignerContext } from '../api/context';
import { isAboutThisOne, isGone, isRateLimited, isRefusedCursor } from '../api/errors';
import { readPage } from '../api/pagination';
import { request } from '../api/request';
import { dueIn, endedIn, observe, postpone, type Observed, type Transition } from './observe';
import { bulkSendSighting, documentSighting, type Sighting } from './sightings';
import type { Turn, Watch } from './snapshot';

/** How many more pages of the full list each poll reads, continuing where the last poll stopped. */
const SWEEP_PAGES = 5;

/** With more remembered documents that have ended than this, a poll reads more of that list, so that they can be forgotten sooner. */
const MANY_ENDED = 1_000;

/** How many pages it reads in that case: about half of polling's allowance for a minute. */
const MORE_SWEEP_PAGES = 30;

/** After this many documents that could not be read, the rest is left to the next poll. */
const MAX_UNREADABLE = 3;

const TURNS: readonly Turn[] = ['new', 'lists', 'sweep'];

interface Page {
	sightings: Sighting[];
	next?: string;
}

/** Something to watch, and the requests that show it. */
export interface Subject {
	/** The lists of what can still change, in the order in which objects move through them. */
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

/** What a poll has to work with. */
export interface Means {
	/** Whether signers matter. */
	signers: boolean;
	/** Takes one request from the allowance; false ends the poll. */
	take: () => Promise<boolean>;
	/** Called with what could not be read and is left for the next poll. */
	onUnreadable: (id: string, error: Error) => void;
}

/** Thrown when a poll has used its share of requests; what it has learned is kept. */
class ShareUsedUp extends Error {}

/**
 * Asks inSigner what happened. With d drafts, p pending documents, n new ones and c that changed since the last poll
 * it takes ceil(d/100) + ceil(p/100) + 1 + n/100 + c requests, and up to 5 more for the list of everything, of which
 * each poll reads the next part (30 while many ended ones are remembered). What the share does not cover is left to
 * the next poll, which continues where this one stopped.
 *
 * @param subject - documents or bulk sends
 * @param watch - what is known
 * @param means - what the poll may do
 * @returns what happened and what is known now
 * @throws InSignerApiError if inSigner cannot be reached
 */
export async function catchUp(
	subject: Subject,
	watch: Watch,
	means: Means,
): Promise<{ transitions: Transition[]; next: Watch }> {
	const catchingUp = new CatchingUp(subject, watch, means);
	await catchingUp.readEverything().catch((error: unknown) => {
		// Something else has used up the key's rate limit, which is treated like a used-up share.
		if (!(error instanceof ShareUsedUp) && !isRateLimited(error)) throw error;
	});
	return { transitions: catchingUp.transitions, next: catchingUp.next };
}

/** One run of catchUp(). It adds to what is known with each answer, so it can stop after any of them. */
class CatchingUp {
	readonly transitions: Transition[] = [];

	private readonly unreadable = new Set<string>();

	constructor(
		private readonly subject: Subject,
		/** What is known so far. */
		public next: Watch,
		private readonly means: Means,
	) {}

	async readEverything(): Promise<void> {
		if (this.next.starting) return await this.readStartingPoint();
		await this.readDue();
		const first = TURNS.indexOf(this.next.turn ?? 'new');
		for (const turn of [...TURNS.slice(first), ...TURNS.slice(0, first)]) {
			if (turn === 'new') await this.readNew();
			if (turn === 'lists') await this.readLists();
			if (turn === 'sweep') await this.readSweep();
			await this.readDue();
		}
		this.next = { ...this.next, turn: undefined };
	}

	private async readStartingPoint(): Promise<void> {
		while (this.next.starting?.all) await this.readAll(this.next.sweep?.cursor);
		await this.readLists();
		this.next = { ...this.next, turn: undefined };
	}

	/** Reads what needs a closer look, one at a time. */
	private async readDue(): Promise<void> {
		for (const id of dueIn(this.next)) {
			if (this.unreadable.has(id)) continue;
			if (this.unreadable.size > MAX_UNREADABLE) return;
			await this.ask(async () => await this.subject.one(id)).then(
				(sighting) => this.learn({ of: 'one', id, sighting }),
				(error: unknown) => this.notRead(id, error),
			);
		}
	}

	private notRead(id: string, error: unknown): void {
		if (isGone(error)) return this.learn({ of: 'one', id });
		if (!isAboutThisOne(error)) throw error;
		this.unreadable.add(id);
		this.next = postpone(this.next, id);
		this.means.onUnreadable(id, error);
	}

	/** Reads the newest entries; while a page brings something new, there may be more on the next one. */
	private async readNew(): Promise<void> {
		let from: string | undefined;
		do {
			const { known } = this.next;
			const page = await this.readAll(from);
			this.next = { ...this.next, turn: 'lists' };
			const { createdUpTo } = this.next;
			const bringsNew = page?.sightings.some(
				({ id, createdAt }) => !known.has(id) && createdAt > createdUpTo,
			);
			from = bringsNew ? page?.next : undefined;
		} while (from !== undefined);
	}

	/** Reads the lists of what can still change, continuing where the last poll stopped. */
	private async readLists(): Promise<void> {
		do {
			const { list, cursor } = this.next.reading ?? { list: 0 };
			const read = this.subject.lists[list];
			if (!read) return;
			const page = await this.readPage(read, cursor);
			if (page) this.learn({ of: 'list', list, ...page });
			else this.next = { ...this.next, reading: { list } };
		} while (this.next.reading);
		this.next = { ...this.next, turn: 'sweep' };
	}

	/** Reads the next part of the full list. */
	private async readSweep(): Promise<void> {
		const pages = endedIn(this.next) > MANY_ENDED ? MORE_SWEEP_PAGES : SWEEP_PAGES;
		for (let page = 0; page < pages && this.next.sweep; page++) {
			await this.readAll(this.next.sweep.cursor);
			this.next = { ...this.next, turn: 'new' };
		}
		this.next = { ...this.next, turn: 'new' };
	}

	private async readAll(from?: string): Promise<Page | undefined> {
		const page = await this.readPage(this.subject.all, from);
		if (page) this.learn({ of: 'all', from, ...page });
		// The next poll starts from the beginning.
		else this.next = { ...this.next, sweep: undefined };
		return page;
	}

	/** @returns the page; undefined if inSigner no longer accepts the cursor */
	private async readPage(read: PageReader, from?: string): Promise<Page | undefined> {
		return await this.ask(async () => await read(from)).catch((error: unknown) => {
			if (from === undefined || !isRefusedCursor(error)) throw error;
			return undefined;
		});
	}

	private async ask<T>(read: () => Promise<T>): Promise<T> {
		if (!(await this.means.take())) throw new ShareUsedUp();
		return await read();
	}

	private learn(observed: Observed): void {
		const { lists } = this.subject;
		const scope = { lists: lists.length, signers: this.means.signers };
		const { transitions, next } = observe(this.next, observed, scope);
		this.transitions.push(...transitions);
		this.next = next;
	}
}
