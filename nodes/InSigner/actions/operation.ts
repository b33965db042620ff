import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

/** One result of an operation; the router turns it into an output item. */
export interface Result {
	json: object;
	/** Whether the user asked for signing links; otherwise they are removed from the output. */
	withSigningLinks?: boolean;
	binary?: IBinaryKeyData;
}

interface OperationEntry {
	/** Its entry in the Operation menu. */
	menu: INodePropertyOptions & { action: string; description: string };
	/** Its parameters; when they are shown follows from the operation's place in the resource. */
	properties: INodeProperties[];
}

/** How an operation answers when n8n runs it again for an item that is already done. */
export interface Once {
	/**
	 * Recreates the results from the id of the document. If it is left out, the results themselves are kept, so they have
	 * to be small.
	 */
	again?(ctx: IExecuteFunctions, itemIndex: number, documentId: string): Promise<Result[]>;
}

/** An operation that handles one input item at a time. */
export interface ItemOperation extends OperationEntry {
	/** Set if it must not be repeated once it is done: it is done once for an item of an execution. */
	once?: true | Once;
	execute(ctx: IExecuteFunctions, itemIndex: number): Promise<Result[]>;
}

/** An operation that handles all input items together and pairs its output items itself. */
export interface BatchOperation extends OperationEntry {
	executeAll(ctx: IExecuteFunctions): Promise<INodeExecutionData[]>;
}

/** A batch that stopped halfway: what it got done is kept with the error that stopped it. */
export class BatchStopped extends Error {
	/**
	 * @param reason - what to throw, or to report with Continue On Fail
	 * @param done - output items of what was done before
	 * @param undone - indexes of the input items that nothing was done for, from 0
	 */
	constructor(
		readonly reason: Error,
		readonly done: INodeExecutionData[],
		readonly undone: number[],
	) {
		super(reason.message, { cause: reason });
	}
}

export type Operation = ItemOperation | BatchOperation;

/** One entry of the Resource menu. */
export interface Resource {
	name: string;
	value: string;
	/** In the order of the menu. */
	operations: Operation[];
}

/** The Resource menu; its options are the resources. */
export const resourceMenu: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

/** The Operation menu; each resource has one. */
export const operationMenu: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

/**
 * Turns resources into the node's parameters.
 *
 * @param resources - in the order of the menu
 * @param chosen - the resource a new node starts with
 * @returns the Resource menu, one Operation menu per resource, and each operation's parameters, shown for it alone
 */
export function toProperties(resources: Resource[], chosen: Resource): INodeProperties[] {
	const options = resources.map(({ name, value }) => ({ name, value }));
	return [{ ...resourceMenu, options, default: chosen.value }, ...resources.flatMap(propertiesOf)];
}

function propertiesOf({ value: resource, operations }: Resource): INodeProperties[] {
	return [
		{
			...operationMenu,
			displayOptions: { show: { resource: [resource] } },
			options: operations.map(({ menu }) => menu),
			default: operations[0]?.menu.value ?? '',
		},
		...operations.flatMap(({ menu, properties }) =>
			properties.map((property) => ({
				...property,
				displayOptions: {
					...property.displayOptions,
					// n8n stops at the first condition whose value is an expression and treats the parameter as shown.
					show: {
						resource: [resource],
						operation: [menu.value],
						...property.displayOptions?.show,
					},
				},
			})),
		),
	];
}

/**
 * Builds the line below the node in the editor.
 *
 * @param resources - in the order of the menu
 * @returns an expression for the action of the chosen operation, e.g. "Create document"
 */
export function toSubtitle(resources: Resource[]): string {
	const actions = resources.flatMap(({ value: resource, operations }) =>
		operations.map(({ menu }) => [`${resource}:${menu.value}`, menu.action]),
	);
	const map = JSON.stringify(Object.fromEntries(actions));
	const chosen = '$parameter["resource"] + ":" + $parameter["operation"]';
	return `={{ (${map})[${chosen}] || $parameter["operation"] }}`;
}

/**
 * Makes an object of the API fit for an output item.
 *
 * @param json - plain JSON data
 * @returns the same object as n8n types it
 */
export function toJson(json: object): IDataObject {
	return { ...json };
}
