import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Engine } from './harness';

type Trigger = ReturnType<Engine['trigger']>;
type Delivery = Awaited<ReturnType<Trigger['deliver']>>;

/** An address on this machine where a service delivers its events. */
export interface WebhookListener {
	/** For WEBHOOK_URL. */
	readonly url: string;
	/** Who gets what arrives from now on; what arrived before is forgotten. */
	give(trigger: Trigger): void;
	/** The outcome of each call, in order. */
	readonly deliveries: readonly Delivery[];
	stop(): Promise<void>;
}

/** Listens as n8n's server does, and passes every call to the trigger, up to where an execution would start. */
export async function startWebhookListener(): Promise<WebhookListener> {
	let trigger: Trigger | undefined;
	let deliveries: Delivery[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const headers = Object.fromEntries(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
			);
			const call = trigger?.deliver({ headers, body: Buffer.concat(chunks) });
			void Promise.resolve(call).then(
				(delivery) => {
					if (delivery) deliveries.push(delivery);
					response.writeHead(delivery?.status ?? 404).end();
				},
				() => response.writeHead(500).end(),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		give: (given) => {
			trigger = given;
			deliveries = [];
		},
		get deliveries() {
			return deliveries;
		},
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
