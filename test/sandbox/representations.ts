import type { components } from '../../nodes/InSigner/api/schema';
import type {
	StoredBulkSend,
	StoredCampaign,
	StoredDocument,
	StoredField,
	StoredSigner,
	StoredTemplate,
	StoredWebhook,
} from './store';

type Schemas = components['schemas'];

/** A document as the list shows it (api/documents). */
export function toDocument(document: StoredDocument): Schemas['Document'] {
	return {
		id: document.id,
		name: document.name,
		status: document.status,
		signingType: document.signingType,
		fileSize: document.pdf?.byteLength ?? null,
		expiresAt: document.expiresAt,
		completedAt: document.completedAt,
		createdAt: document.createdAt,
		updatedAt: document.updatedAt,
		templateId: document.templateId,
		campaignId: document.campaignId,
		bulkSendId: document.bulkSendId,
		folderId: document.folderId,
		_count: { signers: document.signers.length, fields: document.fields.length, attachments: 0 },
	};
}

/**
 * A document with its signers and fields (guides/embedded-signing).
 *
 * @param signingUrl makes the link of a token; without it the links are left out, as in events
 */
export function toDocumentDetail(
	document: StoredDocument,
	signingUrl?: (token: string) => string,
): Schemas['DocumentDetail'] {
	return {
		...toDocument(document),
		message: document.message,
		signers: inSigningOrder(document.signers).map((signer) => ({
			...toSigner(signer),
			...(signingUrl
				? { signingUrl: signer.token === null ? null : signingUrl(signer.token) }
				: {}),
		})),
		fields: inReadingOrder(document.fields),
	};
}

/** A signer as the list shows it (api/signers); `phone` is an inferred key. */
export function toSigner(signer: StoredSigner): Schemas['Signer'] {
	const { id, email, name, role, status, order, phone, signedAt, createdAt, updatedAt } = signer;
	return { id, email, name, role, status, order, phone, signedAt, createdAt, updatedAt };
}

/** A signer as the answer to adding one shows it: fewer keys (api/signers). */
export function toSignerCreated(signer: StoredSigner): Schemas['SignerCreated'] {
	const { id, email, name, role, status, order, createdAt } = signer;
	return { id, email, name, role, status, order, createdAt };
}

/** The signers ordered by `order` (api/signers), those of equal order as they were added. */
export function inSigningOrder(signers: readonly StoredSigner[]): StoredSigner[] {
	return [...signers].sort((a, b) => a.order - b.order);
}

/** The fields ordered by page, then by vertical position (api/fields). */
export function inReadingOrder(fields: readonly StoredField[]): StoredField[] {
	return [...fields].sort((a, b) => a.page - b.page || a.y - b.y);
}

/** A template as the list shows it (api/templates). */
export function toTemplate(template: StoredTemplate): Schemas['Template'] {
	return {
		...templateScalars(template),
		_count: { fields: template.fields.length, signers: template.slots.length },
	};
}

/** A template with its fields and slots (api/templates). */
export function toTemplateDetail(template: StoredTemplate): Schemas['TemplateDetail'] {
	return { ...templateScalars(template), fields: template.fields, signers: template.slots };
}

function templateScalars(template: StoredTemplate): Omit<Schemas['Template'], '_count'> {
	const { id, name, description, category, usageCount, isPublic, createdAt, updatedAt } = template;
	const fileSize = template.pdf.byteLength;
	return { id, name, description, category, fileSize, usageCount, isPublic, createdAt, updatedAt };
}

/** A campaign (api/campaigns). */
export function toCampaign(campaign: StoredCampaign): Schemas['Campaign'] {
	return withoutOwner(campaign);
}

/** A bulk send (api/bulk-send). */
export function toBulkSend(bulkSend: StoredBulkSend): Schemas['BulkSend'] {
	return withoutOwner(bulkSend);
}

/** A webhook without its secret; `events` is a string that holds JSON (webhooks/overview). */
export function toWebhook(webhook: StoredWebhook): Schemas['Webhook'] {
	const { id, url, status, description, failureCount, createdAt, updatedAt } = webhook;
	const events = JSON.stringify(webhook.events);
	return { id, url, events, status, description, failureCount, createdAt, updatedAt };
}

/** A webhook as the answer to creating it shows it, the only place with the secret (webhooks/overview). */
export function toWebhookCreated(webhook: StoredWebhook): Schemas['WebhookCreated'] {
	const { id, url, status, description, secret, createdAt } = webhook;
	return {
		id,
		url,
		events: JSON.stringify(webhook.events),
		status,
		description,
		secret,
		createdAt,
	};
}

/** A copy without the key that only the store has. */
function withoutOwner<T extends { readonly organizationId: string }>(
	item: T,
): Omit<T, 'organizationId'> {
	const shown = { ...item };
	Reflect.deleteProperty(shown, 'organizationId');
	return shown;
}
