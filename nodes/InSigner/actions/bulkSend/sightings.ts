import { clock } from '../../api/clock';
import type { InSignerContext } from '../../api/context';
import type { BodyOf } from '../../api/endpoint';
import { list, pages, readPage, type EntryOf } from '../../api/pagination';

/** A bulk send as the list shows it. */
export type ListedBulkSend = EntryOf<'listBulkSends'>;

/** How many pages of the newest documents are searched for those of a bulk send: twice what it can create. */
const DOCUMENT_PAGES = 10;

/** How many documents of a bulk send are compared with the recipients. */
const COMPARED_DOCUMENTS = 50;

/** The bulk sends that existed before one was posted: none of them can be the posted one. */
export interface Known {
	readonly ids: Set<string>;
	/** When the newest of them was created, by the service's own clock; in ms since 1970. */
	newestAt: number;
}

/** The result of looking for a bulk send. */
export interface BulkSendSighting {
	/** The one that was posted: it is new and for the same people. */
	readonly ours?: ListedBulkSend;
	/** IDs of new ones like it; no one can tell whose they are. */
	readonly doubtful: readonly string[];
	/** Whether inSigner could be asked at all. */
	readonly asked: boolean;
}

/** @returns what is known before anything is read */
export function nothingKnown(): Known {
	return { ids: new Set(), newestAt: Number.NEGATIVE_INFINITY };
}

/**
 * Reads the newest bulk sends. The API promises no order: if the first page isn't sorted from newest to oldest, the
 * whole list is read.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @returns at least all that are newer than the oldest one returned
 * @throws InSignerApiError as list() of api/pagination.ts
 */
export async function readNewest(ctx: InSignerContext): Promise<ListedBulkSend[]> {
	const { entries, next } = await readPage(ctx, 'listBulkSends', {});
	const falls = entries.every(
		({ createdAt }, index) =>
			index === 0 || Date.parse(createdAt) <= Date.parse(entries[index - 1]?.createdAt ?? ''),
	);
	return next === undefined || falls ? entries : await list(ctx, 'listBulkSends');
}

/**
 * Notes the bulk sends that exist before one is posted.
 *
 * @param known - what is known so far; is extended
 * @param entries - what {@link readNewest} returned
 */
export function remember(known: Known, entries: readonly ListedBulkSend[]): void {
	for (const { id, createdAt } of entries) {
		known.ids.add(String(id));
		known.newestAt = Math.max(known.newestAt, Date.parse(createdAt) || Number.NEGATIVE_INFINITY);
	}
}

/**
 * Finds the bulk send that was posted. It did not exist before, none that did is newer, it has the same name or the
 * same template and number of recipients, and its documents are for the same people. n8n's clock plays no part, since
 * it may be wrong. Another execution can post one just like it in the same minute, so the people decide.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param body - what was posted
 * @param known - what was there before
 * @param entries - what {@link readNewest} returned afterwards
 */
export async function tellOurs(
	ctx: InSignerContext,
	body: BodyOf<'createBulkSend'>,
	known: Known,
	entries: readonly ListedBulkSend[],
): Promise<BulkSendSighting> {
	const alike = entries.filter((entry) => isNew(entry, known) && isLike(entry, body));
	const ours: ListedBulkSend[] = [];
	for (const entry of alike) {
		const isForThem = await isFor(ctx, String(entry.id), body.signers).catch(() => false);
		if (isForThem) ours.push(entry);
	}
	const [only, ...others] = ours;
	if (only && others.length === 0) return { ours: only, doubtful: [], asked: true };
	return { doubtful: alike.map(({ id }) => String(id)), asked: true };
}

/**
 * Looks for the posted bulk send until it appears, for as long as may be necessary: reads can be behind, and a service
 * that gave no answer may still be at work.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param body - what was posted
 * @param known - what was there before
 * @param pauses - before each look, in milliseconds
 * @returns the result of all looks; `asked` is about the last one
 */
export async function lookFor(
	ctx: InSignerContext,
	body: BodyOf<'createBulkSend'>,
	known: Known,
	pauses: readonly number[],
): Promise<BulkSendSighting> {
	// One that was seen and is gone again still counts as seen: the next read may come from a server that is behind.
	const doubtful = new Set<string>();
	let asked = false;
	for (const pause of pauses) {
		await clock.sleep(pause);
		const seen = await readNewest(ctx)
			.then(async (entries) => await tellOurs(ctx, body, known, entries))
			.catch(() => undefined);
		if (seen?.ours) return seen;
		seen?.doubtful.forEach((id) => doubtful.add(id));
		asked = seen !== undefined;
	}
	return { doubtful: [...doubtful], asked };
}

/** Bulk sends are five minutes apart, so one that is older than any known one isn't new; it just was not read. */
function isNew({ id, createdAt }: ListedBulkSend, { ids, newestAt }: Known): boolean {
	return !ids.has(String(id)) && !(Date.parse(createdAt) < newestAt);
}

/**
 * Whether a new bulk send may be the one that was posted. There is only one in five minutes, so a name that the service
 * wrote differently isn't enough to call it another one. A missing key says nothing.
 */
function isLike(entry: ListedBulkSend, body: BodyOf<'createBulkSend'>): boolean {
	const { name, templateId, totalCount } = entry as Partial<ListedBulkSend>;
	const isSameTemplate = typeof templateId !== 'string' || templateId === body.templateId;
	const isSameCount = totalCount === undefined || Number(totalCount) === body.signers.length;
	return spaced(name ?? body.name) === spaced(body.name) || (isSameTemplate && isSameCount);
}

/** The service may trim names. */
function spaced(name: unknown): string {
	return String(name).trim().replace(/\s+/g, ' ');
}

async function isFor(
	ctx: InSignerContext,
	bulkSendId: string,
	recipients: BodyOf<'createBulkSend'>['signers'],
): Promise<boolean> {
	const people = new Set(recipients.map(({ email }) => email.toLowerCase()));
	const documents = await documentsOf(ctx, bulkSendId, recipients.length);
	const step = Math.max(1, documents.length / COMPARED_DOCUMENTS);
	const spread = documents.filter((_, index) => index % step < 1);
	for (const documentId of spread) {
		const signers = await list(ctx, 'listSigners', { path: { documentId } });
		if (!signers.some(({ email }) => people.has(email.toLowerCase()))) return false;
	}
	return spread.length > 0;
}

/** The API has no filter for it. */
async function documentsOf(
	ctx: InSignerContext,
	bulkSendId: string,
	wanted: number,
): Promise<string[]> {
	const documents: string[] = [];
	let pagesRead = 0;
	for await (const page of pages(ctx, 'listDocuments', {
		keep: (document) => String(document.bulkSendId) === bulkSendId,
	})) {
		documents.push(...page.map(({ id }) => String(id)));
		pagesRead += 1;
		if (pagesRead === DOCUMENT_PAGES || documents.length >= wanted) break;
	}
	return documents;
}
