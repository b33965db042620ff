import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import { startBench, type Bench } from './insigner';
import { goodItem, notAtWork, operationsAtWork, type AtWork } from './operationsAtWork';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

/** Operations that handle all items together; each has its own test below. */
const BATCHES = ['bulkSend.create', 'webhook.checkAndRepair'];

const keysOf = (isBatch: boolean) =>
	resources.flatMap(({ value, operations }) =>
		operations
			.filter((operation) => 'executeAll' in operation === isBatch)
			.map(({ menu }) => [value, String(menu.value)] as const),
	);

const run = async (key: string, parameters: INodeParameters, items: INodeExecutionData[]) => {
	const [resource = '', operation = ''] = key.split('.');
	return await bench
		.act(resource, operation, parameters, { items, node: { onError: 'continueRegularOutput' } })
		.catch((reason: unknown) => {
			throw notAtWork(key, reason);
		});
};

it('has a case for every operation that handles all items together', () => {
	expect(keysOf(true).map((names) => names.join('.'))).toEqual(BATCHES);
});

/**
 * Makes the operation refuse one item of three.
 *
 * @param key - of the operation
 * @param atWork - how it works
 * @param item - the second of the three
 */
async function spoil(key: string, atWork: AtWork, item: INodeExecutionData): Promise<void> {
	const { parameters, bad } = atWork;
	const isChosenById = JSON.stringify(parameters).includes('$json.id');
	if (bad || isChosenById) {
		Object.assign(item.json, bad ?? { id: 'none' });
		return;
	}
	// Nothing in the item can be wrong, so inSigner refuses when it is asked the same a second time.
	await run(key, parameters, [await goodItem(atWork)]);
	const operationId = bench.sandbox.journal.requests[0]?.operationId;
	bench.sandbox.faults.add({ match: { operationId }, nth: 2, fault: { status: 403 } });
}

describe('with Continue On Fail, the items around one that fails are done', () => {
	it.each(keysOf(false).map((names) => names.join('.')))(
		'%s',
		async (key) => {
			const atWork = operationsAtWork(bench)[key] ?? { parameters: {} };
			const items = [await goodItem(atWork), await goodItem(atWork), await goodItem(atWork)];
			const [, middle] = items;
			if (middle) await spoil(key, atWork, middle);

			const { items: output, error } = await run(key, atWork.parameters, items);
			const wrong = error ?? output[0]?.json.error;
			if (wrong) throw notAtWork(key, wrong);
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

	it('bulkSend.create sends to no one, or leaves out the bad row', async () => {
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
