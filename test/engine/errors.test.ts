import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

describe('errors', () => {
	it('keeps the words of inSigner, the hint and the request id', async () => {
		const { error } = await bench.act('document', 'get', { documentId: byId('none'), options: {} });
		expect(error?.name).toBe('NodeApiError');
		expect(error).toMatchObject({ httpCode: '404', context: { itemIndex: 0 } });
		expect(error?.description).toMatch(
			/belongs to another organization.*\ninSigner request ID: req_/s,
		);
	});

	it('says which of several items it is, counted as people count', async () => {
		const { error } = await bench.act(
			...(['document', 'get'] as const),
			{ documentId: byId('={{ $json.id }}'), options: {} },
			{
				items: [
					{ json: { id: bench.sandbox.store.seedDocuments(1)[0]?.id } },
					{ json: { id: 'x' } },
				],
			},
		);
		expect(error?.description).toMatch(/\nThis is item 2 of 2\.$/);

		const refused = await bench.act(
			...(['document', 'create'] as const),
			{ name: '={{ $json.name }}', options: {} },
			{ items: [{ json: { name: 'One' } }, { json: {} }] },
		);
		expect(refused.error?.description).toMatch(/Nothing was sent to inSigner for item 2\./);
		expect(refused.error?.description).not.toMatch(/This is item/);
	});

	it('lists ten problems and counts the others', async () => {
		const signer = Array.from({ length: 8 }, () => ({ name: '', email: 'ann@' }));
		const { error } = await bench.act(
			...(['document', 'createAndSend'] as const),
			{ name: 'Lease', specifySigners: 'json', signersJson: JSON.stringify(signer) },
			{ items: [await bench.pdfItem()] },
		);
		const lines = error?.description?.split('\n') ?? [];
		expect(lines).toHaveLength(11);
		expect(lines.slice(-2)).toEqual([
			'6 more problems not listed.',
			'Nothing was sent to inSigner for item 1.',
		]);
	});

	it('keeps a message in which n8n would see an error code', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			fault: { status: 404, body: { detail: 'TemplateNotFound: EACCES', status: 404 } },
		});
		const { error } = await bench.act('document', 'get', { documentId: byId('x'), options: {} });
		expect(error?.message).toBe('TemplateNotFound: EACCES');
	});

	it('names the scope a key lacks', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['templates.read'] });
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } } },
		);
		expect(error?.description).toMatch(/missing the permission documents\.create/);
	});

	it.each([
		['a page of a proxy', { status: 200, contentType: 'text/html', body: '<html>Login</html>' }],
		['half a body', { status: 200, contentType: 'application/json', body: '{"data":{"id":' }],
		['a redirect', { status: 302, headers: { location: 'https://evil.example/' }, body: '' }],
	])('does not mistake %s for success', async (_, fault) => {
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, fault });
		const { error } = await bench.act('document', 'get', { documentId: byId('x'), options: {} });
		expect(error?.message).toMatch(/is not one of inSigner's API/);
	});

	it('repeats a read that hit a fault, and says so if that did not help', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'listTemplates' },
			times: 2,
			fault: { drop: true },
		});
		const read = await bench.act('template', 'getMany', { returnAll: true, filters: {} });
		expect(read.error).toBeUndefined();
		expect(requests()).toHaveLength(3);

		bench.sandbox.faults.add({ match: { operationId: 'listTemplates' }, fault: { status: 500 } });
		const failed = await bench.act('template', 'getMany', { returnAll: true, filters: {} });
		expect(failed.error).toMatchObject({ httpCode: '500' });
		expect(requests()).toHaveLength(3 + 4);
	}, 20_000);

	it('waits as long as a 429 says, then continues', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createDocument' },
			times: 1,
			fault: { status: 429, headers: { 'retry-after': '1', 'ratelimit-remaining': '0' } },
		});
		const startedAt = Date.now();
		const { error } = await bench.act('document', 'create', { name: 'Patient', options: {} });
		expect(error).toBeUndefined();
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1000);
		expect(requests()).toEqual(['createDocument', 'createDocument']);
	});

	it('says that nothing was sent when inSigner cannot be reached', async () => {
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{
				credentials: {
					inSignerApi: { ...bench.credentials.inSignerApi, baseUrl: 'http://127.0.0.1:9/api/v1' },
				},
			},
		);
		expect(error?.message).toBe('inSigner could not be reached at 127.0.0.1:9');
		expect(error?.description).toMatch(/Nothing was sent/);
	}, 20_000);
});

describe('the key', () => {
	it('is refused kindly if it does not have the form of one, and never repeated', async () => {
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey: 'sk_live_123' } } },
		);
		expect(error?.message).toMatch(/starts with "isk_"/);
		expect(JSON.stringify(error)).not.toContain('sk_live_123');
	});

	it('is in no error, and in no line of the log', async () => {
		const { error } = await bench.act('document', 'get', { documentId: byId('none'), options: {} });
		expect(JSON.stringify(error)).not.toContain(bench.sandbox.apiKey);
		expect(bench.engine.logText()).not.toContain(bench.sandbox.apiKey);
	});
});
