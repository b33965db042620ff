import { createHash } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { clock } from '../api/clock';
import type { DataOf } from '../api/endpoint';
import { InSignerApiError, isNotSent, isUnclear } from '../api/errors';
import { withLines } from '../api/nodeErrors';
import { DOCUMENTED_EVENTS } from '../events/events';

/**
 * How long a refused creation is not tried again, in milliseconds. n8n tries a failed registration five times
 * within seconds, and every try would count towards the ten creations an hour.
 */
const REMEMBERED_MS = 3 * 60_000;

/** Refusals remembered at once. n8n tries one workflow a few times, so a few would do. */
const MAX_REMEMBERED = 100;

/** A webhook that the organization has. */
type HeldWebhook = Pick<DataOf<'listWebhooks'>[number], 'id' | 'url' | 'status'>;

const refusals = new Map<string, { until: number; error: InSignerApiError }>();

/**
 * Creates a webhook, unless inSigner refused the very same one a moment ago: then that refusal is thrown again.
 *
 * @param ctx - n8n's hook context
 * @param wanted - url and events
 * @param held - all webhooks of the organization as they are now
 * @param create - posts it
 * @returns what was created
 * @throws InSignerApiError, its description says what inSigner holds already and what to do next
 * @see https://docs.insigner.co/getting-started/rate-limits
 */
export async function notAgainAfterRefusal<T>(
	ctx: IHookFunctions,
	wanted: { url: string; events: string[] },
	held: readonly HeldWebhook[],
	create: () => Promise<T>,
): Promise<T> {
	const credentials = await ctx.getCredentials('inSignerApi');
	// With another key, other events or space freed in inSigner it is a different request, which may well be accepted.
	const key = createHash('sha256')
		.update(JSON.stringify([wanted, credentials, held.map(({ id }) => id).sort()]))
		.digest('hex');
	const known = refusals.get(key);
	if (known && known.until > clock.now()) throw known.error;
	refusals.delete(key);

	return await create().catch((error: unknown) => {
		if (!(error instanceof InSignerApiError) || isUnclear(error)) throw error;
		if (!isNotSent(error)) {
			withLines(error, { after: advice(error, wanted.events, held) });
			remember(key, error);
		}
		throw error;
	});
}

function remember(key: string, error: InSignerApiError): void {
	const now = clock.now();
	for (const [known, { until }] of refusals) {
		if (until <= now || refusals.size >= MAX_REMEMBERED) refusals.delete(known);
	}
	refusals.set(key, { until: now + REMEMBERED_MS, error });
}

/** What a person can do about a refused creation. */
function advice(
	{ fault }: InSignerApiError,
	events: string[],
	held: readonly HeldWebhook[],
): string[] {
	const aboutEvents = (fault.fields ?? []).filter(({ field }) => /^\/?events\b/.test(field));
	if (aboutEvents.length > 0) {
		return [`${refusedEvents(aboutEvents, events)} Leave that out and publish again.`];
	}
	if (fault.fields?.some(({ field }) => field === 'url')) {
		return [
			'inSigner cannot deliver to this address. Set the environment variable WEBHOOK_URL of n8n to its public https address, or put a tunnel in front of it, and publish again.',
		];
	}
	const lines = held.map(({ url, status }) => `${url} (${status}).`);
	return [
		`inSigner allows 10 webhooks per organization and 10 creations an hour. It holds ${held.length}${held.length > 0 ? ':' : '.'}`,
		...lines,
		'Delete those no one needs (resource Webhook of the inSigner node), then publish again.',
	];
}

/** A problem names an event by its place in the list (events.2, events[2], /events/2) or by its name. */
function refusedEvents(
	fields: ReadonlyArray<{ field: string; message: string }>,
	events: string[],
): string {
	const named = fields.flatMap(({ field, message }) => {
		const place = /\d+/.exec(field)?.[0];
		const atPlace = place === undefined ? undefined : events[Number(place)];
		return atPlace === undefined ? events.filter((event) => message.includes(event)) : [atPlace];
	});
	const documented = DOCUMENTED_EVENTS.map(({ value }) => String(value));
	const suspects = named.length > 0 ? named : events.filter((event) => !documented.includes(event));
	const list = [...new Set(suspects)].join(', ');
	return list ? `inSigner does not know: ${list}.` : 'inSigner does not know one of the events.';
}
