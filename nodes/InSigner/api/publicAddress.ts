/** How far away the host of a URL can be, judging by its name or address alone. */
export type Reach =
	| 'public'
	/** Loopback, however it is written. */
	| 'thisMachine'
	| 'privateNetwork'
	/** A name that public DNS does not have. */
	| 'localName'
	/** Documentation, benchmarks, multicast and the like. */
	| 'reserved';

type Range = readonly [start: string, bits: number, reach: Reach];

/** What the IANA registry of special IPv4 addresses calls not globally reachable. */
const IPV4_RANGES = ranges(parseIpv4, [
	['0.0.0.0', 8, 'thisMachine'],
	['10.0.0.0', 8, 'privateNetwork'],
	['100.64.0.0', 10, 'privateNetwork'],
	['127.0.0.0', 8, 'thisMachine'],
	['169.254.0.0', 16, 'privateNetwork'],
	['172.16.0.0', 12, 'privateNetwork'],
	['192.0.0.0', 24, 'privateNetwork'],
	['192.0.2.0', 24, 'reserved'],
	['192.88.99.0', 24, 'reserved'],
	['192.168.0.0', 16, 'privateNetwork'],
	['198.18.0.0', 15, 'reserved'],
	['198.51.100.0', 24, 'reserved'],
	['203.0.113.0', 24, 'reserved'],
	['224.0.0.0', 3, 'reserved'],
]);

/** The same for IPv6. Of the rest only 2000::/3 is allocated. */
const IPV6_RANGES = ranges(parseIpv6, [
	['::', 128, 'thisMachine'],
	['::1', 128, 'thisMachine'],
	['64:ff9b:1::', 48, 'privateNetwork'],
	['fc00::', 7, 'privateNetwork'],
	['fe80::', 10, 'privateNetwork'],
	['fec0::', 10, 'privateNetwork'],
	['2001::', 23, 'reserved'],
	['2001:db8::', 32, 'reserved'],
	['3fff::', 20, 'reserved'],
	['2000::', 3, 'public'],
]);

/** IPv6 addresses that stand for an IPv4 address (mapped, NAT64, 6to4), with the group at which it begins. */
const IPV4_INSIDE = [
	{ start: parseIpv6('::ffff:0:0'), bits: 96, at: 6 },
	{ start: parseIpv6('64:ff9b::'), bits: 96, at: 6 },
	{ start: parseIpv6('2002::'), bits: 16, at: 1 },
];

/** Name suffixes reserved for local networks by RFC 2606, 6761, 6762 and 8375 or by router manufacturers. */
const LOCAL_ENDS = [
	'corp',
	'fritz.box',
	'home',
	'home.arpa',
	'internal',
	'intranet',
	'invalid',
	'lan',
	'local',
	'localdomain',
	'private',
	'test',
];

/**
 * Where the host of a URL is. Addresses are judged by their bits, however they are written; DNS is not asked,
 * so a public name that resolves to a private address counts as public.
 *
 * @param url - an http or https URL; parsing has already brought its host into one form
 * @returns where it is
 */
export function reachOf({ hostname }: URL): Reach {
	if (hostname.startsWith('[')) return reachOfIpv6(parseIpv6(hostname.slice(1, -1)));
	// The lookbehind keeps this linear.
	const name = hostname.replace(/(?<!\.)\.+$/, '');
	const lastLabel = name.slice(name.lastIndexOf('.') + 1);
	// A URL whose host ends in a number is either an IPv4 address or does not parse.
	if (/^\d+$/.test(lastLabel)) return reachOfIpv4(parseIpv4(name));
	if (lastLabel === 'localhost') return 'thisMachine';
	if (lastLabel === name) return 'localName';
	const isLocal = LOCAL_ENDS.some((end) => name === end || name.endsWith(`.${end}`));
	return isLocal ? 'localName' : 'public';
}

/**
 * Says why no one on the internet can be at the host of a URL.
 *
 * @param url - an http or https URL
 * @returns a sentence without a full stop, or undefined when the host can be a public one
 */
export function whyNotPublic(url: URL): string | undefined {
	switch (reachOf(url)) {
		case 'public':
			return undefined;
		case 'thisMachine':
			return `${url.host} can only be reached from this machine itself`;
		case 'privateNetwork':
			return `${url.host} is an address inside a private network`;
		case 'localName':
			return `${url.host} is a name that only a local network knows`;
		case 'reserved':
			return `${url.host} is not an address of the public internet`;
	}
}

function reachOfIpv4(address: readonly number[]): Reach {
	return IPV4_RANGES.find((range) => isWithin(address, range))?.reach ?? 'public';
}

function reachOfIpv6(address: readonly number[]): Reach {
	const inside = IPV4_INSIDE.find((range) => isWithin(address, range));
	if (inside) return reachOfIpv4(address.slice(inside.at, inside.at + 2));
	return IPV6_RANGES.find((range) => isWithin(address, range))?.reach ?? 'reserved';
}

function isWithin(
	address: readonly number[],
	{ start, bits }: { start: readonly number[]; bits: number },
): boolean {
	return start.every((group, index) => {
		const compared = Math.min(Math.max(bits - 16 * index, 0), 16);
		return (group ^ (address[index] ?? 0)) >> (16 - compared) === 0;
	});
}

/** The four numbers of an IPv4 address, as URLs write it, in two groups of 16 bits. */
function parseIpv4(text: string): number[] {
	const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
	return [a * 256 + b, c * 256 + d];
}

/** The eight groups of an IPv6 address, as URLs write it: hexadecimal, with at most one "::". */
function parseIpv6(text: string): number[] {
	const [before = [], after = []] = text
		.split('::')
		.map((part) => part.split(':').filter((group) => group !== ''));
	const zeros = Array<string>(8 - before.length - after.length).fill('0');
	return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

function ranges(parse: (text: string) => number[], table: readonly Range[]) {
	return table.map(([start, bits, reach]) => ({ start: parse(start), bits, reach }));
}
