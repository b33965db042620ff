/** Check and Repair in a real n8n: which addresses it asks, and what it says after n8n moved. */
import { randomUUID } from 'node:crypto';

import type { StoredWorkflow } from '../host/client';
import { jsonOf } from '../host/execution';
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

let scene: TriggerScene;
/** Read at every start of n8n. */
const environment: Record<string, string> = {};

beforeAll(async () => {
	scene = await startScene(environment);
}, 30 * MINUTE);

afterAll(async () => {
	await scene?.stop();
}, MINUTE);

const client = () => scene.real.client;

/** n8n starts again, elsewhere. */
const move = async (change: Record<string, string>) => {
	for (const name of Object.keys(environment)) delete environment[name];
	Object.assign(environment, change);
	await scene.real.n8n.restart();
};

beforeEach(async () => {
	// Ten creations an hour are allowed, so every scenario has its own hour.
	await scene.sandbox.clock.advance(HOUR);
});

afterEach(async () => {
	for (const { id } of created.splice(0)) await client().archiveAndDelete(id);
	for (const { id } of scene.sandbox.store.webhooks.all()) {
		scene.sandbox.store.webhooks.delete(id);
	}
	if (Object.keys(environment).length > 0) await move({});
}, 4 * MINUTE);

const created: StoredWorkflow[] = [];

const publish = async (name: string): Promise<StoredWorkflow> => {
	const workflow = await client().createWorkflow(
		triggerWorkflow(name, scene.credentials, randomUUID()),
	);
	created.push(workflow);
	await client().activate(workflow.id);
	return workflow;
};

const webhookOf = (workflow: StoredWorkflow) => {
	const [webhook] = webhooksOf(scene.sandbox, workflow);
	if (!webhook) throw new Error(`No webhook points to "${workflow.name}"`);
	return webhook;
};

/** A workflow that starts with an ordinary Webhook node, its address registered in inSigner by hand. */
const publishOrdinary = async (path: string) => {
	const workflow = await client().createWorkflow({
		name: `Webhook ${path}`,
		nodes: [
			{
				id: 'webhook',
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: randomUUID(),
				parameters: { httpMethod: 'POST', path },
			},
		],
		connections: {},
	});
	created.push(workflow);
	await client().activate(workflow.id);
	const url = `${scene.real.n8n.url}/webhook/${path}`.replace(/([^:])\/\//, '$1/');
	const [any] = scene.sandbox.store.webhooks.all();
	if (!any) throw new Error('Publish a trigger first');
	scene.sandbox.store.webhooks.add({ ...any, id: `wh_${randomUUID()}`, url, description: 'Own' });
	return { workflow, url };
};

/** Runs Check and Repair, with or without workflows as n8n's own node returns them. */
const check = async (workflows: StoredWorkflow[] = []) => {
	const stored = await Promise.all(workflows.map(async ({ id }) => await client().workflow(id)));
	const repair = await client().createWorkflow({
		name: 'Check',
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
				id: 'workflows',
				name: 'Workflows',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				position: [220, 0],
				parameters: { mode: 'raw', jsonOutput: JSON.stringify({ stored }) },
			},
			{
				id: 'split',
				name: 'Each',
				type: 'n8n-nodes-base.splitOut',
				typeVersion: 1,
				position: [440, 0],
				parameters: { fieldToSplitOut: 'stored' },
			},
			{
				id: 'check',
				name: 'Check',
				type: 'n8n-nodes-insigner.inSigner',
				typeVersion: 1,
				position: [660, 0],
				credentials: scene.credentials,
				parameters: {
					resource: 'webhook',
					operation: 'checkAndRepair',
					compareWith: stored.length > 0 ? 'workflows' : 'listeners',
					deleteOrphaned: true,
				},
			},
		],
		connections: {
			Start: {
				main: [[{ node: stored.length > 0 ? 'Workflows' : 'Check', type: 'main', index: 0 }]],
			},
			Workflows: { main: [[{ node: 'Each', type: 'main', index: 0 }]] },
			Each: { main: [[{ node: 'Check', type: 'main', index: 0 }]] },
		},
	});
	created.push(repair);
	const execution = await client().waitForExecution(await client().run(repair.id));
	return jsonOf(execution, 'Check');
};

