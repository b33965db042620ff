import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';
import { injectDomainRestrictionFields, NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';

export type NodeClass = new () => INodeType | IVersionedNodeType;
export type CredentialClass = new () => ICredentialType;

/** The type of the node that every test workflow begins with. n8n itself prefers it as start node. */
export const START_NODE_TYPE = 'n8n-nodes-base.manualTrigger';

const startDescription: INodeTypeDescription = {
	displayName: 'Start',
	name: 'manualTrigger',
	group: ['trigger'],
	version: 1,
	description: 'Hands out the items the run was given',
	defaults: { name: 'Start' },
	inputs: [],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
};

/** Outputs the items the run was given. */
class StartNode implements INodeType {
	description = startDescription;

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

/** n8n's node that passes items on. */
class NoOperation extends StartNode {
	override description: INodeTypeDescription = {
		...startDescription,
		displayName: 'No Operation',
		name: 'noOp',
		group: ['organization'],
		inputs: [NodeConnectionTypes.Main],
	};
}

/** A note on the canvas of an exported workflow: n8n knows the type and never runs it. */
class StickyNote implements INodeType {
	description: INodeTypeDescription = {
		...startDescription,
		displayName: 'Sticky Note',
		name: 'stickyNote',
		group: ['input'],
		outputs: [],
	};
}

const builtIn: Record<string, NodeClass> = {
	[START_NODE_TYPE]: StartNode,
	'n8n-nodes-base.noOp': NoOperation,
	'n8n-nodes-base.stickyNote': StickyNote,
};

/** The node types of one engine, as n8n's own registry returns them. */
export class KnownNodeTypes implements INodeTypes {
	private readonly types: Map<string, INodeType | IVersionedNodeType>;

	constructor(classes: Record<string, NodeClass>) {
		const all = { ...builtIn, ...classes };
		this.types = new Map(Object.entries(all).map(([name, type]) => [name, new type()]));
	}

	getByName(name: string): INodeType | IVersionedNodeType {
		const type = this.types.get(name);
		if (!type) throw new Error(`Unrecognized node type: ${name}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return Object.fromEntries([...this.types.keys()].map((name) => [name, {}]));
	}

	/** The names of the node types that declare this credential type: what n8n calls supported nodes. */
	supporting(credentialType: string): string[] {
		return [...this.types.keys()].filter((name) =>
			this.getByNameAndVersion(name).description.credentials?.some(
				(credential) => credential.name === credentialType,
			),
		);
	}
}

/** The credential types of one engine, with the fields that n8n adds when it loads them. */
export class KnownCredentialTypes {
	private readonly types: Map<string, ICredentialType>;

	constructor(classes: Record<string, CredentialClass>) {
		this.types = new Map(
			Object.entries(classes).map(([name, credentialClass]) => {
				const type = new credentialClass();
				type.properties = injectDomainRestrictionFields(type);
				return [name, type];
			}),
		);
	}

	has(name: string): boolean {
		return this.types.has(name);
	}

	get(name: string): ICredentialType {
		const type = this.types.get(name);
		if (!type) throw new Error(`Unrecognized credential type: ${name}`);
		return type;
	}

	/** Its own properties merged over those of the types it extends, the way n8n merges them. */
	propertiesOf(name: string): INodeProperties[] {
		const type = this.get(name);
		const merged: INodeProperties[] = [];
		for (const parent of type.extends ?? []) {
			NodeHelpers.mergeNodeProperties(merged, this.propertiesOf(parent));
		}
		NodeHelpers.mergeNodeProperties(merged, type.properties);
		return merged;
	}

	/** All types it extends, directly or not. */
	parentsOf(name: string): string[] {
		const parents = this.types.get(name)?.extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.parentsOf(parent)]);
	}
}
