import type { DataOf } from '../../api/endpoint';
import { readEvents } from '../../webhooks/plan';

type Webhook = DataOf<'getWebhook'>;

/** A webhook as an output item shows it. */
export type WebhookOutput = Omit<Webhook, 'events'> & { events: string[] };

/**
 * Makes a webhook fit for an output item: its events as a list, and no secret, should a service ever give one.
 *
 * @param webhook - as the API gives it
 */
export function forOutput(webhook: Webhook): WebhookOutput {
	return { ...webhook, events: readEvents(webhook.events), ...{ secret: undefined } };
}
