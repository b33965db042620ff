import { InSignerApi } from '../../credentials/InSignerApi.credentials';
import type { AnyRequest } from '../../nodes/InSigner/api/requestTarget';
import type { Fault } from '../sandbox/sandbox';
import { startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

describe('the credential test of the editor', () => {
	const test = async (change: { apiKey?: string; baseUrl?: string } = {}) =>
		await bench.engine.testCredential('inSignerApi', {
			...bench.credentials.inSignerApi,
			...change,
		});

	it('accepts a good key', async () => {
		expect(await test()).toMatchObject({ status: 'OK' });
	});

	it('accepts a good key that may not read the organization', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['documents.read'] });
		expect(await test({ apiKey })).toMatchObject({ status: 'OK' });
	});

	it('refuses a revoked key', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['*'], state: 'revoked' });
		expect(await test({ apiKey })).toEqual({
			status: 'Error',
			message: 'inSigner does not accept this API key: it is invalid, revoked or expired',
		});
	});

	const answered = async (fault: Fault, change?: { apiKey?: string }) => {
		const rule = bench.sandbox.faults.add({ match: { operationId: 'getOrganization' }, fault });
		const verdict = await test(change);
		rule.remove();
		expect(rule.hits).toBe(1);
		return verdict;
	};
	const page = '<!doctype html><title>Sign in</title>';
	const problem = (status: number) => ({
		type: 'https://docs.insigner.com/errors/some',
		title: 'Some Problem',
		status,
		detail: 'Some detail',
	});

	it.each<[string, number, string, string | object]>([
		['a page', 200, 'text/html', page],
		['a page', 403, 'text/html', page],
		['a page', 407, 'text/html', page],
		['a page', 401, 'text/html', page],
		['a page', 429, 'text/html', page],
		['a page', 522, 'text/html', page],
		['nothing', 200, 'application/json', ''],
		['nothing', 204, 'application/json', ''],
		['nothing', 403, 'application/json', ''],
		['other JSON', 200, 'application/json', { ok: true }],
		['other JSON', 200, 'application/json', []],
		['other JSON', 200, 'application/json', { data: null }],
		['other JSON', 403, 'application/json', { message: 'Forbidden' }],
		['other JSON', 403, 'application/json', { status: 403, error: 'Forbidden', path: '/org' }],
		['the organization', 203, 'application/json', { data: { id: 'org_1' } }],
		['a problem of another status', 403, 'application/json', problem(401)],
		['a redirect', 302, 'text/html', ''],
	])(
		'does not mistake %s with status %i (%s) for inSigner',
		async (_, status, contentType, body) => {
			expect(await answered({ status, contentType, body })).toEqual({
				status: 'Error',
				message: `HTTP status ${status} from ${new URL(bench.sandbox.apiUrl).host} is not an answer of inSigner: a proxy, a firewall or another server answered. Check the Base URL and the network of this n8n.`,
			});
		},
	);

	it.each([404, 429, 500])('says what inSigner itself answered: %i', async (status) => {
		expect(
			await answered({ status, contentType: 'application/problem+json', body: problem(status) }),
		).toEqual({
			status: 'Error',
			message: `inSigner answered with HTTP status ${status}: Some Problem`,
		});
	});

	it('says that nothing answers, or that the connection broke', async () => {
		expect(await test({ baseUrl: 'http://127.0.0.1:9/api/v1' })).toEqual({
			status: 'Error',
			message: 'inSigner could not be reached at 127.0.0.1:9 (ECONNREFUSED)',
		});
		expect((await answered({ drop: true })).message).toMatch(/could not be reached.*ECONNRESET/);
	});

	it('says kindly what a key looks like', async () => {
		expect(await test({ apiKey: 'my-key' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('starts with "isk_"') as string,
		});
	});

	it('refuses plain http to another machine before anything is sent', async () => {
		expect(await test({ baseUrl: 'http://insigner.example/api/v1' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('not https') as string,
		});
	});
});

