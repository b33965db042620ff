import { DEFAULT_BASE_URL, parseBaseUrl, parseSafeUrl } from '../../../nodes/InSigner/api/baseUrl';

describe('parseBaseUrl', () => {
	it.each([
		[undefined, DEFAULT_BASE_URL],
		['', DEFAULT_BASE_URL],
		['https://app.insigner.co/api/v1/', 'https://app.insigner.co/api/v1'],
		[' https://app.insigner.co/api/v1 ', 'https://app.insigner.co/api/v1'],
		['http://localhost:4010/api/v1', 'http://localhost:4010/api/v1'],
		['http://127.0.0.1:4010/api/v1?x=1#y', 'http://127.0.0.1:4010/api/v1'],
		['http://[::1]:4010/api/v1', 'http://[::1]:4010/api/v1'],
	])('reads %p as %p', (value, expected) => {
		expect(parseBaseUrl(value)).toBe(expected);
	});
});

describe('parseSafeUrl', () => {
	it.each([
		['http://app.insigner.co/api/v1', /not https/],
		['http://127.0.0.1.evil.example/', /not https/],
		['http://localhost.evil.example/', /not https/],
		['http://10.0.0.1/', /not https/],
		['ftp://app.insigner.co/', /not https/],
		['https://user:secret@app.insigner.co/', /user name or a password/],
		['app.insigner.co', /not a URL/],
	])('refuses %p', (value, reason) => {
		expect(() => parseSafeUrl(value)).toThrow(reason);
	});
});
