/** The workflows of examples/, as a person imports them and fills in what is left to choose. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from './client';
import type { CredentialReference } from './realN8n';

const FOLDER = resolve(__dirname, '..', '..', 'examples');

export interface Example extends WorkflowInput {
	nodes: INode[];
}

/** The names of all examples. */
export async function exampleFiles(): Promise<string[]> {
	return (await readdir(FOLDER)).sort();
}

/**
 * Reads an example.
 *
 * @param file - name in the folder, e.g. `send-contract.json`
 * @param credentials - chosen in all our nodes; without them the example stays as it is
 * @returns the workflow as N8nClient.createWorkflow takes it
 */
export async function readExample(
	file: string,
	credentials?: CredentialReference,
): Promise<Example> {
	const example = JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as Example;
	if (credentials) {
		for (const node of example.nodes.filter(isOurs)) node.credentials = { ...credentials };
	}
	return example;
}

/**
 * Fills in parameters that the example leaves to whoever imports it.
 *
 * @param example - is changed
 * @param nodeName - the node
 * @param parameters - replace those of the same name
 * @throws Error when there is no such node
 */
export function choose(example: Example, nodeName: string, parameters: INodeParameters): void {
	Object.assign(nodeOf(example, nodeName).parameters, parameters);
}

/**
 * Finds a node by its name.
 *
 * @throws Error when there is no such node
 */
export function nodeOf({ name, nodes }: Example, nodeName: string): INode {
	const node = nodes.find((candidate) => candidate.name === nodeName);
	if (!node) throw new Error(`The example "${name}" has no node "${nodeName}"`);
	return node;
}

/** Whether a node is one of ours, as a tool of an agent too. */
export function isOurs({ type }: Pick<INode, 'type'>): boolean {
	return type.startsWith('n8n-nodes-insigner.');
}
