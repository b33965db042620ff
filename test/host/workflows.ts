/** Workflows that begin with given items and run a row of nodes over them. */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from './client';
import type { Sandbox } from '../sandbox/sandbox';
import type { CredentialReference } from './realN8n';

/** A node without what its place in the row decides. */
export type NodeInRow = Omit<INode, 'id' | 'position'>;

/** What a user switches on in the settings of a node. */
export type NodeSettings = Pick<INode, 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'onError'>;

/** Retry On Fail as far as n8n allows. It treats a wait of 0 as its default of a second. */
export const RETRY_ON_FAIL: NodeSettings = {
	retryOnFail: true,
	maxTries: 5,
	waitBetweenTries: 10,
};

/** The node that holds the items. */
export const START = 'Start';

/**
 * A workflow for the button Test workflow: the items are the pinned output of its trigger.
 *
 * @param name - of the workflow
 * @param items - what the first node gets
 * @param row - the nodes, each connected to the one before
 * @returns the workflow as N8nClient.createWorkflow takes it
 */
export function workflowOf(
	name: string,
	items: readonly IDataObject[],
	row: readonly NodeInRow[],
): WorkflowInput {
	const start: NodeInRow = {
		name: START,
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const nodes = [start, ...row].map((node, index) => ({
		...node,
		id: `node-${index}`,
		position: [index * 220, 0],
	}));
	const connections = Object.fromEntries(
		row.map((node, index) => [
			row[index - 1]?.name ?? START,
			{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
		]),
	);
	return {
		name,
		nodes,
		connections,
		pinData: { [START]: items.map((json) => ({ json })) },
		settings: { executionOrder: 'v1' },
	};
}

/**
 * Our action node.
 *
 * @param name - of the node in the workflow
 * @param credentials - whose key it uses
 * @param parameters - resource, operation and the rest
 * @param settings - Retry On Fail and the like
 */
export function inSignerNode(
	name: string,
	credentials: CredentialReference,
	parameters: INodeParameters,
	settings: NodeSettings = {},
): NodeInRow {
	return {
		name,
		type: 'n8n-nodes-insigner.inSigner',
		typeVersion: 1,
		parameters,
		credentials: { ...credentials },
		...settings,
	};
}

/**
 * Parameters of our node for a document from a template with one slot, sent at once. Items have `name` and
 * `email`.
 *
 * @param templateId - id of the template, or an expression
 */
export function sendFromTemplate(templateId: string): INodeParameters {
	return {
		resource: 'template',
		operation: 'createDocument',
		templateId: { __rl: true, mode: 'id', value: templateId },
		name: '=Contract of {{ $json.name }}',
		specifySigners: 'json',
		signersJson: '={{ [{ name: $json.name, email: $json.email }] }}',
		afterCreating: 'send',
		options: {},
	};
}

/**
 * n8n's HTTP Request node, sending a POST with our credential.
 *
 * @param name - of the node in the workflow
 * @param credentials - whose key it uses
 * @param request - `url`, or an expression for it; `body` as an expression for its JSON; further options
 * @param settings - Retry On Fail and the like
 */
export function httpPostNode(
	name: string,
	credentials: CredentialReference,
	request: { url: string; body?: string; options?: INodeParameters },
	settings: NodeSettings = {},
): NodeInRow {
	const { url, body, options = {} } = request;
	return {
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'inSignerApi',
			...(body !== undefined && { sendBody: true, specifyBody: 'json', jsonBody: body }),
			options,
		},
		credentials: { ...credentials },
		...settings,
	};
}

/**
 * The id of a seeded template.
 *
 * @param sandbox - where to look
 * @param name - e.g. `Employment Contract`
 * @throws Error when there is none of that name
 */
export function templateNamed(sandbox: Sandbox, name: string): string {
	const template = sandbox.store.templates.all().find((candidate) => candidate.name === name);
	if (!template) throw new Error(`The sandbox has no template "${name}"`);
	return template.id;
}
