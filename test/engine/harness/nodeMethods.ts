import { LoadOptionsContext } from 'n8n-core';
import type {
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	ResourceMapperFields,
} from 'n8n-workflow';
import { deepCopy, NodeHelpers, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import type { CredentialData } from './credentialStore';
import { CredentialStore } from './credentialStore';
import type { ExecutionParts } from './workflowRun';
import { completeNode } from './workflowRun';

export interface NodeMethodOptions {
	/** What the node's panel shows at that moment. Defaults are filled in, as the editor does. */
	parameters?: INodeParameters;
	credentials?: CredentialData;
	/** Path of the parameter that asks, for `&`-relative look-ups. */
	path?: string;
	typeVersion?: number;
}

export interface ListSearchOptions extends NodeMethodOptions {
	filter?: string;
	paginationToken?: string;
}

/** Calls of a node's `methods` as the editor makes them while a node is being configured. */
export interface NodeMethods {
	/** Options of a dropdown: `methods.loadOptions[method]`. */
	loadOptions(
		type: string,
		method: string,
		options?: NodeMethodOptions,
	): Promise<INodePropertyOptions[]>;
	/** One page of a resource locator's list: `methods.listSearch[method]`. */
	listSearch(
		type: string,
		method: string,
		options?: ListSearchOptions,
	): Promise<INodeListSearchResult>;
	/** Fields of a resource mapper, with duplicate ids removed as n8n does. */
	resourceMapping(
		type: string,
		method: string,
		options?: NodeMethodOptions,
	): Promise<ResourceMapperFields>;
}

/**
 * The editor's side of a node, over n8n-core's LoadOptionsContext and a one-node workflow, as n8n's
 * DynamicNodeParametersService sets it up. Errors of the node's method are passed on.
 *
 * @throws Error if the node type has no method of that kind and name
 */
export function createNodeMethods(parts: ExecutionParts): NodeMethods {
	return {
		async loadOptions(type, method, options = {}) {
			const { nodeType, context } = prepare(parts, type, options);
			const load = nodeType.methods?.loadOptions?.[method];
			if (!load) throw missing(type, 'loadOptions', method);
			return await load.call(context);
		},
		async listSearch(type, method, options = {}) {
			const { nodeType, context } = prepare(parts, type, options);
			const search = nodeType.methods?.listSearch?.[method];
			if (!search) throw missing(type, 'listSearch', method);
			const { filter, paginationToken } = options;
			const page = await search.call(context, filter, paginationToken);
			const token: unknown = page.paginationToken;
			// The editor sends tokens back in a query string, so numbers come back as text.
			return typeof token === 'number' ? { ...page, paginationToken: String(token) } : page;
		},
		async resourceMapping(type, method, options = {}) {
			const { nodeType, context } = prepare(parts, type, options);
			const map = nodeType.methods?.resourceMapping?.[method];
			if (!map) throw missing(type, 'resourceMapping', method);
			const mapped = await map.call(context);
			const seen = new Set<string>();
			const fields = mapped.fields.filter(({ id }) => !seen.has(id) && seen.add(id));
			return { ...mapped, fields };
		},
	};
}

function prepare(parts: ExecutionParts, type: string, options: NodeMethodOptions) {
	const { services, nodeTypes, credentialTypes } = parts;
	const store = new CredentialStore(credentialTypes, nodeTypes, options.credentials ?? {});
	const { typeVersion, parameters } = options;
	const node = completeNode(
		{ name: 'Temp-Node', type, parameters, ...(typeVersion === undefined ? {} : { typeVersion }) },
		nodeTypes,
		store,
	);
	const nodeType = nodeTypes.getByNameAndVersion(type, node.typeVersion);
	const { description } = nodeType;
	const currentNodeParameters =
		NodeHelpers.getNodeParameters(
			description.properties,
			deepCopy(node.parameters),
			true,
			false,
			node,
			description,
		) ?? {};
	node.parameters = deepCopy(currentNodeParameters);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = createAdditionalData({
		services,
		credentials: store,
		currentNodeParameters,
	});
	const context = new LoadOptionsContext(workflow, node, additionalData, options.path ?? '');
	return { nodeType, context };
}

function missing(type: string, kind: string, method: string): Error {
	return new Error(`Node type "${type}" has no ${kind} method named "${method}"`);
}
