import { createHash, createHmac } from 'node:crypto';

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { StoredWebhook } from '../sandbox/sandbox';
import { byId, startBench, TRIGGER, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	// Ten creations an hour are allowed, so every test has its own hour.
	await bench.sandbox.clock.advance(3_600_000);
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	for (const { id } of bench.sandbox.store.webhooks.all()) bench.sandbox.store.webhooks.delete(id);
	time = passTime(bench.sandbox);
});
afterEach(() => time.restore());

const events = ['document.completed', 'signer.completed'];
const url = 'http://127.0.0.1:5678/webhook/';

const trigger = (chosen: string[] = events) =>
	bench.engine.trigger(
		TRIGGER,
		{ events: chosen },
		{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
	);

const registered = () => bench.sandbox.store.webhooks.all();

/** A webhook as something other than this trigger left it. */
const registeredAt = async (address: string): Promise<StoredWebhook[]> => {
	const other = bench.engine.trigger(
		TRIGGER,
		{ events },
		{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5679/' },
	);
	await other.create();
	const [webhook] = registered();
	if (webhook) Object.assign(webhook, { url: address, description: null });
	bench.sandbox.journal.clear();
	return registered();
};

const posts = () =>
	bench.sandbox.journal.requests.filter(({ operationId }) => operationId === 'createWebhook')
		.length;

describe('registration', () => {
	it('registers once, keeps id and secret, and finds itself again', async () => {
		const handle = trigger();
		expect(await handle.checkExists()).toBe(false);
		await handle.create();
		expect(registered()).toMatchObject([{ events, status: 'active' }]);
		expect(registered()[0]?.url).toContain(url);
		const [webhook] = registered();
		expect(handle.staticData).toEqual({ webhookId: webhook?.id, secret: webhook?.secret });
		expect(await handle.checkExists()).toBe(true);
		await handle.create();
		expect(posts()).toBe(1);
	});

	it('pushes changed events without a new webhook', async () => {
		const before = trigger();
		await before.create();
		const after = trigger(['document.declined']);
		after.staticData = before.staticData;
		expect(await after.checkExists()).toBe(false);
		await after.create();
		expect(registered().map(({ events: held }) => held)).toEqual([['document.declined']]);
		expect(posts()).toBe(1);
	});

	it('switches a deactivated webhook on again', async () => {
		const handle = trigger();
		await handle.create();
		const [webhook] = registered();
		if (webhook) webhook.status = 'inactive';
		await handle.activate();
		expect(registered()).toMatchObject([{ status: 'active' }]);
		expect(posts()).toBe(1);
	});

	it('replaces its webhook when static data was lost, and leaves none behind', async () => {
		const handle = trigger();
		await handle.create();
		handle.staticData = {};
		await handle.activate();
		expect(registered()).toHaveLength(1);
		expect(handle.staticData.secret).toBe(registered()[0]?.secret);
	});

	it('does not trust an id whose webhook is gone', async () => {
		const handle = trigger();
		await handle.create();
		bench.sandbox.store.webhooks.delete(String(handle.staticData.webhookId));
		expect(await handle.checkExists()).toBe(false);
		await handle.create();
		expect(handle.staticData.webhookId).toBe(registered()[0]?.id);
	});

	it('removes a webhook that came without a secret, and says so', async () => {
		const handle = trigger();
		bench.sandbox.faults.add({
			match: { operationId: 'createWebhook' },
			fault: {
				status: 201,
				contentType: 'application/json',
				body: { data: { id: 'wh_without' } },
			},
		});
		await expect(handle.create()).rejects.toThrow(/without giving its secret/);
		expect(handle.staticData).toEqual({});
		const paths = bench.sandbox.journal.requests.map(({ method, path }) => `${method} ${path}`);
		expect(paths).toContain('DELETE /webhooks/wh_without');
	});

	it('finds its webhook on a later page of the list', async () => {
		const handle = trigger();
		await handle.create();
		const [ours] = registered();
		for (let n = 0; n < 130; n++) {
			if (ours) {
				const id = `wh_other_${n}`;
				bench.sandbox.store.webhooks.add({ ...ours, id, url: `https://other.example.com/${n}` });
			}
		}
		expect(await handle.checkExists()).toBe(true);
		await handle.delete();
		expect(registered()).toHaveLength(130);
	});

	it('says in inSigner which workflow a webhook is for', async () => {
		await trigger().create();
		expect(registered()[0]?.description).toBe('n8n: workflow "Test workflow" (workflow1)');
	});

	it('refuses a trigger without an event before anything is sent', async () => {
		await expect(trigger([]).create()).rejects.toThrow('No event is chosen');
		expect(posts()).toBe(0);
	});

	it('subscribes to undocumented events if they are added, and only then', async () => {
		const choose = (undocumentedEvents: string[]) =>
			bench.engine.trigger(
				TRIGGER,
				{ events, options: { undocumentedEvents } },
				{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
			);
		await choose([]).create();
		expect(registered()[0]?.events).toEqual(events);
		await choose(['document.viewed']).activate();
		expect(registered().map(({ events: held }) => held)).toEqual([[...events, 'document.viewed']]);
	});

	it.each([
		['by its place', { field: 'events.2', message: 'Invalid enum value' }],
		['by its name', { field: 'events', message: 'Unknown event "document.viewed"' }],
		['not at all', { field: 'events', message: 'Invalid' }],
	])('names the event that inSigner refuses %s', async (_, problem) => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events, options: { undocumentedEvents: ['document.viewed'] } },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);
		bench.sandbox.faults.add({
			match: { operationId: 'createWebhook' },
			fault: { status: 422, body: { detail: 'Invalid body', status: 422, errors: [problem] } },
		});
		await expect(handle.create()).rejects.toMatchObject({
			description: expect.stringContaining('inSigner does not know: document.viewed.') as string,
		});
	});

	it('explains an address that only inSigner can judge', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createWebhook' },
			fault: {
				status: 422,
				body: {
					detail: 'Validation failed',
					status: 422,
					errors: [{ field: 'url', message: 'The URL resolves to a blocked address' }],
				},
			},
		});
		await expect(trigger().create()).rejects.toMatchObject({
			description: expect.stringContaining('WEBHOOK_URL') as string,
		});
	});

	it.each([
		['WEBHOOK_URL ends in //', 'http://127.0.0.1:5678//'],
		['WEBHOOK_URL has a path and ends in //', 'http://127.0.0.1:5678/n8n//'],
	])('refuses an address that n8n does not serve: %s', async (_, webhookUrl) => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events },
			{ credentials: bench.credentials, webhookUrl },
		);
		const refusal = {
			message: expect.stringContaining('has two slashes in a row') as string,
			description: expect.stringContaining('WEBHOOK_URL') as string,
		};
		await expect(handle.create()).rejects.toMatchObject(refusal);
		expect(posts()).toBe(0);
		// One that was registered like this in the past is named when the workflow is published again, and goes with
		// it.
		const [old] = await registeredAt(handle.webhookUrl);
		handle.staticData = { webhookId: old?.id, secret: old?.secret };
		await expect(handle.checkExists()).rejects.toMatchObject(refusal);
		await handle.delete();
		expect(registered()).toEqual([]);
	});

	it('refuses an address inSigner cannot reach, with advice, and spends no creation', async () => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events },
			{ credentials: bench.credentials, webhookUrl: 'http://192.168.1.5:5678/' },
		);
		await expect(handle.create()).rejects.toMatchObject({
			message: expect.stringContaining(
				'192.168.1.5:5678 is an address inside a private network',
			) as string,
			description: expect.stringContaining('WEBHOOK_URL') as string,
		});
		expect(posts()).toBe(0);
	});
});

