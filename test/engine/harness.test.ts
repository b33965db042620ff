import type {
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError, sleep } from 'n8n-workflow';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Engine } from './harness';
import { startEngine } from './harness';

const KEY = 'key-that-must-stay-secret';

class TinyApi implements ICredentialType {
	name = 'tinyApi';

	displayName = 'Tiny API';

	properties: INodeProperties[] = [
		{ displayName: 'API Key', name: 'apiKey', type: 'string', default: '' },
		{ displayName: 'Region', name: 'region', type: 'string', default: 'eu' },
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: 'http://127.0.0.1:1' },
	];

	authenticate = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: '=Bearer {{$credentials.apiKey}}',
				'X-Region': '={{$credentials.region}}',
			},
		},
	} as const;

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/whoami' },
	};
}

/** A credential that authenticates in code and pins itself to one domain. */
class PinnedApi implements ICredentialType {
	name = 'pinnedApi';

	displayName = 'Pinned API';

	properties: INodeProperties[] = [];

	authenticate = async (_credentials: IDataObject, options: IHttpRequestOptions) => ({
		...options,
		allowedDomains: 'api.example.com',
	});
}

const description: INodeTypeDescription = {
	displayName: 'Tiny',
	name: 'tiny',
	group: ['transform'],
	version: 1,
	description: 'Does one small thing per action',
	defaults: { name: 'Tiny' },
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	credentials: [
		{ name: 'tinyApi', required: false },
		{ name: 'pinnedApi', required: false },
	],
	properties: [
		{ displayName: 'Action', name: 'action', type: 'string', default: 'call' },
		{ displayName: 'URL', name: 'url', type: 'string', default: '' },
		{ displayName: 'Credential', name: 'credential', type: 'string', default: 'tinyApi' },
		{ displayName: 'Name', name: 'itemName', type: 'string', default: '={{ $json.name }}' },
	],
};

/** How often execute() was called, to see n8n's retries. */
let executions = 0;

class Tiny implements INodeType {
	description = description;

	methods = {
		listSearch: {
			async searchThings(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
				const url = this.getNodeParameter('url') as string;
				const page = (await this.helpers.httpRequestWithAuthentication.call(this, 'tinyApi', {
					url: `${url}/things`,
					qs: { filter, cursor: paginationToken },
				})) as { names: string[]; next?: string };
				return {
					results: page.names.map((name) => ({ name, value: name })),
					paginationToken: page.next,
				};
			},
		},
		loadOptions: {
			async getActions(this: ILoadOptionsFunctions) {
				return [{ name: this.getCurrentNodeParameter('action') as string, value: 'one' }];
			},
		},
		resourceMapping: {
			async getFields() {
				const field = { id: 'email', displayName: 'Email', defaultMatch: false };
				const complete = { ...field, required: true, display: true };
				return { fields: [complete, complete] };
			},
		},
	};

	async execute(this: IExecuteFunctions) {
		executions += 1;
		const action = this.getNodeParameter('action', 0);
		const url = this.getNodeParameter('url', 0) as string;
		if (action === 'sleep') await sleep(60_000, this.getExecutionCancelSignal());
		if (action === 'store') {
			const body = (await this.helpers.httpRequest({
				url: `${url}/file`,
				encoding: 'stream',
			})) as NodeJS.ReadableStream & Parameters<typeof this.helpers.prepareBinaryData>[0];
			const data = await this.helpers.prepareBinaryData(body, 'a.pdf', 'application/pdf');
			return [[{ json: {}, binary: { data }, pairedItem: 0 }]];
		}
		if (action === 'measure') {
			const { id } = this.helpers.assertBinaryData(0, 'data');
			if (!id) {
				const { length } = await this.helpers.getBinaryDataBuffer(0, 'data');
				return [[{ json: { inlined: true, length } }]];
			}
			let length = 0;
			for await (const chunk of await this.helpers.getBinaryStream(id)) {
				length += (chunk as Buffer).length;
			}
			return [[{ json: { id, length } }]];
		}

		const output = [];
		for (let i = 0; i < this.getInputData().length; i++) {
			try {
				this.sendMessageToUI(`calling ${i}`);
				const name = this.getNodeParameter('itemName', i);
				const credential = this.getNodeParameter('credential', i) as string;
				const json = (await this.helpers.httpRequestWithAuthentication.call(this, credential, {
					url: `${url}/call`,
					qs: { name },
				})) as IDataObject;
				output.push({ json, pairedItem: { item: i } });
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				const { message } = error as Error;
				output.push({ json: { error: message }, pairedItem: { item: i } });
			}
		}
		return [output];
	}
}

