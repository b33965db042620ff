import { Interrupted } from './guardedClient';
import { idOf, isSuccess, itemOf, itemsOf, statusOf, wordsOf, type Answer } from './exchange';
import { documentsByName, lookUntil, type Run } from './run';

/** How often something that gets no answer is tried. */
const TRIES = 3;
const PAUSE_MS = 2_000;

/**
 * Removes everything that a run has created, including what got no answer when it was created.
 *
 * @param run - the run
 * @returns what is left, as sentences for a person
 * @throws Interrupted if the person did not want to wait for it
 */
export async function removeEverything(run: Run): Promise<string[]> {
	const left: string[] = [];
	const attempt = async (
		what: string,
		remove: () => Promise<string | undefined>,
	): Promise<void> => {
		for (let tried = 1; ; tried += 1) {
			try {
				const problem = await remove();
				if (problem !== undefined) left.push(`${what}: ${problem}`);
				return;
			} catch (error) {
				if (error instanceof Interrupted) throw error;
				if (tried < TRIES) {
					await run.client.pause(PAUSE_MS);
					continue;
				}
				const why = error instanceof Error ? error.message : String(error);
				left.push(`${what}: ${why}`);
				return;
			}
		}
	};
	await attempt('The list of documents', async () => {
		await documentsByName(run);
		return undefined;
	});
	await attempt('The list of webhooks', async () => {
		const list = await run.client.call('listWebhooks', { query: { limit: 100 } });
		for (const item of itemsOf(list).filter(({ description }) => description === run.name)) {
			const id = idOf(item);
			if (id !== undefined) run.own.add('webhook', id);
		}
		return undefined;
	});
	for (const webhookId of run.own.left('webhook')) {
		await attempt(`Webhook ${webhookId}`, async () => await removeWebhook(run, webhookId));
	}
	for (const documentId of run.own.left('document')) {
		await attempt(`Document ${documentId}`, async () => await removeDocument(run, documentId));
	}
	for (const bulkSendId of run.own.left('bulkSend')) {
		await attempt(`Bulk send ${bulkSendId}`, async () => await removeBulkSend(run, bulkSendId));
	}
	return left;
}

async function removeWebhook(run: Run, webhookId: string): Promise<string | undefined> {
	const path = { webhookId };
	const answer = await run.client.call('deleteWebhook', { path });
	if (await isGone(run, webhookId, async () => await run.client.call('getWebhook', { path }))) {
		return undefined;
	}
	const off = await run.client.call('updateWebhook', { path, body: { status: 'inactive' } });
	return `deleting answered ${wordsOf(answer)}${isSuccess(off) ? '; it is switched off' : ''}`;
}

/** A document that was sent is cancelled first: a pending one cannot be deleted. */
async function removeDocument(run: Run, documentId: string): Promise<string | undefined> {
	const path = { documentId };
	const read = async (): Promise<Answer> => await run.client.call('getDocument', { path });
	const document = itemOf(await read());
	const what = `${statusOf(document)}, named "${String(document.name)}"`;
	if (statusOf(document) === 'pending') {
		const cancelled = await run.client.call('cancelDocument', { path });
		if (!isSuccess(cancelled)) {
			return `${what}; cancelling answered ${wordsOf(cancelled)}`;
		}
	}
	const answer = await run.client.call('deleteDocument', { path });
	if (await isGone(run, documentId, read)) return undefined;
	return `${what}; deleting answered ${wordsOf(answer)}`;
}

async function removeBulkSend(run: Run, bulkSendId: string): Promise<string | undefined> {
	const path = { bulkSendId };
	const answer = await run.client.call('deleteBulkSend', { path });
	if (await isGone(run, bulkSendId, async () => await run.client.call('getBulkSend', { path }))) {
		return undefined;
	}
	return `deleting answered ${wordsOf(answer)}`;
}

/** What still exists can be read, whatever the answer to deleting: a missing endpoint also answers 404. */
async function isGone(run: Run, id: string, read: () => Promise<Answer>): Promise<boolean> {
	const { status } = await lookUntil(run, read, (answer) => answer.status === 404, [0, 1_000]);
	if (status === 404) run.own.remove(id);
	return status === 404;
}