it('gives up at once when the ten creations of the hour are spent, and says when it can continue', async () => {
	const handle = trigger();
	for (let n = 0; n < 10; n++) {
		await handle.create();
		await handle.delete();
	}
	await expect(handle.create()).rejects.toMatchObject({
		httpCode: '429',
		description: expect.stringMatching(/asks to wait 3[56]\d\d seconds/) as string,
	});
});

it('does not post a refused creation again within minutes, and says what inSigner holds', async () => {
	const handle = trigger();
	bench.sandbox.faults.add({
		match: { operationId: 'createWebhook' },
		fault: {
			status: 409,
			body: { detail: 'The organization has 10 webhooks already', status: 409 },
		},
	});
	for (let n = 0; n < 5; n++) {
		await expect(handle.activate()).rejects.toMatchObject({
			httpCode: '409',
			description: expect.stringContaining('10 webhooks per organization') as string,
		});
	}
	expect(posts()).toBe(1);
	// Another choice of events is another request.
	await expect(trigger(['document.declined']).create()).rejects.toThrow();
	expect(posts()).toBe(2);
	// And so is the same one when a place has become free in inSigner.
	bench.sandbox.faults.clear();
	const stranger = trigger(['bulk_send.failed']);
	await stranger.create();
	await handle.activate();
	expect(posts()).toBe(4);
});

