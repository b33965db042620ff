import { isOurs, peopleIn } from './addresses';
import { nameOf } from './differences';
import {
	idOf,
	isItem,
	isSuccess,
	itemOf,
	itemsOf,
	numberOf,
	statusOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import { look } from './looking';
import { CannotGoOn, lackingOf, lookUntil, noteUse, step, type SendingRun } from './run';

/** When sending is tried again, in milliseconds: a service may process an uploaded file for a while. */
const FILE_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/**
 * Sends the main document to the address of the run, checks links and reminders, and cancels it.
 *
 * @param run - the run
 * @param documentId - the main document
 */
export async function sendMainDocument(run: SendingRun, documentId: string): Promise<void> {
	let isSent = false;
	await step(
		run,
		'The document to send: send',
		async () => {
			await send(run, documentId);
			isSent = true;
		},
		[3, 4, 27],
	);
	if (!isSent) return;
	await step(run, 'The document to send: links', async () => await readLinks(run, documentId), [
		27,
	]);
	await step(run, 'The document to send: look at it', async () => await look(run, documentId));
	await step(run, 'The document to send: remind', async () => await remind(run, documentId), [3]);
	await step(run, 'The document to send: download', async () => await download(run, documentId));
	await step(run, 'The document to send: cancel', async () => await cancel(run, documentId), [4]);
}

/** Sends a draft once it is sure that only the person who runs this can get it. */
async function send(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	await requireOnlyUs(run, documentId);
	let answer = await run.client.call('sendDocument', { path });
	for (const pause of FILE_PAUSES_MS) {
		if (answer.status !== 409 && answer.status !== 422) break;
		// Only a file that is not there yet is worth waiting for.
		if (await hasFile(run, documentId)) break;
		await run.client.pause(pause);
		await requireOnlyUs(run, documentId);
		answer = await run.client.call('sendDocument', { path });
	}
	if (!isSuccess(answer)) {
		if ((answer.status === 409 || answer.status === 422) && !(await hasFile(run, documentId))) {
			run.differ(
				nameOf('requestUpload'),
				'is not enough: the storage took the file, but the document has none, so a step to confirm it seems to be missing',
			);
		}
		throw new CannotGoOn(`${nameOf('sendDocument')} answered ${wordsOf(answer)}`);
	}
	run.seen.lacking.set('sendDocument', lackingOf(run, answer, 'pending'));
}

/**
 * Reads all people of a document again.
 *
 * @throws CannotGoOn unless it is a draft whose people are all at the address of the run
 */
async function requireOnlyUs(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const document = await run.client.call('getDocument', { path });
	const signers = await run.client.call('listSigners', { path });
	const refuse = (why: string): never => {
		throw new CannotGoOn(`it is not sent, because ${why}`);
	};
	if (!isSuccess(document) || !isSuccess(signers)) refuse('its people could not be read');
	const { name, _count } = itemOf(document);
	if (typeof name !== 'string' || !name.startsWith(run.name)) refuse('its name is not ours');
	if (statusOf(itemOf(document)) !== 'draft') refuse('it is no draft');
	const people = [...peopleIn(document), ...peopleIn(signers)];
	const strangers = people.filter((email) => !isOurs(run.sendTo, email));
	if (strangers.length > 0) refuse('the service has added someone who is not at your address');
	const listed = itemsOf(signers).length;
	const counted = isItem(_count) ? numberOf(_count.signers) : undefined;
	if (listed < 2) refuse('its signers are not all shown');
	if (counted !== undefined && counted !== listed) {
		refuse(`it counts ${counted} signers and shows ${listed}`);
	}
}

async function hasFile(run: SendingRun, documentId: string): Promise<boolean> {
	const answer = await run.client.call('getDocument', { path: { documentId } });
	return (numberOf(itemOf(answer).fileSize) ?? 0) > 0;
}

async function readLinks(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const answer = await lookUntil(
		run,
		async () => await run.client.call('getDocument', { path }),
		(read) => statusOf(itemOf(read)) === 'pending',
	);
	const item = itemOf(answer);
	const status = statusOf(item);
	if (status !== 'pending') {
		run.differ(nameOf('sendDocument'), `leaves the document ${status || 'without a status'}`);
	}
	const people = item.signers ?? item.recipients;
	if (!Array.isArray(people)) {
		run.differ(nameOf('getDocument'), 'has no signers with signingUrl after sending');
		throw new CannotGoOn('the document shows no signers');
	}
	const has = (person: number): boolean =>
		people.some(
			(one: unknown) =>
				isItem(one) &&
				run.seen.signers.some(
					({ id, sentOrder, signingType }) =>
						id === idOf(one) && sentOrder === person - 1 && signingType === 'sequential',
				) &&
				typeof one.signingUrl === 'string' &&
				one.signingUrl !== '',
		);
	run.seen.links = { first: has(1), second: has(2) };
	if (!has(1)) {
		run.differ(nameOf('getDocument'), 'has no signingUrl of the first signer after sending');
	}
	noteStatuses(run, people.filter(isItem));
}

function noteStatuses(run: SendingRun, signers: Item[]): void {
	for (const signer of signers) {
		if (statusOf(signer)) run.seen.signerStatuses.add(statusOf(signer));
	}
}

async function remind(run: SendingRun, documentId: string): Promise<void> {
	const answer = await run.client.call('remindDocument', { path: { documentId } });
	if (!noteUse(run, 'remindDocument', answer)) return;
	run.seen.effects.set('remindDocument', { done: true, words: wordsOf(answer) });
}

/** Nothing is signed, so a refusal is expected. */
async function download(run: SendingRun, documentId: string): Promise<void> {
	const answer = await run.client.call('downloadDocument', { path: { documentId } });
	noteUse(run, 'downloadDocument', answer);
	run.seen.effects.delete('downloadDocument');
	if (isSuccess(answer)) {
		run.seen.remarks.add(`A pending document can be downloaded: ${wordsOf(answer)}`);
	}
}

async function cancel(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	let answer = await run.client.call('cancelDocument', {
		path,
		body: { reason: 'The test is over' },
	});
	if (answer.status === 400 || answer.status === 422) {
		run.seen.remarks.add(`A reason for cancelling is refused: ${wordsOf(answer)}`);
		answer = await run.client.call('cancelDocument', { path });
	}
	if (!noteUse(run, 'cancelDocument', answer)) return;
	const isCancelled = (read: Answer): boolean => statusOf(itemOf(read)) === 'cancelled';
	const read = await lookUntil(
		run,
		async () => await run.client.call('getDocument', { path }),
		isCancelled,
	);
	run.seen.effects.set('cancelDocument', {
		done: isCancelled(read),
		words: isCancelled(read) ? wordsOf(answer) : `the document is ${statusOf(itemOf(read))}`,
	});
}
