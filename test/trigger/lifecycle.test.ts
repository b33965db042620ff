import { randomUUID } from 'node:crypto';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { N8nClient, type StoredWorkflow } from '../host/client';
import { jsonOf } from '../host/execution';
import { installN8n } from '../host/install';
import { startN8n } from '../host/n8n';
import type { Sandbox } from '../sandbox/sandbox';
import { newEvent, sign } from './attacks';
import {
	countExecutions,
	send,
	startScene,
	triggerWorkflow,
	webhooksOf,
	type TriggerScene,
} from './scene';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waits between the nine attempts of a delivery (webhooks/retries), in milliseconds. */
const RETRY_DELAYS_MS = [1, 5, 30, 120, 300, 600, 1080, 1440].map((minutes) => minutes * MINUTE);

let scene: TriggerScene;
/** What was left behind at the service after each scenario. */
const report: string[] = [];

beforeAll(async () => {
	scene = await startScene({
		// After this time the next n8n takes over what a killed one was about to publish; 120 and 15 by default.
		N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '90',
		N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '2000',
	});
}, 30 * MINUTE);

afterAll(async () => {
	await scene?.stop();
	process.stderr.write(`\nWebhooks left at the service, by scenario\n${report.join('\n')}\n`);
}, MINUTE);

beforeEach(async () => {
	// Ten creations an hour are allowed, so every scenario has its own hour.
	await scene.sandbox.clock.advance(HOUR);
	scene.sandbox.faults.clear();
});

afterEach(async () => {
	scene.sandbox.faults.clear();
	for (const id of created.splice(0)) {
		await client().archiveAndDelete(id, { timeoutMs: TAKEN_UP_MS });
	}
	for (const { id } of sandbox().store.webhooks.all()) sandbox().store.webhooks.delete(id);
}, 4 * MINUTE);

/** Ids of the workflows of this scenario. */
const created: string[] = [];

/** How long n8n may take to take over what a killed one was about to publish. */
const TAKEN_UP_MS = 3 * MINUTE;

const sandbox = (): Sandbox => scene.sandbox;
const client = () => scene.real.client;
const create = async (
	name: string,
	parameters?: object,
	webhookId: string | null = randomUUID(),
): Promise<StoredWorkflow> => {
	const workflow = await client().createWorkflow(
		triggerWorkflow(name, scene.credentials, webhookId ?? undefined, parameters),
	);
	created.push(workflow.id);
	return workflow;
};

const publish = async (name: string, parameters?: object) => {
	const workflow = await create(name, parameters);
	await client().activate(workflow.id);
	return workflow;
};

const webhookOf = (workflow: StoredWorkflow) => {
	const [webhook] = webhooksOf(sandbox(), workflow);
	if (!webhook) throw new Error(`No webhook points to "${workflow.name}"`);
	return webhook;
};

/** What the service holds for a workflow, in one line. */
const held = (workflow: StoredWorkflow) =>
	webhooksOf(sandbox(), workflow).map(
		({ url, events, status }) =>
			`${url.includes('/webhook-test/') ? 'test' : 'production'} ${status} ${events.join('+')}`,
	);

/** Sends an honest event to what the service holds for a workflow. @returns how many executions it started */
const startedByEvent = async (workflow: StoredWorkflow): Promise<number> => {
	const { url, secret } = webhookOf(workflow);
	const before = await countExecutions(scene.real, workflow.id);
	const body = newEvent(new Date().toISOString());
	const { status } = await send(url, {
		headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
		body: Buffer.from(body),
	});
	const after = await countExecutions(scene.real, workflow.id);
	return status === 200 ? after.wentOn - before.wentOn : -status;
};

const creations = () =>
	sandbox().journal.requests.filter(({ operationId }) => operationId === 'createWebhook').length;

/** Changes the parameters of the trigger and saves; the workflow continues as published until it is activated. */
const edit = async (workflow: StoredWorkflow, change: (node: { name: string }) => object) => {
	const { nodes } = await client().workflow(workflow.id);
	return await client().updateWorkflow(workflow.id, {
		nodes: nodes.map((node) => (node.id === 'trigger' ? change(node) : node)),
	});
};

