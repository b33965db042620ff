import { createHmac } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { call, readyDraft } from './calling';
import { startReceiver, type Receiver } from './receiver';

interface Created {
	id: string;
	events: string;
	secret: string;
	status: string;
	failureCount: number;
}

let sandbox: Sandbox;
let receiver: Receiver;

beforeEach(async () => {
	const resolveHost = async (name: string): Promise<string[]> =>
		name === 'inside.example.com' ? ['10.1.2.3'] : ['93.184.216.34'];
	sandbox = await startSandbox({ deliveryTimeoutMs: 150, resolveHost });
	receiver = await startReceiver();
});
afterEach(async () => {
	await sandbox.stop();
	await receiver.stop();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function subscribe(...events: string[]): Promise<Created> {
	const body = { url: receiver.url, events };
	return (await call<Created>(sandbox, 'POST', '/webhooks', body)).data;
}

async function complete(): Promise<string> {
	const id = await readyDraft(sandbox, ['ann@x.test']);
	await call(sandbox, 'POST', `/documents/${id}/send`);
	await sandbox.sign(id, 'ann@x.test');
	await sandbox.settled();
	return id;
}

describe('registration', () => {
	it('shows the secret once and the events as a string', async () => {
		const created = await subscribe('document.completed');
		expect(created.secret).toMatch(/^[0-9a-f]{64}$/);
		expect(created.events).toBe('["document.completed"]');
		const { data } = await call<Created>(sandbox, 'GET', `/webhooks/${created.id}`);
		expect(data).toMatchObject({ events: created.events, failureCount: 0 });
		expect(data).not.toHaveProperty('secret');
	});

	it.each([
		'https://10.0.0.1/x',
		'https://172.31.0.1/x',
		'https://192.168.1.1/x',
		'https://169.254.169.254/x',
		'https://[::ffff:10.0.0.1]/x',
		'https://inside.example.com/x',
		'http://example.com/x',
		'ftp://example.com/x',
		'nonsense',
	])('refuses %s', async (url) => {
		const body = { url, events: ['document.completed'] };
		const { status, problem } = await call(sandbox, 'POST', '/webhooks', body);
		expect(status).toBe(422);
		expect(problem.errors?.[0]?.field).toBe('url');
	});

	it('refuses loopback when told so', async () => {
		const strict = await startSandbox({ allowLoopbackWebhooks: false });
		try {
			for (const url of ['https://127.0.0.1/x', 'https://localhost/x', 'https://[::1]/x']) {
				const body = { url, events: ['document.completed'] };
				expect((await call(strict, 'POST', '/webhooks', body)).status).toBe(422);
			}
		} finally {
			await strict.stop();
		}
	});

	it('refuses an unknown event', async () => {
		const body = { url: receiver.url, events: ['document.eaten'] };
		const { status, problem } = await call(sandbox, 'POST', '/webhooks', body);
		expect(status).toBe(422);
		expect(problem.errors?.[0]?.field).toBe('events.0');
	});

	it('allows ten, and ten creations an hour', async () => {
		for (let count = 0; count < 10; count += 1) await subscribe('document.completed');
		const body = { url: receiver.url, events: ['document.completed'] };
		const spent = await call(sandbox, 'POST', '/webhooks', body);
		expect(spent.status).toBe(429);
		expect(Number(spent.headers['retry-after'])).toBeGreaterThan(3500);
		await sandbox.clock.advance(HOUR);
		expect((await call(sandbox, 'POST', '/webhooks', body)).status).toBe(409);
	});
});

describe('deliveries', () => {
	it('signs the raw body with the secret as text', async () => {
		const { secret } = await subscribe('document.completed', 'signer.completed');
		const id = await complete();
		const events = receiver.received.map(({ body }) => JSON.parse(body) as { event: string });
		expect(events.map(({ event }) => event).sort()).toEqual([
			'document.completed',
			'signer.completed',
		]);
		for (const { body, headers } of receiver.received) {
			const hmac = createHmac('sha256', secret).update(body).digest('hex');
			expect(headers['x-insigner-signature']).toBe(`sha256=${hmac}`);
			expect(body).toContain(id);
			expect(body).not.toContain('/sign/');
		}
	});

	it('makes nine attempts on the documented schedule with the same bytes', async () => {
		await subscribe('document.completed');
		receiver.answer = 500;
		await complete();
		const delays = [1, 5, 30, 120, 300, 600, 1080, 1440];
		for (const [index, minutes] of delays.entries()) {
			expect(receiver.received).toHaveLength(index + 1);
			await sandbox.clock.advance(minutes * MINUTE - 5_000);
			expect(receiver.received).toHaveLength(index + 1);
			await sandbox.clock.advance(5_000);
		}
		expect(receiver.received).toHaveLength(9);
		await sandbox.clock.advance(100 * HOUR);
		expect(receiver.received).toHaveLength(9);
		expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
		const stamps = receiver.received.map(({ headers }) => headers['x-insigner-timestamp']);
		expect(new Set(stamps).size).toBe(1);
		const attempts = sandbox.journal.deliveries.map(({ attempt }) => attempt);
		expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
	});

	it('counts failures in a row and forgets them after a success', async () => {
		const { id } = await subscribe('document.completed');
		receiver.answer = 404;
		await complete();
		expect(sandbox.store.webhooks.get(id)?.failureCount).toBe(1);
		receiver.answer = 204;
		await sandbox.clock.advance(MINUTE);
		expect(sandbox.store.webhooks.get(id)?.failureCount).toBe(0);
	});

	it('switches a webhook off after 20 failures, and on again by PATCH', async () => {
		const { id } = await subscribe('document.completed');
		receiver.answer = 500;
		for (let count = 0; count < 3; count += 1) await complete();
		await sandbox.clock.advance(60 * HOUR);
		expect(receiver.received).toHaveLength(20);
		const off = await call<Created>(sandbox, 'GET', `/webhooks/${id}`);
		expect(off.data).toMatchObject({ status: 'inactive', failureCount: 20 });
		receiver.answer = 200;
		await complete();
		expect(receiver.received).toHaveLength(20);
		await call(sandbox, 'PATCH', `/webhooks/${id}`, { status: 'active' });
		await complete();
		expect(receiver.received).toHaveLength(21);
	});

	it('counts a receiver that does not answer in time as a failure', async () => {
		await subscribe('document.completed');
		receiver.answer = 'hang';
		await complete();
		expect(sandbox.journal.deliveries[0]).toMatchObject({ attempt: 1 });
		expect(sandbox.journal.deliveries[0]?.error).toMatch(/timeout/i);
	});

	it('sends inferred events only to those who ask for them', async () => {
		await subscribe('document.sent', 'document.viewed', 'document.declined');
		const id = await readyDraft(sandbox, ['ann@x.test']);
		await call(sandbox, 'POST', `/documents/${id}/send`);
		await sandbox.decline(id, 'ann@x.test');
		await sandbox.settled();
		const events = sandbox.journal.deliveries.map(({ event }) => event).sort();
		expect(events).toEqual(['document.declined', 'document.sent', 'document.viewed']);
	});
});

describe('bulk sends', () => {
	const people = (count: number): { name: string; email: string }[] =>
		Array.from({ length: count }, (_, index) => ({
			name: `P ${index}`,
			email: `p${index}@x.test`,
		}));

	function templateId(name: string): string | undefined {
		return sandbox.store.templates.all().find((template) => template.name === name)?.id;
	}

	it('creates and emails one document for each recipient, and emits its events', async () => {
		await subscribe('bulk_send.completed');
		const signers = [...people(500).slice(1), { name: 'Bad', email: 'bad@bounce.test' }];
		const body = { templateId: templateId('Employment Contract'), name: 'All', signers };
		const { status, data } = await call<{ id: string }>(sandbox, 'POST', '/bulk-sends', body);
		expect(status).toBe(201);
		expect(data).toMatchObject({
			status: 'completed',
			totalCount: 500,
			sentCount: 499,
			failedCount: 1,
		});
		const documents = sandbox.store.documents.all().filter((one) => one.bulkSendId === data.id);
		expect(documents).toHaveLength(499);
		expect(documents.every((one) => one.status === 'pending')).toBe(true);
		const emails = sandbox.journal.emails.filter((email) => email.bulkSendId === data.id);
		expect(emails).toHaveLength(499);
		await sandbox.settled();
		expect(receiver.received).toHaveLength(1);
	});

	it('is limited to one in five minutes', async () => {
		const body = {
			templateId: templateId('Employment Contract'),
			name: 'All',
			signers: people(1),
		};
		await call(sandbox, 'POST', '/bulk-sends', body);
		const second = await call(sandbox, 'POST', '/bulk-sends', body);
		expect(second.status).toBe(429);
		expect(Number(second.headers['retry-after'])).toBeGreaterThan(290);
		await sandbox.clock.advance(5 * MINUTE);
		expect((await call(sandbox, 'POST', '/bulk-sends', body)).status).toBe(201);
	});

	it('fails if no one could be reached', async () => {
		await subscribe('bulk_send.failed');
		const signers = [{ name: 'Bad', email: 'bad@bounce.test' }];
		const body = { templateId: templateId('Employment Contract'), name: 'All', signers };
		const { data } = await call(sandbox, 'POST', '/bulk-sends', body);
		expect(data).toMatchObject({ status: 'failed', sentCount: 0, failedCount: 1 });
		await sandbox.settled();
		expect(receiver.received).toHaveLength(1);
	});

	it('refuses 501 recipients and a template with two slots', async () => {
		const body = { templateId: templateId('Standard NDA'), name: 'All' };
		const many = await call(sandbox, 'POST', '/bulk-sends', { ...body, signers: people(501) });
		expect(many.problem.errors?.[0]?.field).toBe('signers');
		const two = await call(sandbox, 'POST', '/bulk-sends', { ...body, signers: people(1) });
		expect(two.problem.errors?.[0]?.field).toBe('templateId');
	});
});
