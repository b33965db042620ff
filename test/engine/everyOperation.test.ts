import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { startBench, type Bench } from './insigner';
import { operationsAtWork } from './operationsAtWork';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

/** What is wrong in the middle one of three items, or which endpoint refuses its second request. */
type Bad = IDataObject | { refusedBy: EndpointName };

const none = { id: 'none' };

const BAD: Record<string, Bad> = {
	'bulkSend.delete': none,
	'bulkSend.get': none,
	'bulkSend.getMany': { refusedBy: 'listBulkSends' },
	'campaign.create': none,
	'campaign.delete': none,
	'campaign.get': none,
	'campaign.getMany': { refusedBy: 'listCampaigns' },
	'campaign.update': { color: 'blue' },
	'document.cancel': none,
	'document.create': { name: '' },
	'document.createAndSendFromTemplate': none,
	'document.createAndSend': { title: '' },
	'document.delete': none,
	'document.download': none,
	'document.get': none,
	'document.getMany': { refusedBy: 'listDocuments' },
	'document.getSigningLinks': none,
	'document.send': none,
	'document.sendReminder': none,
	'document.update': none,
	'document.uploadFile': none,
	'field.add': { page: 0 },
	'field.getMany': none,
	'field.remove': { fieldId: 'none' },
	'field.update': { fieldId: 'none' },
	'organization.get': { refusedBy: 'getOrganization' },
	'organization.getMembers': { refusedBy: 'listMembers' },
	'signer.add': { email: 'ann@' },
	'signer.getMany': none,
	'signer.remove': { signerId: 'none' },
	'signer.update': { signerId: 'none' },
	'template.createDocument': none,
	'template.get': none,
	'template.getMany': { refusedBy: 'listTemplates' },
	// One that is gone already counts as deleted.
	'webhook.delete': { id: '' },
	'webhook.get': none,
	'webhook.getMany': { refusedBy: 'listWebhooks' },
	'webhook.update': none,
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
	expect(Object.keys(BAD).sort()).toEqual(keys(false));
	expect([...BATCHES].sort()).toEqual(keys(true));
});

describe('with Continue On Fail, the items around one that does not work are done', () => {
	it.each(Object.entries(BAD))(
		'%s',
		async (key, bad) => {
			const { parameters, item: good } = operationsAtWork(bench)[key] ?? { parameters: {} };
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
		...operationsAtWork(bench)['bulkSend.create']?.parameters,
		options,
	});

	it('bulkSend.create sends to nobody, or leaves out the bad row', async () => {
		const refused = await run('bulkSend.create', toAll({}), recipients);
		expect(refused.items.map(({ pairedItem }) => pairedItem)).toEqual([all]);
		expect(refused.items[0]?.json.error).toMatch(/^"Bulk" was not sent: Row 2:/);
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
