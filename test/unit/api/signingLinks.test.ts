import { withoutSigningLinks } from '../../../nodes/InSigner/api/signingLinks';

describe('withoutSigningLinks', () => {
	it.each([
		...['signingUrl', 'signing_url', 'signing-url', 'signingLink', 'signing_link', 'signingLinks'],
		...['signUrl', 'sign_link', 'SIGNING_URL', 'signerUrl', 'signer_link', 'SigningURLs'],
	])('removes %s, however deep', (key) => {
		const value = {
			id: 'a',
			[key]: 'x',
			list: [{ id: 'b', [key]: ['x'] }],
			in: { in: { [key]: 1 } },
		};
		expect(withoutSigningLinks(value)).toEqual({ id: 'a', list: [{ id: 'b' }], in: { in: {} } });
	});

	it('removes a bare link from signers, and from nothing else', () => {
		expect(
			withoutSigningLinks({
				url: 'https://a',
				signers: [{ id: 1, url: 'x', links: ['x'], image: { url: 'https://b' } }],
				signer: { name: 'Ann', link: 'x' },
				link: 'https://c',
			}),
		).toEqual({
			url: 'https://a',
			signers: [{ id: 1, image: { url: 'https://b' } }],
			signer: { name: 'Ann' },
			link: 'https://c',
		});
	});

	it('keeps what only sounds like a link', () => {
		const value = {
			signingType: 'sequential',
			signedUrl: 'https://a',
			redirectUrl: 'https://b',
			signedAt: '2026-05-28T12:00:00.000Z',
			signature: 'x',
			design_url: 'https://c',
		};
		expect(withoutSigningLinks(value)).toEqual(value);
	});

	it('leaves its argument as it is, and returns what is not JSON', () => {
		const date = new Date(0);
		const buffer = Buffer.from('a');
		const value = { date, buffer, signers: [{ signingUrl: 'x' }], none: null, nothing: undefined };
		const copy = withoutSigningLinks(value);
		expect(value.signers).toEqual([{ signingUrl: 'x' }]);
		expect(copy.date).toBe(date);
		expect(copy.buffer).toBe(buffer);
		expect(copy.none).toBeNull();
		for (const plain of [undefined, null, 5, 'text', true]) {
			expect(withoutSigningLinks(plain)).toBe(plain);
		}
	});

	it('drops a key named __proto__', () => {
		const value: unknown = JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":{"b":1}}}');
		const copy = withoutSigningLinks(value) as { a: object };
		expect(Object.getOwnPropertyNames(copy)).toEqual(['a']);
		expect(Object.getPrototypeOf(copy.a)).toBe(Object.prototype);
	});

	it('stops at a certain depth, and nothing passes beyond it', () => {
		const deep = (levels: number): unknown =>
			levels === 0 ? { signingUrl: 'x', end: true } : { in: deep(levels - 1) };
		expect(JSON.stringify(withoutSigningLinks(deep(60)))).toContain('end');
		expect(JSON.stringify(withoutSigningLinks(deep(60)))).not.toContain('signingUrl');
		expect(JSON.stringify(withoutSigningLinks(deep(5_000)))).not.toMatch(/end|signingUrl/);
		const list: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
		expect(() => JSON.stringify(withoutSigningLinks(list))).not.toThrow();
	});
});
