import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources } from '../../nodes/InSigner/actions/resources';
import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../nodes/InSigner/api/endpoints';
import { InSigner } from '../../nodes/InSigner/InSigner.node';
import { coverageDocument, type User } from '../apiCoverage/document';
import { INFERENCES, settledBy } from '../conformance/inferences';
import { outputOf } from '../outputPreviews/scenes';
import { ACTION, byId, POLLING_TRIGGER, startBench, TRIGGER, type Bench } from './insigner';

const file = join(__dirname, '../../docs/api-coverage.md');

let bench: Bench;
let operations: User[];
let triggers: User[];
let pickers: User;

beforeAll(async () => {
	bench = await startBench();
	operations = [];
	for (const { name, value, operations: all } of resources) {
		for (const { menu } of all) {
			await outputOf(bench, value, String(menu.value));
			operations.push({ name: `${name}: ${menu.name}`, endpoints: new Set(asked()) });
		}
	}
	triggers = [
		await userAtWork('inSigner Trigger', triggerAtWork),
		await userAtWork('inSigner Polling Trigger', pollingTriggerAtWork),
	];
	pickers = await userAtWork('Pickers', pickersAtWork);
}, 120_000);
afterAll(async () => await bench.stop());

const asked = (): EndpointName[] =>
	bench.sandbox.journal.requests.flatMap(({ operationId = '' }) =>
		isEndpoint(operationId) ? [operationId] : [],
	);
const isEndpoint = (name: string): name is EndpointName => name in endpoints;

/** What the sandbox is asked in the meantime. */
async function userAtWork(name: string, work: () => Promise<void>): Promise<User> {
	bench.sandbox.journal.clear();
	await work();
	return { name, endpoints: new Set(asked()) };
}

/** A contract that waits for its only signer. */
async function pendingDocument(): Promise<string> {
	const { id = '' } = bench.sandbox.store.seedDocuments(1)[0] ?? {};
	await bench.act('document', 'send', { documentId: byId(id) });
	return id;
}

async function sign(id: string): Promise<void> {
	const { signers = [] } = bench.sandbox.store.documents.get(id) ?? {};
	for (const { email } of signers) await bench.sandbox.sign(id, email);
}

/**
 * Published with everything else an event can bring, then changed, so that its webhook changes too; in the end
 * unpublished.
 */
async function triggerAtWork(): Promise<void> {
	const publish = (events: string[], staticData = {}) =>
		bench.engine.trigger(
			TRIGGER,
			{ events, options: { includeDocument: true, downloadPdf: true } },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:9/', staticData },
		);
	const first = publish(['document.sent']);
	await first.activate();
	const trigger = publish(['document.completed'], first.staticData);
	await trigger.activate();
	const [{ id = '' } = {}] = bench.sandbox.store.seedDocuments(1, { status: 'completed' });
	const body = JSON.stringify({
		event: 'document.completed',
		timestamp: new Date().toISOString(),
		data: { id },
	});
	const hmac = createHmac('sha256', String(trigger.staticData.secret)).update(body).digest('hex');
	const headers = {
		'content-type': 'application/json',
		'x-insigner-signature': `sha256=${hmac}`,
	};
	const execution = await trigger.execute(await trigger.deliver({ headers, body }));
	expect(execution.items('Trigger')).toHaveLength(1);
	await trigger.delete();
}

/** Polls twice, and in between everything happens that it can report. */
async function pollingTriggerAtWork(): Promise<void> {
	const { store } = bench.sandbox;
	const id = await pendingDocument();
	const [bulkSend] = store.seedBulkSends(1, () => ({ status: 'processing' }));
	bench.sandbox.journal.clear();
	const poller = bench.engine.poller(
		POLLING_TRIGGER,
		{
			events: ['document.completed', 'signer.completed', 'bulk_send.completed'],
			options: { includeDocument: true, downloadPdf: true },
		},
		{ credentials: bench.credentials },
	);
	await poller.start();
	await bench.sandbox.clock.advance(60_000);
	await sign(id);
	if (bulkSend) bulkSend.status = 'completed';
	const items = (await poller.poll()) ?? [];
	expect((await poller.execute(items)).items('Trigger').length).toBeGreaterThan(1);
}

async function pickersAtWork(): Promise<void> {
	const { store } = bench.sandbox;
	const { credentials } = bench;
	const [{ id: documentId = '' } = {}] = store.seedDocuments(1);
	const templateId = store.templates.all()[0]?.id ?? '';
	const { listSearch, resourceMapping } = new InSigner().methods;
	const removing = { resource: 'field', operation: 'remove', documentId: byId(documentId) };
	for (const method of Object.keys(listSearch))
		await bench.engine.listSearch(ACTION, method, { parameters: removing, credentials });
	const using = {
		resource: 'template',
		operation: 'createDocument',
		templateId: byId(templateId),
	};
	for (const method of Object.keys(resourceMapping))
		await bench.engine.resourceMapping(ACTION, method, { parameters: using, credentials });
}

const document = () => coverageDocument([...operations, ...triggers, pickers]);

it('docs/api-coverage.md is what npm run docs:coverage makes today', () => {
	if (process.env.WRITE_COVERAGE === 'true') writeFileSync(file, document());
	expect(readFileSync(file, 'utf8')).toBe(document());
});

it('no endpoint is without an operation or a trigger', () => {
	const used = new Set<string>([...operations, ...triggers].flatMap((user) => [...user.endpoints]));
	expect(Object.keys(endpoints).filter((endpoint) => !used.has(endpoint))).toEqual([]);
});

it('every operation, both triggers and the pickers ask for something, except what only reads a file', () => {
	const idle = [...operations, ...triggers, pickers].filter((user) => user.endpoints.size === 0);
	expect(idle.map(({ name }) => name)).toEqual(['Field: Find in PDF']);
});

it('everything that is not documented can be settled, and is in the document once', () => {
	const open = Object.entries(endpoints).filter(([, { known }]) => known !== 'documented');
	expect(open.filter(([name]) => settledBy(name as EndpointName) === '–')).toEqual([]);
	const missing = INFERENCES.filter(
		({ number, settledBy: how }) =>
			!document().includes(`${number}. `) || !document().includes(how),
	);
	expect(missing).toEqual([]);
});