class Failing implements INodeType {
	description = { ...description, name: 'failing' };

	async execute(this: IExecuteFunctions): Promise<never> {
		executions += 1;
		const action = this.getNodeParameter('action', 0);
		if (action === 'operation') throw new NodeOperationError(this.getNode(), 'Not like this');
		const response: JsonObject = { message: 'gone' };
		throw new NodeApiError(this.getNode(), response, {
			message: 'The document is gone',
			description: 'It was deleted',
			httpCode: '410',
			itemIndex: 0,
		});
	}
}

class TinyTrigger implements INodeType {
	description: INodeTypeDescription = {
		...description,
		name: 'tinyTrigger',
		group: ['trigger'],
		inputs: [],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				return this.getWorkflowStaticData('node').id !== undefined;
			},
			async create(this: IHookFunctions) {
				const data = this.getWorkflowStaticData('node');
				data.id = 'w1';
				data.url = this.getNodeWebhookUrl('default');
				data.how = `${this.getMode()}/${this.getActivationMode()}`;
				if (this.getNodeParameter('action') === 'refuse') throw new Error('Refused');
				return true;
			},
			async delete(this: IHookFunctions) {
				this.logger.info('removing', { id: this.getWorkflowStaticData('node').id });
				delete this.getWorkflowStaticData('node').id;
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions) {
		const { rawBody } = this.getRequestObject();
		const { 'x-signature': signature } = this.getHeaderData();
		if (signature === 'throw') throw new Error('Bad signature');
		if (signature === 'hang') return { noWebhookResponse: true };
		if (signature === 'ignore') return {};
		if (signature !== 'good') {
			this.getResponseObject().status(401).json({ message: 'Unauthorized' });
			return { noWebhookResponse: true };
		}
		this.getWorkflowStaticData('node').bytes = rawBody.length;
		return {
			webhookResponse: { received: true },
			workflowData: [this.helpers.returnJsonArray(this.getBodyData())],
		};
	}
}

const TINY = 'test.tiny';
const FAILING = 'test.failing';
const TRIGGER = 'test.tinyTrigger';
const types = {
	nodes: { [TINY]: Tiny, [FAILING]: Failing, [TRIGGER]: TinyTrigger },
	credentials: { tinyApi: TinyApi, pinnedApi: PinnedApi },
};
const credentials = { tinyApi: { apiKey: KEY }, pinnedApi: {} };

let server: Server;
let url: string;
let engine: Engine;
let requests: Array<{ path: string; authorization?: string; region?: unknown }>;

beforeAll(async () => {
	server = createServer(answer).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	engine = await startEngine(types);
});

afterAll(async () => {
	await engine.stop();
	await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
	requests = [];
	executions = 0;
	engine.logs.length = 0;
});

function answer(request: IncomingMessage, response: ServerResponse) {
	const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
	const { authorization, 'x-region': region } = request.headers;
	requests.push({ path: request.url ?? '', authorization, region });
	if (pathname === '/file') {
		response.end(Buffer.alloc(300_000, 'x'));
		return;
	}
	if (pathname === '/whoami') {
		response.writeHead(authorization === `Bearer ${KEY}` ? 200 : 401).end('{}');
		return;
	}
	response.setHeader('content-type', 'application/json');
	if (pathname === '/things') {
		const second = searchParams.get('cursor') === '2';
		response.end(JSON.stringify(second ? { names: ['c'] } : { names: ['a', 'b'], next: '2' }));
		return;
	}
	const name = searchParams.get('name');
	response.statusCode = name === 'bad' ? 422 : 200;
	response.end(JSON.stringify(name === 'bad' ? { message: 'No such name' } : { name }));
}

