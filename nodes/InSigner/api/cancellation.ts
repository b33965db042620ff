import type { InSignerContext } from './context';

/**
 * The same context for requests that must still go out after the execution was cancelled: to find out whether a
 * contract was sent, and to delete a draft that is no longer wanted. n8n's request helper takes the cancel signal
 * from its context; this view of the context gives none.
 *
 * @param ctx - any n8n context
 * @returns a view of it without the cancel signal
 */
export function beyondCancellation<T extends InSignerContext>(ctx: T): T {
	return Object.create(ctx, { getExecutionCancelSignal: { value: () => undefined } }) as T;
}

/**
 * The signal that ends waiting and requests when the execution is cancelled.
 *
 * @param ctx - any n8n context
 * @returns the signal; undefined if there is no execution
 */
export function cancelSignalOf(ctx: InSignerContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in ctx ? ctx.getExecutionCancelSignal() : undefined;
}
