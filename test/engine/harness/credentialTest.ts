import { CredentialTestContext, ExecuteContext, RoutingNode } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunction,
	INode,
	INodeCredentialTestResult,
	INodeType,
	INodeTypes,
} from 'n8n-workflow';
import { createEmptyRunExecutionData, NodeConnectionTypes, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import { CredentialStore } from './credentialStore';
import type { ExecutionParts } from './workflowRun';
import { START_NODE_TYPE } from './knownTypes';

/**
 * Does what the editor does when a credential is saved: sends the `test` request of the credential type through
 * n8n-core's RoutingNode, with the credential's own authentication; without one it calls the function that a node
 * names in `testedBy`.
 *
 * Relies on n8n 2.41's CredentialsTester; `rules` of a declared test are not evaluated here.
 *
 * @param type name of the credential type
 * @param data what the user filled in
 * @returns `OK`, or `Error` with the text the user would see
 * @throws Error if neither the credential type nor a node has a test
 */
export async function testCredential(
	parts: ExecutionParts,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { services, nodeTypes, credentialTypes } = parts;
	const store = new CredentialStore(credentialTypes, nodeTypes, { [type]: data });
	const additionalData = createAdditionalData({
		services,
		credentials: store,
		currentNodeParameters: {},
	});
	const credentialsDecrypted: ICredentialsDecrypted = {
		id: type,
		name: type,
		type,
		data: await store.getDecrypted(additionalData, { id: type, name: type }, type, 'internal'),
	};
	const declared = credentialTypes.get(type).test;
	if (!declared) {
		return await testOfNode(parts, type).call(new CredentialTestContext(), credentialsDecrypted);
	}

	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: START_NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id: type, name: type } },
	};
	const nodeType: INodeType = {
		description: {
			...nodeTypes.getByNameAndVersion(START_NODE_TYPE).description,
			inputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: declared.request },
				},
			],
		},
	};
	const onlyThisType: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: onlyThisType,
	});
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	try {
		await new RoutingNode(context, nodeType, credentialsDecrypted).runNode();
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: failureText(error) };
	}
}

/** The function of the first node type that says it tests the credential type. */
function testOfNode({ nodeTypes }: ExecutionParts, type: string): ICredentialTestFunction {
	for (const name of nodeTypes.supporting(type)) {
		const { description, methods } = nodeTypes.getByNameAndVersion(name);
		const testedBy = description.credentials?.find(
			(credential) => credential.name === type,
		)?.testedBy;
		const test = typeof testedBy === 'string' ? methods?.credentialTest?.[testedBy] : undefined;
		if (test) return test;
	}
	throw new Error(`Nothing tests the credential type "${type}"`);
}

function failureText(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { cause } = error;
	if (typeof cause !== 'object' || cause === null) return error.message;
	if ('response' in cause && typeof cause.response === 'object' && cause.response !== null) {
		const { status, statusText } = cause.response as { status?: number; statusText?: string };
		return statusText || `Received HTTP status code: ${status}`;
	}
	return 'code' in cause ? String(cause.code) : error.message;
}