describe('n8n is killed in the middle of an activation', () => {
	const before = async (change: (webhook: StoredWebhook) => void) => {
		const handle = trigger();
		await handle.create();
		const [webhook] = registered();
		if (webhook) change(webhook);
		return handle.staticData;
	};
	const states: Array<[string, () => Promise<IDataObject>]> = [
		['nothing there', async () => ({})],
		['all as it should be', async () => await before(() => undefined)],
		['events drifted', async () => await before((w) => (w.events = ['document.declined']))],
		['switched off', async () => await before((w) => (w.status = 'inactive'))],
		[
			'secret lost',
			async () => {
				await before(() => undefined);
				return {};
			},
		],
		[
			'the same URL three times',
			async () =>
				await before((w) => {
					for (const id of ['wh_x', 'wh_y']) bench.sandbox.store.webhooks.add({ ...w, id });
				}),
		],
		[
			'its webhook gone',
			async () => await before((w) => bench.sandbox.store.webhooks.delete(w.id)),
		],
	];
	// After the list, each request of the activation in turn, lost before or after inSigner acted on it.
	const kills = [1, 2, 3, 4].flatMap((nth) =>
		(['before', 'after'] as const).map((when) => [nth, when] as const),
	);

	it.each(states)('the next one converges from: %s', async (_, makeState) => {
		for (const [nth, when] of kills) {
			for (const { id } of registered()) bench.sandbox.store.webhooks.delete(id);
			await bench.sandbox.clock.advance(3_600_000);
			const staticData = await makeState();

			bench.sandbox.faults.add({
				match: { path: /^\/webhooks/ },
				nth: nth + 1,
				times: 1000,
				when,
				fault: { drop: true },
			});
			const killed = trigger();
			killed.staticData = staticData;
			await killed.activate().catch(() => undefined);
			bench.sandbox.faults.clear();

			// What the killed process had not saved is lost.
			const next = trigger();
			next.staticData = staticData;
			await next.activate();
			expect(registered()).toMatchObject([{ events, status: 'active' }]);
			expect(registered()[0]).toMatchObject({
				id: next.staticData.webhookId,
				secret: next.staticData.secret,
			});
			expect(await next.checkExists()).toBe(true);
		}
	});
});

describe('deregistration', () => {
	it('removes by id and by URL, and forgets the secret', async () => {
		const handle = trigger();
		await handle.create();
		handle.staticData = {};
		await handle.delete();
		expect(registered()).toEqual([]);
		expect(handle.staticData).toEqual({});
	});

	it('counts a webhook that is already gone as done', async () => {
		const handle = trigger();
		await handle.create();
		bench.sandbox.faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 404 } });
		bench.sandbox.faults.add({ match: { operationId: 'updateWebhook' }, fault: { status: 404 } });
		await expect(handle.delete()).resolves.toBe(true);
	});

	it('switches it off if deleting is not offered', async () => {
		const handle = trigger();
		await handle.create();
		bench.sandbox.faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 405 } });
		await handle.delete();
		expect(registered()).toMatchObject([{ status: 'inactive' }]);
		// The next activation uses the same one, since places are few.
		await handle.activate();
		expect(registered()).toMatchObject([{ status: 'active', secret: handle.staticData.secret }]);
		expect(posts()).toBe(1);
	});

	it('throws when inSigner refuses, so that n8n tries again', async () => {
		const handle = trigger();
		await handle.create();
		bench.sandbox.faults.add({ match: { operationId: 'deleteWebhook' }, fault: { status: 403 } });
		await expect(handle.delete()).rejects.toThrow();
		expect(handle.staticData.secret).toBeDefined();
	});

	it('keeps test URL and production URL apart', async () => {
		const production = trigger();
		await production.create();
		const test = bench.engine.trigger(
			TRIGGER,
			{ events },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/', mode: 'manual' },
		);
		await test.create();
		expect(registered()).toHaveLength(2);
		await test.delete();
		expect(registered().map(({ id }) => id)).toEqual([production.staticData.webhookId]);
	});
});

