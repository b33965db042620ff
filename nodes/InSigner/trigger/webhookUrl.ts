import { reachOf, whyNotPublic } from '../api/publicAddress';

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
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	// "n8n.example.com:5678/" parses too, as a URL of the scheme "n8n.example.com".
	if (!parsed?.protocol.startsWith('http')) return `"${url}" is not a URL`;
	if (sandbox && reachOf(parsed) === 'thisMachine') return undefined;
	const problem = whyNotPublic(parsed);
	if (problem) return problem;
	return parsed.protocol === 'https:' || sandbox ? undefined : `${parsed.origin} is not https`;
}
