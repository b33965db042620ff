/** Addresses come from answers of the service, from workflows of others and from the environment of n8n. */
import fc from 'fast-check';
import { BlockList } from 'node:net';

import { problemWithApiKey } from '../../nodes/InSigner/api/apiKey';
import { withApiKey } from '../../nodes/InSigner/api/authentication';
import { parseBaseUrl, parseFileUrl, parseSafeUrl } from '../../nodes/InSigner/api/baseUrl';
import { reachOf, whyNotPublic } from '../../nodes/InSigner/api/publicAddress';
import { targetOf } from '../../nodes/InSigner/api/requestTarget';
import { problemWithWebhookUrl } from '../../nodes/InSigner/trigger/webhookUrl';
import { times, within } from './bounds';

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 1_000) };

const CLOUD = 'https://app.insigner.co/api/v1';
const apiKey = `isk_${'k'.repeat(44)}`;

/** What the readers of addresses do; each answers or throws an Error with a text for people. */
const READERS: Array<[string, (text: string) => unknown]> = [
	['parseBaseUrl', parseBaseUrl],
	['parseSafeUrl', parseSafeUrl],
	['parseFileUrl', (text) => parseFileUrl(text, CLOUD)],
	['targetOf url', (url) => targetOf({ url })],
	['targetOf url below a base', (url) => targetOf({ url, baseURL: CLOUD })],
	['targetOf base', (baseURL) => targetOf({ url: '/org', baseURL })],
	['problemWithWebhookUrl', (text) => problemWithWebhookUrl(text, false)],
	['problemWithApiKey', problemWithApiKey],
];

const outcomeOf = (read: () => unknown): unknown => {
	try {
		return read();
	} catch (error) {
		expect(error).toBeInstanceOf(Error);
		return (error as Error).message;
	}
};

describe.each(READERS)('%s', (_, read) => {
	const parts = ['/', '.', 'a.', '0.', '@', '\\', ' ', 'é', '契.', 'xn--a.'];
	const worst = parts.flatMap((part) => [
		times(part),
		`https://${times(part)}.example.com/x`,
		`https://app.insigner.co/${times(part)}x`,
	]);

	it('reads a megabyte within its bounds', () => {
		for (const text of worst) within(() => outcomeOf(() => read(text)));
	}, 30_000);
});

it('whatever address carries the key, it is that of the base URL', () => {
	const piece = fc.constantFrom(
		...['https:', 'http:', 'HTTPS:', '/', '//', '\\', '@', ':', '#', '?', ' ', '\t', '\n', '.'],
		...['app.insigner.co', 'evil.example', 'api', 'v1', ':443', ':8443', '%2f', '%00', 'é', '..'],
	);
	const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
	const optional = fc.option(text, { nil: undefined });
	fc.assert(
		fc.property(optional, optional, optional, (url, uri, baseURL) => {
			let sent;
			try {
				sent = withApiKey({ apiKey, baseUrl: CLOUD }, { url, uri, baseURL });
			} catch {
				return;
			}
			expect(new URL(sent.url).origin).toBe('https://app.insigner.co');
			expect(new URL(sent.url).href).toBe(sent.url);
			expect(sent).not.toHaveProperty('uri');
			expect(sent).not.toHaveProperty('baseURL');
		}),
		{ numRuns: 4 * RUNS.numRuns },
	);
});

describe('reachOf', () => {
	const special = new BlockList();
	for (const range of [
		...[
			'0.0.0.0/8',
			'10.0.0.0/8',
			'100.64.0.0/10',
			'127.0.0.0/8',
			'169.254.0.0/16',
			'172.16.0.0/12',
		],
		...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
		...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
	]) {
		const [net = '', bits] = range.split('/');
		special.addSubnet(net, Number(bits), 'ipv4');
	}
	for (const range of ['2001::/23', '2001:db8::/32', '3fff::/20']) {
		const [net = '', bits] = range.split('/');
		special.addSubnet(net, Number(bits), 'ipv6');
	}
	const unicast = new BlockList();
	unicast.addSubnet('2000::', 3, 'ipv6');

	/** Half of the numbers are next to a border of a range. */
	const ipv4 = fc.oneof(
		fc.nat(0xffff_ffff),
		fc
			.tuple(fc.integer({ min: 0, max: 32 }), fc.nat(0xffff_ffff), fc.constantFrom(-1, 0, 1))
			.map(
				([bits, number, by]) =>
					(Math.floor(number / 2 ** bits) * 2 ** bits + by + 2 ** 32) % 2 ** 32,
			),
		fc.constantFrom(0x0a000000, 0x64400000, 0xac100000, 0xc0a80000, 0x7f000001, 0xa9fea9fe),
	);
	const dotted = (number: number) =>
		[24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

	it('agrees with Node.js about IPv4 addresses, in every form a URL takes', () => {
		fc.assert(
			fc.property(ipv4, (number) => {
				const address = dotted(number);
				const isPublic = !special.check(address, 'ipv4');
				const hex = number.toString(16).padStart(8, '0');
				const forms = [
					address,
					String(number),
					`0x${hex}`,
					`0${number.toString(8)}`,
					`${address}.`,
					`[::ffff:${address}]`,
					`[64:ff9b::${address}]`,
					`[2002:${hex.slice(0, 4)}:${hex.slice(4)}::1]`,
				];
				const misread = forms.filter(
					(host) => (reachOf(new URL(`https://${host}/`)) === 'public') !== isPublic,
				);
				expect(misread).toEqual([]);
			}),
			RUNS,
		);
	});

	it('agrees with Node.js about IPv6 addresses', () => {
		const group = fc.oneof(
			fc.nat(0xffff),
			fc.constantFrom(
				0,
				0,
				0,
				1,
				0x2000,
				0x2001,
				0x01ff,
				0x0db8,
				0x3fff,
				0x0fff,
				0xfc00,
				0xfe80,
				0xff02,
			),
		);
		fc.assert(
			fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
				const [first, second] = groups;
				// Those that mean an IPv4 address are tested above.
				fc.pre(first !== 0x2002 && !(first === 0x64 && second === 0xff9b));
				fc.pre(!(groups.slice(0, 5).every((zero) => zero === 0) && groups[5] === 0xffff));
				const address = groups.map((each) => each.toString(16)).join(':');
				const expected = unicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
				expect([address, reachOf(new URL(`https://[${address}]/`)) === 'public']).toEqual([
					address,
					expected,
				]);
			}),
			RUNS,
		);
	});

	it('never throws for what a URL can hold, and always has a reason', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.webUrl(),
					fc.string().map((text) => `https://${text}`),
				),
				(text) => {
					fc.pre(URL.canParse(text));
					const url = new URL(text);
					expect(whyNotPublic(url) === undefined).toBe(reachOf(url) === 'public');
				},
			),
			RUNS,
		);
	});
});
