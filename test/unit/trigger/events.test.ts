import { readEvent } from '../../../nodes/InSigner/trigger/events';

const read = (body: string, timestamp?: string) => readEvent(Buffer.from(body), timestamp);

describe('readEvent', () => {
	it('takes the time from the body, else from the header', () => {
		expect(read('{"event":"e","data":{"id":1},"timestamp":"2026-05-28T12:00:00.000Z"}')).toEqual({
			event: 'e',
			timestamp: '2026-05-28T12:00:00.000Z',
			data: { id: 1 },
		});
		expect(read('{"event":"e","data":{}}', '1780000000')?.timestamp).toBe(
			'2026-05-28T20:26:40.000Z',
		);
		expect(read('{"event":"e","data":{}}')?.timestamp).toBeNull();
		expect(read('{"event":"e","data":{}}', 'soon')?.timestamp).toBeNull();
	});

	it('gives out no signing link, however deep', () => {
		const event = read(
			'{"event":"e","data":{"signers":[{"id":1,"signingUrl":"https://x/sign/1"}]}}',
		);
		expect(event?.data).toEqual({ signers: [{ id: 1 }] });
	});

	it('drops prototype keys', () => {
		const event = read('{"event":"e","data":{"__proto__":{"polluted":true}}}');
		expect(Object.keys(event?.data ?? {})).toEqual([]);
		expect(event?.data.polluted).toBeUndefined();
	});

	it.each(['', 'null', '[]', '"text"', '{', '{"data":{}}', '{"event":5}'])(
		'takes %j for no event',
		(body) => {
			expect(read(body)).toBeUndefined();
		},
	);
});
