import type { components } from '../../nodes/InSigner/api/schema';
import { newId } from './newId';

type Schemas = components['schemas'];

/** What every stored object has. */
interface Stored {
	readonly id: string;
	readonly organizationId: string;
}

export interface StoredSigner {
	readonly id: string;
	email: string;
	name: string;
	phone: string | null;
	role: Schemas['SignerRole'];
	status: Schemas['SignerStatus'];
	order: number;
	signedAt: string | null;
	readonly createdAt: string;
	updatedAt: string;
	/** In the signing URL; null until the signer was invited. */
	token: string | null;
}

export type StoredField = Schemas['Field'];

export interface StoredDocument extends Stored {
	name: string;
	status: Schemas['DocumentStatus'];
	signingType: Schemas['SigningType'];
	message: string | null;
	expiresAt: string | null;
	completedAt: string | null;
	readonly createdAt: string;
	updatedAt: string;
	readonly templateId: string | null;
	readonly campaignId: string | null;
	readonly bulkSendId: string | null;
	folderId: string | null;
	/** As uploaded; null until then, and while it is processed. */
	pdf: Uint8Array | null;
	/** Until when an uploaded file is processed, in ms on the sandbox clock. */
	processedAt?: number;
	/** Made when first asked for. */
	signedPdf: Uint8Array | null;
	signers: StoredSigner[];
	fields: StoredField[];
}

export interface StoredTemplate extends Stored {
	name: string;
	description: string | null;
	category: string | null;
	usageCount: number;
	isPublic: boolean;
	readonly createdAt: string;
	updatedAt: string;
	pdf: Uint8Array;
	fields: Schemas['TemplateField'][];
	slots: Schemas['TemplateSlot'][];
}

export type StoredCampaign = Stored & Schemas['Campaign'];
export type StoredBulkSend = Stored & Schemas['BulkSend'];

export interface StoredWebhook extends Stored {
	url: string;
	events: Schemas['WebhookEventName'][];
	status: Schemas['WebhookStatus'];
	description: string | null;
	/** 64 hex characters, used as text. */
	readonly secret: string;
	/** Consecutive failures. */
	failureCount: number;
	readonly createdAt: string;
	updatedAt: string;
}

export interface StoredOrganization extends Omit<Schemas['Organization'], '_count'> {
	members: Schemas['Member'][];
}

/** Objects of one kind, of all organizations, in the order they were created. */
export class Collection<T extends Stored> {
	private readonly byId = new Map<string, { readonly item: T; readonly sequence: number }>();
	private lastSequence = 0;

	/** Adds an object and returns it. */
	add(item: T): T {
		this.lastSequence += 1;
		this.byId.set(item.id, { item, sequence: this.lastSequence });
		return item;
	}

	/** The object with this id, of any organization. */
	get(id: string): T | undefined {
		return this.byId.get(id)?.item;
	}

	/** Removes an object; does nothing if it is not there. */
	delete(id: string): void {
		this.byId.delete(id);
	}

	/** Everything, oldest first. */
	all(): T[] {
		return [...this.byId.values()].map((entry) => entry.item);
	}

	/** Everything of one organization, newest first, with the number that orders it. */
	newestFirst(organizationId: string): { readonly item: T; readonly sequence: number }[] {
		return [...this.byId.values()]
			.filter((entry) => entry.item.organizationId === organizationId)
			.reverse();
	}

	get size(): number {
		return this.byId.size;
	}

	/** The same objects in the same order, each copied. */
	copy(copyItem: (item: T) => T): Collection<T> {
		const copied = new Collection<T>();
		for (const [id, { item, sequence }] of this.byId) {
			copied.byId.set(id, { item: copyItem(item), sequence });
		}
		return copied;
	}
}

/** Everything the service remembers, in memory. Tests may read and change all of it. */
export class Store {
	readonly documents = new Collection<StoredDocument>();
	readonly templates = new Collection<StoredTemplate>();
	readonly campaigns = new Collection<StoredCampaign>();
	readonly bulkSends = new Collection<StoredBulkSend>();
	readonly webhooks = new Collection<StoredWebhook>();

	/** `other` belongs to someone else: its objects answer 404 to a key of `own`. */
	constructor(
		readonly organizations: {
			readonly own: StoredOrganization;
			readonly other: StoredOrganization;
		},
		private readonly samplePdf: Uint8Array,
	) {}

	/** The organization with this id. Throws if there is none. */
	organization(id: string): StoredOrganization {
		const found = Object.values(this.organizations).find((organization) => organization.id === id);
		if (!found) throw new Error(`No organization ${id}`);
		return found;
	}

	/**
	 * Adds `count` documents at once, oldest first, named "Document 1", "Document 2" ...: a sample PDF, one signer
	 * `person<n>@example.test` and one signature field each. No events, no email.
	 *
	 * @param values what should differ from a draft of the own organization, for all or by number (1-based)
	 */
	seedDocuments(
		count: number,
		values: Partial<StoredDocument> | ((number: number) => Partial<StoredDocument>) = {},
	): StoredDocument[] {
		return Array.from({ length: count }, (_, index) => {
			const own = typeof values === 'function' ? values(index + 1) : values;
			return this.documents.add(this.sampleDocument(index + 1, own));
		});
	}

	/**
	 * Adds `count` completed bulk sends at once, oldest first, named "Bulk Send 1", "Bulk Send 2" ...: records
	 * without documents.
	 *
	 * @param values what should differ, by number (1-based)
	 */
	seedBulkSends(
		count: number,
		values: (number: number) => Partial<StoredBulkSend> = () => ({}),
	): StoredBulkSend[] {
		const now = new Date().toISOString();
		return Array.from({ length: count }, (_, index) =>
			this.bulkSends.add({
				id: newId('bs_'),
				organizationId: this.organizations.own.id,
				name: `Bulk Send ${index + 1}`,
				status: 'completed',
				totalCount: 1,
				sentCount: 1,
				failedCount: 0,
				templateId: newId('tpl_'),
				createdAt: now,
				updatedAt: now,
				...values(index + 1),
			}),
		);
	}

	private sampleDocument(number: number, values: Partial<StoredDocument>): StoredDocument {
		const createdAt = values.createdAt ?? new Date().toISOString();
		const id = values.id ?? newId('cm');
		const done = values.status === 'completed';
		return {
			organizationId: this.organizations.own.id,
			name: `Document ${number}`,
			status: 'draft',
			signingType: 'sequential',
			message: null,
			expiresAt: null,
			completedAt: done ? createdAt : null,
			updatedAt: createdAt,
			templateId: null,
			campaignId: null,
			bulkSendId: null,
			folderId: null,
			pdf: this.samplePdf,
			signedPdf: null,
			signers: [
				{
					id: newId('sr_'),
					email: `person${number}@example.test`,
					name: `Person ${number}`,
					phone: null,
					role: 'signer',
					status: done ? 'completed' : 'pending',
					order: 0,
					signedAt: done ? createdAt : null,
					createdAt,
					updatedAt: createdAt,
					token: null,
				},
			],
			fields: [signatureField(id)],
			...values,
			id,
			createdAt,
		};
	}
}

function signatureField(documentId: string): StoredField {
	return {
		id: newId('fld_'),
		documentId,
		type: 'signature',
		label: 'Signature',
		page: 1,
		x: 100,
		y: 650,
		width: 200,
		height: 60,
		required: true,
		readOnly: false,
		assignedTo: 0,
		placeholder: null,
		defaultValue: null,
		options: null,
		validation: null,
		group: null,
		format: null,
	};
}