/** Sends an honest event. @returns the HTTP status of n8n's answer */
const deliver = async ({ url, secret }: { url: string; secret: string }) => {
	const body = newEvent(new Date().toISOString());
	const { status } = await send(url, {
		headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
		body: Buffer.from(body),
	});
	return status;
};

it(
	'asks inSigner Triggers only and starts no other workflow',
	async () => {
		const trigger = await publish('A');
		const ordinary = [];
		for (const path of ['contracts', 'contracts/webhook', randomUUID()]) {
			ordinary.push(await publishOrdinary(path));
		}
		const items = await check();
		expect(items.find(({ id }) => id === webhookOf(trigger).id)).toMatchObject({ state: 'ok' });
		for (const { workflow, url } of ordinary) {
			expect(items.find((item) => item.url === url)).toMatchObject({ state: 'otherNode' });
			expect((await countExecutions(scene.real, workflow.id)).all).toBe(0);
		}
		expect((await countExecutions(scene.real, trigger.id)).all).toBe(0);
	},
	6 * MINUTE,
);

it(
	'says after the webhook endpoint was renamed which workflow to publish again, which mends it',
	async () => {
		const workflow = await publish('Contracts');
		const old = webhookOf(workflow);
		await move({ N8N_ENDPOINT_WEBHOOK: 'hooks' });
		expect(await deliver(old)).toBe(404);

		const reason = /this n8n does not serve the path of this webhook, because N8N_ENDPOINT_WEBHOOK/;
		expect(await check()).toEqual([
			expect.objectContaining({
				id: old.id,
				state: 'notServed',
				repaired: '',
				advice: expect.stringMatching(reason) as string,
			}),
		]);
		expect(await check([workflow])).toEqual([
			expect.objectContaining({
				state: 'notServed',
				workflow: { id: workflow.id, name: 'Contracts' },
				advice: expect.stringMatching(
					/^Unpublish "Contracts" \(node "Signed"\) and publish it again: /,
				) as string,
			}),
		]);

		await client().deactivate(workflow.id);
		await client().activate(workflow.id);
		const now = webhooksOf(scene.sandbox, workflow).find(({ url }) => url.includes('/hooks/'));
		if (!now) throw new Error('It was not registered anew');
		expect(await deliver(now)).toBe(200);
		const items = await check([workflow]);
		expect(items.find(({ id }) => id === now.id)).toMatchObject({ state: 'ok', advice: '' });
		// The old one is left where it was; no one can know who owns it.
		expect(items.filter(({ id }) => id !== now.id)).toEqual([
			expect.objectContaining({
				id: old.id,
				state: 'notServed',
				advice: expect.stringMatching(/^Delete it: /) as string,
			}),
		]);
	},
	10 * MINUTE,
);

it(
	'says after n8n moved to another address that the webhooks point to the old one',
	async () => {
		const workflow = await publish('Contracts');
		const { url } = webhookOf(workflow);
		const { origin: before, port } = new URL(url);
		const after = `http://localhost:${port}/`;
		await move({ WEBHOOK_URL: after });

		expect(await check()).toEqual([
			expect.objectContaining({
				state: 'none',
				advice: `No webhook points to this n8n, ${after}. Active ones point to ${before} (1). If this n8n was there before, unpublish every workflow with an inSigner Trigger and publish it again.`,
			}),
			expect.objectContaining({ url, state: 'elsewhere' }),
		]);
		expect(await check([workflow])).toEqual([
			expect.objectContaining({
				state: 'elsewhere',
				workflow: { id: workflow.id, name: 'Contracts' },
				advice: `Unpublish "Contracts" (node "Signed") and publish it again: it points to ${before} and not to this n8n, ${after}. Then delete this webhook unless another n8n uses it.`,
			}),
		]);

		await client().deactivate(workflow.id);
		await client().activate(workflow.id);
		const states = (await check([workflow])).map(({ state }) => state);
		expect(states.sort()).toEqual(['elsewhere', 'ok']);
	},
	10 * MINUTE,
);
