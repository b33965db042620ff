import { problemWithWebhookUrl } from '../../../nodes/InSigner/trigger/webhookUrl';

describe('problemWithWebhookUrl', () => {
	it('accepts a public https address', () => {
		expect(
			problemWithWebhookUrl('https://n8n.example.com/webhook/1/webhook', false),
		).toBeUndefined();
		expect(problemWithWebhookUrl('https://172.32.0.1/', false)).toBeUndefined();
		expect(problemWithWebhookUrl('https://10.example.com/', false)).toBeUndefined();
	});

	it.each([
		['http://n8n.example.com/', /not https/],
		['https://localhost:5678/', /only be reached from this machine/],
		['https://127.0.0.1/', /only be reached from this machine/],
		['https://[::1]/', /only be reached from this machine/],
		['https://10.1.2.3/', /private network/],
		['https://172.16.0.1/', /private network/],
		['https://172.31.255.255/', /private network/],
		['https://192.168.1.1/', /private network/],
		['https://169.254.169.254/', /private network/],
		['https://[fd00::1]/', /private network/],
		['https://[::ffff:10.0.0.1]/', /private network/],
		['https://n8n:5678/', /only a local network knows/],
		['https://localhost./', /only be reached from this machine/],
		['https://[::]/', /only be reached from this machine/],
		['https://100.64.0.1/', /private network/],
		['https://n8n.fritz.box/', /only a local network knows/],
		['https://n8n.home.arpa/', /only a local network knows/],
		['https://203.0.113.7/', /not an address of the public internet/],
		['n8n.example.com:5678/', /not a URL/],
		['https://n8n.local/', /only a local network knows/],
		['https://n8n.company.internal/', /only a local network knows/],
		['', /not a URL/],
	])('refuses %s', (url, reason) => {
		expect(problemWithWebhookUrl(url, false)).toMatch(reason);
	});

	it('lets a sandbox on this machine deliver to this machine', () => {
		expect(problemWithWebhookUrl('http://localhost:5678/', true)).toBeUndefined();
		expect(problemWithWebhookUrl('http://192.168.1.1/', true)).toMatch(/private network/);
	});
});
