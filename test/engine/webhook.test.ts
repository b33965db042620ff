import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import type { StoredWebhook } from '../sandbox/sandbox';
import { byId, startBench, TRIGGER, type Bench } from './insigner';

type Trigger = ReturnType<Bench['engine']['trigger']>;

let bench: Bench;
let server: Server;
let webhookUrl: string;
/** The triggers that listen, by path. */
const listening = new Map<string, Trigger>();

/** n8n's door for webhooks: the trigger's own code answers, and n8n's text where nobody listens. */
beforeAll(async () => {
	bench = await startBench();
	server = createServer((request, response) => {
		void (async () => {
			const { pathname } = new URL(request.url ?? '/', 'http://n8n');
			const trigger = listening.get(pathname);
			const headers = Object.fromEntries(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
			);
			const body = await buffer(request);
			const delivery = await trigger?.deliver({ method: request.method, headers, body });
			const message = `The requested webhook "POST ${pathname.slice(9)}" is not registered.`;
			response
				.writeHead(delivery?.status ?? 404, { 'content-type': 'application/json' })
				.end(JSON.stringify(delivery?.body ?? { code: 404, message }));
		})();
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, 60_000);
afterAll(async () => {
	server.close();
	await bench.stop();
});
beforeEach(async () => {
	await bench.sandbox.clock.advance(3_600_000);
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	listening.clear();
	for (const { id } of registered()) bench.sandbox.store.webhooks.delete(id);
});

const registered = () => bench.sandbox.store.webhooks.all();

/** A published workflow whose trigger is registered and listens. */
const publish = async (name: string, events = ['document.completed']) => {
	const webhookId = randomUUID();
	const trigger = bench.engine.trigger(
		TRIGGER,
		{ events },
		{ credentials: bench.credentials, webhookUrl, node: { webhookId } },
	);
	await trigger.create();
	listening.set(new URL(trigger.webhookUrl).pathname, trigger);
	const webhook = registered().find(({ url }) => url === trigger.webhookUrl);
	if (!webhook) throw new Error('It was not registered');
	/** As n8n's own n8n node gives it. */
	const workflow = {
		id: `id of ${name}`,
		name,
		active: true,
		nodes: [{ name: 'Signed', type: TRIGGER, webhookId, parameters: { events } }],
	};
	return { trigger, webhook, workflow };
};

/** A webhook of somebody else's system. */
const foreign = (change: Partial<StoredWebhook> = {}) =>
	bench.sandbox.store.webhooks.add({
		...(registered()[0] as StoredWebhook),
		id: `wh_${randomUUID()}`,
		url: 'https://crm.example.com/insigner',
		description: 'CRM',
		...change,
	});

const act = async (
	operation: string,
	parameters: INodeParameters,
	items: Array<{ json: IDataObject }> = [{ json: {} }],
) => await bench.act('webhook', operation, parameters, { items, webhookUrl });

const list = async (filters: INodeParameters) => {
	const { items, error } = await act('getMany', { returnAll: true, filters });
	expect(error).toBeUndefined();
	return items.map(({ json }) => json.id);
};

describe('Get Many', () => {
	it('lists webhooks with their events as a list, and never a secret', async () => {
		const { webhook } = await publish('A');
		const { items } = await act('getMany', { returnAll: true });
		expect(items.map(({ json }) => json)).toMatchObject([
			{ id: webhook.id, events: ['document.completed'], status: 'active' },
		]);
		expect(JSON.stringify(items)).not.toContain(webhook.secret);
	});

	it('tells those of this n8n, those switched off and those nobody listens to', async () => {
		const { webhook: used } = await publish('Used');
		const { webhook: off } = await publish('Off');
		off.status = 'inactive';
		const { webhook: orphaned, trigger } = await publish('Gone');
		listening.delete(new URL(trigger.webhookUrl).pathname);
		const { id: other } = foreign();
		expect((await list({})).sort()).toEqual([used.id, off.id, orphaned.id, other].sort());
		expect(await list({ status: 'inactive' })).toEqual([off.id]);
		const here = [used.id, off.id, orphaned.id].sort();
		expect((await list({ onlyThisInstance: true })).sort()).toEqual(here);
		expect(await list({ onlyOrphaned: true })).toEqual([orphaned.id]);
	});

	it('stops at the limit', async () => {
		await publish('A');
		await publish('B');
		const { items } = await act('getMany', { returnAll: false, limit: 1, filters: {} });
		expect(items).toHaveLength(1);
	});

	it('says what the key lacks', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'listWebhooks' },
			fault: { status: 403, body: { detail: 'Missing scope', status: 403 } },
		});
		const { error } = await act('getMany', { returnAll: true });
		expect(error?.description).toContain('webhooks.read');
	});
});

