import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { list, type EntryOf } from '../../api/pagination';
import { request } from '../../api/request';
import { readEvents, sameEvents } from '../../webhooks/plan';
import { removeWebhook } from '../../webhooks/removing';
import { parametersOf } from '../../parameters/parameters';
import { toJson, type BatchOperation } from '../operation';
import {
	whereElsewhere,
	whereMissing,
	whereNoneIsHere,
	whereNotServed,
	whereRefused,
	whereUnclear,
} from './advice';
import {
	expectedTriggers,
	isProductionUrlOf,
	isWorkflow,
	type ExpectedTrigger,
} from '../../webhooks/expectedTriggers';
import { probe, type Listener } from '../../webhooks/probe';
import { isBelow, isTriggerUrl, sameTrigger, webhookBaseOf } from '../../webhooks/thisN8n';
import { forOutput } from './webhookOutput';

type Webhook = EntryOf<'listWebhooks'>;

/** What was found, and what was done about it. */
interface Finding {
	state:
		| 'ok'
		/** inSigner delivers nothing to it. */
		| 'inactive'
		/** It delivers other events than its workflow wants. */
		| 'otherEvents'
		| Exclude<Listener, 'ready' | 'notAsked'>
		/** It points to something in this n8n that is not an inSigner Trigger. */
		| 'otherNode'
		/** It belongs to an inSigner Trigger, but does not point to this n8n. */
		| 'elsewhere'
		/** A published workflow has no webhook. */
		| 'missing'
		/** No webhook points to this n8n, and no workflow needs one. */
		| 'none';
	/** What was done; empty for nothing. */
	repaired: string;
	/** What a person should do; empty for nothing. */
	advice: string;
}

interface Repairs {
	reactivate: boolean;
	correctEvents: boolean;
	deleteOrphaned: boolean;
}

const compareWithProperty: INodeProperties = {
	displayName: 'Compare With',
	name: 'compareWith',
	type: 'options',
	options: [
		{
			name: 'What Listens',
			value: 'listeners',
			description: 'Call the address of each webhook that points to this n8n',
		},
		{
			name: 'Workflows',
			value: 'workflows',
			description: 'The same, and the workflows in the input items',
		},
	],
	default: 'listeners',
	description: 'How to know which webhooks are needed',
};

const reactivateProperty: INodeProperties = {
	displayName: 'Reactivate',
	name: 'reactivate',
	type: 'boolean',
	default: true,
	description:
		'Whether to switch on again what inSigner switched off, where a workflow listens that can verify its events',
};

const correctEventsProperty: INodeProperties = {
	displayName: 'Correct Events',
	name: 'correctEvents',
	type: 'boolean',
	default: true,
	displayOptions: { show: { compareWith: ['workflows'] } },
	description: 'Whether to subscribe to the events that the workflow wants, where they differ',
};

const deleteOrphanedProperty: INodeProperties = {
	displayName: 'Delete Orphaned',
	name: 'deleteOrphaned',
	type: 'boolean',
	default: false,
	description: 'Whether to delete webhooks that point to this n8n but to no published workflow',
};

/**
 * Compares what inSigner holds with what this n8n needs. n8n asks no one when it restarts, so a webhook that was
 * deleted or switched off in inSigner, or that points to where n8n was before, would not be noticed. It always says how
 * things stand. https://docs.insigner.co/webhooks/retries
 */
export const checkAndRepair: BatchOperation = {
	menu: {
		name: 'Check and Repair',
		value: 'checkAndRepair',
		action: 'Check and repair webhooks',
		description: 'Find broken webhooks and repair what is possible',
	},
	properties: [
		{
			displayName:
				'To notice webhooks that are missing in inSigner altogether, connect the <b>n8n</b> node (Workflow: Get Many) before this one and choose Compare With: Workflows.',
			name: 'checkNotice',
			type: 'notice',
			default: '',
		},
		compareWithProperty,
		reactivateProperty,
		correctEventsProperty,
		deleteOrphanedProperty,
	],
	executeAll: async (ctx: IExecuteFunctions) => {
		const items = ctx.getInputData();
		const parameters = parametersOf(ctx, 0);
		const withWorkflows =
			parameters.choice(compareWithProperty, ['listeners', 'workflows']) === 'workflows';
		const repairs: Repairs = {
			reactivate: parameters.yesNo(reactivateProperty),
			correctEvents: withWorkflows && parameters.yesNo(correctEventsProperty),
			deleteOrphaned: parameters.yesNo(deleteOrphanedProperty),
		};
		const expected = withWorkflows ? expectedTriggers(items.map(({ json }) => json)) : [];
		if (withWorkflows && !items.some(({ json }) => isWorkflow(json))) {
			throw new NodeOperationError(ctx.getNode(), 'No input item is a workflow', {
				description:
					'Connect the n8n node (resource Workflow, operation Get Many) before this node. Nothing was changed.',
			});
		}
		const base = webhookBaseOf(ctx);
		const webhooks = await list(ctx, 'listWebhooks');
		const isHere = ({ url }: Webhook) => isBelow(url, base);

		const output: INodeExecutionData[] = [];
		if (!webhooks.some(isHere) && expected.length === 0) {
			const advice = whereNoneIsHere(webhooks, base, withWorkflows);
			output.push(toItem({ state: 'none', repaired: '', advice }, undefined));
		}
		const seen: Seen[] = [];
		for (const webhook of webhooks) {
			const trigger = expected.find((candidate) => isProductionUrlOf(webhook.url, candidate));
			// What belongs to other systems is none of our business, nor what belongs to none of the workflows.
			const isOthers = !trigger && (withWorkflows || !isTriggerUrl(webhook.url));
			if (!isHere(webhook) && isOthers) continue;
			const answer = await probe(ctx, { webhook, base, isExpected: Boolean(trigger) });
			seen.push({ webhook, trigger, isHere: isHere(webhook), ...answer });
		}
		for (const one of seen) {
			const isReplaced = seen.some(
				(other) => isHeard(other) && sameTrigger(one.webhook.url, other.webhook.url),
			);
			const finding = await judge(ctx, one, { base, isReplaced, repairs });
			output.push(toItem({ ...forOutput(one.webhook), ...finding }, one.trigger));
		}
		for (const trigger of expected) {
			if (webhooks.some(({ url }) => isProductionUrlOf(url, trigger))) continue;
			output.push(
				toItem({ state: 'missing', repaired: '', advice: whereMissing(trigger) }, trigger),
			);
		}
		return output;
	},
};

