import { isOurs, peopleIn } from './addresses';
import { idOf, isSuccess, itemOf, itemsOf, wordsOf, type Item } from './exchange';
import { mustWork, noteMade, noteUse, type SendingRun } from './run';
import { slotCountOf } from './template';

/**
 * A bulk send to one person, the address of the run. Only if asked for.
 *
 * @param run - the run
 * @param templates - as listed
 */
export async function tryBulkSend(run: SendingRun, templates: readonly Item[]): Promise<void> {
	const template = templates.find((one) => slotCountOf(one) === 1);
	const templateId = template && idOf(template);
	if (templateId === undefined) {
		run.seen.why.set(17, 'The account has no template with exactly one slot.');
		return;
	}
	const detail = await run.client.call('getTemplate', { path: { templateId } });
	if (!isSuccess(detail) || JSON.stringify(itemOf(detail).signers ?? '@').includes('@')) {
		run.seen.why.set(17, 'The template names people of its own, so it is not used.');
		return;
	}
	const answer = await run.client.call('createBulkSend', {
		body: { templateId, name: run.name, signers: [{ name: 'Person 1', email: run.sendTo }] },
	});
	mustWork('createBulkSend', answer);
	const bulkSendId = noteMade(run, 'bulkSend', answer);
	if (bulkSendId === undefined) {
		run.seen.why.set(17, 'The answer to POST /bulk-sends has no id.');
		return;
	}
	await claimDocuments(run, bulkSendId);
	const removal = await run.client.call('deleteBulkSend', { path: { bulkSendId } });
	if (!noteUse(run, 'deleteBulkSend', removal)) return;
	const after = await run.client.call('getBulkSend', { path: { bulkSendId } });
	if (after.status === 404) run.own.remove(bulkSendId);
	run.seen.effects.set('deleteBulkSend', {
		done: after.status === 404,
		words: after.status === 404 ? wordsOf(removal) : 'the bulk send is still there',
	});
}

/** The documents of a bulk send belong to the run too, as far as they are certainly its own. */
async function claimDocuments(run: SendingRun, bulkSendId: string): Promise<void> {
	const list = await run.client.call('listDocuments', { query: { limit: 100 } });
	for (const item of itemsOf(list).filter((one) => String(one.bulkSendId) === bulkSendId)) {
		const documentId = idOf(item);
		if (documentId === undefined) continue;
		const signers = await run.client.call('listSigners', { path: { documentId } });
		const people = peopleIn(signers);
		if (people.length > 0 && people.every((email) => isOurs(run.sendTo, email))) {
			run.own.add('document', documentId);
		}
	}
}