describe('a node in a workflow', () => {
	it('calls a service with its credential and resolves expressions per item', async () => {
		const items = [{ json: { name: 'Ann' } }, { json: { name: 'Bob' } }];
		const result = await engine.runNode(TINY, { url }, { items, credentials, mode: 'manual' });

		expect(result.error).toBeUndefined();
		expect(result.status).toBe('success');
		expect(result.items.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
			['Ann', { item: 0 }],
			['Bob', { item: 1 }],
		]);
		expect(requests).toMatchObject([
			{ authorization: `Bearer ${KEY}`, region: 'eu' },
			{ authorization: `Bearer ${KEY}`, region: 'eu' },
		]);
		expect(result.messages).toContainEqual({ source: '[Node: "Node"]', messages: ['calling 1'] });
		expect(engine.logText()).toContain('Start executing node');
		expect(engine.logText()).not.toContain(KEY);
	});

	it('follows paired items back through the workflow', async () => {
		const items = [{ json: { name: 'Ann' } }, { json: { name: 'Bob' } }];
		const result = await engine.run(
			{
				nodes: [
					{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
					{ name: 'One', type: TINY, parameters: { url } },
					{
						name: 'Two',
						type: TINY,
						parameters: { url, itemName: "={{ $('Start').item.json.name + '!' }}" },
					},
				],
				connections: {
					Start: { main: [[{ node: 'One', type: 'main', index: 0 }]] },
					One: { main: [[{ node: 'Two', type: 'main', index: 0 }]] },
				},
			},
			{ input: items, credentials },
		);
		expect(result.items('Two').map(({ json }) => json.name)).toEqual(['Ann!', 'Bob!']);
	});

	it('refuses a credential outside its domains, through the real request helper', async () => {
		const result = await engine.runNode(TINY, { url, credential: 'pinnedApi' }, { credentials });
		expect(result.error?.message).toContain('not allowed');
		expect(requests).toEqual([]);
	});

	it('has the error of a failed call in the run data as a plain copy', async () => {
		const result = await engine.runNode(TINY, { url, itemName: 'bad' }, { credentials });
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({ name: 'NodeApiError', httpCode: '422' });
		expect(result.error).not.toBeInstanceOf(Error);
	});

	it('keeps the fields of a custom NodeApiError', async () => {
		const { error } = await engine.runNode(FAILING, { action: 'api' });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'The document is gone',
			description: 'It was deleted',
			httpCode: '410',
			context: { itemIndex: 0 },
		});
	});

	it('is run again by Retry On Fail, even when only its first item has an error', async () => {
		const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const thrown = await engine.runNode(FAILING, { action: 'operation' }, { node });
		expect(thrown.error?.message).toBe('Not like this');
		expect(executions).toBe(3);

		executions = 0;
		const items = [{ json: { name: 'bad' } }, { json: { name: 'Bob' } }];
		const continued = await engine.runNode(
			TINY,
			{ url },
			{ items, credentials, node: { ...node, onError: 'continueRegularOutput' } },
		);
		expect(executions).toBe(3);
		expect(continued.items[1]?.json).toEqual({ name: 'Bob' });
		expect(requests).toHaveLength(6);
	});

	it('sends failed items to the error output', async () => {
		const items = [{ json: { name: 'bad' } }, { json: { name: 'Bob' } }];
		const result = await engine.runNode(
			TINY,
			{ url },
			{ items, credentials, node: { onError: 'continueErrorOutput' } },
		);
		expect(result.branches.map((branch) => branch.map(({ json }) => json.name))).toEqual([
			['Bob'],
			['bad'],
		]);
	});

	it('is cancelled in the middle of a sleep', async () => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 50);
		const before = Date.now();
		const result = await engine.runNode(TINY, { action: 'sleep' }, { signal: controller.signal });
		expect(result.status).toBe('canceled');
		expect(result.error).toMatchObject({ message: 'This operation was aborted' });
		expect(Date.now() - before).toBeLessThan(5_000);
	});

	it('is not reached when the execution is cancelled after the node before it', async () => {
		const result = await engine.runNode(TINY, { url }, { credentials, abortAfterNode: 'Start' });
		expect(result.status).toBe('canceled');
		expect(executions).toBe(0);
	});
});

