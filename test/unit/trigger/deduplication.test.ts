import { isRepeat } from '../../../nodes/InSigner/trigger/deduplication';

const body = (n: number) => Buffer.from(`{"event":"document.completed","data":{"id":"cm${n}"}}`);

describe('isRepeat', () => {
	it('knows a body that came before, byte for byte', () => {
		expect(isRepeat('wh_1', body(1))).toBe(false);
		expect(isRepeat('wh_1', body(1))).toBe(true);
		expect(isRepeat('wh_1', Buffer.from(body(1).toString().replace(':', ': ')))).toBe(false);
	});

	it('keeps webhooks apart', () => {
		expect(isRepeat('wh_2', body(1))).toBe(false);
		expect(isRepeat('wh_3', body(1))).toBe(false);
	});

	it('remembers 20,000 deliveries and forgets the oldest first', () => {
		for (let n = 0; n < 20_000; n++) isRepeat('wh_4', body(n));
		expect(isRepeat('wh_4', body(0))).toBe(true);
		isRepeat('wh_4', body(20_000));
		expect(isRepeat('wh_4', body(0))).toBe(false);
		expect(isRepeat('wh_4', body(19_999))).toBe(true);
	});
});
