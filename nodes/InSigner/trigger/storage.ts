import type { IDataObject, IHookFunctions } from 'n8n-workflow';

/** What n8n keeps for this trigger between calls. The secret is given out once, when a webhook is created. */
export interface Stored extends IDataObject {
	webhookId?: string;
	secret?: string;
}

/**
 * What n8n keeps for this trigger, as an object whose changes n8n saves after a hook. Only hooks change it.
 *
 * @param ctx - n8n's hook or webhook context; a test run has its own object
 */
export function storedOf(ctx: Pick<IHookFunctions, 'getWorkflowStaticData'>): Stored {
	return ctx.getWorkflowStaticData('node');
}