describe('a long request', () => {
	it('ends when the execution is cancelled', async () => {
		const controller = new AbortController();
		const hanging = createServer(() => controller.abort()).listen(0, '127.0.0.1');
		await new Promise((resolve) => hanging.once('listening', resolve));
		const slow = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
		const { signal } = controller;
		const result = await engine.runNode(TINY, { url: slow }, { credentials, signal });
		expect(result.status).toBe('canceled');
		await new Promise((resolve) => hanging.close(resolve));
	});
});

describe('binary data', () => {
	it('is on disk in filesystem mode, and streams', async () => {
		const stored = await engine.runNode(TINY, { action: 'store', url });
		const data = stored.items[0]?.binary?.data;
		expect(data?.id).toMatch(/^filesystem-v2:/);
		expect(await engine.binary.read(data!)).toHaveLength(300_000);

		const put = await engine.binary.put(Buffer.from('%PDF-1.7'), 'b.pdf', 'application/pdf');
		const items = [{ json: {}, binary: { data: put } }];
		const measured = await engine.runNode(TINY, { action: 'measure' }, { items });
		expect(measured.items[0]?.json).toEqual({ id: put.id, length: 8 });
	});

	it('is base64 in the item in default mode, and one engine runs at a time', async () => {
		await expect(startEngine(types)).rejects.toThrow('Another engine is running');
		await engine.stop();
		const inMemory = await startEngine({ ...types, binaryMode: 'default' });
		try {
			const data = await inMemory.binary.put(Buffer.from('%PDF'), 'b.pdf', 'application/pdf');
			expect(data).toMatchObject({ data: 'JVBERg==', fileName: 'b.pdf' });
			const items = [{ json: {}, binary: { data } }];
			const measured = await inMemory.runNode(TINY, { action: 'measure' }, { items });
			expect(measured.items[0]?.json).toEqual({ inlined: true, length: 4 });
		} finally {
			await inMemory.stop();
			engine = await startEngine(types);
		}
	});
});