describe('Get', () => {
	it('reads one', async () => {
		const { webhook } = await publish('A');
		const { items } = await act('get', { webhookId: byId(webhook.id) });
		expect(items[0]?.json).toMatchObject({ id: webhook.id, events: ['document.completed'] });
	});

	it('says that it is not there', async () => {
		const { error } = await act('get', { webhookId: byId('wh_none') });
		expect(error).toMatchObject({ httpCode: '404' });
	});

	it('refuses to ask for nothing', async () => {
		const { error } = await act('get', { webhookId: byId(' ') });
		expect(error?.message).toBe("Webhook isn't selected");
		expect(bench.sandbox.journal.requests).toEqual([]);
	});
});

describe('Update', () => {
	it('switches one on again that inSigner switched off', async () => {
		const { webhook } = await publish('A');
		Object.assign(webhook, { status: 'inactive', failureCount: 20 });
		const { items } = await act('update', {
			webhookId: byId(webhook.id),
			updateFields: { status: 'active' },
		});
		expect(items[0]?.json).toMatchObject({ id: webhook.id, status: 'active', failureCount: 0 });
	});

	it('changes address, events and description', async () => {
		const { webhook } = await publish('A');
		const url = `${webhookUrl}webhook/other/webhook`;
		await act('update', {
			webhookId: byId(webhook.id),
			updateFields: { url, events: ['document.declined'], description: 'New' },
		});
		expect(registered()).toMatchObject([
			{ url, events: ['document.declined'], description: 'New' },
		]);
	});

	it.each<[string, INodeParameters, RegExp]>([
		['nothing', {}, /Update Fields is empty/],
		['no event', { events: [] }, /Events is empty/],
		['no address', { url: 'n8n' }, /^URL must be a web address, but is "n8n"$/],
		['a long description', { description: 'x'.repeat(501) }, /501 characters/],
	])('refuses %s before anything is sent', async (_, updateFields, reason) => {
		const { webhook } = await publish('A');
		bench.sandbox.journal.clear();
		const { error } = await act('update', { webhookId: byId(webhook.id), updateFields });
		expect(error?.message).toMatch(reason);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('passes on why inSigner refuses', async () => {
		const { webhook } = await publish('A');
		const { error } = await act('update', {
			webhookId: byId(webhook.id),
			updateFields: { url: 'https://10.0.0.1/' },
		});
		expect(error?.description).toContain('blocked address');
	});
});

describe('Delete', () => {
	it('deletes one', async () => {
		const { webhook } = await publish('A');
		const { items } = await act('delete', { webhookId: byId(webhook.id) });
		expect(items[0]?.json).toEqual({ id: webhook.id, deleted: true });
		expect(registered()).toEqual([]);
	});

	it('switches it off where deleting is not offered, and says so', async () => {
		const { webhook } = await publish('A');
		bench.sandbox.faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 405 } });
		const { items } = await act('delete', { webhookId: byId(webhook.id) });
		expect(items[0]?.json).toEqual({ id: webhook.id, deleted: false, status: 'inactive' });
	});

	it('says what the key lacks', async () => {
		const { webhook } = await publish('A');
		bench.sandbox.faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 403 } });
		const { error } = await act('delete', { webhookId: byId(webhook.id) });
		expect(error?.description).toContain('webhooks.delete');
	});
});

