import type { FastifyInstance } from 'fastify';
import { API_ROOT } from './apiRoutes';
import type { Cloud } from './cloud';
import { shell } from './signingPage';

/** How an n8n on this machine reaches the sandbox; shown on the front page and in the terminal. */
export const REACHED_FROM = [
	'An n8n on this machine reaches it. One in Docker does if its container is started with --network host',
	'(Linux; in Docker Desktop it has to be switched on). The nodes do not accept another address of this machine:',
	'they send a key over plain http to 127.0.0.1, localhost and ::1 only, since anyone on the way could read it.',
];

/** Serves `/`, for whoever opens the address in a browser. The key is not on it: it is in the terminal. */
export function registerFrontPage(server: FastifyInstance, cloud: Cloud): void {
	server.get('/', async (_request, reply) => {
		const apiUrl = cloud.urls.web + API_ROOT;
		return reply.type('text/html; charset=utf-8').send(
			shell(
				'A local inSigner Cloud',
				`<main>
	<h1>A local inSigner Cloud</h1>
	<p>A sandbox of n8n-nodes-insigner: it behaves as inSigner Cloud does, emails no one, and forgets everything when it
	stops. Signing links open pages here.</p>
	<p>Base URL for the credential in n8n: <code id="base-url">${apiUrl}</code>. The API key is in the terminal that
	started it.</p>
	<p>What it was asked, what it delivered, and the emails it would have sent:
	<a href="/_sandbox/journal">/_sandbox/journal</a></p>
	<p>${REACHED_FROM.join('\n\t')}</p>
</main>`,
			),
		);
	});
}
