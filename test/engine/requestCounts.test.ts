import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources } from '../../nodes/InSigner/actions/resources';
import { addSalesOffer } from '../sandbox/seed';
import { byId, startBench, type Bench } from './insigner';
import { goodItem, notAtWork, operationsAtWork } from './operationsAtWork';

/** The key may make 120 requests a minute, so what an operation costs is its requests. */
const file = 'docs/benchmarks.md';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

const operations = resources.flatMap(({ name, value, operations: all }) =>
	all.map((operation) => ({
		title: `${name}: ${operation.menu.name}`,
		resource: value,
		value: String(operation.menu.value),
		// It handles all items together.
		isBatch: 'executeAll' in operation,
	})),
);

/** Lines of the table, by the operation in its first column: requests for the first item, and for each further one. */
const table = new Map(
	readFileSync(join(__dirname, '../..', file), 'utf8')
		.split(/<!-- requests -->|<!-- end -->/)[1]
		?.split('\n')
		.filter((line) => line.startsWith('| '))
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.map(([, title = '', first, further]) => [title, [Number(first), Number(further)]]),
);

/** What the API is asked for so many items; files go to its storage. */
async function requestsFor(resource: string, operation: string, count: number): Promise<number> {
	const key = `${resource}.${operation}`;
	const atWork = operationsAtWork(bench)[key];
	if (!atWork) throw new Error(`There is no ${key}`);
	const items = [];
	for (let made = 0; made < count; made++) items.push(await goodItem(atWork));
	// One bulk send may be made per five minutes.
	await bench.sandbox.clock.advance(300_000);
	bench.sandbox.journal.clear();
	const { error } = await bench.act(resource, operation, atWork.parameters, { items });
	if (error) throw notAtWork(key, error);
	return bench.sandbox.journal.requests.filter(({ operationId }) => operationId !== undefined)
		.length;
}

it.each(operations)(
	`$title makes as many requests as ${file} says`,
	async ({ title, resource, value, isBatch }) => {
		const first = await requestsFor(resource, value, 1);
		const further = isBatch ? NaN : (await requestsFor(resource, value, 2)) - first;
		expect([title, [first, further]]).toEqual([title, table.get(title)]);
	},
	30_000,
);

it.each(['document.createAndSendFromTemplate', 'template.createDocument'])(
	'%s makes one more for each of the Field Values, and one that reads them back',
	async (key) => {
		const [resource = '', operation = ''] = key.split('.');
		const { id } = await addSalesOffer(bench.sandbox.store, new Date().toISOString());
		const people = ['sal', 'cus'].map((name) => ({ name, email: `${name}@example.com` }));
		const requestsWith = async (values: Record<string, number | string>) => {
			bench.sandbox.journal.clear();
			const { error } = await bench.act(resource, operation, {
				...operationsAtWork(bench)[key]?.parameters,
				templateId: byId(id),
				signersJson: people,
				specifyValues: 'json',
				valuesJson: values,
			});
			expect(error).toBeUndefined();
			return bench.sandbox.journal.requests.length;
		};
		const none = await requestsWith({});
		expect(none).toBe(
			table.get(operations.find((one) => one.value === operation)?.title ?? '')?.[0],
		);
		expect(await requestsWith({ Price: 1 })).toBe(none + 1 + 1);
		expect(await requestsWith({ Price: 1, Plan: 'Pro', Phone: '+15551234567' })).toBe(none + 3 + 1);
	},
);

it(`${file} names no operation that the node has not`, () => {
	const titles = operations.map(({ title }) => title);
	expect([...table.keys()].filter((title) => !titles.includes(title))).toEqual([
		'Operation',
		expect.stringMatching(/^-+$/),
	]);
});
