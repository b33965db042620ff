import { isLoopback } from '../api/baseUrl';

/** Private, link-local and shared ranges of IPv4, and their IPv6 counterparts (webhooks/retries). */
const PRIVATE_HOSTS = [
	/^10\./,
	/^172\.(1[6-9]|2\d|3[01])\./,
	/^192\.168\./,
	/^169\.254\./,
	/^0\./,
	/^\[(fc|fd|fe80|::)/i,
];

/** Names that only a local network knows: without a dot (Docker services), or below a domain kept for that. */
const LOCAL_NAME = /^[^.]+$|\.(local|internal|lan|home|localhost)$/i;

/**
 * Says why inSigner would refuse to deliver to a URL. Asking costs nothing here, while each refused creation
 * counts towards ten an hour.
 *
 * @param url - the webhook URL of this n8n
 * @param sandbox - whether the API is a sandbox on this machine, which delivers to loopback
 * @returns a sentence for people; undefined when the URL is fine as far as can be seen from here
 * @see https://docs.insigner.co/webhooks/retries
 */
export function problemWithWebhookUrl(url: string, sandbox: boolean): string | undefined {
	if (!URL.canParse(url)) return `"${url}" is not a URL`;
	const parsed = new URL(url);
	const host = parsed.hostname.replace(/\.$/, '');
	if (isLoopback(parsed)) {
		return sandbox ? undefined : `${parsed.host} can only be reached from this machine itself`;
	}
	if (PRIVATE_HOSTS.some((range) => range.test(parsed.hostname))) {
		return `${parsed.host} is an address inside a private network`;
	}
	if (!host.startsWith('[') && LOCAL_NAME.test(host)) {
		return `${parsed.host} is a name that only a local network knows`;
	}
	if (parsed.protocol !== 'https:' && !sandbox) return `${parsed.origin} is not https`;
	return undefined;
}
