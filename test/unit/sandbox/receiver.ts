import { createServer, type IncomingHttpHeaders } from 'node:http';

/** One request that came in. */
export interface Received {
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** A receiver of webhooks on loopback. */
export interface Receiver {
	readonly url: string;
	readonly received: Received[];
	/** What it answers from now on; `hang` answers nothing. */
	answer: number | 'hang';
	stop(): Promise<void>;
}

/** Starts a receiver that answers 200. */
export async function startReceiver(): Promise<Receiver> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
			if (receiver.answer !== 'hang') response.writeHead(receiver.answer).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	const receiver: Receiver = {
		url: `http://127.0.0.1:${port}/hook`,
		received: [],
		answer: 200,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return receiver;
}
