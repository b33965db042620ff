import { cancelSignalOf } from '../api/cancellation';
import { clock } from '../api/clock';
import type { InSignerContext } from '../api/context';
import { LOOKS_MS } from './reading';

/**
 * Looks for something for about 10 seconds, because a write may take a while to show.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param look - reads, and returns what was looked for; undefined if it is not there
 * @returns what the first successful look returned; undefined if there was none
 * @throws what the last look throws, since only a successful read shows that it is not there; the reason of a
 * cancellation
 */
export async function untilShown<T>(
	ctx: InSignerContext,
	look: () => Promise<T | undefined>,
): Promise<T | undefined> {
	for (const [index, pause] of LOOKS_MS.entries()) {
		await clock.sleep(pause, cancelSignalOf(ctx));
		const found = await look().catch((error: unknown) => {
			if (index === LOOKS_MS.length - 1) throw error;
			return undefined;
		});
		if (found !== undefined) return found;
	}
	return undefined;
}
