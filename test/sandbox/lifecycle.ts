import type { components } from '../../nodes/InSigner/api/schema';
import type { Cloud } from './cloud';
import { mail } from './mail';
import { newToken } from './newId';
import { badGateway, conflict, validationError } from './problems';
import { inSigningOrder, toDocumentDetail } from './representations';
import type { StoredDocument, StoredSigner } from './store';

type EventName = components['schemas']['WebhookEventName'];
type ProblemField = components['schemas']['ProblemField'];

/** Emits an event about a document; `data` is the document without signing links (inferred). */
export function emitDocumentEvent(cloud: Cloud, event: EventName, document: StoredDocument): void {
	cloud.deliveries.emit(document.organizationId, event, toDocumentDetail(document));
}

/** Emits an event about a signer; the keys of `data` are inferred. */
export function emitSignerEvent(
	cloud: Cloud,
	event: EventName,
	document: StoredDocument,
	signer: StoredSigner,
): void {
	const { id, name, email, role, status, signedAt } = signer;
	const data = { documentId: document.id, id, signerId: id, name, email, role, status, signedAt };
	cloud.deliveries.emit(document.organizationId, event, data);
}

/** Throws 409 unless the document is a draft: signers, fields and file change only then (api/fields). */
export function requireDraft(document: StoredDocument): void {
	if (document.status !== 'draft') {
		throw conflict(`The document is ${document.status}; only a draft can be changed`);
	}
}

/**
 * Whose turn it is. Approvers come before signers (api/signers); within a group all at once, or in a
 * sequential document the first by `order` (inferred). Viewers never act.
 */
export function signersInTurn(document: StoredDocument): StoredSigner[] {
	if (document.status !== 'pending') return [];
	const waiting = inSigningOrder(document.signers).filter(
		(signer) => signer.status !== 'completed',
	);
	const approvers = waiting.filter((signer) => signer.role === 'approver');
	const group =
		approvers.length > 0 ? approvers : waiting.filter((signer) => signer.role === 'signer');
	return document.signingType === 'sequential' ? group.slice(0, 1) : group;
}

/**
 * Sends a draft: it becomes pending and the signers whose turn it is are emailed (guides/embedded-signing,
 * getting-started/introduction).
 *
 * @throws 409 if it is not a draft; 409 or 422 while its file is processed; 422 if PDF, signers or signature fields
 * are missing (inferred); 502 if an email cannot be delivered, although the document is pending (inferred)
 */
export function sendDocument(cloud: Cloud, document: StoredDocument): void {
	requireDraft(document);
	requireProcessed(cloud, document);
	const missing = whatIsMissing(document, cloud.clock.now());
	if (missing.length > 0) throw validationError(missing);
	document.status = 'pending';
	touch(cloud, document);
	if (document.expiresAt !== null) {
		cloud.clock.at(Date.parse(document.expiresAt), () => expire(cloud, document));
	}
	emitDocumentEvent(cloud, 'document.sent', document);
	const undelivered = inviteNext(cloud, document);
	if (undelivered.length > 0) {
		throw badGateway(`The invitation to ${undelivered.join(', ')} could not be delivered`);
	}
}

/** Opens the document for a signer: the first time the status becomes `viewed` (inferred). */
export function viewDocument(cloud: Cloud, document: StoredDocument, signer: StoredSigner): void {
	if (signer.status !== 'pending') return;
	const isFirst = document.signers.every((other) => other.status === 'pending');
	signer.status = 'viewed';
	signer.updatedAt = cloud.clock.iso();
	touch(cloud, document);
	emitSignerEvent(cloud, 'signer.viewed', document, signer);
	if (isFirst) emitDocumentEvent(cloud, 'document.viewed', document);
}

/** Signs or approves. The next ones are emailed; after the last one the document is completed. */
export function signDocument(cloud: Cloud, document: StoredDocument, signer: StoredSigner): void {
	requireTurn(document, signer);
	signer.status = 'completed';
	signer.signedAt = cloud.clock.iso();
	signer.updatedAt = signer.signedAt;
	touch(cloud, document);
	emitSignerEvent(cloud, 'signer.completed', document, signer);
	if (signersInTurn(document).length > 0) {
		inviteNext(cloud, document);
		return;
	}
	document.status = 'completed';
	document.completedAt = cloud.clock.iso();
	for (const person of document.signers) {
		mail(cloud, document, person, person.role === 'viewer' ? 'copy' : 'completed');
	}
	emitDocumentEvent(cloud, 'document.completed', document);
}