describe('authenticate', () => {
	const apiKey = `isk_${'a'.repeat(44)}`;
	const authenticate = async (options: AnyRequest) =>
		await new InSignerApi().authenticate(
			{ apiKey, baseUrl: 'https://app.insigner.co/api/v1' },
			options,
		);

	it.each([
		[{ url: 'https://app.insigner.co/api/v1/org' }, '/api/v1/org'],
		[{ url: '/org', baseURL: 'https://app.insigner.co/api/v1' }, '/api/v1/org'],
		[{ url: 'org', baseURL: 'https://app.insigner.co/api/v1//' }, '/api/v1/org'],
		[{ uri: 'https://app.insigner.co/api/v1/documents' }, '/api/v1/documents'],
		[{ uri: new URL('https://app.insigner.co/api/v1/documents') }, '/api/v1/documents'],
		// As axios treats them too: they are below the base URL.
		[
			{ url: 'https:evil.example', baseURL: 'https://app.insigner.co/api' },
			'/api/https:evil.example',
		],
		[{ url: '\\\\evil.example', baseURL: 'https://app.insigner.co' }, '///evil.example'],
	])('adds the key to %j and passes on the one address it checked', async (options, path) => {
		const authenticated = await authenticate({ ...options, headers: { AUTHORIZATION: 'mine' } });
		expect(authenticated).toEqual({
			url: `https://app.insigner.co${path}`,
			headers: { authorization: `Bearer ${apiKey}` },
			allowedDomains: 'app.insigner.co',
			sendCredentialsOnCrossOriginRedirect: false,
		});
	});

	it.each([
		{ url: 'https://storage.example.com/file' },
		{ url: 'https://app.insigner.co:8443/api/v1/org' },
		{ uri: 'https://app.insigner.co.evil.example/' },
		// A parser that knows the base URL reads these as paths below it; the HTTP client does not.
		{ url: 'https:evil.example/org' },
		{ uri: 'https:/evil.example/org' },
		{ url: 'https:\\\\evil.example/org' },
		{ url: ' https://evil.example' },
		{ url: 'ht\ttps://evil.example' },
	])('does not hand the key to %j', async (options) => {
		await expect(authenticate(options)).rejects.toThrow(/only sent to app\.insigner\.co/);
	});

	it.each([
		{},
		{ url: '/org' },
		{ url: 'org' },
		{ url: '//evil.example/org' },
		{ url: '//evil.example/org', baseURL: 'https://app.insigner.co/api/v1' },
		{ url: '\\\\evil.example/org' },
		{ url: 'https://user:secret@app.insigner.co/org' },
		{ url: 'https://app.insigner.co@evil.example/' },
		{ url: 'http://app.insigner.co/api/v1/org' },
		{ url: '/org', baseURL: 'app.insigner.co' },
	])('refuses %j, which is not a safe address by itself', async (options) => {
		await expect(authenticate(options)).rejects.toThrow(
			/not a URL|not https|user name or a password/,
		);
	});

	it.each([
		{ rejectUnauthorized: false },
		{ skipSslCertificateValidation: true },
		{ agentOptions: { rejectUnauthorized: false } },
		{ agentOptions: { ca: 'PEM' } },
		{ agentOptions: { checkServerIdentity: () => undefined } },
		{ agentOptions: { host: 'evil.example' } },
	])('does not hand the key to whoever poses as inSigner: %j', async (trust) => {
		await expect(
			authenticate({ url: 'https://app.insigner.co/api/v1/org', ...trust }),
		).rejects.toThrow(/SSL certificates are ignored/);
	});

	it('allows a request its own client certificate', async () => {
		const agentOptions = { cert: 'PEM', key: 'PEM', passphrase: 'x' };
		expect(
			await authenticate({
				url: 'https://app.insigner.co/',
				rejectUnauthorized: true,
				agentOptions,
			}),
		).toMatchObject({ agentOptions });
	});
});