describe('a copy of an n8n, with its static data and another address', () => {
	const at = (webhookUrl: string, workflowId?: string) =>
		bench.engine.trigger(
			TRIGGER,
			{ events },
			{ credentials: bench.credentials, webhookUrl, workflowId },
		);
	const production = async () => {
		const handle = at('http://127.0.0.1:5678/');
		await handle.create();
		const [webhook] = registered();
		return { handle, webhook: { ...webhook } };
	};
	const logged = (start: number) =>
		bench.engine.logs
			.slice(start)
			.filter(({ level }) => level === 'warn')
			.map(({ message }) => message);

	it('registers its own webhook and names the other one', async () => {
		const { handle, webhook } = await production();
		const copy = at('http://127.0.0.1:5679/');
		copy.staticData = handle.staticData;
		expect(await copy.checkExists()).toBe(false);
		const before = bench.engine.logs.length;
		await copy.activate();
		expect(registered()).toHaveLength(2);
		expect(registered().find(({ id }) => id === webhook.id)).toEqual(webhook);
		expect(copy.staticData.webhookId).not.toBe(webhook.id);
		expect(logged(before)).toEqual([
			expect.stringContaining(
				`webhook ${webhook.id} is left as it is: it points to ${webhook.url}`,
			) as string,
		]);
		expect(await handle.checkExists()).toBe(true);
		expect(await copy.checkExists()).toBe(true);
	});

	it('removes its own webhook when it is unpublished, and never the other one', async () => {
		const { handle, webhook } = await production();
		const copy = at('http://127.0.0.1:5679/');
		copy.staticData = handle.staticData;
		// Before it was ever published, and after.
		await copy.delete();
		expect(registered()).toEqual([webhook]);
		copy.staticData = handle.staticData;
		await copy.activate();
		await copy.delete();
		expect(registered()).toEqual([webhook]);
		expect(copy.staticData).toEqual({});
	});

	it('leaves the other one alone when it cannot be published', async () => {
		const { handle, webhook } = await production();
		const copy = at('http://127.0.0.1:5679/');
		copy.staticData = handle.staticData;
		bench.sandbox.faults.add({
			match: { operationId: 'createWebhook' },
			fault: { status: 409, body: { detail: 'The organization has 10 webhooks', status: 409 } },
		});
		await expect(copy.activate()).rejects.toThrow();
		expect(registered()).toEqual([webhook]);
	});

	it('is the same n8n if the address is the same: nothing is registered again', async () => {
		const { handle, webhook } = await production();
		const moved = at('http://127.0.0.1:5678/');
		moved.staticData = handle.staticData;
		await moved.activate();
		expect(registered()).toEqual([webhook]);
	});

	describe('two published workflows with one address, if n8n allows that', () => {
		it('unpublishing the first leaves the webhook of the second', async () => {
			const [first, second] = [
				at('http://127.0.0.1:5678/', 'workflowA'),
				at('http://127.0.0.1:5678/', 'workflowB'),
			];
			await first.activate();
			await second.activate();
			const [webhook] = registered();
			expect(webhook?.id).toBe(second.staticData.webhookId);
			const before = bench.engine.logs.length;
			await first.delete();
			expect(registered()).toEqual([webhook]);
			expect(logged(before)).toEqual([
				expect.stringContaining('it belongs to workflow workflowB') as string,
			]);
			expect(await second.checkExists()).toBe(true);
			await second.delete();
			expect(registered()).toEqual([]);
		});

		it('unpublishing a copy with the same static data leaves the webhook of the first', async () => {
			const first = at('http://127.0.0.1:5678/', 'workflowA');
			await first.activate();
			const copy = at('http://127.0.0.1:5678/', 'workflowB');
			copy.staticData = first.staticData;
			await copy.delete();
			expect(registered().map(({ id }) => id)).toEqual([first.staticData.webhookId]);
			// Published, it has its own webhook: n8n gives it the address.
			copy.staticData = first.staticData;
			expect(await copy.checkExists()).toBe(false);
			await copy.activate();
			expect(registered().map(({ description }) => description)).toEqual([
				'n8n: workflow "Test workflow" (workflowB)',
			]);
		});

		it('removes what names no other owner', async () => {
			const first = at('http://127.0.0.1:5678/', 'workflowA');
			await first.activate();
			for (const webhook of registered()) webhook.description = null;
			const copy = at('http://127.0.0.1:5678/', 'workflowB');
			copy.staticData = first.staticData;
			await copy.delete();
			expect(registered()).toEqual([]);
		});
	});
});

