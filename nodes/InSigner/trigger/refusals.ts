import { createHash } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { clock } from '../api/clock';
import { InSignerApiError } from '../api/errors';
import { list } from '../api/pagination';

/**
 * How long a refused creation is not tried again, in milliseconds. n8n tries a failed registration five times
 * within seconds, and every try would count towards the ten creations an hour.
 */
const REMEMBERED_MS = 3 * 60_000;

const refusals = new Map<string, { until: number; error: InSignerApiError }>();

/**
 * Creates a webhook, unless inSigner refused the very same one a moment ago: then that refusal is thrown again.
 *
 * @param ctx - n8n's hook context
 * @param wanted - url and events
 * @param create - posts it
 * @returns what was created
 * @throws InSignerApiError, in its description what inSigner holds already and how to go on
 * @see https://docs.insigner.co/getting-started/rate-limits
 */
export async function notAgainAfterRefusal<T>(
	ctx: IHookFunctions,
	wanted: { url: string; events: string[] },
	create: () => Promise<T>,
): Promise<T> {
	const credentials = await ctx.getCredentials('inSignerApi');
	// Another key, URL or choice of events is another request, which may well be accepted.
	const key = createHash('sha256')
		.update(JSON.stringify([wanted, credentials]))
		.digest('hex');
	const known = refusals.get(key);
	if (known && known.until > clock.now()) throw known.error;
	refusals.delete(key);

	return await create().catch(async (error: unknown) => {
		if (!(error instanceof InSignerApiError) || error.effect !== 'none') throw error;
		if (error.fault.result !== 'notSent') {
			error.description = [error.description, await advice(ctx, error)].join('\n');
			refusals.set(key, { until: clock.now() + REMEMBERED_MS, error });
		}
		throw error;
	});
}

/** What a person can do about a refused creation. */
async function advice(ctx: IHookFunctions, { fault }: InSignerApiError): Promise<string> {
	if (fault.fields?.some(({ field }) => field.startsWith('events'))) {
		return 'inSigner does not know one of the chosen events. Leave it out and publish again.';
	}
	const held = await list(ctx, 'listWebhooks').catch(() => []);
	const lines = held.map(({ url, status }) => `${url} (${status})`);
	return [
		`inSigner allows 10 webhooks per organization and 10 creations an hour. It holds ${held.length}${held.length > 0 ? ':' : '.'}`,
		...lines,
		'Delete those nobody needs in inSigner, then publish again in a few minutes.',
	].join('\n');
}
