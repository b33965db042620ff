import { reachOf, whyNotPublic } from '../../../nodes/InSigner/api/publicAddress';

const of = (host: string) => reachOf(new URL(`https://${host}/path`));

describe('reachOf', () => {
	it.each([
		'app.insigner.co',
		'10.example.com',
		'127.0.0.1.example.com',
		'192.168.1.1.nip.io',
		'localhost.example.com',
		'local.example',
		'my-fritz.box',
		'thehome.arpa.example',
	])('%s is a public name', (host) => expect(of(host)).toBe('public'));

	it.each(['1.1.1.1', '8.8.8.8:8443', '172.15.0.1', '172.32.0.1', '100.63.255.255', '100.128.0.0'])(
		'%s is a public address',
		(host) => expect(of(host)).toBe('public'),
	);

	it.each(['[2606:4700::1111]', '[2a00:1450:4001::1]', '[::ffff:8.8.8.8]', '[64:ff9b::8.8.8.8]'])(
		'%s is a public address',
		(host) => expect(of(host)).toBe('public'),
	);
	it('so is 6to4 of one', () => expect(of('[2002:808:808::1]')).toBe('public'));

	it.each([
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost..',
		'ⓛocalhost',
		'a.localhost',
		'a.b.localhost.',
		'127.0.0.1',
		'127.0.0.1.',
		'127.1',
		'0x7f.1',
		'0177.0.0.1',
		'2130706433',
		'①27.0.0.1',
		'127.255.255.254',
		'0',
		'0.0.0.0',
		'0.1.2.3',
		'[::1]',
		'[0:0:0:0:0:0:0:1]',
		'[::]',
		'[::ffff:127.0.0.1]',
		'[::ffff:7f00:1]',
		'[::ffff:0.0.0.0]',
		'[64:ff9b::127.0.0.1]',
		'[2002:7f00:1::]',
	])('%s is this machine', (host) => expect(of(host)).toBe('thisMachine'));

	it.each([
		'10.0.0.0',
		'10.255.255.255',
		'167772161',
		'100.64.0.1',
		'100.127.255.255',
		'169.254.169.254',
		'172.16.0.0',
		'172.31.255.255',
		'192.0.0.8',
		'192.168.0.1',
		'[fc00::1]',
		'[fdff::1]',
		'[fe80::1]',
		'[febf::1]',
		'[fec0::1]',
		'[::ffff:10.0.0.1]',
		'[::ffff:169.254.169.254]',
		'[64:ff9b::a00:1]',
		'[64:ff9b:1::1]',
		'[2002:c0a8:101::1]',
	])('%s is inside a private network', (host) => expect(of(host)).toBe('privateNetwork'));

	it.each([
		'192.0.2.1',
		'192.88.99.1',
		'198.18.0.1',
		'198.19.255.255',
		'198.51.100.1',
		'203.0.113.1',
		'224.0.0.1',
		'239.255.255.255',
		'240.0.0.1',
		'255.255.255.255',
		'[::8.8.8.8]',
		'[::127.0.0.1]',
		'[::ffff:0:8.8.8.8]',
		'[100::1]',
		'[2001::1]',
		'[2001:db8::1]',
		'[3fff::1]',
		'[4000::1]',
		'[ff02::1]',
	])('%s is not allocated', (host) => expect(of(host)).toBe('reserved'));

	it.each([
		'n8n',
		'n8n.',
		'fritz.box',
		'nas.fritz.box',
		'home.arpa',
		'n8n.home.arpa.',
		'n8n.local',
		'n8n.LOCAL',
		'n8n.company.internal',
		'n8n.lan',
		'n8n.home',
		'n8n.corp',
		'n8n.private',
		'n8n.intranet',
		'n8n.localdomain',
		'n8n.test',
	])('%s is a local name', (host) => expect(of(host)).toBe('localName'));
});

it('whyNotPublic says why, and nothing about a public address', () => {
	const why = (url: string) => whyNotPublic(new URL(url));
	expect(why('https://storage.example.com:8443/')).toBeUndefined();
	expect(why('https://[::]:9/')).toBe('[::]:9 can only be reached from this machine itself');
	expect(why('https://10.0.0.1/')).toBe('10.0.0.1 is an address inside a private network');
	expect(why('https://nas.fritz.box/')).toBe(
		'nas.fritz.box is a name that only a local network knows',
	);
	expect(why('https://224.0.0.1/')).toBe('224.0.0.1 is not an address of the public internet');
});