describe('Check and Repair', () => {
	const check = async (parameters: INodeParameters = {}, workflows: IDataObject[] = []) => {
		const { items, error } = await act(
			'checkAndRepair',
			{
				compareWith: workflows.length > 0 ? 'workflows' : 'listeners',
				reactivate: true,
				correctEvents: true,
				deleteOrphaned: false,
				...parameters,
			},
			workflows.length > 0 ? workflows.map((json) => ({ json })) : undefined,
		);
		expect(error).toBeUndefined();
		return items;
	};

	it('finds nothing to do where all is well, and changes nothing', async () => {
		const { webhook } = await publish('A');
		foreign();
		bench.sandbox.journal.clear();
		const items = await check();
		expect(items.map(({ json }) => json)).toMatchObject([
			{ id: webhook.id, state: 'ok', repaired: '', advice: '' },
		]);
		const methods = bench.sandbox.journal.requests.map(({ operationId }) => operationId);
		expect(methods).toEqual(['listWebhooks']);
		expect(JSON.stringify(items)).not.toContain(webhook.secret);
	});

	it('reactivates what inSigner switched off, where somebody can verify it', async () => {
		const { webhook } = await publish('A');
		webhook.status = 'inactive';
		expect((await check({ reactivate: false }))[0]?.json).toMatchObject({
			state: 'inactive',
			repaired: '',
			advice: expect.stringContaining('Reactivate') as string,
		});
		expect(webhook.status).toBe('inactive');
		expect((await check())[0]?.json).toMatchObject({
			state: 'inactive',
			repaired: expect.stringContaining('reactivated') as string,
		});
		expect(webhook.status).toBe('active');
	});

	it('does not reactivate what nobody could verify', async () => {
		const { webhook, trigger } = await publish('A');
		webhook.status = 'inactive';
		trigger.staticData = {};
		expect((await check())[0]?.json).toMatchObject({
			state: 'cannotVerify',
			repaired: '',
			advice: expect.stringContaining('publish it again') as string,
		});
		expect(webhook.status).toBe('inactive');
	});

	it('deletes orphaned ones only where that is wanted', async () => {
		const { trigger } = await publish('Gone');
		listening.clear();
		expect((await check())[0]?.json).toMatchObject({ state: 'orphaned', repaired: '' });
		expect(registered()).toHaveLength(1);
		const [{ json }] = (await check({ deleteOrphaned: true })) as [{ json: IDataObject }];
		expect(json).toMatchObject({ state: 'orphaned', repaired: 'deleted', url: trigger.webhookUrl });
		expect(registered()).toEqual([]);
	});

	it('takes an n8n that does not reach itself for unknown, never for orphaned', async () => {
		const { webhook } = await publish('A');
		webhook.url = webhook.url.replace('127.0.0.1', '127.0.0.2');
		const { items } = await bench.act(
			'webhook',
			'checkAndRepair',
			{ compareWith: 'listeners', reactivate: true, deleteOrphaned: true },
			{ webhookUrl: webhookUrl.replace('127.0.0.1', '127.0.0.2') },
		);
		expect(items[0]?.json).toMatchObject({ state: 'unknown', repaired: '' });
		expect(registered()).toHaveLength(1);
	});

	it('names the workflows whose webhook is missing in inSigner', async () => {
		const kept = await publish('Kept');
		const lost = await publish('Lost');
		bench.sandbox.store.webhooks.delete(lost.webhook.id);
		const idle = { ...lost.workflow, id: 'idle', active: false };
		const items = await check({}, [kept.workflow, lost.workflow, idle]);
		expect(items.map(({ json, pairedItem }) => [json.state, json.workflow, pairedItem])).toEqual([
			['ok', { id: 'id of Kept', name: 'Kept' }, { item: 0 }],
			['missing', { id: 'id of Lost', name: 'Lost' }, { item: 1 }],
		]);
		expect(items[1]?.json.advice).toMatch(/^Unpublish "Lost" \(node "Signed"\)/);
	});

	it('goes by the published version of a workflow, and corrects its events', async () => {
		const { webhook, workflow } = await publish('A', ['document.completed', 'signer.completed']);
		webhook.events = ['document.declined'];
		const asN8n2 = { ...workflow, nodes: [], activeVersion: { nodes: workflow.nodes } };
		expect((await check({ correctEvents: false }, [asN8n2]))[0]?.json).toMatchObject({
			state: 'otherEvents',
			repaired: '',
		});
		expect((await check({}, [asN8n2]))[0]?.json).toMatchObject({ repaired: 'events corrected' });
		expect(webhook.events).toEqual(['document.completed', 'signer.completed']);
	});

	it('refuses to compare with items that are no workflows', async () => {
		const { error } = await act('checkAndRepair', {
			compareWith: 'workflows',
			reactivate: true,
			correctEvents: true,
			deleteOrphaned: true,
		});
		expect(error?.message).toBe('No input item is a workflow');
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('tells a stranger nothing, and never sends its question to another host', async () => {
		const { trigger, webhook } = await publish('A');
		foreign({ url: 'http://127.0.0.3:9/' });
		await check();
		for (const proof of ['', webhook.id, '0'.repeat(64)]) {
			const delivery = await trigger.deliver({
				headers: { 'content-type': 'application/json', 'x-n8n-insigner-check': proof },
				body: '{}',
			});
			expect(delivery).toMatchObject({ status: 401, started: undefined });
		}
	});
});

describe('the picker', () => {
	it('lists webhooks by what they are for, and finds them by address', async () => {
		await publish('A');
		const { id } = foreign();
		const search = async (filter?: string) =>
			await bench.engine.listSearch('n8n-nodes-insigner.inSigner', 'searchWebhooks', {
				credentials: bench.credentials,
				filter,
			});
		expect((await search()).results).toHaveLength(2);
		expect((await search('crm.example')).results).toMatchObject([
			{ name: 'CRM (active)', value: id },
		]);
	});
});
