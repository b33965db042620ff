import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources } from '../../nodes/InSigner/actions/resources';
import { startBench, type Bench } from './insigner';
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

it(`${file} names no operation that the node has not`, () => {
	const titles = operations.map(({ title }) => title);
	expect([...table.keys()].filter((title) => !titles.includes(title))).toEqual([
		'Operation',
		expect.stringMatching(/^-+$/),
	]);
});
