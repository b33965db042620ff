import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { InSignerApi } from '../../credentials/InSignerApi.credentials';
import { startEngine, type Engine } from './harness';

const CALLER = 'test.caller';
const apiKey = `isk_${'k'.repeat(44)}`;

/** Stands in for the HTTP Request node: sends whatever request it is given, with the credential. */
class Caller implements INodeType {
	description = {
		displayName: 'Caller',
		name: 'caller',
		group: ['transform' as const],
		version: 1,
		description: 'Sends a request',
		defaults: { name: 'Caller' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inSignerApi', required: true }],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { helper, options } = this.getInputData()[0]?.json as {
			helper: 'httpRequestWithAuthentication' | 'requestWithAuthentication';
			options: { url: string };
		};
		await this.helpers[helper].call(this, 'inSignerApi', options);
		return [[{ json: {} }]];
	}
}

/** A server on this machine and what it got. */
async function listen(redirectTo?: () => string) {
	const seen: IncomingMessage[] = [];
	const server: Server = createServer((request, response) => {
		seen.push(request);
		const location = request.url?.startsWith('/redirect') ? redirectTo?.() : undefined;
		response.writeHead(location ? 302 : 200, location ? { location } : {}).end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		host: `127.0.0.1:${port}`,
		seen,
		stop: () => new Promise((resolve) => server.close(resolve)),
	};
}

let engine: Engine;
let home: Awaited<ReturnType<typeof listen>>;
let foreign: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
	engine = await startEngine({
		nodes: { [CALLER]: Caller },
		credentials: { inSignerApi: InSignerApi },
	});
	foreign = await listen();
	home = await listen(() => `http://${foreign.host}/stolen`);
}, 60_000);
afterAll(async () => {
	await engine.stop();
	await home.stop();
	await foreign.stop();
});
beforeEach(() => {
	home.seen.length = 0;
	foreign.seen.length = 0;
});

const HELPERS = ['httpRequestWithAuthentication', 'requestWithAuthentication'] as const;

const send = async (
	helper: (typeof HELPERS)[number],
	options: object,
	baseUrl = `http://${home.host}/api/v1`,
) => {
	const text = JSON.stringify(options)
		.replaceAll('HOME', home.host)
		.replaceAll('FOREIGN', foreign.host);
	return await engine.runNode(
		CALLER,
		{},
		{
			credentials: { inSignerApi: { apiKey, baseUrl } },
			items: [{ json: { helper, options: JSON.parse(text) as object } as { helper: string } }],
		},
	);
};
const keysSeen = (server: typeof home) => server.seen.map(({ headers }) => headers.authorization);

describe.each(HELPERS)('%s', (helper) => {
	it.each([
		[{ url: 'http://HOME/api/v1/org' }, '/api/v1/org'],
		[{ url: '/org', baseURL: 'http://HOME/api/v1' }, '/api/v1/org'],
		[{ url: 'org', baseURL: 'http://HOME/api/v1/' }, '/api/v1/org'],
		[{ url: '', baseURL: 'http://HOME/api/v1' }, '/api/v1'],
		[{ url: 'http://HOME/api/v1/org', baseURL: 'http://FOREIGN' }, '/api/v1/org'],
		[{ url: '/FOREIGN/x', baseURL: 'http://HOME/api/v1' }, '/api/v1/FOREIGN/x'],
		[{ url: 'http://HOME/api/v1/org', headers: { AUTHORIZATION: 'Bearer mine' } }, '/api/v1/org'],
	])('sends %j with the key', async (options, path) => {
		expect((await send(helper, options)).error).toBeUndefined();
		expect(home.seen.map(({ url }) => url)).toEqual([path.replace('FOREIGN', foreign.host)]);
		expect(keysSeen(home)).toEqual([`Bearer ${apiKey}`]);
		expect(foreign.seen).toEqual([]);
	});

	it.each([
		'http://FOREIGN/',
		'http:FOREIGN/',
		'http:/FOREIGN/',
		'http:\\\\FOREIGN/',
		'HTTP://FOREIGN/',
		' http://FOREIGN/',
		'\thttp://FOREIGN/',
		'ht\ttp://FOREIGN/',
		'http:\n//FOREIGN/',
		'//FOREIGN/',
		'/\\FOREIGN/',
		'\\\\FOREIGN/',
		'http://HOME@FOREIGN/',
		'http://HOME\\@FOREIGN/',
		'http://HOME#@FOREIGN/',
		'http://FOREIGN#@HOME/',
		'http://user:secret@HOME/',
	])('never shows the key to the host in %j', async (url) => {
		for (const options of [
			{ url },
			{ uri: url },
			{ url, baseURL: 'http://HOME/api/v1' },
			{ url, baseURL: 'http:FOREIGN' },
			{ url: '/org', baseURL: url },
			{ url: '', baseURL: url },
		]) {
			await send(helper, options);
		}
		expect(keysSeen(foreign).filter(Boolean)).toEqual([]);
	});

	it('never shows the key after a redirect', async () => {
		await send(helper, { url: 'http://HOME/redirect', followAllRedirects: true });
		expect(keysSeen(home)).toEqual([`Bearer ${apiKey}`]);
		expect(keysSeen(foreign).filter(Boolean)).toEqual([]);
	});
});