/** A webhook, and who listens at its address. */
interface Seen {
	webhook: Webhook;
	/** The trigger that has it, as the workflows say. */
	trigger: ExpectedTrigger | undefined;
	/** Whether it points to this n8n. */
	isHere: boolean;
	listener: Listener;
	/** Of an answer that says nothing. */
	status?: number;
}

function isHeard({ isHere, listener }: Seen): boolean {
	return isHere && (listener === 'ready' || listener === 'cannotVerify');
}

interface Circumstances {
	/** Where this n8n is. */
	base: string;
	/** Whether its trigger is heard at another address, of this n8n. */
	isReplaced: boolean;
	repairs: Repairs;
}

async function judge(
	ctx: IExecuteFunctions,
	{ webhook, trigger, isHere, listener, status }: Seen,
	{ base, isReplaced, repairs }: Circumstances,
): Promise<Finding> {
	if (!isHere) {
		const advice = whereElsewhere(webhook, base, trigger, isReplaced);
		return { state: 'elsewhere', repaired: '', advice };
	}
	if (listener === 'notAsked') return { state: 'otherNode', repaired: '', advice: '' };
	if (listener === 'orphaned') {
		if (!repairs.deleteOrphaned) {
			const advice = 'No published workflow listens here. Delete it, or switch Delete Orphaned on.';
			return { state: 'orphaned', repaired: '', advice };
		}
		const outcome = await removeWebhook(ctx, webhook.id);
		const repaired = outcome === 'deleted' ? 'deleted' : 'switched off (deleting is not offered)';
		return { state: 'orphaned', repaired, advice: '' };
	}
	if (listener === 'cannotVerify') {
		return { state: listener, repaired: '', advice: whereRefused(ctx.getNode(), trigger) };
	}
	if (listener === 'notServed') {
		return { state: listener, repaired: '', advice: whereNotServed(trigger, isReplaced) };
	}
	if (listener === 'unknown') {
		return { state: listener, repaired: '', advice: whereUnclear(status) };
	}

	const isInactive = webhook.status !== 'active';
	const wanted = trigger?.events;
	const differs = wanted !== undefined && !sameEvents(readEvents(webhook.events), wanted);
	const changes = {
		...(isInactive && repairs.reactivate && { status: 'active' as const }),
		...(differs && repairs.correctEvents && { events: wanted }),
	};
	if (Object.keys(changes).length > 0) {
		await request(ctx, 'updateWebhook', { path: { webhookId: webhook.id }, body: changes });
	}
	const repaired = [
		'status' in changes && 'reactivated: look for events that were missed',
		'events' in changes && 'events corrected',
	].filter(Boolean);
	const open = [
		isInactive && !('status' in changes) && 'Switch Reactivate on, or update its status.',
		differs && !('events' in changes) && 'Switch Correct Events on, or publish its workflow again.',
	].filter(Boolean);
	return {
		state: isInactive ? 'inactive' : differs ? 'otherEvents' : 'ok',
		repaired: repaired.join('; '),
		advice: open.join(' '),
	};
}

function toItem(json: object, trigger: ExpectedTrigger | undefined): INodeExecutionData {
	const workflow = trigger && { id: trigger.workflowId, name: trigger.workflowName };
	return {
		json: toJson({ ...json, ...(workflow && { workflow }) }),
		pairedItem: { item: trigger?.item ?? 0 },
	};
}
