import { request } from 'undici';
import { startSandbox, type Fault, type Sandbox } from '../../sandbox/sandbox';
import { call, readyDraft } from './calling';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 1000 });
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.stop());

const create = (name: string): Promise<{ status: number }> =>
	call(sandbox, 'POST', '/documents', { name });
const exists = (name: string): boolean =>
	sandbox.store.documents.all().some((document) => document.name === name);

it('answers with a status before the effect', async () => {
	const fault = { status: 503, headers: { 'retry-after': '7' }, body: { title: 'Down' } };
	const rule = sandbox.faults.add({ match: { operationId: 'createDocument' }, fault });
	const answer = await call(sandbox, 'POST', '/documents', { name: 'Before' });
	expect(answer.status).toBe(503);
	expect(answer.headers).toMatchObject({
		'retry-after': '7',
		'content-type': 'application/problem+json',
	});
	expect(answer.headers['x-request-id']).toMatch(/^req_/);
	expect(exists('Before')).toBe(false);
	expect(rule.hits).toBe(1);
	rule.remove();
	expect((await create('Before')).status).toBe(201);
});

it('cuts the connection after the effect', async () => {
	sandbox.faults.add({
		match: { method: 'POST', path: '/documents' },
		when: 'after',
		fault: { drop: true },
	});
	await expect(create('After')).rejects.toThrow();
	expect(exists('After')).toBe(true);
	expect(sandbox.journal.requests.at(-1)).toMatchObject({ fault: 'drop' });
	expect(sandbox.journal.requests.at(-1)?.status).toBeUndefined();
});

it('cuts the connection before the effect', async () => {
	sandbox.faults.add({ match: { path: /^\/documents$/ }, fault: { drop: true } });
	await expect(create('Never')).rejects.toThrow();
	expect(exists('Never')).toBe(false);
});

it('holds an answer and then continues', async () => {
	sandbox.faults.add({ match: { origin: 'api' }, when: 'after', fault: { hangMs: 80 } });
	const startedAt = performance.now();
	expect((await create('Late')).status).toBe(201);
	expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
});

it('records a client that does not wait', async () => {
	sandbox.faults.add({ match: {}, when: 'after', fault: { hangMs: 10_000 } });
	const aborted = request(`${sandbox.apiUrl}/org`, { signal: AbortSignal.timeout(50) });
	await expect(aborted).rejects.toThrow();
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(sandbox.journal.requests.at(-1)).toMatchObject({ fault: 'hang', aborted: true });
});

it('plays on the nth match, and so many times', async () => {
	const rule = sandbox.faults.add({
		match: { path: '/org' },
		nth: 2,
		times: 2,
		fault: { status: 500 },
	});
	const statuses: number[] = [];
	for (let count = 0; count < 4; count += 1) {
		statuses.push((await call(sandbox, 'GET', '/org')).status);
	}
	expect(statuses).toEqual([200, 500, 500, 200]);
	expect(rule.hits).toBe(2);
});

it('plays on the storage too', async () => {
	sandbox.faults.add({ match: { origin: 'storage', method: 'PUT' }, fault: { status: 503 } });
	expect((await create('Not the API')).status).toBe(201);
	const response = await request(`${sandbox.storageUrl}/anything`, { method: 'PUT', body: 'x' });
	expect(response.statusCode).toBe(503);
	expect(sandbox.journal.requests.at(-1)).toMatchObject({ origin: 'storage', body: 1 });
});

describe('an effect that comes late', () => {
	const late = (fault: Fault, lateMs = 5_000): void =>
		void sandbox.faults.add({ match: { method: 'POST' }, nth: 1, when: { lateMs }, fault });

	it('never comes for Infinity', async () => {
		late({ hangMs: 10 }, Infinity);
		await expect(create('Never at all')).rejects.toThrow();
		await sandbox.clock.advance(1_000_000);
		expect(exists('Never at all')).toBe(false);
	});

	it('comes after the answer, on the clock', async () => {
		late({ status: 504, contentType: 'text/html', body: '<h1>Time-out</h1>' });
		expect((await create('Slow')).status).toBe(504);
		expect(sandbox.journal.requests.at(-1)?.late).toBe('due');
		await sandbox.clock.advance(4_000);
		expect(exists('Slow')).toBe(false);
		await sandbox.clock.advance(1_000);
		expect(exists('Slow')).toBe(true);
		expect(sandbox.journal.requests.at(-1)?.late).toBe('done');
	});

	it('happens by itself as real time passes', async () => {
		late({ drop: true }, 50);
		await expect(create('Real')).rejects.toThrow();
		expect(exists('Real')).toBe(false);
		await new Promise((resolve) => setTimeout(resolve, 120));
		expect(exists('Real')).toBe(true);
	});

	it('does nothing if it is no longer allowed', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test']);
		late({ drop: true });
		await expect(call(sandbox, 'POST', `/documents/${id}/send`)).rejects.toThrow();
		await call(sandbox, 'DELETE', `/documents/${id}`);
		const emailed = sandbox.journal.emails.length;
		await sandbox.clock.advance(5_000);
		expect(sandbox.journal.emails).toHaveLength(emailed);
		expect(sandbox.journal.requests.find((entry) => entry.late === 'refused')).toBeDefined();
	});

	it('is what someone still waiting gets to see', async () => {
		late({ hangMs: 10 });
		const answer = create('Patient');
		while (sandbox.journal.requests.at(-1)?.late !== 'due') {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await sandbox.clock.advance(5_000);
		expect((await answer).status).toBe(201);
	});

	it('counts at once: of two bulk sends the second is refused', async () => {
		const template = sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
		const signers = [{ name: 'Ann', email: 'ann@x.test' }];
		const body = { templateId: template?.id, name: 'Late', signers };
		late({ drop: true });
		await expect(call(sandbox, 'POST', '/bulk-sends', body)).rejects.toThrow();
		expect((await call(sandbox, 'POST', '/bulk-sends', body)).status).toBe(429);
		await sandbox.clock.advance(5_000);
		expect(sandbox.store.bulkSends.all()).toHaveLength(1);
	});
});

it('breaks an answer off', async () => {
	sandbox.faults.add({
		match: {},
		fault: { status: 200, contentType: 'application/json', body: '{"data":{"id', brokenOff: true },
	});
	const { statusCode, body } = await request(`${sandbox.apiUrl}/org`);
	expect(statusCode).toBe(200);
	await expect(body.text()).rejects.toThrow();
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(sandbox.journal.requests.at(-1)).toMatchObject({ fault: 'brokenOff' });
	expect(sandbox.journal.requests.at(-1)?.aborted).toBeUndefined();
});

it("answers like a gateway: nothing in the headers is the service's", async () => {
	sandbox.faults.add({ match: {}, fault: { status: 503, body: 'Busy', byGateway: true } });
	const { status, headers } = await call(sandbox, 'GET', '/org');
	expect(status).toBe(503);
	expect(headers).not.toHaveProperty('x-request-id');
	expect(headers).not.toHaveProperty('ratelimit-remaining');
});
