import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import type { StoredDocument } from '../sandbox/store';
import { byId, type Bench } from './insigner';

/** How an operation succeeds, and how it fails. */
export interface AtWork {
	/** `$json` is the item. */
	parameters: INodeParameters;
	/** Puts what is needed into the sandbox, separately for each item; if left out, nothing is needed. */
	item?: () => IDataObject | Promise<INodeExecutionData>;
	/** What in an item makes the operation refuse it; if left out, an id that does not exist. */
	bad?: IDataObject;
}

/**
 * Every operation of the node with parameters that work: those named below with these, all others with the defaults.
 *
 * @param bench - engine and sandbox
 * @returns by resource and operation, for example `document.send`, in the order of the menus
 */
export function operationsAtWork(bench: Bench): Record<string, AtWork> {
	const particular = operationsWithParameters(bench);
	const keys = resources.flatMap(({ value, operations }) =>
		operations.map(({ menu }) => `${value}.${menu.value}`),
	);
	const unknown = Object.keys(particular).filter((key) => !keys.includes(key));
	if (unknown.length > 0) throw new Error(`${HERE} has what the node has not: ${unknown.join()}`);
	return Object.fromEntries(keys.map((key) => [key, particular[key] ?? { parameters: {} }]));
}

/**
 * An item as an operation needs it.
 *
 * @param atWork - from {@link operationsAtWork}
 */
export async function goodItem({ item }: AtWork): Promise<INodeExecutionData> {
	const content = (await item?.()) ?? {};
	return 'json' in content ? (content as INodeExecutionData) : { json: content };
}

/**
 * @param key - for example `document.send`
 * @param reason - why it fails
 * @returns an error that says what to do about it
 */
export function notAtWork(key: string, reason: unknown): Error {
	// n8n's errors come out of an execution as plain objects.
	const { message } = reason as Partial<Error>;
	return new Error(
		`${key} does not work: ${message ?? String(reason)}. Say in ${HERE} with which parameters it does.`,
	);
}

const HERE = 'test/engine/operationsAtWork.ts';

