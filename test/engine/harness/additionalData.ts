import { ExternalSecretsProxy } from 'n8n-core';
import type { IDataObject, INodeParameters, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import type { CredentialStore } from './credentialStore';
import type { N8nServices } from './n8nServices';

/** What a context needs from the server around it, if it differs from one call to the next. */
export interface ServerContext {
	services: N8nServices;
	credentials: CredentialStore;
	/** What WEBHOOK_URL says in n8n, with or without the last slash. */
	webhookUrl?: string;
	executionId?: string;
	currentNodeParameters?: INodeParameters;
	onMessage?: (type: string, data: IDataObject | IDataObject[]) => void;
}

/** Webhook base URL of the n8n that tests simulate: public and https, so that services accept it. */
export const DEFAULT_WEBHOOK_URL = 'https://n8n.example.com/';

/**
 * The object that carries n8n's server into n8n-core's contexts. Same URLs as n8n builds from
 * WEBHOOK_URL and its default endpoint names. What only a full server has (sub-workflows, task
 * runners, agents) throws when a node reaches for it.
 *
 * @returns additional data for exactly one execution, hook call or editor request
 */
export function createAdditionalData(context: ServerContext): IWorkflowExecuteAdditionalData {
	const { services, credentials, executionId, currentNodeParameters, onMessage } = context;
	const given = context.webhookUrl ?? DEFAULT_WEBHOOK_URL;
	// As n8n does: one slash is added if there is none, and several are left as they are.
	const base = given.endsWith('/') ? given : `${given}/`;
	return {
		credentialsHelper: credentials,
		externalSecretsProxy: services.get(ExternalSecretsProxy),
		currentNodeExecutionIndex: 0,
		executionId,
		currentNodeParameters,
		restApiUrl: `${base}rest`,
		instanceBaseUrl: base,
		formBaseUrl: `${base}form`,
		formTestBaseUrl: `${base}form-test`,
		formWaitingBaseUrl: `${base}form-waiting`,
		webhookBaseUrl: `${base}webhook`,
		webhookTestBaseUrl: `${base}webhook-test`,
		webhookWaitingBaseUrl: `${base}webhook-waiting`,
		mcpBaseUrl: `${base}mcp`,
		mcpTestBaseUrl: `${base}mcp-test`,
		variables: {},
		sendDataToUI: onMessage,
		setExecutionStatus: () => {},
		logAiEvent: () => {},
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: async () => notHere('Sub-workflows'),
		startRunnerTask: async () => notHere('Task runners'),
	};
}

function notHere(what: string): never {
	throw new Error(`${what} need a full n8n and are not part of this engine`);
}