const scenario = (name: string, play: () => Promise<string[]>, timeoutMs = 6 * MINUTE) =>
	it(
		name,
		async () => {
			sandbox().journal.clear();
			const left = await play();
			report.push(`  ${name.padEnd(64)} ${left.join(', ') || 'none'}`);
		},
		timeoutMs,
	);

const PRODUCTION = 'production active document.completed';

scenario('activate', async () => {
	const workflow = await publish('A');
	expect(held(workflow)).toEqual([PRODUCTION]);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('publish again unchanged', async () => {
	const workflow = await publish('A');
	const { id } = webhookOf(workflow);
	await client().activate(workflow.id);
	expect(webhookOf(workflow).id).toBe(id);
	expect(creations()).toBe(1);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('edit events and publish again', async () => {
	const workflow = await publish('A');
	await edit(workflow, (node) => ({
		...node,
		parameters: { events: ['document.completed', 'signer.completed'] },
	}));
	await client().activate(workflow.id);
	expect(held(workflow)).toEqual(['production active document.completed+signer.completed']);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('deactivate', async () => {
	const workflow = await publish('A');
	await client().deactivate(workflow.id);
	expect(held(workflow)).toEqual([]);
	return held(workflow);
});

scenario('restart', async () => {
	const workflow = await publish('A');
	const { id } = webhookOf(workflow);
	await scene.real.n8n.restart();
	expect(webhookOf(workflow).id).toBe(id);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('kill -9 after inSigner created the webhook, before n8n knew', async () => {
	const workflow = await create('A');
	sandbox().faults.add({
		match: { operationId: 'createWebhook' },
		times: 1,
		when: 'after',
		fault: { hangMs: 60_000 },
	});
	const activation = client()
		.activate(workflow.id)
		.catch(() => undefined);
	while (webhooksOf(sandbox(), workflow).length === 0) await delay(50);
	const orphan = webhookOf(workflow).id;
	await scene.real.n8n.kill();
	await activation;
	await scene.real.n8n.start();
	// n8n takes over what it was about to publish; otherwise a person publishes again.
	await client().publicationSettled(workflow.id, { timeoutMs: TAKEN_UP_MS });
	if (webhooksOf(sandbox(), workflow).some(({ id }) => id === orphan)) {
		await client().deactivate(workflow.id);
		await client().activate(workflow.id);
	}
	expect(held(workflow)).toEqual([PRODUCTION]);
	expect(webhookOf(workflow).id).not.toBe(orphan);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('kill -9 between deletion and creation', async () => {
	const workflow = await publish('A');
	await edit(workflow, (node) => ({ ...node, parameters: { events: ['document.declined'] } }));
	const rule = sandbox().faults.add({
		match: { operationId: 'createWebhook' },
		times: 1,
		fault: { hangMs: 60_000 },
	});
	const activation = client()
		.activate(workflow.id)
		.catch(() => undefined);
	while (rule.hits === 0) await delay(50);
	await scene.real.n8n.kill();
	await activation;
	await scene.real.n8n.start();
	await client().publicationSettled(workflow.id, { timeoutMs: TAKEN_UP_MS });
	if (held(workflow).length === 0) {
		await client().deactivate(workflow.id);
		await client().activate(workflow.id);
	}
	expect(held(workflow)).toEqual(['production active document.declined']);
	return held(workflow);
});

scenario('two workflows, one deactivated', async () => {
	const [first, second] = [await publish('A'), await publish('B')];
	expect([held(first), held(second)]).toEqual([[PRODUCTION], [PRODUCTION]]);
	await client().deactivate(first.id);
	expect([held(first), held(second)]).toEqual([[], [PRODUCTION]]);
	expect(await startedByEvent(second)).toBe(1);
	return [...held(first), ...held(second)];
});

scenario('listen for a test event while active', async () => {
	const workflow = await publish('A');
	const production = webhookOf(workflow);
	await client().listen(workflow.id, { triggerNode: 'Signed' });
	expect(held(workflow).sort()).toEqual([PRODUCTION, 'test active document.completed']);
	const test = webhooksOf(sandbox(), workflow).find(({ id }) => id !== production.id);
	const body = newEvent(new Date().toISOString());
	const forgery = ['content-type', 'application/json', 'x-insigner-signature', sign(body, 'x')];
	expect(
		(await send(String(test?.url), { headers: forgery, body: Buffer.from(body) })).status,
	).toBe(401);
	// The forgery did not end the test.
	const genuine = [...forgery.slice(0, 3), sign(body, String(test?.secret))];
	expect(
		(await send(String(test?.url), { headers: genuine, body: Buffer.from(body) })).status,
	).toBe(200);
	while (held(workflow).length > 1) await delay(100);
	expect(held(workflow)).toEqual([PRODUCTION]);
	expect(webhookOf(workflow).id).toBe(production.id);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('a second test run started over the first', async () => {
	const workflow = await create('A');
	await client().listen(workflow.id, { triggerNode: 'Signed' });
	await client().listen(workflow.id, { triggerNode: 'Signed' });
	expect(held(workflow)).toEqual(['test active document.completed']);
	await client().stopListening(workflow.id);
	while (held(workflow).length > 0) await delay(100);
	return held(workflow);
});

scenario('imported without webhookId', async () => {
	const workflow = await create('Imported', undefined, null);
	await client().activate(workflow.id);
	const stored = await client().workflow(workflow.id);
	expect(sandbox().store.webhooks.all()).toHaveLength(1);
	const [{ url, secret } = { url: '', secret: '' }] = sandbox().store.webhooks.all();
	const body = newEvent(new Date().toISOString());
	const { status } = await send(url, {
		headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
		body: Buffer.from(body),
	});
	expect(status).toBe(200);
	expect((await countExecutions(scene.real, workflow.id)).wentOn).toBe(1);
	await client().deactivate(stored.id);
	expect(sandbox().store.webhooks.all()).toEqual([]);
	return [];
});

scenario('node renamed', async () => {
	const workflow = await publish('A');
	const { nodes, ...rest } = triggerWorkflow('A', scene.credentials, undefined);
	await client().updateWorkflow(workflow.id, {
		nodes: (await client().workflow(workflow.id)).nodes.map((node) =>
			node.id === 'trigger' ? { ...node, name: 'Contract signed' } : node,
		),
		connections: { 'Contract signed': (rest.connections as { Signed: object }).Signed },
	});
	expect(nodes).toHaveLength(2);
	await client().activate(workflow.id);
	expect(held(workflow)).toEqual([PRODUCTION]);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario('deletion refused at deactivation, then activated again', async () => {
	const workflow = await publish('A');
	const { id } = webhookOf(workflow);
	sandbox().faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 403 } });
	await client().deactivate(workflow.id);
	expect(held(workflow)).toEqual([PRODUCTION]);
	sandbox().faults.clear();
	await client().activate(workflow.id);
	expect(held(workflow)).toEqual([PRODUCTION]);
	// Whether or not n8n kept the secret: what is registered can be verified.
	expect(await startedByEvent(workflow)).toBe(1);
	expect(id).toBeDefined();
	return held(workflow);
});

scenario('deleting not offered: deactivated and activated again', async () => {
	const workflow = await publish('A');
	sandbox().faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 405 } });
	for (let n = 0; n < 3; n++) {
		await client().deactivate(workflow.id);
		expect(held(workflow)).toEqual(['production inactive document.completed']);
		await client().activate(workflow.id);
		expect(held(workflow)).toEqual([PRODUCTION]);
	}
	expect(creations()).toBe(1);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario(
	'inSigner unreachable at activation, then activated again',
	async () => {
		const workflow = await create('A');
		sandbox().faults.add({ match: { path: /^\/webhooks/ }, fault: { status: 503 } });
		await expect(client().activate(workflow.id, { timeoutMs: 2 * MINUTE })).rejects.toThrow(
			/could not be activated/,
		);
		expect(held(workflow)).toEqual([]);
		sandbox().faults.clear();
		await client().deactivate(workflow.id);
		await client().activate(workflow.id);
		expect(held(workflow)).toEqual([PRODUCTION]);
		expect(await startedByEvent(workflow)).toBe(1);
		return held(workflow);
	},
	5 * MINUTE,
);

scenario(
	'inSigner unreachable at deactivation, then activated again',
	async () => {
		const workflow = await publish('A');
		sandbox().faults.add({ match: { path: /^\/webhooks/ }, fault: { status: 503 } });
		await client().deactivate(workflow.id, { timeoutMs: 2 * MINUTE });
		sandbox().faults.clear();
		await client().activate(workflow.id);
		expect(held(workflow)).toEqual([PRODUCTION]);
		expect(await startedByEvent(workflow)).toBe(1);
		return held(workflow);
	},
	5 * MINUTE,
);

scenario('refused at activation: posted once, not five times', async () => {
	const workflow = await create('A');
	sandbox().faults.add({
		match: { operationId: 'createWebhook' },
		fault: { status: 409, body: { status: 409, detail: 'At most 10 webhooks' } },
	});
	await expect(client().activate(workflow.id, { timeoutMs: 2 * MINUTE })).rejects.toThrow(
		/At most 10 webhooks/,
	);
	expect(creations()).toBe(1);
	return held(workflow);
});

scenario('switched off by the service, then reactivated by Check and Repair', async () => {
	const workflow = await publish('A');
	Object.assign(webhookOf(workflow), { status: 'inactive', failureCount: 20 });
	const gone = await publish('Gone');
	const leftOver = { ...webhookOf(gone), id: 'wh_left_over' };
	await client().deactivate(gone.id);
	sandbox().store.webhooks.add(leftOver);
	const repair = await client().createWorkflow({
		name: 'Repair',
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'repair',
				name: 'Repair',
				type: 'n8n-nodes-insigner.inSigner',
				typeVersion: 1,
				position: [220, 0],
				credentials: scene.credentials,
				parameters: { resource: 'webhook', operation: 'checkAndRepair', deleteOrphaned: true },
			},
		],
		connections: { Start: { main: [[{ node: 'Repair', type: 'main', index: 0 }]] } },
	});
	const execution = await client().waitForExecution(await client().run(repair.id));
	expect(jsonOf(execution, 'Repair')).toEqual(
		expect.arrayContaining([
			expect.objectContaining({
				state: 'inactive',
				repaired: 'reactivated: look for events that were missed',
			}),
			expect.objectContaining({ id: 'wh_left_over', state: 'orphaned', repaired: 'deleted' }),
		]),
	);
	expect(held(gone)).toEqual([]);
	expect(held(workflow)).toEqual([PRODUCTION]);
	expect(await startedByEvent(workflow)).toBe(1);
	return held(workflow);
});

scenario(
	'a copy of this n8n at another address, published and unpublished',
	async () => {
		const workflow = await publish('A');
		const { n8n, owner } = scene.real;
		const production = { ...webhookOf(workflow) };
		const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-copy-'));
		await n8n.stop();
		await cp(n8n.userFolder, folder, { recursive: true });
		await n8n.start();
		const copy = await startN8n({ installed: await installN8n(), userFolder: folder });
		try {
			const copied = new N8nClient(copy.url);
			await copied.login(owner.email, owner.password);
			expect((await copied.workflow(workflow.id)).active).toBe(true);
			await copied.deactivate(workflow.id);
			expect(sandbox().store.webhooks.all()).toEqual([production]);
			await copied.activate(workflow.id);
			const urls = () => webhooksOf(sandbox(), workflow).map(({ url }) => new URL(url).origin);
			expect(urls().sort()).toEqual([n8n.url, copy.url].sort());
			expect(await copy.log(100)).toContain(`webhook ${production.id} is left as it is`);
			await copied.deactivate(workflow.id);
			expect(sandbox().store.webhooks.all()).toEqual([production]);
		} finally {
			await copy.remove();
		}
		expect(await startedByEvent(workflow)).toBe(1);
		return held(workflow);
	},
	10 * MINUTE,
);

const withTemplates = (templateId: string) => ({
	events: ['document.completed'],
	filters: { templateId },
});

/** Sends events of a template. @returns the status of the answer and what n8n then did with it */
const sendOfTemplate = async (workflow: StoredWorkflow, templateId: string) => {
	const { url, secret } = webhookOf(workflow);
	const before = await countExecutions(scene.real, workflow.id);
	const body = newEvent(new Date().toISOString(), `,"templateId":"${templateId}"`);
	const { status } = await send(url, {
		headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
		body: Buffer.from(body),
	});
	const after = await countExecutions(scene.real, workflow.id);
	return { status, wentOn: after.wentOn - before.wentOn, failed: after.failed - before.failed };
};

scenario('filters in every plain form', async () => {
	const forms = [
		'["tpl_a"]',
		'https://app.insigner.co/templates/tpl_a',
		'tpl_x,\ntpl_a',
		'={{ ["tpl_a"] }}',
	];
	for (const form of forms) {
		const workflow = await publish(form, withTemplates(form));
		expect(await sendOfTemplate(workflow, 'tpl_a')).toEqual({ status: 200, wentOn: 1, failed: 0 });
		expect(await sendOfTemplate(workflow, 'tpl_b')).toEqual({ status: 200, wentOn: 0, failed: 0 });
	}
	return [`${forms.length} forms`];
});

scenario('invalid filters: refused by name when the workflow is published', async () => {
	const refused = {
		'={{ 5 }}': /Template IDs must be a list of IDs, but is 5/,
		'={{ undefined }}': /Template IDs is an expression that gives nothing/,
		'[tpl_a]': /Template IDs must be a list of IDs, but is "\[tpl_a\]"/,
	};
	for (const [form, reason] of Object.entries(refused)) {
		const workflow = await create(form, withTemplates(form));
		await expect(client().activate(workflow.id, { timeoutMs: 2 * MINUTE })).rejects.toThrow(reason);
		expect(held(workflow)).toEqual([]);
	}
	expect(creations()).toBe(0);
	return [];
});

scenario(
	'a filter that no longer gives anything: the execution stops, and a retry continues',
	async () => {
		const until = Date.now() + 20_000;
		const workflow = await publish(
			'A',
			withTemplates(`={{ Date.now() < ${until} ? "tpl_a" : undefined }}`),
		);
		expect((await sendOfTemplate(workflow, 'tpl_a')).wentOn).toBe(1);
		await delay(Math.max(0, until - Date.now()));
		expect(await sendOfTemplate(workflow, 'tpl_a')).toEqual({ status: 200, wentOn: 0, failed: 1 });
		expect(await scene.real.n8n.log(100)).toContain(
			'will stop: Template IDs is an expression that gives nothing',
		);
		await edit(workflow, (node) => ({ ...node, parameters: withTemplates('tpl_a') }));
		await client().activate(workflow.id);
		const [failed] = await client().executions({ workflowId: workflow.id, status: ['error'] });
		await client().call('POST', `/executions/${failed?.id}/retry`, { loadWorkflow: true });
		await client().waitForExecutions(workflow.id, 3);
		expect((await countExecutions(scene.real, workflow.id)).wentOn).toBe(2);
		return held(workflow);
	},
);

scenario('n8n down for eight attempts of a delivery, back for the ninth', async () => {
	const workflow = await publish('A');
	const [document] = sandbox().store.seedDocuments(1, (n) => ({
		name: `Patience ${n}`,
		status: 'pending',
		signers: [
			{
				id: 'sr_patience',
				email: 'ann@example.com',
				name: 'Ann',
				phone: null,
				role: 'signer',
				status: 'pending',
				order: 0,
				signedAt: null,
				createdAt: new Date().toISOString(),
				updatedAt: new Date().toISOString(),
				token: 'patience',
			},
		],
	}));
	await scene.real.n8n.stop();
	await sandbox().sign(String(document?.id), 'ann@example.com');
	await sandbox().settled();
	for (const [index, ms] of RETRY_DELAYS_MS.entries()) {
		// n8n is back before the last attempt.
		if (index === RETRY_DELAYS_MS.length - 1) await scene.real.n8n.start();
		await sandbox().clock.advance(ms + 1_000);
	}
	await sandbox().settled();
	const attempts = sandbox()
		.journal.deliveries.filter(({ event }) => event === 'document.completed')
		.map(({ attempt, status }) => [attempt, status]);
	expect(attempts).toEqual([
		...[1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => [attempt, undefined]),
		[9, 200],
	]);
	const executions = await countExecutions(scene.real, workflow.id);
	expect(executions).toEqual({ all: 1, wentOn: 1, failed: 0 });
	return held(workflow);
});
