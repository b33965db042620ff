import type { components } from '../../nodes/InSigner/api/schema';
import type { Cloud } from './cloud';
import { OWNER_EMAIL } from './forms';
import { emitDocumentEvent } from './lifecycle';
import { newId } from './newId';
import { validationError } from './problems';
import type { StoredDocument, StoredSigner, StoredTemplate } from './store';

type Schemas = components['schemas'];

/** What can be set for a new document; everything else has its default. */
export type DocumentValues = Schemas['DocumentCreate'] & {
	templateId?: string;
	bulkSendId?: string;
	pdf?: Uint8Array;
};

/** Throws 422 when `expiresAt` is not in the future (api/documents; the code is inferred). */
export function requireFuture(expiresAt: string | undefined, now: number): void {
	if (expiresAt !== undefined && Date.parse(expiresAt) <= now) {
		throw validationError([{ field: 'expiresAt', message: 'Must be in the future' }]);
	}
}

/** Creates a draft without signers and fields (api/documents) and emits `document.created`. */
export function addDraft(
	cloud: Cloud,
	organizationId: string,
	values: DocumentValues,
): StoredDocument {
	const now = cloud.clock.iso();
	const document = cloud.store.documents.add({
		id: newId('cm'),
		organizationId,
		name: values.name,
		status: 'draft',
		signingType: values.signingType ?? 'sequential',
		message: values.message ?? null,
		expiresAt: values.expiresAt === undefined ? null : new Date(values.expiresAt).toISOString(),
		completedAt: null,
		createdAt: now,
		updatedAt: now,
		templateId: values.templateId ?? null,
		campaignId: null,
		bulkSendId: values.bulkSendId ?? null,
		folderId: values.folderId ?? null,
		pdf: values.pdf ?? null,
		signedPdf: null,
		signers: [],
		fields: [],
	});
	emitDocumentEvent(cloud, 'document.created', document);
	return document;
}

/** A new signer of a document; `role` is signer and `order` 0 when left out (api/signers). */
export function newSigner(cloud: Cloud, values: Schemas['SignerCreate']): StoredSigner {
	const now = cloud.clock.iso();
	return {
		id: newId('sr_'),
		email: values.email,
		name: values.name,
		phone: values.phone ?? null,
		role: values.role ?? 'signer',
		status: 'pending',
		order: values.order ?? 0,
		signedAt: null,
		createdAt: now,
		updatedAt: now,
		token: null,
	};
}

/** Gives a document its file: at once, or once it was processed. */
export function takeFile(cloud: Cloud, document: StoredDocument, file: Uint8Array): void {
	const finish = (): void => {
		document.pdf = file;
		document.updatedAt = cloud.clock.iso();
		cloud.reads.note();
	};
	const { ms } = cloud.processing;
	if (ms === 0) {
		finish();
		return;
	}
	document.pdf = null;
	document.processedAt = cloud.clock.now() + ms;
	cloud.clock.at(document.processedAt, finish);
}

/** Adds the people a service adds by itself in one of its forms; anyone who acts comes before all others. */
export function addUnasked(cloud: Cloud, document: StoredDocument): void {
	const { forms } = cloud;
	const add = (role: Schemas['SignerRole'], order: number): StoredSigner =>
		newSigner(cloud, { email: `${role}@service.test`, name: `The ${role}`, role, order });
	if (forms.extraSigner) document.signers.unshift(add('signer', 0));
	if (forms.extraApprover) document.signers.unshift(add('approver', 0));
	const last = document.signers.length + 9;
	// The contract has no owner role; it is only shown as one.
	if (forms.extraOwner) document.signers.push({ ...add('viewer', last), email: OWNER_EMAIL });
	if (forms.extraViewer) document.signers.push(add('viewer', last + 1));
}

/**
 * Copies a template into a new draft: PDF, fields, and one signer for each recipient, who takes role
 * and order of the slot at the same place (inferred from api/templates).
 */
export function addDraftOfTemplate(
	cloud: Cloud,
	template: StoredTemplate,
	values: DocumentValues,
	recipients: readonly Schemas['Recipient'][],
): StoredDocument {
	const document = addDraft(cloud, template.organizationId, {
		...values,
		templateId: template.id,
		pdf: template.pdf,
	});
	document.fields = template.fields.map((field) => ({
		...field,
		id: newId('fld_'),
		documentId: document.id,
		validation: null,
		group: null,
		format: null,
	}));
	document.signers = recipients.map((recipient, index) => {
		const slot = template.slots[index];
		return newSigner(cloud, { ...recipient, role: slot?.role, order: slot?.sortOrder ?? index });
	});
	template.usageCount += 1;
	return document;
}
