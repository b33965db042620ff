import type { IDataObject, INode } from 'n8n-workflow';

import type { EventName } from '../events/events';
import { isObject } from '../json/json';
import { pathOf } from './thisN8n';

/** A workflow as n8n's API returns it. */
interface Workflow {
	id: string;
	name: string;
	active: boolean;
	/** The saved draft. */
	nodes: INode[];
	/** What is published, if n8n tells the two apart (since 2.0). */
	activeVersion?: { nodes: INode[] } | null;
}

/** A trigger of a published workflow, as the workflow says. */
export interface ExpectedTrigger {
	workflowId: string;
	workflowName: string;
	nodeName: string;
	/** What its production URL ends with, after the name of n8n's webhook endpoint. */
	path: string;
	/** Its credential, if it has one. */
	credential?: { id: string | null; name: string };
	/** Undefined if an expression decides. */
	events: EventName[] | undefined;
	/** Index of the input item that held the workflow, from 0. */
	item: number;
}

/**
 * Whether an input item is a workflow.
 *
 * @param json - of the item
 */
export function isWorkflow(json: object): json is Workflow {
	return 'nodes' in json && Array.isArray(json.nodes) && 'active' in json;
}

/**
 * Finds the inSigner triggers in published workflows.
 *
 * @param items - workflows as n8n's own n8n node returns them (operation Get Many); other items are skipped
 * @returns every trigger that should receive events; switched-off nodes and unpublished workflows have none
 */
export function expectedTriggers(items: IDataObject[]): ExpectedTrigger[] {
	return items.flatMap((workflow: object, item) => {
		if (!isWorkflow(workflow) || !workflow.active) return [];
		const nodes = workflow.activeVersion?.nodes ?? workflow.nodes;
		return nodes.flatMap(({ type, name, disabled, webhookId, parameters, credentials }) => {
			if (!type.endsWith('.inSignerTrigger') || disabled) return [];
			const { id: workflowId, name: workflowName } = workflow;
			// n8n's own rule; the second form is that of a workflow that was imported without the id.
			const place = webhookId ?? `${workflowId}/${encodeURIComponent(name.toLowerCase())}`;
			const path = `${place}/webhook`;
			const credential = credentials?.inSignerApi;
			const events = eventsOf(parameters);
			return [{ workflowId, workflowName, nodeName: name, path, credential, events, item }];
		});
	});
}

/**
 * Whether a URL is the production URL of a trigger. The name of n8n's webhook endpoint can be configured, so only
 * what follows it is compared.
 *
 * @param url - of a webhook
 * @param trigger - the trigger
 */
export function isProductionUrlOf(url: string, { path }: ExpectedTrigger): boolean {
	const actual = pathOf(url);
	return actual?.endsWith(`/${path}`) === true && !actual.includes('/webhook-test/');
}

function eventsOf({
	events = ['document.completed'],
	options,
}: INode['parameters']): EventName[] | undefined {
	const added: unknown = options;
	const further = (isObject(added) ? added.undocumentedEvents : undefined) ?? [];
	if (!Array.isArray(events) || !Array.isArray(further)) return undefined;
	return [...(events as EventName[]), ...(further as EventName[])];
}
