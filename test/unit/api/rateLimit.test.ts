import {
	holdMs,
	isKeyLimit,
	Pacer,
	pacerOf,
	RateLimitWaitTooLong,
	retryAfterSeconds,
} from '../../../nodes/InSigner/api/rateLimit';

const window = (remaining: number, reset: number) => ({
	'ratelimit-limit': '120',
	'ratelimit-remaining': String(remaining),
	'ratelimit-reset': String(reset),
});

describe('Pacer', () => {
	beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
	afterEach(() => jest.useRealTimers());

	const acquired = async (pacer: Pacer, maxWaitMs = 300_000) => {
		let at: number | undefined;
		const done = pacer.acquire(maxWaitMs).then(() => {
			at = Date.now();
		});
		await jest.advanceTimersByTimeAsync(120_000);
		await done;
		return at;
	};

	it('lets requests through at once while the window has room', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 200, window(3, 40));
		for (let i = 0; i < 3; i++) expect(await pacer.acquire(0)).toBe(0);
	});

	it('waits for the next window before the request that would be refused', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 200, window(0, 40));
		expect(await acquired(pacer)).toBe(1_040_000);
	});

	it('keeps the lower figure when answers overtake each other', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 200, window(0, 40));
		pacer.observe('listDocuments', 200, window(5, 40));
		expect(await acquired(pacer)).toBe(1_040_000);
	});

	it('waits as long as a 429 says, 60 seconds if it says nothing', async () => {
		const told = new Pacer();
		told.observe('listDocuments', 429, { 'retry-after': '7' });
		expect(await acquired(told)).toBe(1_007_000);
		expect(retryAfterSeconds({})).toBe(60);
		expect(retryAfterSeconds({ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })).toBe(60);
	});

	it.each(['0', '-5', '0.5', '-0', '0000'])('waits a second when a 429 says %s', async (told) => {
		const pacer = new Pacer();
		// Even if the window was about to end.
		pacer.observe('listDocuments', 200, window(0, 1));
		await jest.advanceTimersByTimeAsync(900);
		pacer.observe('listDocuments', 429, { 'retry-after': told });
		expect(await acquired(pacer)).toBe(1_001_900);
	});

	it.each(['listDocuments', 'createBulkSend', 'createWebhook'] as const)(
		'%s: there is always a wait before another try',
		(endpoint) => {
			expect(holdMs(endpoint, { 'retry-after': '0' })).toBe(1000);
			expect(holdMs(endpoint, { 'retry-after': '-1' })).toBe(1000);
			expect(holdMs(endpoint, { 'retry-after': '1.5' })).toBe(2000);
		},
	);

	it.each([
		['a year', 429, { 'retry-after': '31536000' }],
		['forever', 429, { 'retry-after': '9'.repeat(400) }],
		['until a clock time', 200, window(0, 1_795_000_000)],
	])('lets one request try after a minute when held back %s', async (_, status, headers) => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', status, headers);
		const passed: number[] = [];
		const all = [1, 2, 3].map(async (n) => {
			await pacer.acquire(300_000);
			passed.push(n);
		});
		await jest.advanceTimersByTimeAsync(59_000);
		expect(passed).toEqual([]);
		await jest.advanceTimersByTimeAsync(2_000);
		expect(passed).toEqual([1]);
		// Its answer is ordinary, so the others need not wait out the minute.
		pacer.observe('listDocuments', 200, window(100, 30));
		await jest.advanceTimersByTimeAsync(5_000);
		expect(passed).toEqual([1, 2, 3]);
		await Promise.all(all);
	});

	it('holds back for another minute when the one that tried was refused again', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '31536000' });
		const first = pacer.acquire(300_000);
		await jest.advanceTimersByTimeAsync(60_000);
		await first;
		pacer.observe('listDocuments', 429, { 'retry-after': '31536000' });
		expect(await acquired(pacer)).toBe(1_120_000);
	});

	it('lets another one try if the one that tried never got an answer', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '31536000' });
		const both = [pacer.acquire(300_000), pacer.acquire(300_000)];
		await jest.advanceTimersByTimeAsync(120_000);
		await Promise.all(both);
		expect(Date.now()).toBe(1_120_000);
	});

	it('is released by an answer that says nothing about limits', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '31536000' });
		pacer.observe('listDocuments', 200, {});
		expect(await pacer.acquire(0)).toBe(0);
	});

	it('does not trust nonsense', async () => {
		const pacer = new Pacer();
		for (const [limit, remaining, reset] of [
			['0', '0', '0'],
			['-120', '-1', '-60'],
			['x', 'y', 'z'],
			['', '', ''],
			['NaN', 'Infinity', '1e400'],
		]) {
			pacer.observe('listDocuments', 200, {
				'ratelimit-limit': limit,
				'ratelimit-remaining': remaining,
				'ratelimit-reset': reset,
			});
			expect(pacer.perMinute).toBe(120);
			expect(await pacer.acquire(0)).toBe(0);
		}
		pacer.observe('listDocuments', 200, window(1e15, 10));
		expect(await pacer.acquire(0)).toBe(0);
		pacer.observe('listDocuments', 200, { 'ratelimit-limit': '9'.repeat(30) });
		expect(pacer.perMinute).toBe(1_000_000);
	});

	it.each(['createBulkSend', 'createWebhook'] as const)(
		'is not held up by what %s answers about its own limit',
		async (endpoint) => {
			const pacer = new Pacer();
			pacer.observe(endpoint, 429, { 'retry-after': '300', 'ratelimit-remaining': '0' });
			pacer.observe(endpoint, 201, { ...window(0, 300), 'ratelimit-limit': '1' });
			expect(pacer.perMinute).toBe(120);
			expect(await pacer.acquire(0)).toBe(0);
			expect(isKeyLimit(endpoint, { 'ratelimit-remaining': '0' })).toBe(false);
			expect(holdMs(endpoint, { 'retry-after': '300', 'ratelimit-remaining': '0' })).toBe(300_000);
		},
	);

	it('reports a wait of more than 5 seconds, once, even from the middle of the queue', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 200, window(0, 40));
		const told: number[] = [];
		const all = [1, 2].map(
			async () => await pacer.acquire(60_000, { onWait: (ms) => told.push(ms) }),
		);
		await jest.advanceTimersByTimeAsync(60_000);
		await Promise.all(all);
		expect(told).toEqual([40_000, 40_000]);
		pacer.observe('listDocuments', 200, window(0, 5));
		const short = pacer.acquire(60_000, { onWait: (ms) => told.push(ms) });
		await jest.advanceTimersByTimeAsync(5_000);
		await short;
		expect(told).toHaveLength(2);
	});

	it('is not held up by a limit of one endpoint', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '3000', 'ratelimit-remaining': '100' });
		expect(await pacer.acquire(0)).toBe(0);
	});

	it('refuses a wait above the maximum and says how long it would be', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '40' });
		await expect(pacer.acquire(10_000)).rejects.toEqual(new RateLimitWaitTooLong(40));
	});

	it('stops waiting when the execution is cancelled', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 429, { 'retry-after': '40' });
		const execution = new AbortController();
		const waiting = pacer.acquire(60_000, { signal: execution.signal });
		const refusal = expect(waiting).rejects.toThrow('cancelled');
		execution.abort(new Error('cancelled'));
		await refusal;
	});

	it('serves waiting requests in the order they came', async () => {
		const pacer = new Pacer();
		pacer.observe('listDocuments', 200, window(0, 5));
		const order: number[] = [];
		const all = [1, 2, 3].map(async (n) => {
			await pacer.acquire(60_000);
			order.push(n);
		});
		await jest.advanceTimersByTimeAsync(5_000);
		await Promise.all(all);
		expect(order).toEqual([1, 2, 3]);
	});
});

it('pacerOf gives all executions with one key the same pacer', () => {
	const first = pacerOf('https://a.example', 'key');
	expect(pacerOf('https://a.example', 'key')).toBe(first);
	expect(pacerOf('https://a.example', 'other')).not.toBe(first);
});

it('pacerOf forgets the least recently used key when there are more than a thousand', () => {
	const of = (n: number) => pacerOf('https://many.example', `key ${n}`);
	const pacers = Array.from({ length: 1000 }, (_, n) => of(n));
	expect(of(0)).toBe(pacers[0]);
	of(1000);
	expect(of(0)).toBe(pacers[0]);
	expect(of(1)).not.toBe(pacers[1]);
});
