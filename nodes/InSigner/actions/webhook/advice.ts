/** What Check and Repair tells people to do about a webhook that it cannot repair. */
import type { INode } from 'n8n-workflow';

import type { ExpectedTrigger } from '../../webhooks/expectedTriggers';

/**
 * The trigger of a webhook; undefined if no workflows were given. inSigner Trigger writes its workflow into the
 * webhook's description.
 */
type Trigger = ExpectedTrigger | undefined;

/** @param trigger - of a published workflow, without a webhook */
export function whereMissing(trigger: ExpectedTrigger): string {
	return republish(trigger, 'inSigner holds no webhook for it');
}

/**
 * A trigger listens there, but refuses what this webhook delivers.
 *
 * @param checking - the node that checks, with its credential
 * @param trigger - of the webhook
 */
export function whereRefused(checking: INode, trigger: Trigger): string {
	const credential = trigger?.credential;
	if (credential && credential.id !== checking.credentials?.inSignerApi?.id) {
		return `${nameOf(trigger)} uses another credential, "${credential.name}". If that is one of another organization, this webhook is a left-over: delete it. Otherwise check with that credential.`;
	}
	const reason = 'it does not hold the secret of this webhook, or uses another API key';
	return `${republish(trigger, reason)} If that is a key of another organization, this webhook is a left-over: delete it instead.`;
}

/**
 * Nothing is served at its path.
 *
 * @param trigger - of the webhook
 * @param isReplaced - whether the trigger is heard at another address, of this n8n
 */
export function whereNotServed(trigger: Trigger, isReplaced: boolean): string {
	const reason =
		'this n8n does not serve the path of this webhook, because N8N_ENDPOINT_WEBHOOK or N8N_PATH was changed, or the proxy in front of n8n does not pass it on';
	return isReplaced
		? `Delete it: ${reason}. Its workflow has another webhook.`
		: `${republish(trigger, reason)} Then delete this webhook if it is still there.`;
}

/** @param status - HTTP status of an answer that says nothing; undefined if there was none */
export function whereUnclear(status: number | undefined): string {
	const what =
		status === undefined
			? 'This n8n could not reach its own address'
			: `Something other than an inSigner Trigger answered there, with HTTP status ${status}`;
	return `${what}, so nothing was changed. Check WEBHOOK_URL and the proxy in front of n8n.`;
}

/**
 * It points to another n8n, or to where this one was before.
 *
 * @param webhook - with its URL
 * @param base - where this n8n is
 * @param trigger - of the webhook
 * @param isReplaced - whether the trigger is heard at another address, of this n8n
 */
export function whereElsewhere(
	{ url }: { url: string },
	base: string,
	trigger: Trigger,
	isReplaced: boolean,
): string {
	const points = `it points to ${placeOf(url, base)} and not to this n8n, ${base}`;
	if (isReplaced) {
		return `Delete it unless another n8n uses it: ${points}. Its workflow has a webhook here.`;
	}
	if (trigger) {
		return `${republish(trigger, points)} Then delete this webhook unless another n8n uses it.`;
	}
	return `If this n8n was there before, unpublish ${nameOf(trigger)}, publish it again and delete this webhook: ${points}. If another n8n uses it, leave it.`;
}

/**
 * No webhook points to this n8n, so there is nothing to check.
 *
 * @param webhooks - all of the organization
 * @param base - where this n8n is
 * @param withWorkflows - whether workflows were given, none of which needs a webhook
 */
export function whereNoneIsHere(
	webhooks: ReadonlyArray<{ url: string; status: string }>,
	base: string,
	withWorkflows: boolean,
): string {
	const counts = new Map<string, number>();
	for (const { url, status } of webhooks) {
		const place = placeOf(url, base);
		if (status === 'active') counts.set(place, (counts.get(place) ?? 0) + 1);
	}
	const most = [...counts].sort(([, one], [, other]) => other - one);
	const others = most.map(([place, count]) => `${place} (${count})`).join(', ');
	return [
		withWorkflows && 'No workflow in the input is published with an inSigner Trigger.',
		`No webhook points to this n8n, ${base}.`,
		others
			? `Active ones point to ${others}. If this n8n was there before, unpublish every workflow with an inSigner Trigger and publish it again.`
			: 'To receive events, publish a workflow with an inSigner Trigger.',
	]
		.filter(Boolean)
		.join(' ');
}

/** n8n makes no calls when an unchanged workflow is published again, so it has to be unpublished first. */
function republish(trigger: Trigger, reason: string): string {
	return `Unpublish ${nameOf(trigger)} and publish it again: ${reason}.`;
}

function nameOf(trigger: Trigger): string {
	if (!trigger) return 'the workflow that the description names';
	return `"${trigger.workflowName}" (node "${trigger.nodeName}")`;
}

/** The host is enough, unless only the path differs. */
function placeOf(url: string, base: string): string {
	if (!URL.canParse(url)) return url;
	const { origin } = new URL(url);
	return origin === new URL(base).origin ? url : origin;
}
