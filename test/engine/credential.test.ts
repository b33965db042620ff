import type { IHttpRequestOptions } from 'n8n-workflow';

import { InSignerApi } from '../../credentials/InSignerApi.credentials';
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
		expect(await test({ apiKey })).toMatchObject({ status: 'Error' });
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
	const authenticate = async (options: Partial<IHttpRequestOptions> & { uri?: string }) =>
		await new InSignerApi().authenticate(
			{ apiKey, baseUrl: 'https://app.insigner.co/api/v1' },
			options as IHttpRequestOptions,
		);

	it.each([
		{ url: 'https://app.insigner.co/api/v1/org' },
		{ url: '/org', baseURL: 'https://app.insigner.co/api/v1' },
		{ uri: 'https://app.insigner.co/api/v1/documents' },
	])('adds the key to %j and pins it to the host', async (options) => {
		expect(await authenticate(options)).toMatchObject({
			headers: { Authorization: `Bearer ${apiKey}` },
			allowedDomains: 'app.insigner.co',
			sendCredentialsOnCrossOriginRedirect: false,
		});
	});

	it.each([
		{ url: 'https://storage.example.com/file' },
		{ url: 'http://app.insigner.co/api/v1/org' },
		{ url: 'https://app.insigner.co:8443/api/v1/org' },
		{ url: 'https://app.insigner.co@evil.example/' },
		{ uri: 'https://app.insigner.co.evil.example/' },
		{ url: '//evil.example/org', baseURL: 'https://app.insigner.co/api/v1' },
	])('does not hand the key to %j', async (options) => {
		await expect(authenticate(options)).rejects.toThrow(/only sent to app\.insigner\.co/);
	});
});
