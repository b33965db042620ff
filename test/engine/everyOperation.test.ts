import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import type { EndpointName } from '../../nodes/InSigner/api/endpoints';
import type { StoredDocument } from '../sandbox/store';
import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

/** How an operation is run over three items of which the middle one does not work. */
interface Case {
	/** `$json` is the item. */
	parameters: INodeParameters;
	/** What a good item holds; nothing when left out. */
	good?: () => IDataObject | Promise<INodeExecutionData>;
	/** What is wrong in the middle item, or which endpoint refuses its second request. */
	bad: IDataObject | { refusedBy: EndpointName };
}

const store = () => bench.sandbox.store;
const document = (values: Partial<StoredDocument> = {}) =>
	store().seedDocuments(1, values)[0] as StoredDocument;

const draft = () => ({ id: document().id });
const pending = () => {
	const { id, signers } = document({ status: 'pending' });
	for (const signer of signers) signer.token = `token of ${id}`;
	return { id };
};
const completed = () => ({ id: document({ status: 'completed' }).id });
const part = () => {
	const { id, signers, fields } = document();
	return { id, signerId: signers[0]?.id, fieldId: fields[0]?.id };
};
const template = (slots: number) => ({
	id: store()
		.templates.all()
		.find((candidate) => candidate.slots.length === slots)?.id,
});
let made = 0;
const stored = (prefix: string) => ({
	id: `${prefix}_${++made}`,
	organizationId: store().organizations.own.id,
	createdAt: '2026-01-01T00:00:00.000Z',
	updatedAt: '2026-01-01T00:00:00.000Z',
});
const campaign = () => {
	const { id } = store().campaigns.add({
		...stored('cmp'),
		name: 'Campaign',
		slug: 'campaign',
		status: 'active',
		submissionCount: 0,
		maxSubmissions: null,
		collectPhone: true,
		requireOtp: false,
		expiresAt: null,
		brandColor: null,
		templateId: 'tpl_any',
	});
	return { id };
};
const bulkSend = () => ({ id: store().seedBulkSends(1)[0]?.id });
const webhook = () => {
	const { id } = store().webhooks.add({
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
const none = { id: 'none' };
const one = { returnAll: false, limit: 1, filters: {} };

const CASES: Record<string, Case> = {
	'bulkSend.delete': { parameters: { bulkSendId: chosen }, good: bulkSend, bad: none },
	'bulkSend.get': { parameters: { bulkSendId: chosen }, good: bulkSend, bad: none },
	'bulkSend.getMany': { parameters: one, good: bulkSend, bad: { refusedBy: 'listBulkSends' } },
	'campaign.create': {
		parameters: { templateId: chosen, name: 'Campaign', options: {} },
		good: () => template(2),
		bad: none,
	},
	'campaign.delete': { parameters: { campaignId: chosen }, good: campaign, bad: none },
	'campaign.get': { parameters: { campaignId: chosen }, good: campaign, bad: none },
	'campaign.getMany': { parameters: one, good: campaign, bad: { refusedBy: 'listCampaigns' } },
	'campaign.update': {
		parameters: { campaignId: chosen, updateFields: { brandColor: '={{ $json.color }}' } },
		good: () => ({ ...campaign(), color: '#123456' }),
		bad: { color: 'blue' },
	},
	'document.cancel': { parameters: ofDocument, good: pending, bad: none },
	'document.create': {
		parameters: { name: '={{ $json.name }}', options: {} },
		good: () => ({ name: 'Contract' }),
		bad: { name: '' },
	},
	'document.createAndSend': {
		parameters: {
			name: '={{ $json.title }}',
			binaryPropertyName: 'data',
			signers: { signer: [person] },
			fields: { field: [{ type: 'signature', signer: '1', position: 'bottomLeft' }] },
			options: {},
		},
		good: pdf,
		bad: { title: '' },
	},
	'document.delete': { parameters: ofDocument, good: draft, bad: none },
	'document.download': {
		parameters: { ...ofDocument, outputBinaryField: 'data', options: {} },
		good: completed,
		bad: none,
	},
	'document.get': { parameters: { ...ofDocument, options: {} }, good: draft, bad: none },
	'document.getMany': { parameters: one, good: draft, bad: { refusedBy: 'listDocuments' } },
	'document.getSigningLinks': {
		parameters: { ...ofDocument, options: {} },
		good: pending,
		bad: none,
	},
	'document.send': { parameters: { ...ofDocument, options: {} }, good: draft, bad: none },
	'document.sendReminder': {
		parameters: { ...ofDocument, remind: 'inTurn' },
		good: pending,
		bad: none,
	},
	'document.update': {
		parameters: { ...ofDocument, updateFields: { message: 'Please sign' } },
		good: draft,
		bad: none,
	},
	'document.uploadFile': {
		parameters: { ...ofDocument, binaryPropertyName: 'data' },
		good: pdf,
		bad: none,
	},
	'field.add': {
		parameters: { ...ofDocument, type: 'text', y: 10, page: '={{ $json.page }}' },
		good: () => ({ ...draft(), page: 1 }),
		bad: { page: 0 },
	},
	'field.getMany': { parameters: { ...ofDocument, ...one }, good: draft, bad: none },
	'field.remove': { parameters: { ...ofDocument, fieldId }, good: part, bad: { fieldId: 'none' } },
	'field.update': {
		parameters: { ...ofDocument, fieldId, updateFields: { label: 'Here' } },
		good: part,
		bad: { fieldId: 'none' },
	},
	'organization.get': { parameters: {}, bad: { refusedBy: 'getOrganization' } },
	'organization.getMembers': { parameters: one, bad: { refusedBy: 'listMembers' } },
	'signer.add': {
		parameters: { ...ofDocument, ...person, email: '={{ $json.email }}', order: 2 },
		good: () => ({ ...draft(), email: 'ann@example.com' }),
		bad: { email: 'ann@' },
	},
	'signer.getMany': { parameters: { ...ofDocument, ...one }, good: draft, bad: none },
	'signer.remove': {
		parameters: { ...ofDocument, signerId },
		good: part,
		bad: { signerId: 'none' },
	},
	'signer.update': {
		parameters: { ...ofDocument, signerId, updateFields: { role: 'approver' } },
		good: part,
		bad: { signerId: 'none' },
	},
	'template.createDocument': {
		parameters: {
			templateId: chosen,
			name: '',
			specifySigners: 'json',
			signersJson: [person],
			send: false,
			options: {},
		},
		good: () => template(1),
		bad: none,
	},
	'template.get': { parameters: { templateId: chosen }, good: () => template(1), bad: none },
	'template.getMany': { parameters: one, bad: { refusedBy: 'listTemplates' } },
	// One that is gone already counts as deleted.
	'webhook.delete': { parameters: { webhookId: chosen }, good: webhook, bad: { id: '' } },
	'webhook.get': { parameters: { webhookId: chosen }, good: webhook, bad: none },
	'webhook.getMany': { parameters: one, good: webhook, bad: { refusedBy: 'listWebhooks' } },
	'webhook.update': {
		parameters: { webhookId: chosen, updateFields: { status: 'active' } },
		good: webhook,
		bad: none,
	},
};

/** Operations that handle all items together; each has a test of its own below. */
const BATCHES = ['bulkSend.create', 'webhook.checkAndRepair'];

const operations = resources.flatMap(({ value, operations: entries }) =>
	entries.map((operation) => ({
		key: `${value}.${operation.menu.value}`,
		isBatch: 'executeAll' in operation,
	})),
);

const run = async (key: string, parameters: INodeParameters, items: INodeExecutionData[]) => {
	const [resource = '', operation = ''] = key.split('.');
	return await bench.act(resource, operation, parameters, {
		items,
		node: { onError: 'continueRegularOutput' },
	});
};

it('has a case for every operation of the node, and none too many', () => {
	const keys = (isBatch: boolean) =>
		operations
			.filter((operation) => operation.isBatch === isBatch)
			.map(({ key }) => key)
			.sort();
	expect(Object.keys(CASES).sort()).toEqual(keys(false));
	expect([...BATCHES].sort()).toEqual(keys(true));
});

describe('with Continue On Fail, the items around one that does not work are done', () => {
	it.each(Object.entries(CASES))(
		'%s',
		async (key, { parameters, good, bad }) => {
			const item = async (): Promise<INodeExecutionData> => {
				const content = (await good?.()) ?? {};
				return 'json' in content ? (content as INodeExecutionData) : { json: content };
			};
			const items = [await item(), await item(), await item()];
			if ('refusedBy' in bad) {
				const operationId = String(bad.refusedBy);
				bench.sandbox.faults.add({ match: { operationId }, nth: 2, fault: { status: 403 } });
			} else {
				Object.assign(items[1]?.json ?? {}, bad);
			}

			const { items: output, error } = await run(key, parameters, items);
			expect(error).toBeUndefined();
			const paired = output.map(({ pairedItem, json }) => [pairedItem, json.error !== undefined]);
			expect(paired).toEqual([
				[{ item: 0 }, false],
				[{ item: 1 }, true],
				[{ item: 2 }, false],
			]);
			expect(Object.keys(output[1]?.json ?? {}).sort()).toEqual(['details', 'error']);
		},
		30_000,
	);
});

describe('operations that handle all items together', () => {
	const all = [{ item: 0 }, { item: 1 }, { item: 2 }];
	const recipients = ['ann@example.com', 'bob@', 'carl@example.com'].map((email) => ({
		json: { name: 'Person', email },
	}));
	const toAll = (options: INodeParameters): INodeParameters => ({
		templateId: byId(String(template(1).id)),
		name: 'Bulk',
		recipientsFrom: 'items',
		recipientName: '={{ $json.name }}',
		recipientEmail: '={{ $json.email }}',
		recipientPhone: '',
		options,
	});

	it('bulkSend.create sends to nobody, or leaves out the bad row', async () => {
		const refused = await run('bulkSend.create', toAll({}), recipients);
		expect(refused.items.map(({ pairedItem }) => pairedItem)).toEqual([all]);
		expect(refused.items[0]?.json.error).toMatch(/^Row 2:/);
		const skipped = await run('bulkSend.create', toAll({ skipInvalidRows: true }), recipients);
		expect(skipped.items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }],
		]);
		expect(skipped.items.map(({ json }) => json.totalCount ?? json.skippedCount)).toEqual([2, 1]);
	});

	it('webhook.checkAndRepair is done once, or not at all', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'listWebhooks' }, fault: { status: 403 } });
		const { items } = await run('webhook.checkAndRepair', { compareWith: 'listeners' }, recipients);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([all]);
		expect(items[0]?.json.error).toBeDefined();
	});
});
