import type { StoredDocument } from '../sandbox/sandbox';
import type { Traces } from './play';
import type { Contract, PreparedRun } from './sendings';

/** What must never happen. */
export type Wrong =
	/** Somebody was invited twice. */
	| 'DOUBLE'
	/** A contract went out, or did not, and nobody is told. */
	| 'LOST'
	/** What is told is not so. */
	| 'UNTRUE'
	/** A draft is left that nothing names. */
	| 'ORPHAN'
	/** The API key reached the storage, or stands in what n8n keeps. */
	| 'KEY'
	/** The sandbox itself broke its contract. */
	| 'SANDBOX';

export interface Violation {
	readonly wrong: Wrong;
	readonly detail: string;
}

/** Words that say that it went out, though n8n shows no output of it. */
const DONE = /Done before in this run: |was sent, although no answer said so/;

/** Words that leave open whether people were mailed. */
const OPEN = /may (or may not )?have been (sent|carried out|created)|Nobody knows whether/;

/** Words that say that nobody was mailed. */
const DENIED = /was not sent|did not send|nobody was mailed|Nothing was sent|was not sent by this/;

/** What n8n shows about a contract. */
type Told =
	| { how: 'sent'; documentId?: string }
	| { how: 'not sent' | 'open' | 'failed'; text: string }
	| { how: 'nothing' };

/**
 * Judges a run by what the service did, not by what the node says of itself, and then what the node says by it.
 *
 * @param prepared - what was wanted
 * @param traces - what came of it
 * @param apiKey - must be nowhere
 * @returns what is wrong; empty when all is well
 */
export function judge(prepared: PreparedRun, traces: Traces, apiKey: string): Violation[] {
	return [
		...doubleInvitations(traces),
		...prepared.contracts.flatMap((contract) => judgeContract(contract, traces)),
		...strangers(prepared, traces),
		...orphans(prepared, traces),
		...leaks(traces, apiKey),
	];
}

/** Addresses are of one contract alone, so nobody may be invited more than once, by whatever document. */
function doubleInvitations({ invitations }: Traces): Violation[] {
	return [...countInvitations(invitations)]
		.filter(([, count]) => count > 1)
		.map(([to, count]) => ({ wrong: 'DOUBLE', detail: `${to} was invited ${count} times` }));
}

function countInvitations(invitations: Traces['invitations']): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { to } of invitations) counts.set(to, (counts.get(to) ?? 0) + 1);
	return counts;
}

/** Invited although no contract of this run asks for it. */
function strangers({ contracts }: PreparedRun, { invitations }: Traces): Violation[] {
	const wanted = new Set(contracts.flatMap(({ due }) => due));
	return invitations
		.filter(({ to }) => !wanted.has(to))
		.map(({ to }) => ({ wrong: 'UNTRUE', detail: `${to} was invited though it was not due` }));
}

function judgeContract(contract: Contract, traces: Traces): Violation[] {
	const counts = countInvitations(traces.invitations);
	const mailed = contract.due.filter((to) => counts.has(to)).length;
	const of = `"${contract.name}": ${mailed} of ${contract.due.length} were mailed`;
	const wrong = (kind: Wrong, detail: string): Violation[] => [
		{ wrong: kind, detail: `${of}, ${detail}` },
	];

	const pending = documentsOf(contract, traces).some(({ status }) => status === 'pending');
	if (pending !== mailed > 0) return wrong('UNTRUE', `but pending is ${pending}`);
	if (mailed > 0 && mailed < contract.due.length) return wrong('LOST', 'the others were not');

	const told = whatIsTold(contract, traces);
	switch (told.how) {
		case 'sent':
			if (mailed === 0) return wrong('UNTRUE', 'but it is reported as sent');
			return told.documentId === undefined || contract.rows || isPending(told.documentId, traces)
				? []
				: wrong('UNTRUE', `but ${told.documentId}, which is reported, is not pending`);
		case 'not sent':
			return mailed === 0 ? [] : wrong('UNTRUE', `but this is said: ${told.text}`);
		case 'failed':
			return mailed === 0
				? []
				: wrong('UNTRUE', `but it is not even said to be open: ${told.text}`);
		case 'open':
			return [];
		case 'nothing':
			// Who cancels an execution before anything went out needs no words for it.
			return mailed === 0 && traces.cancelled ? [] : wrong('LOST', 'and nobody is told');
	}
}

function documentsOf(contract: Contract, { documents }: Traces): StoredDocument[] {
	return documents.filter(({ id, name }) =>
		contract.draftId !== undefined
			? id === contract.draftId
			: contract.rows
				? name.startsWith(`${contract.name} - `)
				: name === contract.name,
	);
}

function isPending(documentId: string, { documents }: Traces): boolean {
	return documents.some(({ id, status }) => id === documentId && status === 'pending');
}

