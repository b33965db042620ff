import { documentIdOf, eventTimeOf, readDelivery } from '../../../nodes/InSigner/events/events';

const read = (body: string, timestamp?: unknown) => readDelivery(Buffer.from(body), timestamp);

const AT = Date.parse('2026-05-28T12:00:00.000Z');

describe('readDelivery', () => {
	it('takes the time from the signed body, under either name', () => {
		expect(read('{"event":"e","data":{"id":1},"timestamp":"2026-05-28T12:00:00.000Z"}')).toEqual({
			event: { event: 'e', timestamp: '2026-05-28T12:00:00.000Z', data: { id: 1 } },
			happenedAt: AT,
		});
		expect(read('{"event":"e","createdAt":"2026-05-28T12:00:00.000Z"}')?.happenedAt).toBe(AT);
		expect(
			read('{"event":"e","timestamp":"","createdAt":"2026-05-28T12:00:00.000Z"}')?.happenedAt,
		).toBe(AT);
		// Only at the top level: a document is older than what happens to it.
		expect(
			read('{"event":"e","data":{"createdAt":"2026-05-28T12:00:00.000Z"}}')?.happenedAt,
		).toBeUndefined();
	});

	it("shows the header's time if the body has none, and decides nothing by it", () => {
		expect(read('{"event":"e","data":{}}', '1780000000')).toEqual({
			event: { event: 'e', timestamp: '2026-05-28T20:26:40.000Z', data: {} },
			happenedAt: undefined,
		});
		const both = read('{"event":"e","timestamp":"2026-05-28T12:00:00.000Z"}', '1');
		expect(both).toMatchObject({ event: { timestamp: '2026-05-28T12:00:00.000Z' } });
	});

	it.each([undefined, '', ' ', 'soon', '0', '-1', ['1780000000'], '1780000000, 1780000001'])(
		'does not read the header %j as a time',
		(header) => {
			expect(read('{"event":"e","data":{}}', header)).toEqual({
				event: { event: 'e', timestamp: null, data: {} },
				happenedAt: undefined,
			});
		},
	);

	it('gives out no signing link, however deep', () => {
		const delivery = read(
			'{"event":"e","data":{"signing_url":"x","signers":[{"id":1,"signingUrl":"https://x/sign/1","url":"x"}]}}',
		);
		expect(delivery?.event.data).toEqual({ signers: [{ id: 1 }] });
	});

	it('drops prototype keys', () => {
		const delivery = read('{"event":"e","data":{"__proto__":{"polluted":true}}}');
		expect(Object.keys(delivery?.event.data ?? {})).toEqual([]);
		expect(delivery?.event.data.polluted).toBeUndefined();
	});

	it.each([
		['document_completed', 'document.completed'],
		['document-completed', 'document.completed'],
		['documentCompleted', 'document.completed'],
		['DOCUMENT.COMPLETED', 'document.completed'],
		['Document Completed', 'document.completed'],
		['document.canceled', 'document.cancelled'],
		['bulkSendCompleted', 'bulk_send.completed'],
		['bulk-send.failed', 'bulk_send.failed'],
		['document.archived', 'document.archived'],
		['', ''],
	])('knows %j as %j', (event, expected) => {
		expect(read(JSON.stringify({ event, data: {} }))?.event.event).toBe(expected);
	});

	it('reads an event in a list of one, and with its data beside its name', () => {
		const event = { event: 'document.completed', timestamp: null, data: { id: 'cm1' } };
		expect(read('[{"event":"document.completed","data":{"id":"cm1"}}]')?.event).toEqual(event);
		expect(read('{"event":"document.completed","id":"cm1"}')?.event).toEqual(event);
		expect(read('[{"event":"e"},{"event":"e"}]')).toBeUndefined();
	});

	it.each(['', 'null', '[]', '"text"', '{', '{"data":{}}', '{"event":5}'])(
		'does not accept %j as an event',
		(body) => {
			expect(read(body)).toBeUndefined();
		},
	);
});

describe('documentIdOf', () => {
	const of = (event: string, data: object) =>
		documentIdOf({ event, timestamp: null, data: { ...data } });

	it.each([
		['document.completed', { id: 'cm1' }, 'cm1'],
		['document.completed', { id: 7 }, '7'],
		['document.completed', { document: { id: 'cm1' }, id: 'evt_1' }, 'cm1'],
		['document.completed', { document: 'cm1' }, 'cm1'],
		['signer.completed', { documentId: 'cm1', id: 'sr_1' }, 'cm1'],
		['signer.completed', { document: { id: 7 }, signer: { id: 8 } }, '7'],
		['signer.completed', { id: 'sr_1' }, undefined],
		['bulk_send.completed', { id: 'bs_1' }, undefined],
		['document.completed', { id: '' }, undefined],
		['document.completed', {}, undefined],
	])('of %s with %j is %j', (event, data, expected) => {
		expect(of(event, data)).toBe(expected);
	});
});

describe('eventTimeOf', () => {
	it.each([
		['2026-05-28T12:00:00.000Z'],
		['2026-05-28T12:00:00Z'],
		['2026-05-28T12:00:00.000000Z'],
		['2026-05-28T14:00:00+02:00'],
		['2026-05-28T14:00:00+0200'],
		['2026-05-28T12:00:00'],
		['2026-05-28 12:00'],
		[AT],
		[AT / 1000],
		[`${AT}`],
		[` ${AT / 1000} `],
		[`${AT / 1000}.000`],
	])('reads %j', (value) => {
		expect(eventTimeOf(value)).toBe(AT);
	});

	it.each([
		['', ' ', '0', '1', '5', 'soon', 'now', '2026', '2026-05', '2026-05-28', '12:00', '20260528'],
		['2026-13-28T12:00:00Z', '2026-05-28T25:00:00Z', '1970-01-01T00:00:00Z', `1${'0'.repeat(400)}`],
		[0, -1, 1, NaN, Infinity, 1e300, AT * 1000, AT * 1e6, -AT],
		[null, undefined, true, false, {}, [], [AT], new Date(AT)],
	])('reads none of these as a time: %j, ...', (...values: unknown[]) => {
		for (const value of values) expect(eventTimeOf(value)).toBeUndefined();
	});
});
