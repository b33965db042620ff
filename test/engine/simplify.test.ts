import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import { startBench, type Bench } from './insigner';
import { goodItem, operationsAtWork } from './operationsAtWork';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

const isSimplify = ({ name }: Pick<INodeProperties, 'name'>) => name === 'simplify';

/** Operations with Simplify among their options; the others are tested in lists.test.ts. */
const operations = resources.flatMap(({ value, operations: all }) =>
	all
		.filter(({ properties }) =>
			properties.some(({ name, options }) => name === 'options' && options?.some(isSimplify)),
		)
		.map(({ menu }) => [value, String(menu.value)] as const),
);

async function outputOf(resource: string, operation: string, options: INodeParameters) {
	const atWork = operationsAtWork(bench)[`${resource}.${operation}`] ?? { parameters: {} };
	const { items, error } = await bench.act(
		resource,
		operation,
		{ ...atWork.parameters, options },
		{ items: [await goodItem(atWork)] },
	);
	expect(error).toBeUndefined();
	return items[0]?.json ?? {};
}

it('is an option of what creates or sends', () => {
	expect(operations.map((names) => names.join('.'))).toEqual([
		'document.createAndSend',
		'document.createAndSendFromTemplate',
		'document.create',
		'document.send',
		'template.createDocument',
		'campaign.create',
	]);
});

it.each(operations)('%s: %s gives at most ten keys, or all there are', async (...names) => {
	const simple = Object.keys(await outputOf(...names, {}));
	expect(simple.length).toBeLessThanOrEqual(10);
	expect(simple).toEqual(expect.arrayContaining(['id', 'name', 'status']));
	const raw = Object.keys(await outputOf(...names, { simplify: false }));
	expect(raw).toEqual(expect.arrayContaining([...simple, 'updatedAt']));
});

it('keeps signing links if they were asked for', async () => {
	const { signers } = await outputOf('document', 'createAndSend', { includeSigningLinks: true });
	expect(JSON.stringify(signers)).toContain('/sign/');
});

it.each([
	['document', 'createAndSend'],
	['document', 'createAndSendFromTemplate'],
])('%s: %s says that it was sent before, in ten keys', async (...names) => {
	const options = { sendOnceFor: names.join() };
	await outputOf(...names, options);
	const again = await outputOf(...names, options);
	expect(again).toMatchObject({ status: 'pending', alreadySent: true, ...options });
	expect(Object.keys(again).length).toBeLessThanOrEqual(10);
	expect(again).not.toHaveProperty('updatedAt');
});

it('is the same when n8n runs it again', async () => {
	const atWork = operationsAtWork(bench)['document.createAndSend'] ?? { parameters: {} };
	const items = [await goodItem(atWork)];
	const executionId = 'again';
	const run = async () =>
		await bench.act('document', 'createAndSend', atWork.parameters, { items, executionId });
	const [first, second] = [await run(), await run()];
	expect(second.items[0]?.json).toEqual(first.items[0]?.json);
	expect(second.items[0]?.json).toHaveProperty('signers');
});

it('keeps the public link of a campaign, whatever inSigner calls it', async () => {
	for (const key of ['url', 'publicUrl']) {
		bench.sandbox.faults.add({
			match: { operationId: 'createCampaign' },
			fault: {
				status: 201,
				contentType: 'application/json',
				body: { data: { id: 'c', name: 'n', status: 'active', [key]: 'https://sign.test/c' } },
			},
		});
		expect(await outputOf('campaign', 'create', {})).toEqual({
			...{ id: 'c', name: 'n', status: 'active' },
			url: 'https://sign.test/c',
		});
	}
});