/** A proxy that opens every tunnel and records what goes through it. */
async function listenAsProxy() {
	const seen = { requests: [] as string[], tunnelled: Buffer.alloc(0) };
	const server = createServer((request, response) => {
		seen.requests.push(`${request.method} ${request.url}`);
		response.end('{}');
	}).on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
		seen.requests.push(`CONNECT ${url}`);
		socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\n\r\n');
		socket.once('data', (bytes: Buffer) => {
			seen.tunnelled = bytes;
			socket.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { port, seen, stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe('a proxy that the author of a workflow chose', () => {
	const cloud = 'https://app.insigner.co/api/v1';
	let proxy: Awaited<ReturnType<typeof listenAsProxy>>;
	beforeEach(async () => (proxy = await listenAsProxy()));
	afterEach(async () => await proxy.stop());

	const through = (helper: (typeof HELPERS)[number]) =>
		helper === 'requestWithAuthentication'
			? `http://127.0.0.1:${proxy.port}`
			: { protocol: 'http', host: '127.0.0.1', port: proxy.port };

	it.each(HELPERS)('sees a tunnel and never the key: %s', async (helper) => {
		await send(helper, { url: `${cloud}/org`, proxy: through(helper) }, cloud);
		expect(proxy.seen.requests).toEqual(['CONNECT app.insigner.co:443']);
		// A TLS handshake begins with this byte.
		expect(proxy.seen.tunnelled[0]).toBe(0x16);
		expect(proxy.seen.tunnelled.includes(apiKey)).toBe(false);
	});

	it.each([
		['httpRequestWithAuthentication', { skipSslCertificateValidation: true }],
		['httpRequestWithAuthentication', { agentOptions: { rejectUnauthorized: false } }],
		['httpRequestWithAuthentication', { agentOptions: { ca: 'my own' } }],
		['httpRequestWithAuthentication', { agentOptions: { servername: 'evil.example' } }],
		['requestWithAuthentication', { rejectUnauthorized: false }],
		['requestWithAuthentication', { agentOptions: { ca: 'my own', cert: 'mine' } }],
	] as const)('is not even asked where it could pose as inSigner: %s %j', async (helper, more) => {
		const options = { url: `${cloud}/org`, proxy: through(helper), ...more };
		const { error } = await send(helper, options, cloud);
		expect(error?.message).toContain('is not sent where SSL certificates are ignored');
		expect(proxy.seen.requests).toEqual([]);
	});

	it('does not matter for the sandbox, which has no certificate', async () => {
		const { error } = await send('requestWithAuthentication', {
			url: 'http://HOME/api/v1/org',
			rejectUnauthorized: false,
		});
		expect(error).toBeUndefined();
	});
});