describe('filters, when the workflow is published', () => {
	const withFilters = (filters: INodeParameters) =>
		bench.engine.trigger(
			TRIGGER,
			{ events, filters },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);

	it.each<INodeParameters>([
		{},
		{ templateId: '' },
		{ templateId: '=' },
		{ templateId: 'tpl_a, tpl_b' },
		{ templateId: '["tpl_a"]' },
		{ templateId: 'https://app.insigner.co/templates/tpl_a', documentId: 'cm1' },
		{ templateId: '={{ ["tpl_a", "tpl_b"] }}' },
		{ templateId: '={{ "tpl_" + "a" }}' },
	])('are accepted: %j', async (filters) => {
		await withFilters(filters).activate();
		expect(registered()).toHaveLength(1);
	});

	it.each<[INodeParameters, string]>([
		[{ templateId: '={{ 5 }}' }, 'Template IDs must be a list of IDs, but is 5'],
		[{ templateId: '={{ undefined }}' }, 'Template IDs is an expression that gives nothing'],
		[{ campaignId: '={{ null }}' }, 'Campaign IDs is an expression that gives nothing'],
		[{ documentId: '={{ "" }}' }, 'Document IDs is an expression that gives nothing'],
		[{ documentId: '={{ [] }}' }, 'Document IDs must be a list of IDs, but is a list'],
		[{ bulkSendId: '={{ ({ id: 1 }) }}' }, 'Bulk Send IDs must be a list of IDs, but is an object'],
		[{ templateId: '[tpl_a]' }, 'Template IDs must be a list of IDs, but is "[tpl_a]"'],
		[{ templateId: 'a, b/c' }, 'Template IDs holds "b/c", which is not an ID'],
	])('are refused by name: %j', async (filters, message) => {
		const handle = withFilters(filters);
		await expect(handle.checkExists()).rejects.toThrow(message);
		await expect(handle.create()).rejects.toThrow(message);
		expect(posts()).toBe(0);
		// Unpublishing works all the same.
		await registeredAt(handle.webhookUrl);
		await handle.delete();
		expect(registered()).toEqual([]);
	});

	it('other parameters that mean nothing are refused by name too', async () => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events, options: { deduplicate: '={{ "perhaps" }}' } },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);
		await expect(handle.activate()).rejects.toThrow(
			'Deduplicate must be true or false, but is "perhaps"',
		);
	});
});

