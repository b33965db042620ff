import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

const PER_MINUTE = 120;

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench({ requestsPerMinute: PER_MINUTE });
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	await bench.sandbox.clock.advance(61_000);
	bench.sandbox.journal.clear();
	time = passTime(bench.sandbox);
});
afterEach(() => time.restore());

const statuses = () => {
	const counts = new Map<string, number>();
	for (const { status } of bench.sandbox.journal.requests) {
		const key = String(status);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return Object.fromEntries(counts) as Record<string, number>;
};

it('makes 600 requests at 120 a minute without a single refusal, and waits hardly longer than it must', async () => {
	const items = Array.from({ length: 600 }, (_, n) => ({ json: { name: `Draft ${n}` } }));
	const startedAt = bench.sandbox.clock.now();
	const { items: output, error } = await bench.act(
		'document',
		'create',
		{ name: '={{ $json.name }}', options: {} },
		{ items },
	);
	expect(error).toBeUndefined();
	expect(output).toHaveLength(600);
	expect(statuses()).toEqual({ 201: 600 });
	// Five windows are used, so the ends of four have to be waited for.
	const least = (600 / PER_MINUTE - 1) * 60_000;
	expect(bench.sandbox.clock.now() - startedAt).toBeGreaterThanOrEqual(least - 1000);
	expect(time.waitedMs()).toBeLessThanOrEqual(least * 1.05);
}, 120_000);

it('lets 20 executions share one key without any of them failing', async () => {
	const { items: created } = await bench.act('document', 'create', { name: 'Shared', options: {} });
	const documentId = byId(String(created[0]?.json.id));
	const runs = await Promise.all(
		Array.from(
			{ length: 20 },
			async () =>
				await bench.act(
					'document',
					'get',
					{ documentId, options: {} },
					{ items: Array.from({ length: 12 }, () => ({ json: {} })) },
				),
		),
	);
	expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
	expect(runs.map(({ items }) => items.length)).toEqual(runs.map(() => 12));
	expect(statuses()['200']).toBe(240);
}, 120_000);

it('continues after refusals when another process uses up the window', async () => {
	const other = async () => {
		for (let n = 0; n < PER_MINUTE; n++) {
			const answer = await fetch(`${bench.sandbox.apiUrl}/org`, {
				headers: { authorization: `Bearer ${bench.sandbox.apiKey}` },
			});
			await answer.arrayBuffer();
		}
	};
	await other();
	const { items, error } = await bench.act(
		'document',
		'create',
		{ name: 'Patient', options: {} },
		{ items: Array.from({ length: 5 }, () => ({ json: {} })) },
	);
	expect(error).toBeUndefined();
	expect(items).toHaveLength(5);
}, 120_000);

describe('a 429 that makes no sense', () => {
	const organization = async () => await bench.act('organization', 'get', { options: {} });
	const refusing = (headers: Record<string, string>, times?: number) =>
		bench.sandbox.faults.add({
			match: { operationId: 'getOrganization' },
			...(times !== undefined && { times }),
			fault: { status: 429, headers: { 'ratelimit-remaining': '0', ...headers } },
		});

	it.each(['0', '-7', '0.5'])('Retry-After: %s is no reason to ask endlessly', async (told) => {
		const rule = refusing({ 'retry-after': told });
		const { error } = await organization();
		rule.remove();
		expect(error).toMatchObject({ httpCode: '429' });
		expect(rule.hits).toBe(21);
		expect(time.waitedMs()).toBeGreaterThan(19_500);
		await bench.sandbox.clock.advance(61_000);
	});

	it('Retry-After: a year silences the key for a minute', async () => {
		const rule = refusing({ 'retry-after': '31536000' }, 1);
		const { error } = await organization();
		rule.remove();
		expect(error).toBeUndefined();
		expect(time.waitedMs()).toBeGreaterThan(59_000);
		expect(time.waitedMs()).toBeLessThan(66_000);
	});

	it('of a bulk send holds back only bulk sends', async () => {
		const rule = bench.sandbox.faults.add({
			match: { operationId: 'createBulkSend' },
			fault: { status: 429, headers: { 'ratelimit-remaining': '0', 'retry-after': '86400' } },
		});
		const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
		const bulk = await bench.act('bulkSend', 'create', {
			templateId: byId(template?.id ?? ''),
			name: 'Refused',
			recipientsFrom: 'list',
			recipients: { recipient: [{ name: 'Ann', email: 'ann@example.com' }] },
			options: {},
		});
		rule.remove();
		expect(bulk.error?.message).toMatch(/the maximum wait is used up/);
		expect((await organization()).error).toBeUndefined();
		expect(time.waitedMs()).toBe(0);
	});
});

it('says in the log what it waits for and how long, once', async () => {
	const rule = bench.sandbox.faults.add({
		match: { operationId: 'getOrganization' },
		times: 1,
		fault: { status: 429, headers: { 'ratelimit-remaining': '0', 'retry-after': '42' } },
	});
	const before = bench.engine.logs.length;
	await bench.act('organization', 'get', { options: {} });
	rule.remove();
	const lines = bench.engine.logs.slice(before).filter(({ level }) => level === 'info');
	expect(lines.map(({ message }) => message).filter((line) => line.includes('waiting'))).toEqual([
		'inSigner: waiting 42 seconds for the rate limit before GET /org',
	]);
});
