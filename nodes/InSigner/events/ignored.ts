import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

/** Why an event starts nothing, as the end of a sentence. */
const REASONS = {
	notChosen: 'it is not one of the chosen events',
	filtered: 'the filters do not let it through',
	tooOld: 'it is older than Maximum Event Age',
	repeat: 'it came before',
} as const;

export type Reason = keyof typeof REASONS;

/**
 * Says in n8n's log that an event starts nothing. inSigner gets a 200, so nothing else would ever show it. The line
 * names the event by its fingerprint, which reveals nothing of its content.
 *
 * @param ctx - n8n's context
 * @param fingerprint - from fingerprintOf()
 * @param reason - why
 */
export function tellIgnored(
	ctx: IWebhookFunctions | IExecuteFunctions,
	fingerprint: string,
	reason: Reason,
): void {
	ctx.logger.info(`${ctx.getNode().name}: event ${fingerprint} starts nothing: ${REASONS[reason]}`);
}
