import { clock } from './clock';
import type { InSignerContext } from './context';

/** The outcome of one request. */
export interface RequestOutcome {
	/** HTTP status, or the code of a transport fault. */
	readonly result: number | string;
	/** X-Request-Id. */
	readonly requestId?: string;
}

/**
 * Writes one line about a request to n8n's log (level debug): enough to see what hangs or fails, and nothing that
 * could identify a person or open a file.
 *
 * @param ctx - any n8n context
 * @param what - method and path with placeholders, as in endpoints.ts; never a filled path, a query or an address
 * @param attempt - how often it has been sent, including this time, from 1
 * @param send - sends it
 * @param outcomeOf - what to log about the result
 * @returns what `send` returns
 * @throws what `send` throws, after a line about it
 */
export async function logged<T>(
	ctx: InSignerContext,
	what: string,
	attempt: number,
	send: () => Promise<T>,
	outcomeOf: (result: T) => RequestOutcome,
): Promise<T> {
	const startedAt = clock.now();
	const tell = ({ result, requestId }: RequestOutcome) => {
		const id = requestId === undefined ? '' : `, request ID ${requestId.slice(0, 100)}`;
		ctx.logger.debug(
			`inSigner: ${what}: ${result} after ${clock.now() - startedAt} ms, attempt ${attempt}${id}`,
		);
	};
	const result = await send().catch((error: unknown) => {
		tell({ result: 'not sent' });
		throw error;
	});
	tell(outcomeOf(result));
	return result;
}

/**
 * Logs a wait of more than 5 seconds (level info), so that n8n's log explains a node that seems to hang.
 *
 * @param ctx - any n8n context
 * @param what - as for {@link logged}
 * @param ms - how long, in milliseconds
 */
export function logWait(ctx: InSignerContext, what: string, ms: number): void {
	if (ms <= 5_000) return;
	ctx.logger.info(
		`inSigner: waiting ${Math.ceil(ms / 1000)} seconds for the rate limit before ${what}`,
	);
}
