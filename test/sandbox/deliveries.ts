import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { components } from '../../nodes/InSigner/api/schema';
import type { SandboxClock } from './clock';
import type { ShownEvent } from './forms';
import type { Journal } from './journal';
import type { Store, StoredWebhook } from './store';

type EventName = components['schemas']['WebhookEventName'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait after each failed attempt; after the last one the event is dropped (webhooks/retries). */
const RETRY_DELAYS_MS = [
	MINUTE_MS,
	5 * MINUTE_MS,
	30 * MINUTE_MS,
	2 * HOUR_MS,
	5 * HOUR_MS,
	10 * HOUR_MS,
	18 * HOUR_MS,
	24 * HOUR_MS,
];

/** How many failures in a row switch a webhook off (webhooks/retries). */
const FAILURES_TO_DEACTIVATE = 20;

interface Delivery {
	readonly webhookId: string;
	readonly event: EventName;
	/** The same bytes at every attempt. */
	readonly body: string;
	/** Unix seconds of the event, not of the attempt (webhooks/security). */
	readonly timestamp: number;
	readonly attempt: number;
}

interface Outcome {
	readonly status?: number;
	readonly error?: string;
}

/** Posts events to the webhooks that subscribe to them, and tries again on the documented schedule. */
export class WebhookDeliveries {
	private readonly inFlight = new Set<Promise<void>>();
	private readonly agent = new Agent({ keepAliveTimeout: 1_000 });
	private readonly stopping = new AbortController();

	constructor(
		private readonly store: Store,
		private readonly clock: SandboxClock,
		private readonly journal: Journal,
		private readonly timeoutMs: number,
		private readonly log: (line: string) => void,
		/** Brings an event into the form in which the service delivers it. */
		private readonly show: (event: ShownEvent) => unknown,
	) {}

	/**
	 * Posts an event to every active webhook of the organization that subscribes to it. Returns at once; the attempts
	 * run in the background. The envelope is `{event, timestamp, data}` (webhooks/security; `timestamp` is inferred).
	 */
	emit(organizationId: string, event: EventName, data: object): void {
		const timestamp = this.clock.iso();
		const body = JSON.stringify(this.show({ event, timestamp, data }));
		for (const webhook of this.store.webhooks.all()) {
			const wants = webhook.organizationId === organizationId && webhook.events.includes(event);
			if (!wants || webhook.status !== 'active') continue;
			const seconds = Math.floor(Date.parse(timestamp) / 1000);
			void this.attempt({ webhookId: webhook.id, event, body, timestamp: seconds, attempt: 1 });
		}
	}

	/** Resolves when no attempt is in flight. Retries that are not due yet do not count. */
	async settled(): Promise<void> {
		while (this.inFlight.size > 0) await Promise.all(this.inFlight);
	}

	/** Aborts what is in flight. */
	async stop(): Promise<void> {
		this.stopping.abort();
		await this.settled();
		await this.agent.close();
	}

	private attempt(delivery: Delivery): Promise<void> {
		const running = this.deliver(delivery).finally(() => this.inFlight.delete(running));
		this.inFlight.add(running);
		return running;
	}

	private async deliver(delivery: Delivery): Promise<void> {
		const webhook = this.store.webhooks.get(delivery.webhookId);
		// Nothing in the documentation says that events are kept for a webhook that was deleted or switched off.
		if (webhook?.status !== 'active') return;
		const outcome = await this.post(webhook, delivery);
		if (this.stopping.signal.aborted) return;
		if (outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300) {
			webhook.failureCount = 0;
			return;
		}
		webhook.failureCount += 1;
		if (webhook.failureCount >= FAILURES_TO_DEACTIVATE) {
			webhook.status = 'inactive';
			this.log(`webhook ${webhook.id} is inactive after ${webhook.failureCount} failures`);
		}
		const delay = RETRY_DELAYS_MS[delivery.attempt - 1];
		if (delay === undefined) return;
		this.clock.at(this.clock.now() + delay, () =>
			this.attempt({ ...delivery, attempt: delivery.attempt + 1 }),
		);
	}

	private async post(webhook: StoredWebhook, delivery: Delivery): Promise<Outcome> {
		const at = this.clock.now();
		const startedAt = performance.now();
		const headers = {
			'content-type': 'application/json',
			'user-agent': 'inSigner-Webhooks/1.0',
			'x-insigner-signature': signatureOf(webhook.secret, delivery.body),
			'x-insigner-timestamp': String(delivery.timestamp),
		};
		let outcome: Outcome;
		try {
			const response = await request(webhook.url, {
				method: 'POST',
				headers,
				body: delivery.body,
				dispatcher: this.agent,
				signal: AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.stopping.signal]),
			});
			await response.body.dump();
			outcome = { status: response.statusCode };
		} catch (error) {
			outcome = { error: error instanceof Error ? error.message : String(error) };
		}
		this.journal.deliveries.push({
			at,
			webhookId: webhook.id,
			url: webhook.url,
			event: delivery.event,
			attempt: delivery.attempt,
			...outcome,
			body: delivery.body,
			headers,
			durationMs: performance.now() - startedAt,
		});
		return outcome;
	}
}

/**
 * The value of X-InSigner-Signature: `sha256=` and the lower-case hex HMAC-SHA256 of the raw body; the secret is used
 * as text, not decoded (webhooks/security).
 */
export function signatureOf(secret: string, body: string): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
