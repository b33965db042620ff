import fastify, { type FastifyInstance } from 'fastify';
import { internalError } from './problems';

/** Larger than any document a test sends. */
const BODY_LIMIT_BYTES = 512 * 1024 * 1024;

/** A server that passes on every body as bytes, and closes at once when told to. */
export function makeServer(log: (line: string) => void): FastifyInstance {
	const server = fastify({
		bodyLimit: BODY_LIMIT_BYTES,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
	});
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
		done(null, body);
	});
	server.setErrorHandler((error, _request, reply) => {
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		log(`the sandbox failed: ${text}`);
		const { problem } = internalError(error instanceof Error ? error.message : 'Unknown failure');
		void reply.code(500).type('application/problem+json').send(JSON.stringify(problem));
	});
	return server;
}

/** Listens and returns the URL of the origin, without a slash at the end. */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
	await server.listen({ host, port });
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new Error('No TCP port');
	const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
	return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`;
}
