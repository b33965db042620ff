import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The address that webhook URLs of this n8n begin with, as WEBHOOK_URL says. n8n does not give it to nodes, but the
 * resume URL of an execution begins with it: `<base>webhook-waiting/<execution id>`.
 *
 * @param ctx - n8n's execution context
 * @returns for example `https://n8n.example.com/`, always with a slash at the end
 */
export function webhookBaseOf(ctx: IExecuteFunctions): string {
	const resumeUrl: unknown = ctx.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	const { origin, pathname } = new URL(resumeUrl as string);
	return `${origin}${pathname.split('/').slice(0, -2).join('/')}/`;
}

/**
 * Whether a URL is below an address.
 *
 * @param url - of a webhook
 * @param base - an address as {@link webhookBaseOf} returns it
 */
export function isBelow(url: string, base: string): boolean {
	return URL.canParse(url) && new URL(url).href.startsWith(base);
}

/** The path n8n gives a trigger's webhook: the id it gave the node, a UUID, and the path that the node names. */
const TRIGGER_PATH = /\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/webhook$/i;

/**
 * Whether a URL has the form that inSigner Trigger registers, in any n8n; an ordinary Webhook node's has another one.
 * The name of n8n's webhook endpoint stands before that and can be configured.
 *
 * @param url - of a webhook
 */
export function isTriggerUrl(url: string): boolean {
	return triggerPathOf(url) !== undefined;
}

/**
 * Whether two URLs are those of the same inSigner Trigger, at two addresses.
 *
 * @param one - of a webhook
 * @param other - of a webhook
 */
export function sameTrigger(one: string, other: string): boolean {
	const path = triggerPathOf(one);
	return one !== other && path !== undefined && path === triggerPathOf(other);
}

function triggerPathOf(url: string): string | undefined {
	return TRIGGER_PATH.exec(pathOf(url) ?? '')?.[0].toLowerCase();
}

/**
 * The path of a URL as n8n registers it, which has no query.
 *
 * @param url - of a webhook
 * @returns the path as requested; undefined for any other URL
 */
export function pathOf(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	const { pathname, search, hash } = new URL(url);
	return search === '' && hash === '' ? pathname : undefined;
}
