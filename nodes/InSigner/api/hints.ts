import type { InSignerContext } from './context';

/** How many hints one run of a node shows. */
const MAX_HINTS = 10;

/** What each run has shown so far, by its context. */
const shownIn = new WeakMap<InSignerContext, Set<string>>();

/**
 * Shows whoever looks at the output something that isn't an error, and writes it to n8n's log. A sentence that is true
 * of many items is shown once, and many different ones become a few.
 *
 * @param ctx - any n8n context; only an execution shows hints
 * @param message - a sentence
 * @param type - how it looks: a warning is about something that was not asked for
 */
export function hint(
	ctx: InSignerContext,
	message: string,
	type: 'info' | 'warning' = 'warning',
): void {
	const shown = shownIn.get(ctx) ?? new Set();
	shownIn.set(ctx, shown);
	if (shown.has(message)) return;
	shown.add(message);
	ctx.logger[type === 'info' ? 'info' : 'warn'](`inSigner: ${message}`);
	// Only executions have hints, and n8n before 1.80 has none.
	if (!('addExecutionHints' in ctx) || shown.size > MAX_HINTS + 1) return;
	const more = "There are more of these: see n8n's log.";
	ctx.addExecutionHints({
		message: shown.size > MAX_HINTS ? more : message,
		type,
		location: 'outputPane',
	});
}
