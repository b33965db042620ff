import { Credentials, getAdditionalKeys } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	IDataObject,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import {
	deepCopy,
	getCredentialOwnRequestAllowedDomains,
	ICredentialsHelper,
	isExpression,
	NodeHelpers,
	UserError,
	Workflow,
} from 'n8n-workflow';

import type { KnownCredentialTypes, KnownNodeTypes } from './knownTypes';
import { START_NODE_TYPE } from './knownTypes';

/** Saved credentials of a test, by credential id or, if a test has one per type, by type. */
export type CredentialData = Record<string, ICredentialDataDecryptedObject>;

type AnyRequestOptions = IHttpRequestOptions | IRequestOptionsSimplified;

/**
 * What n8n's server does for credentials: property defaults, expressions in fields, the `authenticate` of a
 * credential type (declared or a function) and `preAuthentication`.
 *
 * n8n-core only knows the abstract class; the real one needs n8n's database, so it is rewritten here after n8n 2.41's
 * CredentialsHelper, without external secrets, overwrites and dynamic credentials.
 */
export class CredentialStore extends ICredentialsHelper {
	private readonly data: CredentialData;

	constructor(
		private readonly types: KnownCredentialTypes,
		private readonly nodeTypes: KnownNodeTypes,
		data: CredentialData,
	) {
		super();
		this.data = deepCopy(data);
	}

	/** Whether a test gave data for this id or, without one, for this type. */
	has(type: string, id?: string | null): boolean {
		return this.find(type, id) !== undefined;
	}

	override getParentTypes(name: string): string[] {
		return this.types.parentsOf(name);
	}

	override isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		if (!this.types.has(credentialType)) return true;
		if (!this.types.get(credentialType).restrictToSupportedNodes) return true;
		return this.nodeTypes.supporting(credentialType).includes(nodeType);
	}

	override getCredentialsProperties(type: string): INodeProperties[] {
		return this.types.propertiesOf(type);
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: AnyRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const options = requestOptions as IHttpRequestOptions;
		const { authenticate } = this.types.get(typeName);
		if (!authenticate) return options;
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		if (!workflow || !node) {
			throw new Error('Workflow and node are required for declarative credential authentication');
		}

		const resolve = (value: unknown) =>
			isExpression(value)
				? String(
						workflow.expression.getSimpleParameterValue(
							node,
							value,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						) || '',
					)
				: value;
		options.headers ??= {};
		for (const [part, fields] of Object.entries(authenticate.properties)) {
			if (!isObject(fields)) continue;
			const resolved = Object.entries(fields).map(
				([key, value]) => [String(resolve(key)), resolve(value)] as const,
			);
			const present = new Map<string, unknown>(Object.entries(options)).get(part);
			Object.assign(options, {
				[part]: { ...(isObject(present) ? present : {}), ...Object.fromEntries(resolved) },
			});
		}
		return options;
	}

	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types.get(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (!expirable || !type.preAuthentication) return undefined;
		if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;

		const output = await this.runPreAuthentication(helpers, credentials, typeName);
		const details = node.credentials?.[typeName];
		if (output?.[expirable.name] === undefined || !details) return undefined;
		await this.updateCredentials(details, typeName, {
			...this.find(typeName, details.id),
			...output,
		});
		return Object.assign(credentials, output);
	}

	override async runPreAuthentication(
		{ helpers }: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication } = this.types.get(typeName);
		if (!preAuthentication) return undefined;
		const restricted: IHttpRequestHelper = {
			helpers: {
				httpRequest: async (requestOptions: IHttpRequestOptions) => {
					const allowedDomains = getCredentialOwnRequestAllowedDomains(credentials);
					if (allowedDomains === undefined) {
						return (await helpers.httpRequest(requestOptions)) as unknown;
					}
					if (requestOptions.allowedDomains !== undefined) {
						throw new UserError('This credential restricts requests to specific domains');
					}
					return (await helpers.httpRequest({ ...requestOptions, allowedDomains })) as unknown;
				},
			},
		};
		const output = await preAuthentication.call(restricted, credentials);
		return output as ICredentialDataDecryptedObject;
	}

	override async getCredentials(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentials> {
		const credentials = new Credentials({ ...nodeCredentials, name: nodeCredentials.name }, type);
		await credentials.setData(this.existing(type, nodeCredentials));
		return credentials;
	}

	override async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		resolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = deepCopy(this.existing(type, nodeCredentials));
		if (raw === true) return stored;

		const properties = this.getCredentialsProperties(type);
		const complete = NodeHelpers.getNodeParameters(
			properties,
			stored as IDataObject as Parameters<typeof NodeHelpers.getNodeParameters>[1],
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		// The routine for node parameters drops unknown ones; n8n keeps these by name.
		for (const name of ['oauthTokenData', 'allowedHttpRequestDomains', 'allowedDomains']) {
			if (complete[name] === undefined && stored[name] !== undefined) complete[name] = stored[name];
		}
		return await this.resolveExpressions(
			complete,
			additionalData,
			mode,
			executeData,
			resolveValues,
		);
	}

	override async updateCredentials(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.existing(type, nodeCredentials);
		const { id } = nodeCredentials;
		this.data[id && id in this.data ? id : type] = data;
	}

	override async updateCredentialsOauthTokenData(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const { oauthTokenData } = data;
		const stored = this.existing(type, nodeCredentials);
		await this.updateCredentials(nodeCredentials, type, {
			...stored,
			...(oauthTokenData === undefined ? {} : { oauthTokenData }),
		});
	}

	private async resolveExpressions(
		data: ICredentialDataDecryptedObject,
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
		executeData: IExecuteData | undefined,
		values: ICredentialsExpressionResolveValues | undefined,
	): Promise<ICredentialDataDecryptedObject> {
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		const parameters = data as Parameters<typeof NodeHelpers.getNodeParameters>[1] & object;
		if (values) {
			return values.workflow.expression.getParameterValue(
				parameters,
				values.runExecutionData,
				values.runIndex,
				values.itemIndex,
				values.node.name,
				values.connectionInputData,
				mode,
				keys,
				executeData,
				false,
				parameters,
			) as ICredentialDataDecryptedObject;
		}
		const node: INode = {
			id: 'credential',
			name: 'Credential',
			type: START_NODE_TYPE,
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: this.nodeTypes,
		});
		return workflow.expression.getComplexParameterValue(
			node,
			parameters,
			mode,
			keys,
			undefined,
			undefined,
			parameters,
		) as ICredentialDataDecryptedObject;
	}

	private find(type: string, id?: string | null): ICredentialDataDecryptedObject | undefined {
		return (id ? this.data[id] : undefined) ?? this.data[type];
	}

	private existing(type: string, { id }: INodeCredentialsDetails): ICredentialDataDecryptedObject {
		const data = this.find(type, id);
		if (!data) throw new Error(`Credential with ID "${id}" does not exist for type "${type}".`);
		return data;
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
