import { request } from 'undici';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { call } from './calling';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 1000 });
});
afterAll(() => sandbox.stop());

describe('keys', () => {
	it.each(['revoked', 'expired'] as const)('answers 401 to a %s key', async (state) => {
		const key = sandbox.createKey({ scopes: ['*'], state });
		const { status, problem } = await call(sandbox, 'GET', '/org', undefined, key);
		expect(status).toBe(401);
		expect(problem.type).toBe('https://docs.insigner.com/errors/unauthorized');
	});

	it('answers 401 to an unknown key and to none', async () => {
		expect((await call(sandbox, 'GET', '/org', undefined, 'isk_nobody')).status).toBe(401);
		expect((await call(sandbox, 'GET', '/org', undefined, '')).status).toBe(401);
	});

	it('has the documented form', () => {
		expect(sandbox.apiKey).toMatch(/^isk_[A-Za-z0-9_-]{44}$/);
	});

	it('appears in the journal only by its id', async () => {
		await call(sandbox, 'GET', '/org');
		expect(JSON.stringify(sandbox.journal.requests)).not.toContain(sandbox.apiKey);
		expect(sandbox.journal.requests.at(-1)?.headers.authorization).toMatch(/^Bearer key_/);
	});
});

it('says at its address what it is, without the key', async () => {
	const { statusCode, headers, body } = await request(`${sandbox.webUrl}/`);
	const page = await body.text();
	expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
	expect(page).toContain(sandbox.apiUrl);
	expect(page).not.toContain(sandbox.apiKey);
});

describe('scopes', () => {
	it('accepts a wildcard and refuses another thing with 403', async () => {
		const key = sandbox.createKey({ scopes: ['documents.*'] });
		expect((await call(sandbox, 'GET', '/documents', undefined, key)).status).toBe(200);
		const refused = await call(sandbox, 'GET', '/webhooks', undefined, key);
		expect(refused.status).toBe(403);
		expect(refused.problem.detail).toContain('webhooks.read');
	});

	it('does not accept one scope for another of the same thing', async () => {
		const key = sandbox.createKey({ scopes: ['documents.read'] });
		const body = { name: 'A' };
		expect((await call(sandbox, 'POST', '/documents', body, key)).status).toBe(403);
	});

	it("answers 404 to another organization's key", async () => {
		const [document] = sandbox.store.seedDocuments(1);
		const path = `/documents/${document?.id}`;
		const stranger = sandbox.createKey({ scopes: ['*'], organization: 'other' });
		expect((await call(sandbox, 'GET', path)).status).toBe(200);
		expect((await call(sandbox, 'GET', path, undefined, stranger)).status).toBe(404);
	});
});

describe('form of requests', () => {
	it('answers 400 to malformed JSON', async () => {
		const { status, problem } = await call(sandbox, 'POST', '/documents', '{"name":');
		expect(status).toBe(400);
		expect(problem.type).toMatch(/\/bad-request$/);
	});

	it('names every wrong field with 422', async () => {
		const body = { name: '', colour: 'red', signingType: 'random' };
		const { status, problem, headers } = await call(sandbox, 'POST', '/documents', body);
		expect(status).toBe(422);
		expect(headers['content-type']).toBe('application/problem+json');
		const fields = problem.errors?.map((error) => error.field).sort();
		expect(fields).toEqual(['colour', 'name', 'signingType']);
	});

	it('counts characters, not bytes', async () => {
		const at = await call(sandbox, 'POST', '/documents', { name: '😀'.repeat(200) });
		const past = await call(sandbox, 'POST', '/documents', { name: '😀'.repeat(201) });
		expect([at.status, past.status]).toEqual([201, 422]);
	});

	it('refuses an expiry in the past', async () => {
		const expiresAt = new Date(sandbox.clock.now() - 1000).toISOString();
		const { problem } = await call(sandbox, 'POST', '/documents', { name: 'A', expiresAt });
		expect(problem.errors?.[0]?.field).toBe('expiresAt');
	});

	it('gives every answer a request id, errors included', async () => {
		const answers = await Promise.all(
			['/org', '/nothing'].map((path) => call(sandbox, 'GET', path)),
		);
		for (const answer of answers) expect(answer.headers['x-request-id']).toMatch(/^req_/);
	});

	it('answers 404 to an unknown path', async () => {
		expect((await call(sandbox, 'GET', '/nothing')).status).toBe(404);
	});
});

