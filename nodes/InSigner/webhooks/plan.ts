import type { DataOf } from '../api/endpoint';
import { eventNameOf, type EventName } from '../events/events';
import { parsed } from '../json/json';

export type Webhook = Pick<
	DataOf<'listWebhooks'>[number],
	'id' | 'url' | 'events' | 'status' | 'description'
>;

/** What this trigger needs at inSigner. */
export interface Desired {
	url: string;
	events: EventName[];
	/** The workflow of the trigger. */
	workflowId: string;
}

export type Step =
	| { do: 'create' }
	| { do: 'update'; id: string; changes: { events?: EventName[]; status?: 'active' } }
	| { do: 'delete'; id: string };

/**
 * What has to be done so that inSigner delivers exactly what is desired, once. Only webhooks at the desired URL are
 * touched: what n8n keeps may be a copy of another n8n's, and then the webhook with the stored id belongs to that
 * n8n.
 *
 * @param desired - url, events and workflow
 * @param stored - what n8n keeps
 * @param actual - all webhooks of the organization
 * @returns the steps in order; none if everything is as it should be
 */
export function plan(
	desired: Desired,
	stored: { webhookId?: string; secret?: string },
	actual: Webhook[],
): Step[] {
	const here = actual.filter(({ url }) => isSameAddress(url, desired.url));
	// A webhook without its secret is worthless: what it delivers could not be verified.
	const kept = here.find(
		(webhook) =>
			webhook.id === stored.webhookId &&
			Boolean(stored.secret) &&
			otherOwnerOf(webhook, desired.workflowId) === undefined,
	);
	const steps: Step[] = [];
	for (const { id, status } of here) {
		// One that is switched off delivers nothing; it only has to go if its place is needed.
		if (id !== kept?.id && (status === 'active' || !kept)) steps.push({ do: 'delete', id });
	}
	if (!kept) return [...steps, { do: 'create' }];

	const changes = {
		...(!sameEvents(readEvents(kept.events), desired.events) && { events: desired.events }),
		...(kept.status !== 'active' && { status: 'active' as const }),
	};
	if (Object.keys(changes).length > 0) steps.push({ do: 'update', id: kept.id, changes });
	return steps;
}

/**
 * Whether two addresses are the same, however the service writes them (capitals in the host, a default port).
 *
 * @param one - URL of a webhook
 * @param other - URL of a webhook
 */
export function isSameAddress(one: string, other: string): boolean {
	const [a, b] = [one, other].map((url) => (URL.canParse(url) ? new URL(url).href : url));
	return a === b;
}

/**
 * Tells people, in inSigner and in the Webhook operations, what a webhook is for, and {@link otherOwnerOf} who owns
 * it.
 *
 * @param workflow - the workflow of the trigger
 * @param isTest - whether it is for a test run in n8n's editor
 */
export function descriptionOf(
	{ id, name }: { id?: string; name?: string },
	isTest: boolean,
): string {
	const purpose = isTest ? 'n8n test run' : 'n8n';
	return `${purpose}: workflow "${[...(name ?? '')].slice(0, 400).join('')}" (${id})`;
}

/** What {@link descriptionOf} writes. */
const DESCRIPTION = /^n8n(?: test run)?: workflow "[^]*" \(([^\s()]+)\)$/;

/**
 * Some versions of n8n let two published workflows have one address, for example after an import.
 *
 * @param webhook - with its description
 * @param workflowId - id of the workflow that asks
 * @returns the id of the other workflow that the webhook names; undefined if it names ours or none
 */
export function otherOwnerOf(
	{ description }: Webhook,
	workflowId: string | undefined,
): string | undefined {
	const owner = DESCRIPTION.exec(description ?? '')?.[1];
	return owner === workflowId ? undefined : owner;
}

/**
 * The events of a webhook: the API takes a list and returns a text that contains one.
 *
 * @param events - as the API returns them
 * @returns event names as the trigger offers them; none if it is something else
 */
export function readEvents(events: Webhook['events']): string[] {
	const list: unknown = typeof events === 'string' ? parsed(events) : events;
	return Array.isArray(list) ? list.map((name) => eventNameOf(String(name))) : [];
}

/**
 * Whether two lists contain the same events, in any order.
 *
 * @param actual - event names
 * @param desired - event names
 */
export function sameEvents(actual: string[], desired: string[]): boolean {
	const wanted = new Set(desired);
	return new Set(actual).size === wanted.size && actual.every((event) => wanted.has(event));
}