describe('deliveries', () => {
	let timestamp: string;
	let body: string;
	beforeEach(() => {
		timestamp = new Date(bench.sandbox.clock.now()).toISOString();
		body = `{"event":"document.completed","data":{"id":"cm1","name":"Zo\\u00eb"},"timestamp":"${timestamp}"}`;
	});
	const sign = (text: string, secret: unknown) =>
		`sha256=${createHmac('sha256', String(secret)).update(text).digest('hex')}`;
	const deliver = async (
		handle: ReturnType<typeof trigger>,
		text: string,
		signature: string | undefined = sign(text, handle.staticData.secret),
	) =>
		await handle.deliver({
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(signature !== undefined && { 'x-insigner-signature': signature }),
			},
			body: text,
		});

	it('starts the workflow with event, time and data', async () => {
		const handle = trigger();
		await handle.create();
		const delivery = await deliver(handle, body);
		expect(delivery).toMatchObject({ status: 200, answered: true });
		expect(delivery.body).toEqual({ received: true });
		expect(delivery.started?.[0]?.map(({ json }) => json)).toEqual([
			{
				event: 'document.completed',
				timestamp,
				data: { id: 'cm1', name: 'Zoë' },
				fingerprint: createHash('sha256').update(body).digest('base64url'),
			},
		]);
	});

	it.each<[string, string | undefined]>([
		['no signature', undefined],
		['an empty one', ''],
		['a wrong one', `sha256=${'0'.repeat(64)}`],
		['that of the re-serialised body', 'reserialised'],
	])('answers a real 401 to %s and starts nothing', async (_, given) => {
		const handle = trigger();
		await handle.create();
		const signature =
			given === 'reserialised'
				? sign(JSON.stringify(JSON.parse(body)), handle.staticData.secret)
				: given;
		const delivery = await handle.deliver({
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(signature !== undefined && { 'x-insigner-signature': signature }),
			},
			body,
		});
		expect(delivery).toMatchObject({ status: 401, answered: true, started: undefined });
		expect(delivery.thrown).toBeUndefined();
	});

	it('fails closed when the secret is lost', async () => {
		const handle = trigger();
		await handle.create();
		const signature = sign(body, '');
		handle.staticData = {};
		expect(await deliver(handle, body, signature)).toMatchObject({
			status: 401,
			started: undefined,
		});
	});

	it('starts the workflow once for an event that is delivered twice', async () => {
		const handle = trigger();
		await handle.create();
		expect((await deliver(handle, body)).started).toBeDefined();
		expect(await deliver(handle, body)).toMatchObject({ status: 200, started: undefined });
		expect((await deliver(handle, body.replace('cm1', 'cm2'))).started).toBeDefined();
	});

	it('starts it each time if deduplication is switched off', async () => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events, options: { deduplicate: false } },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);
		await handle.create();
		for (let n = 0; n < 2; n++) expect((await deliver(handle, body)).started).toBeDefined();
	});

	it('accepts an event again whose sender hung up before n8n called the node', async () => {
		const handle = trigger();
		await handle.create();
		const call = {
			headers: {
				'content-type': 'application/json',
				'x-insigner-signature': sign(body, handle.staticData.secret),
			},
			body,
		};
		const hungUp = await handle.deliver({ ...call, hungUp: true });
		const redeliveries = [await handle.deliver(call), await handle.deliver(call)];
		expect(redeliveries.map(({ status }) => status)).toEqual([200, 200]);
		// Whichever of them started an execution, one continues.
		const started = [hungUp, ...redeliveries].filter((delivery) => delivery.started);
		const wentOn = [];
		for (const delivery of started) {
			wentOn.push((await handle.execute(delivery)).items('Trigger').length);
		}
		expect(wentOn.filter((items) => items === 1)).toHaveLength(1);
	});

	it.each([
		['an empty one', ''],
		['one of 1970', '1'],
		['none', undefined],
		['one of last week', String(Math.floor(Date.now() / 1000) - 7 * 86_400)],
		['an unreadable one', 'soon'],
	])('drops nothing because of a header that is not signed: %s', async (_, header) => {
		const handle = trigger();
		await handle.create();
		const text = `{"event":"document.completed","data":{"id":"cm_${String(header)}"}}`;
		const delivery = await handle.deliver({
			headers: {
				'content-type': 'application/json',
				'x-insigner-signature': sign(text, handle.staticData.secret),
				...(header !== undefined && { 'x-insigner-timestamp': header }),
			},
			body: text,
		});
		expect(delivery.started?.[0]).toHaveLength(1);
	});

	it('judges the age by the time in the body, in seconds and milliseconds too', async () => {
		const handle = trigger();
		await handle.create();
		const old = bench.sandbox.clock.now() - 73 * 3_600_000;
		for (const time of [old, Math.floor(old / 1000), `"${new Date(old).toISOString()}"`]) {
			for (const key of ['timestamp', 'createdAt']) {
				const text = `{"event":"document.completed","${key}":${time},"data":{}}`;
				expect(await deliver(handle, text)).toMatchObject({ status: 200, started: undefined });
			}
		}
		// A document is older than what happens to it.
		const text = `{"event":"document.completed","data":{"createdAt":"${new Date(old).toISOString()}"}}`;
		expect((await deliver(handle, text)).started).toBeDefined();
	});

	describe('what starts nothing is logged, with its fingerprint and without its content', () => {
		const told = async (
			parameters: INodeParameters,
			text: string,
			times = 1,
		): Promise<[string, Array<[string, string]>]> => {
			const handle = bench.engine.trigger(
				TRIGGER,
				{ events, ...parameters },
				{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
			);
			await handle.create();
			const start = bench.engine.logs.length;
			for (let n = 0; n < times; n++) {
				const { status } = await deliver(handle, text);
				expect(status).toBe(text.includes('"event"') ? 200 : 400);
			}
			return [
				createHash('sha256').update(text).digest('base64url'),
				bench.engine.logs.slice(start).map(({ level, message }) => [level, message]),
			];
		};
		const secret = '"data":{"id":"cm_secret","name":"Secret contract","templateId":"tpl_1"}';

		it.each<[string, INodeParameters, string, string]>([
			[
				'not chosen',
				{},
				`{"event":"document.declined",${secret}}`,
				'it is not one of the chosen events',
			],
			[
				'too old',
				{},
				`{"event":"document.completed","timestamp":"2021-01-01T00:00:00Z",${secret}}`,
				'it is older than Maximum Event Age',
			],
			[
				'filtered out',
				{ filters: { templateId: 'tpl_2' } },
				`{"event":"document.completed",${secret}}`,
				'the filters do not let it through',
			],
		])('%s', async (_, parameters, text, reason) => {
			const [fingerprint, lines] = await told(parameters, text);
			expect(lines).toEqual([['info', `Trigger: event ${fingerprint} starts nothing: ${reason}`]]);
		});

		it('a repeat', async () => {
			const [fingerprint, lines] = await told({}, `{"event":"document.completed",${secret}}`, 2);
			expect(lines).toEqual([
				['info', `Trigger: event ${fingerprint} starts nothing: it came before`],
			]);
		});

		it('a signed body that is not an event', async () => {
			const [fingerprint, lines] = await told({}, '{"hello":"secret"}');
			expect(lines).toEqual([['warn', `Trigger: the signed delivery ${fingerprint} is no event`]]);
		});
	});

	it('gives out no signing link, whatever its name', async () => {
		const handle = trigger();
		await handle.create();
		const text =
			'{"event":"document.completed","signingUrl":"secret","data":{"id":"cm1","signing_url":"secret","document":{"signers":[{"id":"sr_1","signingLink":"secret","url":"secret"}]}}}';
		const delivery = await deliver(handle, text);
		expect(delivery.started?.[0]?.[0]?.json.data).toEqual({
			id: 'cm1',
			document: { signers: [{ id: 'sr_1' }] },
		});
		expect(JSON.stringify(delivery.started)).not.toContain('secret');
	});

	it.each([
		['accepts the last retry after 60 hours', 60, {}, true],
		['starts nothing for an event of last week', 7 * 24, {}, false],
		['accepts any age if asked to', 7 * 24, { maximumAgeHours: 0 }, true],
	])('%s', async (_, hours, options, starts) => {
		const handle = bench.engine.trigger(
			TRIGGER,
			{ events, options },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);
		await handle.create();
		const then = new Date(bench.sandbox.clock.now() - hours * 3_600_000).toISOString();
		const delivery = await deliver(handle, body.replace(timestamp, then));
		expect(delivery.status).toBe(200);
		expect(delivery.started !== undefined).toBe(starts);
	});

	it('answers 200 to an event no one asked for and starts nothing', async () => {
		const handle = trigger();
		await handle.create();
		const delivery = await deliver(handle, '{"event":"document.declined","data":{}}');
		expect(delivery).toMatchObject({ status: 200, answered: true, started: undefined });
	});

	it('answers 400 to a signed body that is not an event', async () => {
		const handle = trigger();
		await handle.create();
		expect(await deliver(handle, '{"hello":1}')).toMatchObject({ status: 400, started: undefined });
	});

	it('reads a content type that n8n does not', async () => {
		const handle = trigger();
		await handle.create();
		const delivery = await handle.deliver({
			method: 'POST',
			headers: {
				'content-type': 'application/octet-stream',
				'x-insigner-signature': sign(body, handle.staticData.secret),
			},
			body,
		});
		expect(delivery.status).toBe(200);
		expect(delivery.started?.[0]).toHaveLength(1);
	});

	it('verifies what the sandbox really signs', async () => {
		const handle = trigger();
		await handle.create();
		const sent = await bench.act('template', 'createDocument', {
			templateId: byId(
				bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1)?.id ?? '',
			),
			name: 'One slot',
			specifySigners: 'json',
			signersJson: [{ name: 'Ann', email: 'ann@example.com' }],
			afterCreating: 'send',
			options: {},
		});
		await bench.sandbox.sign(String(sent.items[0]?.json.id), 'ann@example.com');
		await bench.sandbox.settled();
		const [signed] = bench.sandbox.journal.deliveries.filter(
			({ event, attempt }) => event === 'document.completed' && attempt === 1,
		);
		const delivery = await handle.deliver({
			method: 'POST',
			headers: { ...signed?.headers },
			body: signed?.body ?? '',
		});
		expect(delivery.status).toBe(200);
		expect(delivery.started?.[0]?.[0]?.json).toMatchObject({
			event: 'document.completed',
			data: { name: 'One slot', status: 'completed' },
		});
		expect(JSON.stringify(delivery.started)).not.toContain('/sign/');
	});
});
