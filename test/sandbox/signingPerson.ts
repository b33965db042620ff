import { request, type Dispatcher } from 'undici';
import { signingUrl, type Cloud } from './cloud';
import { signersInTurn } from './lifecycle';

/**
 * Does over HTTP what a person does with the signing link: opens the page, then signs or declines.
 *
 * @throws if there is no such document or signer, it is not the turn of this signer, or the page refuses
 */
export async function actOnPage(
	cloud: Cloud,
	dispatcher: Dispatcher,
	documentId: string,
	signerEmail: string,
	action: 'sign' | 'decline',
): Promise<void> {
	const document = cloud.store.documents.get(documentId);
	if (!document) throw new Error(`No document ${documentId}`);
	const signer = signersInTurn(document).find((person) => person.email === signerEmail);
	if (!signer || signer.token === null) {
		const states = document.signers.map((person) => `${person.email} ${person.status}`).join(', ');
		const state = `${document.status}: ${states}`;
		throw new Error(`It is not the turn of ${signerEmail} to ${action} ${documentId} (${state})`);
	}
	const page = signingUrl(cloud, signer.token);
	await expectPage(dispatcher, 'GET', page);
	await expectPage(dispatcher, 'POST', `${page}/${action}`);
}

async function expectPage(
	dispatcher: Dispatcher,
	method: 'GET' | 'POST',
	url: string,
): Promise<void> {
	const response = await request(url, { method, dispatcher });
	await response.body.dump();
	if (response.statusCode !== 200) throw new Error(`${method} ${url}: ${response.statusCode}`);
}
