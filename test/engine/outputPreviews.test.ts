import { loadOutputSchema } from 'n8n-core';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { resources } from '../../nodes/InSigner/actions/resources';
import { InSignerPollingTrigger } from '../../nodes/InSigner/InSignerPollingTrigger.node';
import { InSignerTrigger } from '../../nodes/InSigner/InSignerTrigger.node';
import { schemaOf } from '../outputPreviews/jsonSchema';
import { outputOf, outputOfPollingTrigger, outputOfTrigger } from '../outputPreviews/scenes';
import { startBench, type Bench } from './insigner';

const nodeDir = join(__dirname, '../../nodes/InSigner');
/** n8n pads the node's version, 1, to three numbers. */
const folder = join(nodeDir, '__schema__', 'v1.0.0');

const operations = resources.flatMap(({ value: resource, operations: all }) =>
	all.map(({ menu }) => [resource, String(menu.value)] as const),
);
/** n8n looks for the file of a node without resource and operation next to the folder. */
const pollingTriggerFile = `${folder}.json`;
/** The trigger's version is 1.1. */
const triggerFile = join(nodeDir, '__schema__', 'v1.1.0.json');
const fileOf = (resource: string, operation: string) => join(folder, resource, `${operation}.json`);

/** `npm run docs:schemas` generates the files again. */
const writes = process.env.WRITE_SCHEMAS === 'true';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
	if (writes) rmSync(join(nodeDir, '__schema__'), { recursive: true, force: true });
}, 60_000);
afterAll(async () => await bench.stop());

const compare = (file: string, output: unknown[]) => {
	const schema = { ...schemaOf(output, 'output'), version: 1 };
	if (writes) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
	}
	if (!existsSync(file)) throw new Error(`${file} is missing: run npm run docs:schemas`);
	expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
};

describe('the output preview', () => {
	it.each(operations)('of %s: %s is what it returns today', async (resource, operation) => {
		compare(fileOf(resource, operation), await outputOf(bench, resource, operation));
	});

	it('of the trigger is what it returns today', async () => {
		compare(triggerFile, await outputOfTrigger(bench));
	});

	it('of the polling trigger is what it returns today', async () => {
		compare(pollingTriggerFile, await outputOfPollingTrigger(bench));
	});

	it('is found by n8n', () => {
		for (const [resource, operation] of operations) {
			expect(loadOutputSchema({ nodeDir, version: 1, resource, operation })).toBeDefined();
		}
		for (const { description } of [new InSignerTrigger(), new InSignerPollingTrigger()]) {
			expect(loadOutputSchema({ nodeDir, version: Number(description.version) })).toBeDefined();
		}
	});

	it('is there for nothing else', () => {
		const files = readdirSync(join(nodeDir, '__schema__'), {
			recursive: true,
			withFileTypes: true,
		})
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name));
		const known = [...operations.map((names) => fileOf(...names)), triggerFile, pollingTriggerFile];
		expect(files.sort()).toEqual(known.sort());
	});
});
