import { isRepeat, type Remembered } from '../../../nodes/InSigner/trigger/deduplication';

const body = (n: number) => Buffer.from(`{"event":"document.completed","data":{"id":"cm${n}"}}`);

let webhooks = 0;
const newWebhook = () => `wh_${++webhooks}`;

describe('isRepeat', () => {
	it('knows a body that came before, byte for byte', () => {
		const [stored, id]: [Remembered, string] = [{}, newWebhook()];
		expect(isRepeat(stored, id, body(1))).toBe(false);
		expect(isRepeat(stored, id, body(1))).toBe(true);
		expect(isRepeat(stored, id, Buffer.from(body(1).toString().replace(':', ': ')))).toBe(false);
	});

	it('keeps webhooks apart', () => {
		expect(isRepeat({}, newWebhook(), body(1))).toBe(false);
		expect(isRepeat({}, newWebhook(), body(1))).toBe(false);
	});

	it('knows it after a restart, from static data alone', () => {
		const stored: Remembered = {};
		isRepeat(stored, newWebhook(), body(1));
		expect(isRepeat({ ...stored }, newWebhook(), body(1))).toBe(true);
	});

	it('remembers the last 1,000 in static data and does not grow beyond', () => {
		const stored: Remembered = {};
		const id = newWebhook();
		for (let n = 0; n < 1_500; n++) isRepeat(stored, id, body(n));
		expect(stored.seen).toHaveLength(1_000 * 11);
		expect(isRepeat({ ...stored }, newWebhook(), body(500))).toBe(true);
		expect(isRepeat({ ...stored }, newWebhook(), body(499))).toBe(false);
		// This process remembers more.
		expect(isRepeat(stored, id, body(0))).toBe(true);
	});

	it('does not take the border of two marks for a mark', () => {
		const stored: Remembered = {};
		const id = newWebhook();
		for (let n = 0; n < 2; n++) isRepeat(stored, id, body(n));
		const seen = stored.seen ?? '';
		const shifted: Remembered = { seen: `x${seen}` };
		expect(isRepeat(shifted, newWebhook(), body(0))).toBe(false);
	});
});
