import {
	DEFAULT_BASE_URL,
	parseBaseUrl,
	parseFileUrl,
	parseSafeUrl,
} from '../../../nodes/InSigner/api/baseUrl';

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
		['//app.insigner.co', /not a URL/],
		['file:///etc/passwd', /^file:\/\/ is refused because it is not https/],
	])('refuses %p', (value, reason) => {
		expect(() => parseSafeUrl(value)).toThrow(reason);
	});
});

it('a text that is not a URL is not repeated: it may be a key in the wrong field', () => {
	expect(() => parseBaseUrl('isk_secret')).toThrow(
		expect.objectContaining({ message: expect.not.stringContaining('isk_') as string }) as Error,
	);
});

describe('parseFileUrl', () => {
	const cloud = 'https://app.insigner.co/api/v1';

	it('accepts https on another host, and relative addresses', () => {
		expect(parseFileUrl('https://storage.example.com/a?b=c', cloud)).toBe(
			'https://storage.example.com/a?b=c',
		);
		expect(parseFileUrl('/files/1', cloud)).toBe('https://app.insigner.co/files/1');
	});

	it.each([
		'https://localhost/a',
		'https://localhost./a',
		'https://a.localhost/a',
		'https://127.0.0.1:9/a',
		'https://0.0.0.0/',
		'https://[::1]/',
		'https://[::]/',
		'https://[::ffff:7f00:1]/',
		'https://10.0.0.1/',
		'https://169.254.169.254/latest/meta-data/',
		'https://minio.internal/a',
		'http://127.0.0.1/',
	])('refuses %s, unless the API is on this machine too', (url) => {
		expect(() => parseFileUrl(url, cloud)).toThrow(/address of a file that is refused/);
		expect(parseFileUrl(url, 'http://127.0.0.1:5000/api/v1')).toBe(url);
	});

	it.each([
		'https://',
		'https://u:p@files.example.com/?signature=abc',
		'http://a.example/?signature=abc',
	])('does not repeat the address it refuses: %s', (url) => {
		expect(() => parseFileUrl(url, cloud)).toThrow(
			expect.objectContaining({
				message: expect.not.stringContaining('signature') as string,
			}) as Error,
		);
	});

	it.each(['http://storage.example.com/', 'file:///etc/passwd', 'ftp://example.com/'])(
		'refuses %s',
		(url) => expect(() => parseFileUrl(url, cloud)).toThrow(/not https/),
	);
});