describe('a trigger', () => {
	it('is registered and removed with its static data', async () => {
		const trigger = engine.trigger(TRIGGER, {}, { node: { webhookId: 'abc' } });
		expect(await trigger.checkExists()).toBe(false);
		await trigger.activate();
		expect(trigger.staticData).toEqual({
			id: 'w1',
			url: 'https://n8n.example.com/webhook/abc/webhook',
			how: 'trigger/activate',
		});
		expect(trigger.webhookUrl).toBe('https://n8n.example.com/webhook/abc/webhook');
		expect(await trigger.checkExists()).toBe(true);
		expect(await trigger.delete()).toBe(true);
		expect(trigger.staticData.id).toBeUndefined();
		expect(engine.logs).toContainEqual({ level: 'info', message: 'removing', meta: { id: 'w1' } });

		trigger.staticData = { id: 'restored' };
		expect(await trigger.checkExists()).toBe(true);
	});

	it('has another URL in a test run, and one without webhookId that n8n spells out', async () => {
		const test = engine.trigger(
			TRIGGER,
			{},
			{ mode: 'manual', webhookUrl: 'https://other.example' },
		);
		await test.create();
		expect(test.staticData.url).toContain('https://other.example/webhook-test/');
		expect(test.staticData.how).toBe('manual/manual');

		const named = engine.trigger(
			TRIGGER,
			{},
			{ workflowId: 'wf', node: { name: 'My Trigger', webhookId: undefined } },
		);
		expect(named.webhookUrl).toBe('https://n8n.example.com/webhook/wf/my%20trigger/webhook');
	});

	it('is deleted again by n8n when its creation is refused', async () => {
		const trigger = engine.trigger(TRIGGER, { action: 'refuse' });
		await expect(trigger.activate()).rejects.toThrow('Refused');
		expect(engine.logs).toContainEqual({ level: 'info', message: 'removing', meta: { id: 'w1' } });
		expect(trigger.staticData.id).toBeUndefined();
	});

	const deliver = async (signature: string, body = '{"event":"ü"}') => {
		const trigger = engine.trigger(TRIGGER, {});
		const headers = { 'Content-Type': 'application/json', 'X-Signature': signature };
		return { trigger, delivery: await trigger.deliver({ headers, body }) };
	};

	it('starts an execution with what came in', async () => {
		const { trigger, delivery } = await deliver('good');
		expect(delivery).toMatchObject({ status: 200, body: { received: true }, answered: true });
		expect(delivery.started).toEqual([[{ json: { event: 'ü' } }]]);
		expect(trigger.staticData.bytes).toBe(14);

		const run = await engine.run(
			{
				nodes: [
					{ name: 'Trigger', type: TRIGGER },
					{ name: 'Tiny', type: TINY, parameters: { url, itemName: '={{ $json.event }}' } },
				],
				connections: { Trigger: { main: [[{ node: 'Tiny', type: 'main', index: 0 }]] } },
			},
			{ credentials, mode: 'webhook', startNode: 'Trigger', input: delivery.started?.[0] },
		);
		expect(run.items('Tiny')[0]?.json).toEqual({ name: 'ü' });
	});

	it('refuses through the response object, and starts nothing', async () => {
		const { delivery } = await deliver('bad');
		expect(delivery).toMatchObject({
			status: 401,
			body: { message: 'Unauthorized' },
			headers: { 'content-type': 'application/json; charset=utf-8' },
			noWebhookResponse: true,
		});
		expect(delivery.started).toBeUndefined();
	});

	it('shows the ways to get it wrong', async () => {
		const ignored = (await deliver('ignore')).delivery;
		expect(ignored).toMatchObject({ status: 200, body: { message: 'Webhook call received' } });
		const hanging = (await deliver('hang')).delivery;
		expect(hanging).toMatchObject({ answered: false, status: undefined });
		const thrown = (await deliver('throw')).delivery;
		expect(thrown).toMatchObject({ status: 500, started: [[{ json: {} }]] });
		expect(thrown.thrown?.message).toBe('Bad signature');
		expect(engine.logText()).toContain('Bad signature');
		const broken = (await deliver('good', '{"event":')).delivery;
		expect(broken).toMatchObject({ status: 422, started: undefined });
	});
});

describe('the editor', () => {
	it('pages through a list search', async () => {
		const options = { parameters: { url }, credentials, filter: 'x' };
		const first = await engine.listSearch(TINY, 'searchThings', options);
		expect(first.results.map(({ value }) => value)).toEqual(['a', 'b']);
		const { paginationToken } = first;
		const second = await engine.listSearch(TINY, 'searchThings', { ...options, paginationToken });
		expect(second).toEqual({ results: [{ name: 'c', value: 'c' }], paginationToken: undefined });
		expect(requests.map(({ path }) => path)).toEqual([
			'/things?filter=x',
			'/things?filter=x&cursor=2',
		]);
	});

	it('loads options and mapper fields', async () => {
		expect(await engine.loadOptions(TINY, 'getActions')).toEqual([{ name: 'call', value: 'one' }]);
		expect((await engine.resourceMapping(TINY, 'getFields')).fields).toHaveLength(1);
		await expect(engine.loadOptions(TINY, 'nothing')).rejects.toThrow('has no loadOptions method');
	});

	it('tests a credential', async () => {
		const test = async (data: { apiKey: string; baseUrl?: string }) =>
			await engine.testCredential('tinyApi', data);
		expect(await test({ apiKey: KEY, baseUrl: url })).toMatchObject({ status: 'OK' });
		expect(await test({ apiKey: 'wrong', baseUrl: url })).toEqual({
			status: 'Error',
			message: 'Unauthorized',
		});
		expect(await test({ apiKey: KEY })).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});
});