/** Declines, which ends the document for everyone. */
export function declineDocument(
	cloud: Cloud,
	document: StoredDocument,
	signer: StoredSigner,
): void {
	requireTurn(document, signer);
	signer.status = 'declined';
	signer.updatedAt = cloud.clock.iso();
	document.status = 'declined';
	touch(cloud, document);
	emitSignerEvent(cloud, 'signer.declined', document, signer);
	emitDocumentEvent(cloud, 'document.declined', document);
}

/** Cancels a pending document. Throws 409 for any other state (inferred). */
export function cancelDocument(cloud: Cloud, document: StoredDocument): void {
	requirePending(document);
	document.status = 'cancelled';
	touch(cloud, document);
	emitDocumentEvent(cloud, 'document.cancelled', document);
}

/**
 * Emails those whose turn it is again, or one of them (inferred).
 *
 * @throws 409 if the document is not pending, or it is not this signer's turn; 502 if an email fails
 */
export function remindSigners(
	cloud: Cloud,
	document: StoredDocument,
	signerId: string | undefined,
): void {
	requirePending(document);
	const due = signersInTurn(document).filter(
		(signer) => signerId === undefined || signer.id === signerId,
	);
	if (due.length === 0) throw conflict('It is not the turn of this signer');
	const undelivered = due.filter((signer) => !mail(cloud, document, signer, 'reminder'));
	for (const signer of due) emitSignerEvent(cloud, 'signer.reminded', document, signer);
	if (undelivered.length > 0) throw badGateway('The reminder could not be delivered');
}

/** Marks a document as changed now. */
export function touch(cloud: Cloud, document: StoredDocument): void {
	document.updatedAt = cloud.clock.iso();
}

function expire(cloud: Cloud, document: StoredDocument): void {
	if (document.status !== 'pending') return;
	document.status = 'expired';
	touch(cloud, document);
	emitDocumentEvent(cloud, 'document.expired', document);
}

/** Invites those whose turn it is and who were not invited yet. Returns the addresses that could not be reached. */
function inviteNext(cloud: Cloud, document: StoredDocument): string[] {
	const uninvited = signersInTurn(document).filter((signer) => signer.token === null);
	return uninvited
		.filter((signer) => {
			signer.token = newToken();
			return !mail(cloud, document, signer, 'invitation');
		})
		.map((signer) => signer.email);
}

/** Throws while an uploaded file is processed; the documentation does not mention this. */
function requireProcessed(cloud: Cloud, { processedAt = 0 }: StoredDocument): void {
	if (processedAt <= cloud.clock.now()) return;
	const message = 'The file is still being processed';
	throw cloud.processing.status === 409
		? conflict(message)
		: validationError([{ field: 'file', message }]);
}

function whatIsMissing(document: StoredDocument, now: number): ProblemField[] {
	const missing: ProblemField[] = [];
	if (!document.pdf) missing.push({ field: 'file', message: 'A PDF must be uploaded first' });
	if (document.signers.every((signer) => signer.role === 'viewer')) {
		missing.push({ field: 'signers', message: 'At least one signer or approver is required' });
	}
	for (const signer of document.signers) {
		const signs = document.fields.some(
			(field) => field.type === 'signature' && field.assignedTo === signer.order,
		);
		if (signer.role === 'signer' && !signs) {
			missing.push({ field: 'fields', message: `${signer.email} has no signature field` });
		}
	}
	if (document.expiresAt !== null && Date.parse(document.expiresAt) <= now) {
		missing.push({ field: 'expiresAt', message: 'Must be in the future' });
	}
	return missing;
}

function requirePending(document: StoredDocument): void {
	if (document.status !== 'pending') throw conflict(`The document is ${document.status}`);
}

function requireTurn(document: StoredDocument, signer: StoredSigner): void {
	requirePending(document);
	if (!signersInTurn(document).includes(signer)) throw conflict('It is not your turn');
}
