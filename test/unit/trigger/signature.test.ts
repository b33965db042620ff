import { createHmac } from 'node:crypto';

import { isAuthentic } from '../../../nodes/InSigner/trigger/signature';

const secret = 'a1b2c3d4e5f6'.repeat(5) + 'abcd';
const body = Buffer.from('{"event":"document.completed","data":{"id":"cm1","name":"Zo\\u00eb"}}');
const hmac = (bytes: Buffer | string, key = secret) =>
	createHmac('sha256', key).update(bytes).digest('hex');

describe('isAuthentic', () => {
	it('accepts the documented form', () => {
		expect(isAuthentic(body, `sha256=${hmac(body)}`, secret)).toBe(true);
	});

	const reserialised = JSON.stringify(JSON.parse(body.toString()));
	it.each<[string, unknown]>([
		['no header', undefined],
		['an empty header', ''],
		['only the prefix', 'sha256='],
		['no prefix', hmac(body)],
		['another prefix', `sha1=${hmac(body)}`],
		['a prefix in capitals', `SHA256=${hmac(body)}`],
		['hex in capitals', `sha256=${hmac(body).toUpperCase()}`],
		['a digit too few', `sha256=${hmac(body).slice(1)}`],
		['a digit too many', `sha256=${hmac(body)}0`],
		['no hex at all', `sha256=${'z'.repeat(64)}`],
		['a header given twice', [`sha256=${hmac(body)}`, `sha256=${hmac(body)}`]],
		['a header given twice and joined', `sha256=${hmac(body)}, sha256=${hmac(body)}`],
		['the signature of the re-serialised body', `sha256=${hmac(reserialised)}`],
		['the signature of another body', `sha256=${hmac('{}')}`],
		['the signature of an empty body', `sha256=${hmac('')}`],
		['a signature by another secret', `sha256=${hmac(body, 'other')}`],
		['a signature by the empty secret', `sha256=${hmac(body, '')}`],
		['characters of several bytes', `sha256=${'é'.repeat(32)}`],
	])('refuses %s', (_, header) => {
		expect(isAuthentic(body, header, secret)).toBe(false);
	});

	it.each([undefined, null, '', 0, {}, []])('fails closed without a secret: %j', (missing) => {
		expect(isAuthentic(body, `sha256=${hmac(body, '')}`, missing)).toBe(false);
	});
});
