import type { ApiKey } from '../apiKeys';
import type { Cloud } from '../cloud';
import { emitSignerEvent, requireDraft, touch } from '../lifecycle';
import { newSigner } from '../newDocument';
import { handle, type HandlersOf } from '../operation';
import { findOwn, findSigner } from '../ownership';
import type { Readable } from '../reads';
import { conflict } from '../problems';
import { inSigningOrder, toSigner, toSignerCreated } from '../representations';
import type { StoredDocument } from '../store';

/** api/signers. */
const MAX_SIGNERS = 50;

type SignerOperations = 'listSigners' | 'addSigner' | 'updateSigner' | 'removeSigner';

/** The operations on the signers of a document (api/signers). */
export function signerHandlers(cloud: Cloud): HandlersOf<SignerOperations> {
	const find = (caller: ApiKey, id: string, from: Readable = cloud.store): StoredDocument =>
		findOwn(from.documents, caller, id, 'Document');
	return {
		listSigners: handle('listSigners', ({ caller, path }) => {
			const document = find(caller, path.documentId, cloud.reads.current);
			return { status: 200, json: { data: inSigningOrder(document.signers).map(toSigner) } };
		}),

		addSigner: handle('addSigner', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			requireDraft(document);
			if (document.signers.length >= MAX_SIGNERS) {
				throw conflict(`A document has at most ${MAX_SIGNERS} signers`);
			}
			const signer = newSigner(cloud, body);
			document.signers.push(signer);
			touch(cloud, document);
			emitSignerEvent(cloud, 'signer.added', document, signer);
			return { status: 201, json: { data: toSignerCreated(signer) } };
		}),

		updateSigner: handle('updateSigner', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			const signer = findSigner(document, path.signerId);
			requireDraft(document);
			Object.assign(signer, body, { updatedAt: cloud.clock.iso() });
			touch(cloud, document);
			return { status: 200, json: { data: toSigner(signer) } };
		}),

		removeSigner: handle('removeSigner', ({ caller, path }) => {
			const document = find(caller, path.documentId);
			const signer = findSigner(document, path.signerId);
			requireDraft(document);
			document.signers = document.signers.filter((other) => other !== signer);
			touch(cloud, document);
			return { status: 200, json: { data: { id: signer.id, deleted: true } } };
		}),
	};
}