function operationsWithParameters(bench: Bench): Record<string, AtWork> {
	const { store } = bench.sandbox;
	const document = (values: Partial<StoredDocument> = {}) =>
		store.seedDocuments(1, values)[0] as StoredDocument;
	const draft = () => ({ id: document().id });
	const pending = () => {
		const { id, signers } = document({ status: 'pending' });
		for (const signer of signers) signer.token = `token of ${id}`;
		return { id, signerId: signers[0]?.id };
	};
	const completed = () => ({ id: document({ status: 'completed' }).id });
	const part = () => {
		const { id, signers, fields } = document();
		return { id, signerId: signers[0]?.id, fieldId: fields[0]?.id };
	};
	const template = (slots: number) => ({
		id: store.templates.all().find((candidate) => candidate.slots.length === slots)?.id,
	});
	let made = 0;
	const stored = (prefix: string) => ({
		id: `${prefix}_${++made}`,
		organizationId: store.organizations.own.id,
		createdAt: '2026-01-01T00:00:00.000Z',
		updatedAt: '2026-01-01T00:00:00.000Z',
	});
	const campaign = () => {
		const { id } = store.campaigns.add({
			...stored('cmp'),
			name: 'Campaign',
			slug: 'campaign',
			status: 'active',
			submissionCount: 0,
			maxSubmissions: null,
			collectPhone: true,
			requireOtp: false,
			requireKyc: false,
			expiresAt: null,
			brandColor: '#003271',
			templateId: 'tpl_any',
			welcomeTitle: null,
			welcomeMessage: null,
			redirectUrl: null,
		});
		return { id };
	};
	const bulkSend = () => ({ id: store.seedBulkSends(1)[0]?.id });
	const webhook = () => {
		const { id } = store.webhooks.add({
			...stored('wh'),
			url: `https://example.com/${made}`,
			events: ['document.completed'],
			status: 'active',
			description: null,
			secret: 'a'.repeat(64),
			failureCount: 0,
		});
		return { id };
	};
	const pdf = async () => {
		const item = await bench.pdfItem();
		return { ...item, json: { ...item.json, ...draft() } };
	};

	const chosen = byId('={{ $json.id }}');
	const ofDocument = { documentId: chosen };
	const signerId = byId('={{ $json.signerId }}');
	const fieldId = byId('={{ $json.fieldId }}');
	const person = { name: 'Ann', email: 'ann@example.com', role: 'signer', phone: '' };
	const one = { returnAll: false, limit: 1, filters: {} };

	return {
		'bulkSend.create': {
			parameters: {
				templateId: byId(String(template(1).id)),
				name: 'Bulk',
				recipientsFrom: 'items',
				recipientName: '={{ $json.name }}',
				recipientEmail: '={{ $json.email }}',
				recipientPhone: '',
				recipients: { recipient: [{ name: 'Ann', email: 'ann@example.com' }] },
				options: {},
			},
			item: () => ({ name: 'Ann', email: 'ann@example.com' }),
		},
		'bulkSend.delete': { parameters: { bulkSendId: chosen }, item: bulkSend },
		'bulkSend.get': { parameters: { bulkSendId: chosen }, item: bulkSend },
		'bulkSend.getMany': { parameters: one, item: bulkSend },
		'campaign.create': {
			parameters: { templateId: chosen, name: 'Campaign', options: {} },
			item: () => template(2),
		},
		'campaign.delete': { parameters: { campaignId: chosen }, item: campaign },
		'campaign.get': { parameters: { campaignId: chosen }, item: campaign },
		'campaign.getMany': { parameters: one, item: campaign },
		'campaign.update': {
			parameters: { campaignId: chosen, updateFields: { brandColor: '={{ $json.color }}' } },
			item: () => ({ ...campaign(), color: '#123456' }),
			bad: { color: 'blue' },
		},
		'document.cancel': { parameters: ofDocument, item: pending },
		'document.create': {
			parameters: { name: '={{ $json.name }}', options: {} },
			item: () => ({ name: 'Contract' }),
			bad: { name: '' },
		},
		'document.createAndSend': {
			parameters: {
				name: '={{ $json.title }}',
				binaryPropertyName: 'data',
				signers: { signer: [person] },
				specifyFields: 'form',
				fields: { field: [{ type: 'signature', signer: '1', position: 'bottomLeft' }] },
				options: {},
			},
			item: pdf,
			bad: { title: '' },
		},
		'document.createAndSendFromTemplate': {
			parameters: {
				templateId: chosen,
				name: '',
				specifySigners: 'json',
				signersJson: [person],
				options: {},
			},
			item: () => template(1),
		},
		'document.delete': { parameters: ofDocument, item: draft },
		'document.download': {
			parameters: { ...ofDocument, outputBinaryField: 'data', options: {} },
			item: completed,
		},
		'document.get': { parameters: { ...ofDocument, options: {} }, item: draft },
		'document.getMany': { parameters: one, item: draft },
		'document.getSigningLinks': { parameters: { ...ofDocument, options: {} }, item: pending },
		'document.send': { parameters: { ...ofDocument, options: {} }, item: draft },
		'document.sendReminder': {
			parameters: { ...ofDocument, remind: 'inTurn', signerId },
			item: pending,
		},
		'document.update': {
			parameters: { ...ofDocument, updateFields: { message: 'Please sign' } },
			item: draft,
		},
		'document.uploadFile': {
			parameters: { ...ofDocument, binaryPropertyName: 'data' },
			item: pdf,
		},
		'field.add': {
			parameters: { ...ofDocument, type: 'text', y: 10, page: '={{ $json.page }}' },
			item: () => ({ ...draft(), page: 1 }),
			bad: { page: 0 },
		},
		'field.findInPdf': {
			parameters: { binaryPropertyName: 'data', find: 'text', text: '={{ $json.text }}' },
			item: async () => ({ ...(await bench.pdfItem()), json: { text: 'To be signed.' } }),
			bad: { text: '' },
		},
		'field.getMany': { parameters: { ...ofDocument, ...one }, item: draft },
		'field.remove': {
			parameters: { ...ofDocument, fieldId },
			item: part,
			bad: { fieldId: 'none' },
		},
		'field.update': {
			parameters: { ...ofDocument, fieldId, updateFields: { label: 'Here' } },
			item: part,
			bad: { fieldId: 'none' },
		},
		'organization.getMembers': { parameters: one },
		'signer.add': {
			parameters: { ...ofDocument, ...person, email: '={{ $json.email }}', order: 2 },
			item: () => ({ ...draft(), email: 'ann@example.com' }),
			bad: { email: 'ann@' },
		},
		'signer.getMany': { parameters: { ...ofDocument, ...one }, item: draft },
		'signer.remove': {
			parameters: { ...ofDocument, signerId },
			item: part,
			bad: { signerId: 'none' },
		},
		'signer.update': {
			parameters: { ...ofDocument, signerId, updateFields: { role: 'approver' } },
			item: part,
			bad: { signerId: 'none' },
		},
		'template.createDocument': {
			parameters: {
				templateId: chosen,
				name: '',
				specifySigners: 'json',
				signersJson: [person],
				afterCreating: 'keepDraft',
				options: {},
			},
			item: () => template(1),
		},
		'template.get': { parameters: { templateId: chosen }, item: () => template(1) },
		'template.getMany': { parameters: one },
		'webhook.checkAndRepair': {
			parameters: { compareWith: 'listeners' },
			item: () => ({ id: 'w1', name: 'Signed', active: true, nodes: [] }),
		},
		// One that is already gone counts as deleted.
		'webhook.delete': { parameters: { webhookId: chosen }, item: webhook, bad: { id: '' } },
		'webhook.get': { parameters: { webhookId: chosen }, item: webhook },
		'webhook.getMany': { parameters: one, item: webhook },
		'webhook.update': {
			parameters: { webhookId: chosen, updateFields: { status: 'active' } },
			item: webhook,
		},
	};
}
