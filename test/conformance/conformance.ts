import { randomBytes } from 'node:crypto';

import { loadContract } from '../sandbox/contract';
import { addressOf } from './addresses';
import { Belongings } from './belongings';
import { tryBulkSend } from './bulk';
import { Client, Interrupted } from './guardedClient';
import { ContractKeys } from './contractKeys';
import { compareWith, counted, type Difference } from './differences';
import { changeDraft } from './draft';
import type { Exchange } from './exchange';
import { makeMainDocument } from './mainDocument';
import { INFERENCES, type Inference } from './inferences';
import type { Verdict } from './judging';
import { readOnly, type Existing } from './readOnly';
import { removeEverything } from './removal';
import { step, type Run, type SendingRun } from './run';
import { nothingSeen, type Seen } from './seen';
import { sendMainDocument } from './sending';
import { templateToTry, useTemplate } from './template';
import { tryWebhook } from './webhook';

/** The name of everything that is created. */
export const DOCUMENT_NAME = 'n8n-nodes-insigner conformance';

export interface ConformanceOptions {
	readonly baseUrl: string;
	readonly apiKey: string;
	/** Undefined: only read. */
	readonly sendTo?: string;
	readonly bulk?: boolean;
	/** Called with what is about to happen; returns whether it may. */
	readonly consent: (plan: string) => Promise<boolean>;
	/** Asks the person at the terminal; undefined if there is no one. */
	readonly ask?: (question: string) => Promise<string>;
	readonly say: (text: string) => void;
	/** Ends the run; what it has created is still removed. */
	readonly interrupted: AbortSignal;
	/** Ends the removal too. */
	readonly abandoned?: AbortSignal;
}

/** An inference and its verdict. */
export interface Judged {
	readonly inference: Inference;
	readonly verdict: Verdict;
}

export interface Outcome {
	readonly runName: string;
	readonly verdicts: readonly Judged[];
	/** Answers that differ from the contract. */
	readonly differences: readonly Difference[];
	/** Keys and values that are not in the contract. */
	readonly news: readonly Difference[];
	readonly remarks: readonly string[];
	/** What could not be removed. */
	readonly left: readonly string[];
	readonly exchanges: readonly Exchange[];
	readonly interrupted: boolean;
}

/**
 * Checks the inferences against a service.
 *
 * @param options - which service, and what may be done there
 * @returns what was seen, whatever it was
 * @throws CannotStart if the key is refused; Error if the base URL is refused
 */
export async function runConformance(options: ConformanceOptions): Promise<Outcome> {
	const own = new Belongings();
	const seen = nothingSeen();
	const contract = new ContractKeys();
	const differed: Array<Omit<Difference, 'times'>> = [];
	const { sendTo, say, interrupted } = options;
	const client = new Client({
		baseUrl: options.baseUrl,
		apiKey: options.apiKey,
		own,
		...(sendTo !== undefined && { sendTo }),
		signal: interrupted,
		onWait: (ms) => say(`  waiting ${Math.ceil(ms / 1000)} s for the rate limit`),
	});
	const run: Run = {
		client,
		own,
		seen,
		contract,
		name: `${DOCUMENT_NAME} ${randomBytes(4).toString('hex')}`,
		differ: (where, what) => void differed.push({ where, what }),
		say,
		...(options.ask && { ask: options.ask }),
	};
	let wasInterrupted = false;
	let left: string[] = [];
	try {
		const existing = await readOnly(run);
		if (sendTo !== undefined) await makeAndSend({ ...run, sendTo }, existing, options);
	} catch (error) {
		if (!(error instanceof Interrupted)) throw error;
		wasInterrupted = true;
		say('Interrupted.');
	} finally {
		if (client.mayMake) left = await clearUp(run, options.abandoned);
	}
	const { exchanges } = client;
	const { differences, news } = compareWith(exchanges, await loadContract(), contract);
	return {
		runName: run.name,
		verdicts: judge(seen, wasInterrupted),
		differences: [...differences, ...counted(differed)],
		news,
		remarks: [...seen.remarks],
		left,
		exchanges,
		interrupted: wasInterrupted,
	};
}

/**
 * Whether anything differs from what this project assumes.
 *
 * @param outcome - outcome of a run
 */
export function isAnythingRefuted({ verdicts, differences }: Outcome): boolean {
	return differences.length > 0 || verdicts.some(({ verdict }) => verdict.is === 'refuted');
}

/** What a run does, for the person who has to agree. */
export function planOf(sendTo: string, existing: Existing, bulk: boolean): string {
	const template = templateToTry(existing.templates);
	return [
		'This will, in the account of the key:',
		`  - make ${template ? 'three documents' : 'two documents'} named "${DOCUMENT_NAME} ..."${template ? ', one of them of the first template with one to three slots' : ''},`,
		`  - send one of them to ${sendTo} (its second signer is ${addressOf(sendTo, 2)}), remind, and cancel it,`,
		'  - make a webhook to an address that no one has,',
		...(bulk ? [`  - make a bulk send to ${sendTo} alone,`] : []),
		'  - and remove all of that again.',
		`It takes about ${bulk ? 90 : 80} requests more, in one or two minutes, and ${bulk ? 'three' : 'two'} emails to ${sendTo}`,
		'(more where inSigner also tells of a cancellation). No one else is emailed.',
	].join('\n');
}

async function makeAndSend(
	run: SendingRun,
	existing: Existing,
	{ consent, bulk = false }: ConformanceOptions,
): Promise<void> {
	if (!(await consent(planOf(run.sendTo, existing, bulk)))) {
		if (run.client.signal.aborted) throw new Interrupted();
		run.say('Nothing was made.');
		return;
	}
	run.client.mayMake = true;
	await step(run, 'A webhook to no one', async () => await tryWebhook(run), [18, 19]);
	await changeDraft(run);
	const template = templateToTry(existing.templates);
	if (template) {
		await step(run, 'A document of a template', async () => await useTemplate(run, template), [13]);
	} else {
		run.seen.why.set(13, 'The account has no template with one to three slots.');
	}
	let documentId: string | undefined;
	await step(
		run,
		'The document to send: PDF, signers, fields of every type',
		async () => {
			documentId = await makeMainDocument(run);
		},
		[3, 4, 9, 10, 11, 12, 27],
	);
	if (documentId !== undefined) await sendMainDocument(run, documentId);
	if (bulk) {
		await step(
			run,
			'A bulk send to one person',
			async () => await tryBulkSend(run, existing.templates),
			[17],
		);
	}
}

async function clearUp(run: Run, abandoned = new AbortController().signal): Promise<string[]> {
	run.say('Removing what was made');
	run.client.step = 'Removing';
	run.client.signal = abandoned;
	try {
		return await removeEverything(run);
	} catch (error) {
		if (!(error instanceof Interrupted)) throw error;
		return run.own
			.left('document')
			.concat(run.own.left('webhook'))
			.map((id) => `${id}: removal was interrupted`);
	}
}

function judge(seen: Seen, wasInterrupted: boolean): Judged[] {
	return INFERENCES.map((inference) => {
		const verdict = inference.judge(seen) ?? {
			is: 'not tested' as const,
			text:
				seen.why.get(inference.number) ??
				(wasInterrupted && !inference.byHand ? 'The run was interrupted.' : inference.untested),
		};
		return { inference, verdict };
	});
}
