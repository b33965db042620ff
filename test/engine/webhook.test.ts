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
/** The name of n8n's endpoint for webhooks. */
let endpoint = 'webhook';
/** What was asked there, by path. */
const asked: string[] = [];

/**
 * n8n's endpoint for webhooks: answers come from the trigger's own code, with n8n's text if no one listens, and with
 * what n8n answers at other paths.
 */
beforeAll(async () => {
	bench = await startBench();
	server = createServer((request, response) => {
		void (async () => {
			const { pathname } = new URL(request.url ?? '/', 'http://n8n');
			asked.push(pathname);
			if (!pathname.startsWith(`/${endpoint}/`)) {
				response
					.writeHead(404, { 'content-type': 'text/html; charset=utf-8' })
					.end(`<!DOCTYPE html><pre>Cannot POST ${pathname}</pre>`);
				return;
			}
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
	endpoint = 'webhook';
	asked.length = 0;
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
	/** As n8n's own n8n node returns it. */
	const workflow = {
		id: `id of ${name}`,
		name,
		active: true,
		nodes: [{ name: 'Signed', type: TRIGGER, webhookId, parameters: { events } }],
	};
	return { trigger, webhook, workflow };
};

/** A webhook of someone else's system. */
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

	it('marks those of this n8n, those switched off and those no one listens to', async () => {
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

	it('switches it off if deleting is not offered, and says so', async () => {
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

	it('finds nothing to do if all is well, and changes nothing', async () => {
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

	it('reactivates what inSigner switched off, if someone can verify it', async () => {
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

	it('does not reactivate what no one could verify', async () => {
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

	it('deletes orphaned ones only if asked to', async () => {
		const { trigger } = await publish('Gone');
		listening.clear();
		expect((await check())[0]?.json).toMatchObject({ state: 'orphaned', repaired: '' });
		expect(registered()).toHaveLength(1);
		const [{ json }] = (await check({ deleteOrphaned: true })) as [{ json: IDataObject }];
		expect(json).toMatchObject({ state: 'orphaned', repaired: 'deleted', url: trigger.webhookUrl });
		expect(registered()).toEqual([]);
	});

	it('reports an n8n that does not reach itself as unknown, never as orphaned', async () => {
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

	it('refuses to compare with items that are not workflows', async () => {
		const { error } = await act('checkAndRepair', {
			compareWith: 'workflows',
			reactivate: true,
			correctEvents: true,
			deleteOrphaned: true,
		});
		expect(error?.message).toBe('No input item is a workflow');
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	describe('asks inSigner Triggers of this n8n and no one else', () => {
		it.each([
			['an ordinary Webhook node', 'webhook/contracts'],
			['one whose path is an id', `webhook/${randomUUID()}`],
			["one whose path ends like a trigger's", 'webhook/contracts/webhook'],
			['one with a path after an id', `webhook/${randomUUID()}/webhook/signed`],
			['a Wait node', 'webhook-waiting/17/webhook'],
			['a form', `form/${randomUUID()}`],
			['a path that only looks like one below', `webhook/../rest/${randomUUID()}`],
			['a query that looks like one', `webhook/contracts?x=/${randomUUID()}/webhook`],
			['a fragment that looks like one', `webhook/contracts#/${randomUUID()}/webhook`],
		])('%s', async (_, path) => {
			const { webhook } = await publish('A');
			const { id } = foreign({ url: webhookUrl + path, status: 'inactive' });
			const items = await check({ deleteOrphaned: true });
			expect(asked).toEqual([new URL(webhook.url).pathname]);
			expect(items.map(({ json }) => [json.id, json.state, json.repaired, json.advice])).toEqual(
				expect.arrayContaining([
					[webhook.id, 'ok', '', ''],
					[id, 'otherNode', '', ''],
				]),
			);
			expect(await list({ onlyOrphaned: true })).toEqual([]);
			expect(asked).toHaveLength(2);
			expect(registered()).toHaveLength(2);
		});

		it('not even if what looks like one belongs to a workflow', async () => {
			const { workflow } = await publish('A');
			const path = `${workflow.nodes[0]?.webhookId}/webhook`;
			foreign({ url: `${webhookUrl}webhook/contracts?x=/${path}` });
			await check({}, [workflow]);
			expect(asked).toEqual([`/webhook/${path}`]);
		});

		it('even if the workflow says that its trigger has another form', async () => {
			const { webhook, workflow } = await publish('A');
			const path = `webhook/${workflow.id.replaceAll(' ', '')}/signed/webhook`;
			webhook.url = webhookUrl + path;
			const [node] = workflow.nodes;
			const imported = {
				...workflow,
				id: workflow.id.replaceAll(' ', ''),
				nodes: [{ ...node, webhookId: undefined }],
			};
			expect((await check({}, [imported]))[0]?.json).toMatchObject({ state: 'orphaned' });
			expect(asked).toEqual([`/${path}`]);
		});
	});

	describe('if n8n moved', () => {
		const OLD = 'https://old.example.com/';
		/** Publishes as n8n did at another address. */
		const publishAt = async (base: string, name: string) => {
			const published = await publish(name);
			const { webhook } = published;
			webhook.url = webhook.url.replace(webhookUrl, base);
			return published;
		};

		it('says that no webhook points here, and where they point', async () => {
			await publishAt(OLD, 'A');
			const { webhook } = await publishAt(OLD, 'B');
			(await publishAt(OLD, 'C')).webhook.status = 'inactive';
			foreign();
			const items = await check();
			expect(items.map(({ json }) => json.state)).toEqual([
				'none',
				...['elsewhere', 'elsewhere', 'elsewhere'],
			]);
			expect(items[0]?.json.advice).toBe(
				`No webhook points to this n8n, ${webhookUrl}. Active ones point to https://old.example.com (2), https://crm.example.com (1). If this n8n was there before, unpublish every workflow with an inSigner Trigger and publish it again.`,
			);
			expect(items.find(({ json }) => json.id === webhook.id)?.json).toMatchObject({
				description: expect.stringContaining('"Test workflow"') as string,
				advice: expect.stringMatching(
					/unpublish the workflow that the description names, publish it again and delete this webhook.*If another n8n uses it, leave it\./,
				) as string,
			});
			expect(asked).toEqual([]);
		});

		it('names the workflows, if they are known', async () => {
			const { workflow } = await publishAt(OLD, 'A');
			const other = await publish('B');
			await publishAt(OLD, 'of another n8n');
			const items = await check({}, [workflow, other.workflow]);
			expect(items.map(({ json }) => [json.state, json.workflow]).sort()).toEqual([
				['elsewhere', { id: 'id of A', name: 'A' }],
				['ok', { id: 'id of B', name: 'B' }],
			]);
			expect(items.find(({ json }) => json.state === 'elsewhere')?.json.advice).toBe(
				`Unpublish "A" (node "Signed") and publish it again: it points to https://old.example.com and not to this n8n, ${webhookUrl}. Then delete this webhook unless another n8n uses it.`,
			);
		});

		it('says that the old webhook is left over once the workflow has a new one', async () => {
			const { webhook, workflow } = await publish('A');
			foreign({ ...webhook, id: 'wh_old', url: webhook.url.replace(webhookUrl, OLD) });
			for (const workflows of [[], [workflow]]) {
				const items = await check({}, workflows);
				expect(items.map(({ json }) => json.state).sort()).toEqual(['elsewhere', 'ok']);
				expect(items.find(({ json }) => json.id === 'wh_old')?.json.advice).toMatch(
					/^Delete it unless another n8n uses it: .* Its workflow has a webhook here\.$/,
				);
			}
		});

		it('names another path of the same host in full', async () => {
			const { webhook } = await publish('A');
			const { items } = await bench.act(
				'webhook',
				'checkAndRepair',
				{ compareWith: 'listeners', reactivate: true, deleteOrphaned: false },
				{ webhookUrl: `${webhookUrl}n8n/` },
			);
			expect(items[0]?.json).toMatchObject({ state: 'none' });
			expect(items[0]?.json.advice).toContain(`Active ones point to ${webhook.url} (1).`);
		});

		it('says so if only the path differs, and never that n8n is not reached', async () => {
			const { webhook, workflow } = await publish('A');
			endpoint = 'hooks';
			for (const [workflows, which] of [
				[[], 'the workflow that the description names'],
				[[workflow], '"A" (node "Signed")'],
			] as const) {
				expect((await check({ deleteOrphaned: true }, [...workflows]))[0]?.json).toMatchObject({
					id: webhook.id,
					state: 'notServed',
					repaired: '',
					advice: `Unpublish ${which} and publish it again: this n8n does not serve the path of this webhook, because N8N_ENDPOINT_WEBHOOK or N8N_PATH was changed, or the proxy in front of n8n does not pass it on. Then delete this webhook if it is still there.`,
				});
			}
			expect(registered()).toHaveLength(1);
		});

		it('says that a path that is not served is left over once the workflow has another one', async () => {
			const { webhook, trigger, workflow } = await publish('A');
			endpoint = 'hooks';
			const url = webhook.url.replace('/webhook/', '/hooks/');
			listening.set(new URL(url).pathname, trigger);
			foreign({ ...webhook, id: 'wh_old' });
			webhook.url = url;
			for (const workflows of [[], [workflow]]) {
				const items = await check({}, workflows);
				expect(items.map(({ json }) => json.state).sort()).toEqual(['notServed', 'ok']);
				expect(items.find(({ json }) => json.id === 'wh_old')?.json.advice).toMatch(
					/^Delete it: this n8n does not serve the path .* Its workflow has another webhook\.$/,
				);
			}
		});

		it('says how things are if there is nothing at all', async () => {
			const [{ json }] = (await check()) as [{ json: IDataObject }];
			expect(json).toEqual({
				state: 'none',
				repaired: '',
				advice: `No webhook points to this n8n, ${webhookUrl}. To receive events, publish a workflow with an inSigner Trigger.`,
			});
			const idle = { id: 'idle', name: 'Idle', active: true, nodes: [] };
			expect((await check({}, [idle])).map((item) => item.json.advice)).toEqual([
				`No workflow in the input is published with an inSigner Trigger. ${String(json.advice)}`,
			]);
		});
	});

	it('says what answered, if that is not a trigger', async () => {
		const { trigger } = await publish('A');
		jest
			.spyOn(trigger, 'deliver')
			.mockResolvedValue({ status: 502, body: 'Bad gateway' } as Awaited<
				ReturnType<Trigger['deliver']>
			>);
		expect((await check())[0]?.json).toMatchObject({
			state: 'unknown',
			advice:
				'Something other than an inSigner Trigger answered there, with HTTP status 502, so nothing was changed. Check WEBHOOK_URL and the proxy in front of n8n.',
		});
	});

	describe('a webhook that a workflow left behind in another organization', () => {
		const leaveBehind = async (name: string) => {
			const left = await publish(name);
			const apiKey = bench.sandbox.createKey({ scopes: ['*'], organization: 'other' });
			// The credential was switched to that key, and the workflow published again with it.
			const moved = bench.engine.trigger(
				TRIGGER,
				{ events: ['document.completed'] },
				{
					credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } },
					webhookUrl,
					node: { webhookId: new URL(left.webhook.url).pathname.split('/')[2] },
				},
			);
			await moved.create();
			listening.set(new URL(left.webhook.url).pathname, moved);
			return left;
		};

		it('is listed with a key of that organization, as a left-over', async () => {
			const { webhook, workflow } = await leaveBehind('A');
			expect((await check())[0]?.json).toMatchObject({
				id: webhook.id,
				state: 'cannotVerify',
				advice: expect.stringMatching(
					/If that is a key of another organization, this webhook is a left-over: delete it instead\.$/,
				) as string,
			});
			const [node] = workflow.nodes;
			const credentials = { inSignerApi: { id: 'other', name: 'Globex' } };
			const items = await check({}, [{ ...workflow, nodes: [{ ...node, credentials }] }]);
			expect(items[0]?.json).toMatchObject({
				id: webhook.id,
				state: 'cannotVerify',
				advice:
					'"A" (node "Signed") uses another credential, "Globex". If that is one of another organization, this webhook is a left-over: delete it. Otherwise check with that credential.',
			});
		});
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
