import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** A lookup that does not answer in time counts as a name that resolves to nothing. */
const LOOKUP_TIMEOUT_MS = 2_000;

const blocked = new BlockList();
blocked.addSubnet('10.0.0.0', 8, 'ipv4');
blocked.addSubnet('172.16.0.0', 12, 'ipv4');
blocked.addSubnet('192.168.0.0', 16, 'ipv4');
blocked.addSubnet('169.254.0.0', 16, 'ipv4');
blocked.addSubnet('0.0.0.0', 8, 'ipv4');
blocked.addSubnet('fc00::', 7, 'ipv6');
blocked.addSubnet('fe80::', 10, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Finds the addresses of a host name; an empty list if it has none. */
export type ResolveHost = (name: string) => Promise<string[]>;

/** Asks the system, except for names that cannot exist (RFC 2606). */
export const resolveBySystem: ResolveHost = async (name) => {
	if (/\.(test|example|invalid)$/.test(name)) return [];
	const late = new Promise<never>((_, reject) => {
		setTimeout(() => reject(new Error('late')), LOOKUP_TIMEOUT_MS).unref();
	});
	try {
		const found = await Promise.race([lookup(name, { all: true }), late]);
		return found.map((entry) => entry.address);
	} catch {
		return [];
	}
};

/**
 * Why a webhook URL is refused (webhooks/retries), or undefined if it is fine: private, loopback and link-local
 * addresses, names that resolve to one, and plain HTTP.
 *
 * @param allowLoopback accepts loopback hosts, over HTTP too: for work on one machine
 */
export async function refusalOfWebhookUrl(
	text: string,
	allowLoopback: boolean,
	resolveHost: ResolveHost,
): Promise<string | undefined> {
	if (!URL.canParse(text)) return 'Invalid URL';
	const url = new URL(text);
	const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	const isLocalName = host === 'localhost' || host.endsWith('.localhost');
	const addresses = isIP(host) ? [host] : isLocalName ? ['127.0.0.1'] : await resolveHost(host);
	const isLoopback = addresses.some((address) => check(loopback, address));
	if (isLoopback && !allowLoopback) return 'The URL resolves to a blocked address';
	if (addresses.some((address) => check(blocked, address))) {
		return 'The URL resolves to a blocked address';
	}
	if (url.protocol === 'https:') return undefined;
	return url.protocol === 'http:' && isLoopback ? undefined : 'The URL must use HTTPS';
}

function check(list: BlockList, address: string): boolean {
	// An IPv4 address wrapped in IPv6 is still an IPv4 address.
	const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
	if (mapped) {
		const [high, low] = [parseInt(mapped[1] ?? '0', 16), parseInt(mapped[2] ?? '0', 16)];
		return list.check(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, 'ipv4');
	}
	const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
	return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}