function whatIsTold(contract: Contract, traces: Traces): Told {
	const items = traces.items.filter((item) => isAbout(contract, item));
	// When a cancelled node throws, Continue On Fail hands out its input items, which have no id.
	const done = items.find(({ json }) => json.error === undefined && typeof json.id === 'string');
	if (done) return { how: 'sent', documentId: String(done.json.id) };
	const failed = items.map(({ json }) =>
		[json.error, json.details].filter((part) => typeof part === 'string').join('\n'),
	);
	// n8n may not show the error of a cancelled execution; its log is what is left.
	const text = [
		...failed,
		...(traces.cancelled ? [] : [traces.error ?? '']),
		...(traces.cancelled ? linesAbout(contract, traces) : []),
	]
		.filter((part) => part !== '')
		.join('\n');
	if (isToldAsDone(contract, traces)) return { how: 'sent' };
	if (text === '') return { how: 'nothing' };
	if (contract.rows) return toldOfRows(contract, contract.rows, text);
	const asSent = documentsOf(contract, traces).find(({ id }) => isToldAsSent(id, text));
	if (asSent) return { how: 'sent', documentId: asSent.id };
	// Of a draft that was there before, the item says which one is meant.
	const isItem = failed.length > 0 || traces.errorItem === contract.item;
	const isNamed = (contract.draftId !== undefined && isItem) || names(contract, traces, text);
	if (DENIED.test(text)) return { how: 'not sent', text };
	return isNamed && OPEN.test(text) ? { how: 'open', text } : { how: 'failed', text };
}

/** A run that ends with an error or a cancellation shows no output; error or log name by id what was done. */
function isToldAsDone(contract: Contract, traces: Traces): boolean {
	const lines = [traces.error ?? '', traces.warnings].join('\n').split('\n');
	return documentsOf(contract, traces)
		.filter(({ status }) => status === 'pending')
		.some(({ id }) => lines.some((line) => DONE.test(line) && line.includes(id)));
}

/** Said of documents that were sent although n8n shows no output of the node. */
function isToldAsSent(id: string, text: string): boolean {
	const lists = [...text.matchAll(/Done before in this run: ([^.]*)\./g)];
	return text.includes(`document ${id} was sent`) || lists.some(([, ids = '']) => ids.includes(id));
}

/** Items are paired with what they are about; a bulk send is known by its name. */
function isAbout(contract: Contract, { json, pairedItem }: Traces['items'][number]): boolean {
	if (contract.rows && json.error === undefined) return json.name === contract.name;
	const paired = [pairedItem].flat();
	return paired.some(
		(pair) =>
			typeof pair === 'object' && pair !== null && 'item' in pair && pair.item === contract.item,
	);
}

/** Lines of the log that name a contract; a bulk send has only one line for all. */
function linesAbout(contract: Contract, traces: Traces): string[] {
	return traces.warnings
		.split('\n')
		.filter((line) => contract.rows !== undefined || names(contract, traces, line));
}

function names(contract: Contract, traces: Traces, text: string): boolean {
	return (
		text.includes(`"${contract.name}"`) ||
		(contract.draftId !== undefined && text.includes(contract.draftId)) ||
		documentsOf(contract, traces).some(({ id }) => text.includes(id))
	);
}

/** A batch that stopped tells of every bulk send, or of the rows that none was made for. */
function toldOfRows({ name }: Contract, rows: { from: number; to: number }, text: string): Told {
	if (text.includes(`Sent: "${name}"`)) {
		// "Not sent:" ends with the same letters in lower case, so this is the other one.
		return { how: 'sent' };
	}
	if (text.includes(`Nobody knows whether "${name}"`)) return { how: 'open', text };
	if (text.includes(`Not sent: "${name}"`)) return { how: 'not sent', text };
	for (const [, from, to] of text.matchAll(/Not sent: rows (\d+) to (\d+)/g)) {
		if (Number(from) <= rows.from && rows.to <= Number(to)) return { how: 'not sent', text };
	}
	return { how: 'nothing' };
}

/** Drafts made in this run that are still there must be named: by id, or by name where no id is known. */
function orphans({ contracts }: PreparedRun, traces: Traces): Violation[] {
	const shown = [
		traces.cancelled ? '' : (traces.error ?? ''),
		traces.warnings,
		JSON.stringify(traces.items),
	].join('\n');
	const known = new Set(contracts.map(({ draftId }) => draftId));
	return traces.documents
		.filter(({ id, status }) => status === 'draft' && !known.has(id))
		.filter(({ id, name }) => {
			if (shown.includes(id)) return false;
			const isPossible = /may (be left|have been (created|carried out))/.test(shown);
			return !(isPossible && shown.includes(name));
		})
		.map(({ id, name }) => ({
			wrong: 'ORPHAN',
			detail: `draft ${id} "${name}" is left and not named in: ${shown.slice(0, 600)}`,
		}));
}

function leaks({ requests, everything }: Traces, apiKey: string): Violation[] {
	const violations: Violation[] = [];
	if (requests.some(({ authorizationOnStorage }) => authorizationOnStorage)) {
		violations.push({ wrong: 'KEY', detail: 'the API key came to the storage' });
	}
	if (everything.includes(apiKey)) {
		violations.push({ wrong: 'KEY', detail: 'the API key is in what n8n keeps or logs' });
	}
	for (const { contractViolation } of requests) {
		if (contractViolation) violations.push({ wrong: 'SANDBOX', detail: contractViolation });
	}
	return violations;
}
