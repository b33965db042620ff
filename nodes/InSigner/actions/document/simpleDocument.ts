import type { DataOf } from '../../api/endpoint';
import type { EntryOf } from '../../api/pagination';
import { pick } from '../simplify';

type Signer = DataOf<'getDocument'>['signers'][number];

/**
 * A document without what a workflow rarely needs.
 *
 * @param document - with or without its signers
 * @returns up to ten keys; each signer with its signing link if there is one
 */
export function simpleDocument(
	document: EntryOf<'listDocuments'> & { signers?: Signer[] },
): object {
	return {
		...pick(document, [
			'id',
			'name',
			'status',
			'createdAt',
			'expiresAt',
			'completedAt',
			'templateId',
			'campaignId',
			'bulkSendId',
		]),
		...(document.signers && { signers: document.signers.map(simpleSigner) }),
	};
}

function simpleSigner(signer: Signer): object {
	return pick(signer, ['id', 'name', 'email', 'role', 'status', 'order', 'signedAt', 'signingUrl']);
}
