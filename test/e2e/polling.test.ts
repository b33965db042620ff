import { setTimeout as delay } from 'node:timers/promises';

import type { StoredWorkflow, WorkflowInput } from '../host/client';
import { itemsOf, jsonOf } from '../host/execution';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { startSandbox, type Sandbox, type StoredDocument } from '../sandbox/sandbox';

const MINUTE = 60_000;
const CONTRACTS = 50;
const TRIGGER = 'Polled';
const NEXT = 'Went on';

let sandbox: Sandbox;
let real: RealN8n;
let credentials: CredentialReference;

beforeAll(async () => {
	sandbox = await startSandbox();
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`));
	credentials = await real.credentialFor(sandbox);
}, 30 * MINUTE);

afterAll(async () => {
	await real?.stop();
	await sandbox?.stop();
}, MINUTE);

const workflow = (parameters: object): WorkflowInput => ({
	name: 'Polls',
	nodes: [
		{
			id: 'trigger',
			name: TRIGGER,
			type: 'n8n-nodes-insigner.inSignerPollingTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				events: ['document.completed'],
				...parameters,
			},
			credentials,
		},
		{
			id: 'next',
			name: NEXT,
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [220, 0],
			parameters: {},
		},
	],
	connections: { [TRIGGER]: { main: [[{ node: NEXT, type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
});

/** Contracts that wait for one signer each. */
const sent = (count: number, label: string): StoredDocument[] => {
	const at = new Date().toISOString();
	return sandbox.store.seedDocuments(count, (n) => ({
		name: `${label} ${n}`,
		status: 'pending',
		signers: [
			{
				id: `sr_${label}_${n}`,
				email: 'ann@example.com',
				name: 'Ann',
				phone: null,
				role: 'signer',
				status: 'pending',
				order: 0,
				signedAt: null,
				createdAt: at,
				updatedAt: at,
				token: `${label}-${n}`,
			},
		],
	}));
};
const sign = async (documents: StoredDocument[]) => {
	for (const { id } of documents) await sandbox.sign(id, 'ann@example.com');
};

/** Names of the documents that the workflow continued with, over all its executions. */
const wentOnFor = async ({ id }: StoredWorkflow): Promise<string[]> => {
	const over = await real.client.executions({ workflowId: id, status: ['success', 'error'] });
	const names = [];
	for (const execution of over) {
		const items = jsonOf(await real.client.execution(execution.id), NEXT);
		names.push(...items.map(({ data }) => String((data as { name: string }).name)));
	}
	return names.sort();
};
/** Waits until the workflow has continued with this many documents. n8n polls at most once a minute. */
const wentOnForMany = async (workflow: StoredWorkflow, count: number): Promise<string[]> => {
	for (const end = Date.now() + 3 * MINUTE; Date.now() < end; await delay(1_000)) {
		const names = await wentOnFor(workflow);
		if (names.length >= count) return names;
	}
	return await wentOnFor(workflow);
};
const namesOf = (documents: StoredDocument[]) => documents.map(({ name }) => name).sort();

it(
	'reports 50 contracts that were signed while n8n was down, once each',
	async () => {
		const documents = sent(CONTRACTS, 'Lease');
		const stored = await real.client.createWorkflow(workflow({}));
		await real.client.activate(stored.id);
		expect(await wentOnFor(stored)).toEqual([]);

		await real.n8n.stop();
		await sign(documents);
		sandbox.journal.clear();
		await real.n8n.start();
		expect(await wentOnForMany(stored, CONTRACTS)).toEqual(namesOf(documents));

		// No one can know whether n8n had stored the execution when it was killed. So the next start reports again what was
		// reported last, and the execution finds in n8n's database that it was handled.
		const executions = async () =>
			(await real.client.executions({ workflowId: stored.id, status: ['success'] })).length;
		const before = await executions();
		await real.n8n.kill();
		await real.n8n.start();
		for (const end = Date.now() + MINUTE; (await executions()) === before; await delay(500)) {
			if (Date.now() > end) throw new Error('Nothing was told again');
		}
		expect(await wentOnFor(stored)).toEqual(namesOf(documents));
		const more = sent(1, 'Late');
		await sign(more);
		const all = [...documents, ...more];
		expect(await wentOnForMany(stored, all.length)).toEqual(namesOf(all));
		// Half of the 120 requests a minute stay free, and none is refused.
		const requests = sandbox.journal.requests;
		expect(requests.filter(({ status }) => status === 429)).toEqual([]);
		await real.client.deactivate(stored.id);
	},
	12 * MINUTE,
);

it(
	'shows the latest signed contract in a test run',
	async () => {
		const [document] = sent(1, 'Example');
		if (!document) throw new Error('No document');
		await sign([document]);
		const { id } = await real.client.createWorkflow(
			workflow({ options: { includeDocument: true, downloadPdf: true } }),
		);
		const execution = await real.client.waitForExecution(
			await real.client.run(id, { triggerNode: TRIGGER }),
		);
		expect(itemsOf(execution, NEXT)).toMatchObject([
			{
				json: {
					event: 'document.completed',
					source: 'poll',
					document: { name: document.name, status: 'completed' },
				},
				binary: { data: { mimeType: 'application/pdf' } },
			},
		]);
		expect((await real.client.workflow(id)).staticData ?? {}).toEqual({});
	},
	3 * MINUTE,
);
