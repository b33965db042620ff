import { addressOf } from './addresses';
import { itemsOf, statusOf } from './exchange';
import type { SendingRun } from './run';
import type { Seen } from './seen';

/** What only a person can see. Answering each question with yes means "as inferred". */
function questionsFor(
	sendTo: string,
): ReadonlyArray<{ about: keyof Seen['person']; text: string }> {
	return [
		{
			about: 'places',
			text:
				'An email from inSigner should have come. Open its link. Does every field stand on the frame with ' +
				'its name? (Do not sign.)',
		},
		{
			about: 'owners',
			text: 'Can you fill in the fields marked "person 1", and none marked "person 2"?',
		},
		{
			about: 'emails',
			text: `Did one email come, to ${sendTo}, and none to ${addressOf(sendTo, 2)}?`,
		},
	];
}

/**
 * Asks the person at the terminal to look at what was sent. Asks nothing if there is no one.
 *
 * @param run - the run
 * @param documentId - what was sent
 */
export async function look(run: SendingRun, documentId: string): Promise<void> {
	if (!run.ask) return;
	for (const { about, text } of questionsFor(run.sendTo)) {
		const said = (
			await run.ask(`${text}\n(y)es, (n)o and what you see instead, or Enter to skip:`)
		).trim();
		const [, word = '', remark = ''] = /^(y|yes|n|no)\b[\s,.:]*(.*)$/is.exec(said) ?? [];
		if (word !== '') run.seen.person[about] = { yes: /^y/i.test(word), remark };
	}
	if (!run.seen.person.places) return;
	const signers = await run.client.call('listSigners', { path: { documentId } });
	for (const signer of itemsOf(signers)) {
		if (statusOf(signer)) run.seen.signerStatuses.add(statusOf(signer));
	}
	run.seen.opened = true;
}
