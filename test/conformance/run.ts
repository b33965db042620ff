import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import type { Belongings, Kind } from './belongings';
import { Interrupted, type Client } from './guardedClient';
import type { ContractKeys } from './contractKeys';
import { nameOf } from './differences';
import {
	idOf,
	isItem,
	isSuccess,
	itemOf,
	itemsOf,
	statusOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import type { Seen } from './seen';

/** How long something that was just written is looked for, in milliseconds after the previous look: reads can lag. */
const LOOKS_MS = [0, 1_000, 2_000, 3_000];

/** What the steps of a run work with. */
export interface Run {
	readonly client: Client;
	readonly own: Belongings;
	readonly seen: Seen;
	readonly contract: ContractKeys;
	/** The name of everything that this run creates; no other run uses it. */
	readonly name: string;
	/** Records that something documented differs. */
	readonly differ: (where: string, what: string) => void;
	/** A line of progress. */
	readonly say: (text: string) => void;
	/** Asks the person at the terminal; undefined if there is no one. */
	readonly ask?: (question: string) => Promise<string>;
}

/** A run that may create and send documents. */
export interface SendingRun extends Run {
	/** The only mailbox that anything is sent to. */
	readonly sendTo: string;
}

/** A step could not continue; the others can. */
export class CannotGoOn extends Error {}

/**
 * Runs one step; what stops it is reported and does not stop the others.
 *
 * @param run - the run
 * @param title - what it does, for the progress and the report
 * @param work - the step
 * @param rows - inferences that are not looked at if it stops
 * @throws Interrupted if the run was
 */
export async function step(
	run: Run,
	title: string,
	work: () => Promise<void>,
	rows: readonly number[] = [],
): Promise<void> {
	run.say(title);
	run.client.step = title;
	try {
		await work();
	} catch (error) {
		if (error instanceof Interrupted) throw error;
		const why = error instanceof Error ? error.message : String(error);
		run.say(`  could not go on: ${why}`);
		run.seen.remarks.add(`"${title}" could not go on: ${why}`);
		for (const row of rows) run.seen.why.set(row, `Not reached: ${why}`);
	}
}

/**
 * Continues only if a request was carried out.
 *
 * @param endpoint - what was asked
 * @param answer - what came back
 * @throws CannotGoOn
 */
export function mustWork(endpoint: EndpointName, answer: Answer): void {
	if (!isSuccess(answer)) throw new CannotGoOn(`${nameOf(endpoint)} answered ${wordsOf(answer)}`);
}

/**
 * Records how an inferred endpoint answered for something that exists.
 *
 * @param run - the run
 * @param endpoint - what was used
 * @param answer - what came back
 * @returns whether it was carried out
 */
export function noteUse(run: Run, endpoint: EndpointName, answer: Answer): boolean {
	const { status } = answer;
	const missing = status === 404 || status === 405 || status === 501;
	const unclear = status === 401 || status === 403 || status === 429 || status >= 500;
	const words = wordsOf(answer);
	const is = missing ? 'absent' : unclear ? 'unclear' : 'there';
	run.seen.endpoints.set(endpoint, { is, by: 'use', words });
	if (endpoint.startsWith('delete') || endpoint.startsWith('remove')) {
		if (isSuccess(answer)) run.seen.deletions.push({ endpoint, words });
	}
	if (!isSuccess(answer) && !missing && !unclear) {
		run.seen.effects.set(endpoint, { done: false, words: `was refused: ${words}` });
	}
	return isSuccess(answer);
}

/**
 * Reads until something shows up.
 *
 * @param run - the run
 * @param read - reads once
 * @param isThere - whether it shows
 * @param looksMs - when to look, in milliseconds after the previous look
 * @returns what was read last
 */
export async function lookUntil(
	run: Run,
	read: () => Promise<Answer>,
	isThere: (answer: Answer) => boolean,
	looksMs: readonly number[] = LOOKS_MS,
): Promise<Answer> {
	let answer = await read();
	for (const pause of looksMs.slice(1)) {
		if (isThere(answer)) break;
		await run.client.pause(pause);
		answer = await read();
	}
	return answer;
}

/**
 * Records what was just created.
 *
 * @param run - the run
 * @param kind - what it is
 * @param answer - the answer to creating it
 * @returns its id; undefined if the answer has none
 */
export function noteMade(run: Run, kind: Kind, answer: Answer): string | undefined {
	const id = idOf(itemOf(answer));
	if (id !== undefined) run.own.add(kind, id);
	return id;
}

/**
 * Records whether a list that does not have to page mentions pages.
 *
 * @param run - the run
 * @param endpoint - the list
 * @param answer - what came back
 */
export function noteMeta(run: Run, endpoint: EndpointName, answer: Answer): void {
	if (isSuccess(answer) && isItem(answer.body)) {
		run.seen.listMeta.set(endpoint, 'meta' in answer.body);
	}
}

/**
 * Finds documents of this run by name, including those whose creation got no answer.
 *
 * @param run - the run
 * @returns those that exist, as listed
 */
export async function documentsByName(run: Run): Promise<Item[]> {
	const answer = await run.client.call('listDocuments', {
		query: { search: run.name, limit: 100 },
	});
	const found = itemsOf(answer).filter(
		({ name }) => typeof name === 'string' && name.startsWith(run.name),
	);
	for (const item of found) {
		const id = idOf(item);
		if (id !== undefined) run.own.add('document', id);
	}
	return found;
}

/**
 * Creates a draft of this run.
 *
 * @param run - the run
 * @param label - tells it from the others of the run
 * @param signingType - signing type of the draft
 * @returns its id
 * @throws CannotGoOn if none was created
 */
export async function makeDraft(
	run: Run,
	label: string,
	signingType: 'sequential' | 'parallel',
): Promise<string> {
	const name = `${run.name}, ${label}`;
	const answer = await run.client.call('createDocument', {
		body: {
			name,
			signingType,
			message: 'A test of n8n-nodes-insigner. There is nothing to sign.',
			// What could not be removed expires by itself.
			expiresAt: new Date(Date.now() + 2 * 24 * 3_600_000).toISOString(),
		},
	});
	mustWork('createDocument', answer);
	run.seen.lacking.set('createDocument', lackingOf(run, answer, 'draft'));
	const id = noteMade(run, 'document', answer);
	if (id !== undefined) return id;
	const found = (await documentsByName(run)).find((item) => item.name === name);
	const foundId = found && idOf(found);
	if (foundId === undefined) throw new CannotGoOn('the answer to POST /documents has no id');
	return foundId;
}

/**
 * What an answer lacks compared with a document in a list.
 *
 * @param run - the run
 * @param answer - answer of an operation that is only known to return an id
 * @param status - the status it should give
 */
export function lackingOf(run: Run, answer: Answer, status: string): string[] {
	const { body } = answer;
	if (body === undefined) return [`answers ${answer.status} without a body`];
	const item = itemOf(answer);
	const data = isItem(body) ? body.data : undefined;
	const wrapped = isItem(data) && 'id' in data ? [] : ['has no id in data'];
	const missing = run.contract.requiredOf('Document').filter((key) => !(key in item));
	return [
		...wrapped,
		...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
		...('status' in item && statusOf(item) !== status
			? [`tells the status ${statusOf(item)} instead of ${status}`]
			: []),
	];
}
