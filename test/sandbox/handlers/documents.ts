import { signingUrl, type Cloud } from '../cloud';
import type { StoredDocument } from '../store';
import {
	cancelDocument,
	emitDocumentEvent,
	remindSigners,
	requireDraft,
	sendDocument,
	touch,
} from '../lifecycle';
import { addDraft, addUnasked, requireFuture } from '../newDocument';
import { handle, type HandlersOf } from '../operation';
import { findOwn, findSigner } from '../ownership';
import type { Readable } from '../reads';
import { cutPage } from '../pagination';
import { conflict, validationError } from '../problems';
import { toDocument, toDocumentDetail } from '../representations';
import { makeSignedPdf } from '../signedPdf';
import type { ApiKey } from '../apiKeys';

type DocumentOperations =
	| 'listDocuments'
	| 'createDocument'
	| 'getDocument'
	| 'updateDocument'
	| 'deleteDocument'
	| 'requestUpload'
	| 'sendDocument'
	| 'remindDocument'
	| 'cancelDocument'
	| 'downloadDocument';

/** The operations on documents (api/documents, guides/embedded-signing). */
export function documentHandlers(cloud: Cloud): HandlersOf<DocumentOperations> {
	const find = (caller: ApiKey, id: string, from: Readable = cloud.store): StoredDocument =>
		findOwn(from.documents, caller, id, 'Document');
	return {
		listDocuments: handle('listDocuments', ({ caller, query }) => {
			const text = query.search?.toLowerCase() ?? '';
			const wanted = cloud.reads.current.documents
				.newestFirst(caller.organizationId)
				.filter(({ item }) => query.status === undefined || item.status === query.status)
				.filter(({ item }) => item.name.toLowerCase().includes(text));
			const page = cutPage(wanted, query);
			return { status: 200, json: { data: page.items.map(toDocument), meta: page.meta } };
		}),

		createDocument: handle('createDocument', ({ caller, body }) => {
			requireFuture(body.expiresAt, cloud.clock.now());
			const document = addDraft(cloud, caller.organizationId, body);
			addUnasked(cloud, document);
			return { status: 201, json: { data: toDocument(document) } };
		}),

		getDocument: handle('getDocument', ({ caller, path }) => {
			const document = find(caller, path.documentId, cloud.reads.current);
			const data = toDocumentDetail(document, (token) => signingUrl(cloud, token));
			return { status: 200, json: { data } };
		}),

		updateDocument: handle('updateDocument', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			requireDraft(document);
			requireFuture(body.expiresAt, cloud.clock.now());
			Object.assign(document, body);
			touch(cloud, document);
			return { status: 200, json: { data: toDocument(document) } };
		}),

		deleteDocument: handle('deleteDocument', ({ caller, path }) => {
			const document = find(caller, path.documentId);
			if (document.status === 'pending') throw conflict('A pending document cannot be deleted');
			cloud.store.documents.delete(document.id);
			emitDocumentEvent(cloud, 'document.deleted', document);
			return { status: 200, json: { data: { id: document.id, deleted: true } } };
		}),

		requestUpload: handle('requestUpload', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			requireDraft(document);
			if (body.contentType !== 'application/pdf') {
				throw validationError([{ field: 'contentType', message: 'Must be application/pdf' }]);
			}
			if (body.fileSize < 1) {
				throw validationError([{ field: 'fileSize', message: 'Must be positive' }]);
			}
			const { contentType, fileSize } = body;
			const grant = cloud.presigned.grant(
				{ kind: 'upload', documentId: document.id, contentType, fileSize },
				cloud.clock.now(),
			);
			const uploadUrl = cloud.urls.storage + grant.path;
			const expiresAt = new Date(grant.expiresAt).toISOString();
			return { status: 200, json: { data: { uploadUrl, expiresAt } } };
		}),

		sendDocument: handle('sendDocument', ({ caller, path }) => {
			const document = find(caller, path.documentId);
			sendDocument(cloud, document);
			return { status: 200, json: { data: toDocument(document) } };
		}),

		remindDocument: handle('remindDocument', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			if (body?.signerId !== undefined) findSigner(document, body.signerId);
			remindSigners(cloud, document, body?.signerId);
			return { status: 200, json: { data: toDocument(document) } };
		}),

		cancelDocument: handle('cancelDocument', ({ caller, path }) => {
			const document = find(caller, path.documentId);
			cancelDocument(cloud, document);
			return { status: 200, json: { data: toDocument(document) } };
		}),

		downloadDocument: handle('downloadDocument', async ({ caller, path }) => {
			const document = find(caller, path.documentId);
			if (document.status !== 'completed') {
				throw conflict(`The document is ${document.status}; a completed one can be downloaded`);
			}
			document.signedPdf ??= await makeSignedPdf(document);
			if (cloud.forms.downloadAsBytes) return { status: 200, pdf: document.signedPdf };
			const grant = cloud.presigned.grant(
				{ kind: 'download', documentId: document.id },
				cloud.clock.now(),
			);
			const downloadUrl = cloud.urls.storage + grant.path;
			if (cloud.forms.downloadByRedirect) return { status: 302, location: downloadUrl };
			return { status: 200, json: { data: { downloadUrl } } };
		}),
	};
}
