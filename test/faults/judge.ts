import type { StoredDocument } from '../sandbox/sandbox';
import { claimsOf, denialsOfTheRun, lastClaimOf, sentencesOf, type Claims } from './claims';
import type { Traces } from './play';
import type { Contract, PreparedRun } from './sendings';

/** What must never happen. */
export type Wrong =
	/** Someone was emailed twice. */
	| 'TWICE'
	/** Someone was not emailed, or was, and no message says for which contract. */
	| 'LOST'
	/** Someone was emailed who was not asked for, or got someone else's field. */
	| 'PERSON'
	/** A document was sent without the values it was to hold. */
	| 'VALUE'
	/** What people are told is not true. */
	| 'FALSE'
	/** A draft is left behind that no message names. */
	| 'DRAFT'
	/** The API key reached the storage, or is in what n8n keeps. */
	| 'KEY'
	/** The sandbox itself broke its contract. */
	| 'SANDBOX';

export interface Violation {
	readonly wrong: Wrong;
	readonly detail: string;
}

/**
 * Judges a run by the mailbox, once everything late has arrived, and then checks what the node says against the
 * mailbox.
 *
 * @param prepared - what was wanted
 * @param traces - what resulted
 * @returns what is wrong; empty if all is well
 */
export function judge(prepared: PreparedRun, traces: Traces): Violation[] {
	return [
		...twice(traces),
		...strangers(prepared, traces),
		...prepared.contracts.flatMap((contract) => othersFields(contract, traces)),
		...prepared.contracts.flatMap((contract) => withoutValues(contract, traces)),
		...prepared.contracts.flatMap((contract) => judgeContract(contract, prepared, traces)),
		...falseOfTheRun(traces),
		...falseOfDrafts(traces),
		...draftsLeft(prepared, traces),
		...leaks(traces),
	];
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Each address belongs to one contract only, so no one may be emailed more than once, by any document. */
function twice({ emails }: Traces): Violation[] {
	const counts = new Map<string, number>();
	for (const { to } of emails)
		counts.set(to.toLowerCase(), (counts.get(to.toLowerCase()) ?? 0) + 1);
	return [...counts]
		.filter(([, count]) => count > 1)
		.map(([to, count]) => ({ wrong: 'TWICE', detail: `${to} was emailed ${count} times` }));
}

/** Emailed although no contract of this run asks for it. */
function strangers({ contracts }: PreparedRun, { emails }: Traces): Violation[] {
	const wanted = new Set(contracts.flatMap(({ due }) => due.map((to) => to.toLowerCase())));
	return emails
		.filter(({ to }) => !wanted.has(to.toLowerCase()))
		.map(({ to }) => ({ wrong: 'PERSON', detail: `${to} was emailed though it was not due` }));
}

/** Fields of a document that was sent must belong to those they were meant for. */
function othersFields({ due, owners = [] }: Contract, traces: Traces): Violation[] {
	const sent = traces.documents.filter(({ id }) =>
		traces.emails.some(
			({ to, documentId }) => documentId === id && due.some((one) => same(one, to)),
		),
	);
	const near = (one: number, other: number): boolean => Math.abs(one - other) < 1;
	return sent.flatMap(({ id, fields, signers }) =>
		owners.flatMap(({ x, y, email }): Violation[] => {
			const field = fields.find((one) => near(one.x, x) && near(one.y, y));
			const holders = signers.filter(({ order }) => order === field?.assignedTo);
			const [holder] = holders;
			if (field && holder && holders.length === 1 && same(holder.email, email)) return [];
			const whose = holders.map((one) => one.email).join(' and ') || 'no one';
			const detail = `the field of ${email} at ${x}, ${y} of ${id} is that of ${whose}`;
			return [{ wrong: 'PERSON', detail }];
		}),
	);
}

/** A document that the node sent holds the values, locked. If using a template sends it, it is out of its hands. */
function withoutValues({ values = [], name }: Contract, traces: Traces): Violation[] {
	if (!traces.requests.some(({ operationId }) => operationId === 'sendDocument')) return [];
	const sent = traces.documents.filter((one) => one.name === name && one.status !== 'draft');
	return sent.flatMap(({ id, fields }) =>
		values.flatMap(({ label, value }): Violation[] => {
			const field = fields.find((one) => one.label === label);
			if (field?.defaultValue === value && field.readOnly) return [];
			const detail = `${label} of ${id} is ${String(field?.defaultValue)} instead of ${value}, locked`;
			return [{ wrong: 'VALUE', detail }];
		}),
	);
}

function judgeContract(contract: Contract, prepared: PreparedRun, traces: Traces): Violation[] {
	const { due, name } = contract;
	const emails = traces.emails.filter(({ to }) => due.some((one) => same(one, to)));
	const emailed = due.filter((to) => emails.some((email) => same(email.to, to))).length;
	const of = `"${name}": ${emailed} of ${due.length} were emailed`;
	const wrong = (kind: Wrong, detail: string): Violation[] => [
		{ wrong: kind, detail: `${of}, ${detail}` },
	];
	const told = whatIsTold(contract, prepared, traces);

	if (told.documentId !== undefined) {
		if (emailed === 0) return wrong('FALSE', 'but it is reported as sent');
		if (emailed < due.length) return wrong('LOST', 'but it is reported as sent');
		return contract.rows || emails.every(({ documentId }) => documentId === told.documentId)
			? []
			: wrong('FALSE', `but ${told.documentId} is reported, which is another document`);
	}
	const { sent, denied, open } = told.claims;
	if (emailed > 0) {
		if (denied) return wrong('FALSE', `but this is said: ${told.text}`);
		if (emailed < due.length && !open) return wrong('LOST', `and this is all: ${told.text}`);
		if (sent || (open && (told.isNamed || traces.cancelled))) return [];
		if (open) return wrong('LOST', `and the message does not name it: ${told.text}`);
		return told.text === ''
			? wrong('LOST', 'and no one is told')
			: wrong('FALSE', `but it is not even said to be open: ${told.text}`);
	}
	if (sent && !open && !denied) return wrong('FALSE', `but this is said: ${told.text}`);
	// Someone who cancels an execution before anything was sent needs no message about it.
	if (traces.cancelled || told.isAnothers) return [];
	if (told.text === '') return wrong('LOST', 'and no one is told');
	return told.isNamed ? [] : wrong('LOST', `and the message does not name it: ${told.text}`);
}

/** What n8n shows about a contract. */
interface Told {
	/** For an output item: the document, or bulk send, that was sent. */
	readonly documentId?: string;
	readonly text: string;
	readonly claims: Claims;
	/** Whether the message names the contract. */
	readonly isNamed: boolean;
	/** Whether the node stopped with an error about another item, so that this one never had its turn. */
	readonly isAnothers: boolean;
}

function whatIsTold(contract: Contract, { contracts }: PreparedRun, traces: Traces): Told {
	const items = traces.items.filter((item) => isAbout(contract, item));
	// When a cancelled node throws, Continue On Fail outputs its input items, which have no id.
	const done = items.find(({ json }) => json.error === undefined && typeof json.id === 'string');
	const others = contracts.filter((other) => other !== contract);
	const error = traces.cancelled ? undefined : traces.error;
	const failed = items.flatMap(({ json }) => (typeof json.error === 'string' ? [json.error] : []));
	const messages = [...failed, ...(error ? [error.message] : [])];
	const details = [
		...items.flatMap(({ json }) => (typeof json.details === 'string' ? [json.details] : [])),
		...(error?.description === undefined ? [] : [error.description]),
	];
	// n8n does not show the error of a cancelled execution; only its log remains.
	const log = traces.cancelled ? [traces.warnings] : [];
	const all = sentencesOf([...messages, ...details, ...log].join('\n'));
	const mine = all.filter((sentence) => names(contract, traces, sentence));
	const nobodys = all.filter(
		(sentence) =>
			!mine.includes(sentence) && !others.some((other) => names(other, traces, sentence)),
	);
	const isAnothers =
		failed.length === 0 &&
		error?.item !== undefined &&
		error.item !== contract.item &&
		contract.rows === undefined;
	// For a bulk send, the sentences that name it count, if there are any.
	const relevant =
		isAnothers || traces.cancelled || (contract.rows && mine.length > 0)
			? mine
			: [...mine, ...nobodys];
	return {
		...(done && { documentId: String(done.json.id) }),
		text: relevant.join(' '),
		claims: traces.cancelled
			? lastClaimOf(mine)
			: claimsOf([...relevant, ...doneSentences(contract, traces)]),
		isNamed: messages.some((message) => names(contract, traces, message)),
		isAnothers,
	};
}

/** A run that ends with an error or a cancellation shows no output; error or log name what was done by id. */
function doneSentences(contract: Contract, traces: Traces): string[] {
	return sentencesOf([traces.error?.description ?? '', traces.warnings].join('\n')).filter(
		(sentence) =>
			/Done before in this run: |was sent, although no answer said so/.test(sentence) &&
			names(contract, traces, sentence),
	);
}

/** Items are paired with their contracts; a bulk send is known by its name. */
function isAbout(contract: Contract, { json, pairedItem }: Traces['items'][number]): boolean {
	if (contract.rows && json.error === undefined) return json.name === contract.name;
	const paired = [pairedItem].flat();
	return paired.some(
		(pair) =>
			typeof pair === 'object' && pair !== null && 'item' in pair && pair.item === contract.item,
	);
}

/** By its name or its id; a bulk send by its rows, too. */
function names(contract: Contract, traces: Traces, text: string): boolean {
	const { name, rows, documentId } = contract;
	if (hasWord(text, name)) return true;
	if (documentId !== undefined && text.includes(documentId)) return true;
	if (!rows) return documentsOf(contract, traces).some(({ id }) => text.includes(id));
	return [...text.matchAll(/\b(?:row|item)s? (\d+)(?: (?:to|-) (\d+))?/gi)].some(
		([, from, to = from]) => Number(from) <= rows.from && rows.to <= Number(to),
	);
}

function hasWord(text: string, word: string): boolean {
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
		// "Bulk r1" is not named by "Bulk r1 (1/2)", nor by "Bulk r12".
		if (!/^( \(\d+\/|[\w-])/.test(text.slice(at + word.length))) return true;
	}
	return false;
}

function documentsOf(contract: Contract, { documents }: Traces): StoredDocument[] {
	return documents.filter(({ id, name }) =>
		contract.documentId === undefined ? name === contract.name : id === contract.documentId,
	);
}

/** "Nothing was sent to inSigner" is about the whole run, unless it says what else it is about. */
function falseOfTheRun(traces: Traces): Violation[] {
	if (traces.emails.length === 0) return [];
	const shown = traces.items.flatMap(({ json }) => [json.error, json.details]);
	const { message, description } = (traces.cancelled ? undefined : traces.error) ?? {};
	const texts = [message, description, ...shown].filter((text) => typeof text === 'string');
	return denialsOfTheRun(sentencesOf(texts.join('\n'))).map((sentence) => ({
		wrong: 'FALSE',
		detail: `"${sentence}" is said, though ${traces.emails.length} were emailed`,
	}));
}

/** Everything that is said in words. */
function everythingSaid({ cancelled, error, warnings, items }: Traces): string {
	const ofItems = items.flatMap(({ json }) => [json.error, json.details]);
	return [
		...(error && !cancelled ? [error.message, error.description ?? ''] : []),
		warnings,
		...ofItems.filter((text) => typeof text === 'string'),
	].join('\n');
}

/** What is said about a draft: that it was deleted, or that it still exists. */
function falseOfDrafts(traces: Traces): Violation[] {
	return [...new Set(sentencesOf(everythingSaid(traces)))].flatMap((sentence): Violation[] => {
		if (/\b(may|might)\b/.test(sentence)) return [];
		const exists = (id: string): boolean => traces.documents.some((one) => one.id === id);
		const ids = [...sentence.matchAll(/\b(cm[0-9a-f]{18})\b/g)].map(([, id = '']) => id);
		const isDeleted = /\bwas deleted\b/.test(sentence);
		const isThere = /\bwas kept\b|\bis still there\b/.test(sentence);
		return ids
			.filter((id) => (isDeleted && exists(id)) || (isThere && !isDeleted && !exists(id)))
			.map((id) => ({ wrong: 'FALSE', detail: `of ${id} this is said: ${sentence}` }));
	});
}

/** Drafts made in this run that still exist must be named: by id, or by name if no id is known. */
function draftsLeft({ contracts }: PreparedRun, traces: Traces): Violation[] {
	const said = everythingSaid(traces);
	const shown = said + JSON.stringify(traces.items);
	const known = new Set(contracts.map(({ documentId }) => documentId));
	return traces.documents
		.filter(({ id, status }) => status === 'draft' && !known.has(id))
		.filter(({ id, name }) => {
			if (shown.includes(id)) return false;
			// "An empty draft may be left. Drafts named X: ..." counts too.
			return !sentencesOf(said).some(
				(sentence, index, all) =>
					hasWord(sentence, name) && /\b(may|might)\b/.test(`${all[index - 1] ?? ''} ${sentence}`),
			);
		})
		.map(({ id, name }) => ({
			wrong: 'DRAFT',
			detail: `draft ${id} "${name}" is left and not named in: ${shown.slice(0, 600)}`,
		}));
}

function leaks({ requests, keyShown }: Traces): Violation[] {
	const violations: Violation[] = [];
	if (requests.some(({ authorizationOnStorage }) => authorizationOnStorage)) {
		violations.push({ wrong: 'KEY', detail: 'the API key came to the storage' });
	}
	if (keyShown) {
		violations.push({ wrong: 'KEY', detail: 'the API key is in what n8n keeps or logs' });
	}
	for (const { contractViolation } of requests) {
		if (contractViolation) violations.push({ wrong: 'SANDBOX', detail: contractViolation });
	}
	return violations;
}
