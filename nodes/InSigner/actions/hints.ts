import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Shows whoever looks at the output something that isn't an error, and writes it to n8n's log.
 *
 * @param ctx - n8n's execution context
 * @param message - a sentence
 */
export function hint(ctx: IExecuteFunctions, message: string): void {
	ctx.logger.warn(`inSigner: ${message}`);
	// n8n before 1.80 has no hints.
	if ('addExecutionHints' in ctx) ctx.addExecutionHints({ message, location: 'outputPane' });
}
