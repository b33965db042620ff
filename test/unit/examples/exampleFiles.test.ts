import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { join, resolve } from 'node:path';

import { resources } from '../../../nodes/InSigner/actions/resources';
import { isOurs, readExample, type Example } from '../../host/examples';
import { packageNodes } from '../../packageNodes';

const root = resolve(__dirname, '../../..');
const files = readdirSync(join(root, 'examples')).sort();

/** Node types that n8n gives an address; without a webhookId it would be made of the workflow's ID and the node's name. */
const WITH_ADDRESS = [
	'@n8n/n8n-nodes-langchain.chat',
	'@n8n/n8n-nodes-langchain.chatHitlTool',
	'@n8n/n8n-nodes-langchain.chatTrigger',
	'@n8n/n8n-nodes-langchain.mcpTrigger',
	'n8n-nodes-base.emailSend',
	'n8n-nodes-base.form',
	'n8n-nodes-base.formTrigger',
	'n8n-nodes-base.wait',
	'n8n-nodes-insigner.inSignerTrigger',
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const list = readFileSync(join(root, 'docs/examples.md'), 'utf8');
const tests = [
	'test/host/mainJob.ts',
	...readdirSync(join(root, 'test/examples')).map((name) => `test/examples/${name}`),
].map((file) => readFileSync(join(root, file), 'utf8'));

const webhookIds: string[] = [];

/** The node of a type such as `n8n-nodes-insigner.inSignerTool`: n8n makes the tool of the node. */
function descriptionOf(type: string): INodeTypeDescription {
	const name = type.replace(/^.*\./, '').replace(/Tool$/, '');
	const found = packageNodes().find(({ description }) => description.name === name);
	if (!found) throw new Error(`There is no node ${type}`);
	return found.description;
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

const isNote = ({ type }: INode) => type === 'n8n-nodes-base.stickyNote';

/** What a node takes on the canvas, with its name below it. */
function boxOf(node: INode): Box {
	const [x, y] = node.position;
	// Nodes that others are connected to from below are wide.
	const width = /agent$|HitlTool$/.test(node.type) ? 276 : 136;
	if (!isNote(node)) return { x: x - 20, y, width, height: 150 };
	return { x, y, width: Number(node.parameters.width), height: Number(node.parameters.height) };
}

const overlap = (one: Box, other: Box) =>
	one.x < other.x + other.width &&
	other.x < one.x + one.width &&
	one.y < other.y + other.height &&
	other.y < one.y + one.height;

it('there are examples', () => expect(files.length).toBeGreaterThanOrEqual(8));

describe.each(files)('%s', (file) => {
	let text: string;
	let example: Example;

	beforeAll(async () => {
		text = readFileSync(join(root, 'examples', file), 'utf8');
		example = await readExample(file);
	});

	it('is a workflow and nothing more', () => {
		expect(Object.keys(example)).toEqual(['name', 'nodes', 'connections', 'settings']);
		expect(example.settings).toEqual({ executionOrder: 'v1' });
	});

	it('holds no credential, no secret and no pinned data', () => {
		expect(example.nodes.filter(({ credentials }) => credentials)).toEqual([]);
		expect(text).not.toMatch(/isk_|whsec_|"pinData"|"staticData"|"instanceId"/);
	});

	it('has a webhookId on each node that has an address', () => {
		const withAddress = example.nodes.filter(({ type }) => WITH_ADDRESS.includes(type));
		for (const { name, webhookId } of withAddress)
			expect([name, webhookId]).toEqual([name, expect.stringMatching(UUID)]);
		webhookIds.push(...withAddress.map(({ webhookId }) => String(webhookId)));
	});

	it('explains itself in sticky notes', () => {
		const notes = example.nodes.filter(isNote).map(({ parameters }) => String(parameters.content));
		expect(notes.join('\n')).toMatch(/credential/);
		expect(notes.join('\n').length).toBeGreaterThan(200);
	});

	it('has notes that cover no node and no other note', () => {
		const boxes = example.nodes.map((node) => ({
			note: isNote(node),
			name: node.name,
			...boxOf(node),
		}));
		const covered = boxes.flatMap((one, index) =>
			boxes
				.slice(index + 1)
				.filter((other) => (one.note || other.note) && overlap(one, other))
				.map((other) => `${one.name} and ${other.name}`),
		);
		expect(covered).toEqual([]);
	});

	it('connects nodes that exist, each name and ID once', () => {
		const names = example.nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(example.nodes.map(({ id }) => id)).size).toBe(names.length);
		const connected = [...JSON.stringify(example.connections).matchAll(/"node":"([^"]+)"/g)];
		for (const [, name] of connected) expect(names).toContain(name);
		expect(names).toEqual(expect.arrayContaining(Object.keys(example.connections)));
	});

	it('uses operations and parameters that our nodes have', () => {
		for (const { name, type, parameters } of example.nodes.filter(isOurs)) {
			const isTrigger = type.endsWith('Trigger');
			const { properties } = descriptionOf(type);
			const { resource, operation } = parameters;
			if (!isTrigger) {
				const operations = resources.find(({ value }) => value === resource)?.operations ?? [];
				expect([name, operations.map(({ menu }) => menu.value)]).toEqual([
					name,
					expect.arrayContaining([operation]),
				]);
			}
			const known = properties
				.filter(({ displayOptions }) => {
					const { resource: ofResource, operation: ofOperation } = displayOptions?.show ?? {};
					return (
						(!ofResource || ofResource.includes(String(resource))) &&
						(!ofOperation || ofOperation.includes(String(operation)))
					);
				})
				.map((property) => property.name);
			// n8n adds these to the tool it makes of the node.
			const ofTool = type.endsWith('Tool') ? ['descriptionType', 'toolDescription'] : [];
			expect([...known, ...ofTool]).toEqual(expect.arrayContaining(Object.keys(parameters)));
		}
	});

	it('is listed in docs/examples.md with its picture, and run by a test in a real n8n', () => {
		expect(list.includes(`(../examples/${file})`)).toBe(true);
		expect(tests.some((source) => source.includes(`'${file}'`))).toBe(true);
		const picture = `images/example-${file.replace('.json', '.png')}`;
		expect([list.includes(picture), existsSync(join(root, 'docs', picture))]).toEqual([true, true]);
	});
});

it('no two nodes share an address', () => {
	expect(webhookIds.length).toBeGreaterThanOrEqual(8);
	expect(new Set(webhookIds).size).toBe(webhookIds.length);
});
