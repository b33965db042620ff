import { clock } from '../../../nodes/InSigner/api/clock';
import { claim, fingerprintOf } from '../../../nodes/InSigner/events/deduplication';
import { RecordedResponse } from '../../engine/harness/webhookResponse';

const body = (n: number) => Buffer.from(`{"event":"document.completed","data":{"id":"cm${n}"}}`);

/** A delivery that is answered at once. */
const delivered = async (webhookId: string, n: number, status = 200) => {
	const response = new RecordedResponse();
	const claimed = await claim(webhookId, fingerprintOf(body(n)), response);
	response.status(status).json({});
	return claimed;
};

describe('fingerprintOf', () => {
	it('depends on the bytes alone', () => {
		const spaced = Buffer.from(body(1).toString().replace(':', ': '));
		expect(fingerprintOf(body(1))).toBe(fingerprintOf(Buffer.from(body(1))));
		expect(fingerprintOf(body(1))).not.toBe(fingerprintOf(spaced));
		expect(fingerprintOf(body(1))).toMatch(/^[\w-]{43}$/);
	});
});

describe('claim', () => {
	it('knows what was answered with a 2xx', async () => {
		expect(await delivered('wh_1', 1)).toBe('first');
		expect(await delivered('wh_1', 1)).toBe('repeat');
		expect(await delivered('wh_1', 2)).toBe('first');
	});

	it('keeps webhooks apart', async () => {
		expect(await delivered('wh_2', 1)).toBe('first');
		expect(await delivered('wh_3', 1)).toBe('first');
	});

	it('accepts an event again that was not accepted the first time', async () => {
		expect(await delivered('wh_4', 1, 500)).toBe('first');
		expect(await delivered('wh_4', 1)).toBe('first');
		expect(await delivered('wh_4', 1)).toBe('repeat');
	});

	it('accepts an event again whose sender hung up before it was answered', async () => {
		const first = new RecordedResponse();
		expect(await claim('wh_5', fingerprintOf(body(1)), first)).toBe('first');
		first.hangUp();
		expect(await delivered('wh_5', 1)).toBe('first');
	});

	it('accepts an event again whose sender hung up before it was claimed', async () => {
		const first = new RecordedResponse();
		first.hangUp();
		expect(await claim('wh_10', fingerprintOf(body(1)), first)).toBe('first');
		// No one heard that answer, so each of these could be the last try.
		expect(await delivered('wh_10', 1)).toBe('first');
		expect(await delivered('wh_10', 1)).toBe('repeat');
	});

	it('accepts an event again whose sender hung up while it waited for another delivery', async () => {
		const [first, second] = [new RecordedResponse(), new RecordedResponse()];
		expect(await claim('wh_11', fingerprintOf(body(1)), first)).toBe('first');
		const waiting = claim('wh_11', fingerprintOf(body(1)), second);
		second.hangUp();
		first.status(500).json({});
		expect(await waiting).toBe('first');
		expect(await delivered('wh_11', 1)).toBe('first');
	});

	it('is not locked by a delivery that is never answered for longer than its sender listens', async () => {
		let now = 0;
		const time = jest.spyOn(clock, 'now').mockImplementation(() => now);
		const stuck = new RecordedResponse();
		await claim('wh_12', fingerprintOf(body(1)), stuck);
		now += 60_000;
		expect(await delivered('wh_12', 1)).toBe('first');
		const other = new RecordedResponse();
		await claim('wh_12', fingerprintOf(body(2)), new RecordedResponse());
		now += 10_000;
		// The end of the one that was given up changes nothing for the one that took over.
		expect(await claim('wh_12', fingerprintOf(body(2)), other)).toBe('first');
		stuck.hangUp();
		other.json({});
		expect(await delivered('wh_12', 1)).toBe('repeat');
		expect(await delivered('wh_12', 2)).toBe('repeat');
		time.mockRestore();
	});

	it('waits for the outcome of a delivery that is being handled', async () => {
		const outcome = async (status: number) => {
			const first = new RecordedResponse();
			const webhookId = `wh_6_${status}`;
			expect(await claim(webhookId, fingerprintOf(body(1)), first)).toBe('first');
			const second = claim(webhookId, fingerprintOf(body(1)), new RecordedResponse());
			first.status(status).json({});
			return await second;
		};
		expect(await outcome(200)).toBe('repeat');
		expect(await outcome(500)).toBe('first');
	});

	it('lets only one of many take over if the first one was not accepted', async () => {
		const first = new RecordedResponse();
		const take = async () => {
			const response = new RecordedResponse();
			const claimed = await claim('wh_7', fingerprintOf(body(1)), response);
			response.json({});
			return claimed;
		};
		expect(await claim('wh_7', fingerprintOf(body(1)), first)).toBe('first');
		const others = Promise.all(Array.from({ length: 20 }, take));
		first.status(500).json({});
		expect((await others).filter((claimed) => claimed === 'first')).toHaveLength(1);
	});

	it('does not wait longer than inSigner does', async () => {
		let now = 0;
		const time = jest.spyOn(clock, 'now').mockImplementation(() => now);
		const sleep = jest.spyOn(clock, 'sleep').mockImplementation(async (ms) => {
			now += ms;
		});
		await claim('wh_8', fingerprintOf(body(1)), new RecordedResponse());
		const second = await claim('wh_8', fingerprintOf(body(1)), new RecordedResponse());
		time.mockRestore();
		sleep.mockRestore();
		expect(second).toBe('unsettled');
		expect(now).toBeLessThan(10_000);
	});

	it('remembers 20,000 deliveries and forgets the oldest first', async () => {
		for (let n = 0; n < 20_000; n++) await delivered('wh_9', n);
		expect(await delivered('wh_9', 0)).toBe('repeat');
		await delivered('wh_9', 20_000);
		expect(await delivered('wh_9', 0)).toBe('first');
		expect(await delivered('wh_9', 19_999)).toBe('repeat');
	});
});
