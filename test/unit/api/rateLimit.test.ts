import {
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
		pacer.observe(200, window(3, 40));
		for (let i = 0; i < 3; i++) expect(await pacer.acquire(0)).toBe(0);
	});

	it('waits for the next window before the request that would be refused', async () => {
		const pacer = new Pacer();
		pacer.observe(200, window(0, 40));
		expect(await acquired(pacer)).toBe(1_040_000);
	});

	it('keeps the lower figure when answers overtake each other', async () => {
		const pacer = new Pacer();
		pacer.observe(200, window(0, 40));
		pacer.observe(200, window(5, 40));
		expect(await acquired(pacer)).toBe(1_040_000);
	});

	it('waits as long as a 429 says, 60 seconds when it says nothing', async () => {
		const told = new Pacer();
		told.observe(429, { 'retry-after': '7' });
		expect(await acquired(told)).toBe(1_007_000);
		expect(retryAfterSeconds({})).toBe(60);
		expect(retryAfterSeconds({ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })).toBe(60);
	});

	it('is not held up by a limit of one endpoint', async () => {
		const pacer = new Pacer();
		pacer.observe(429, { 'retry-after': '3000', 'ratelimit-remaining': '100' });
		expect(await pacer.acquire(0)).toBe(0);
	});

	it('refuses a wait past its bound and says how long it would be', async () => {
		const pacer = new Pacer();
		pacer.observe(429, { 'retry-after': '40' });
		await expect(pacer.acquire(10_000)).rejects.toEqual(new RateLimitWaitTooLong(40));
	});

	it('stops waiting when the execution is cancelled', async () => {
		const pacer = new Pacer();
		pacer.observe(429, { 'retry-after': '40' });
		const execution = new AbortController();
		const waiting = pacer.acquire(60_000, execution.signal);
		const refusal = expect(waiting).rejects.toThrow('cancelled');
		execution.abort(new Error('cancelled'));
		await refusal;
	});

	it('serves waiting requests in the order they came', async () => {
		const pacer = new Pacer();
		pacer.observe(200, window(0, 5));
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