describe('pagination', () => {
	it('pages newest first, 25 by default, until hasMore is false', async () => {
		const other = sandbox.createKey({ scopes: ['*'], organization: 'other' });
		const organizationId = sandbox.store.organizations.other.id;
		sandbox.store.seedDocuments(59, { organizationId });
		const names: string[] = [];
		const sizes: number[] = [];
		let cursor: string | null = '';
		while (cursor !== null) {
			const query: string = cursor === '' ? '' : `?cursor=${cursor}`;
			const path = `/documents${query}`;
			const page = await call<{ name: string }[]>(sandbox, 'GET', path, undefined, other);
			names.push(...page.data.map((item) => item.name));
			sizes.push(page.meta.count);
			expect(page.meta.hasMore).toBe(page.meta.nextCursor !== null);
			cursor = page.meta.nextCursor;
		}
		expect(sizes).toEqual([25, 25, 10]);
		expect(names.slice(0, 2)).toEqual(['Document 59', 'Document 58']);
		expect(new Set(names).size).toBe(60);
	});

	it.each([
		['limit=0', 'limit'],
		['limit=101', 'limit'],
		['cursor=x', 'cursor'],
		['status=lost', 'status'],
	])('answers 422 to ?%s', async (query, field) => {
		const { status, problem } = await call(sandbox, 'GET', `/documents?${query}`);
		expect(status).toBe(422);
		expect(problem.errors?.[0]?.field).toBe(field);
	});

	it('has no meta in lists under a document', async () => {
		const [document] = sandbox.store.seedDocuments(1);
		for (const list of ['signers', 'fields']) {
			const answer = await call(sandbox, 'GET', `/documents/${document?.id}/${list}`);
			expect(answer.data).toHaveLength(1);
			expect(answer.meta).toBeUndefined();
		}
	});
});

describe('rate limit', () => {
	it('reports the state of the window and answers 429 beyond it', async () => {
		const strict = await startSandbox({ requestsPerMinute: 2 });
		try {
			const first = await call(strict, 'GET', '/org');
			expect(first.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
			await call(strict, 'GET', '/org');
			const third = await call(strict, 'GET', '/org');
			expect(third.status).toBe(429);
			expect(third.problem).toMatchObject({ title: 'Too Many Requests' });
			expect(Number(third.headers['retry-after'])).toBeGreaterThan(50);
			expect(third.headers['retry-after']).toBe(third.headers['ratelimit-reset']);
			await strict.clock.advance(60_000);
			expect((await call(strict, 'GET', '/org')).status).toBe(200);
		} finally {
			await strict.stop();
		}
	});
});

describe('controls', () => {
	it('shows the journal, moves the clock and accepts faults from another process', async () => {
		const control = (method: 'POST' | 'DELETE', path: string, body?: object) =>
			request(`${sandbox.webUrl}/_sandbox/${path}`, {
				method,
				body: body && JSON.stringify(body),
				headers: { 'content-type': 'application/json' },
			}).then((response) => response.body.json());
		const before = sandbox.clock.now();
		await control('POST', 'clock/advance', { ms: 5000 });
		expect(sandbox.clock.now()).toBeGreaterThanOrEqual(before + 5000);
		await control('POST', 'faults', { match: { pathPattern: '^/org' }, fault: { status: 503 } });
		expect((await call(sandbox, 'GET', '/org/members')).status).toBe(503);
		await control('DELETE', 'faults');
		expect((await call(sandbox, 'GET', '/org/members')).status).toBe(200);
		const journal = await request(`${sandbox.webUrl}/_sandbox/journal`);
		expect(await journal.body.json()).toHaveProperty('requests');
	});
});
