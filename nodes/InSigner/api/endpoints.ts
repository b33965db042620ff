import type { operations } from './schema';

/** Names of operations; those starting with "on" are the events inSigner posts to a webhook. */
export type EndpointName = Exclude<keyof operations, `on${string}`>;

export interface Endpoint {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly path: string;
	/** The scope a key needs. */
	readonly scope: string;
	/** How sure we are that the service has it: x-known of the same operation in insigner.openapi.yaml. */
	readonly known: 'documented' | 'partly' | 'inferred';
}

const documented = entry('documented');
const partly = entry('partly');
const inferred = entry('inferred');

/**
 * Every method and path of the API, one line each, named as in insigner.openapi.yaml. Correct an inferred
 * line here and there (a test holds the two together); nothing else in the project spells a path.
 */
export const endpoints: Readonly<Record<EndpointName, Endpoint>> = {
	listDocuments: documented('GET', '/documents', 'documents.read'),
	createDocument: documented('POST', '/documents', 'documents.create'),
	getDocument: partly('GET', '/documents/{documentId}', 'documents.read'),
	updateDocument: inferred('PATCH', '/documents/{documentId}', 'documents.write'),
	deleteDocument: inferred('DELETE', '/documents/{documentId}', 'documents.delete'),
	requestUpload: partly('POST', '/documents/{documentId}/upload', 'documents.write'),
	sendDocument: partly('POST', '/documents/{documentId}/send', 'documents.send'),
	remindDocument: inferred('POST', '/documents/{documentId}/remind', 'documents.send'),
	cancelDocument: inferred('POST', '/documents/{documentId}/cancel', 'documents.write'),
	downloadDocument: inferred('GET', '/documents/{documentId}/download', 'documents.read'),
	listSigners: documented('GET', '/documents/{documentId}/signers', 'documents.read'),
	addSigner: documented('POST', '/documents/{documentId}/signers', 'documents.write'),
	updateSigner: inferred('PATCH', '/documents/{documentId}/signers/{signerId}', 'documents.write'),
	removeSigner: inferred('DELETE', '/documents/{documentId}/signers/{signerId}', 'documents.write'),
	listFields: documented('GET', '/documents/{documentId}/fields', 'documents.read'),
	addField: partly('POST', '/documents/{documentId}/fields', 'documents.write'),
	updateField: inferred('PATCH', '/documents/{documentId}/fields/{fieldId}', 'documents.write'),
	removeField: inferred('DELETE', '/documents/{documentId}/fields/{fieldId}', 'documents.write'),
	listTemplates: documented('GET', '/templates', 'templates.read'),
	getTemplate: documented('GET', '/templates/{templateId}', 'templates.read'),
	useTemplate: partly('POST', '/templates/{templateId}/use', 'documents.create'),
	listCampaigns: documented('GET', '/campaigns', 'campaigns.read'),
	createCampaign: documented('POST', '/campaigns', 'campaigns.create'),
	getCampaign: inferred('GET', '/campaigns/{campaignId}', 'campaigns.read'),
	updateCampaign: inferred('PATCH', '/campaigns/{campaignId}', 'campaigns.update'),
	deleteCampaign: inferred('DELETE', '/campaigns/{campaignId}', 'campaigns.delete'),
	listBulkSends: documented('GET', '/bulk-sends', 'bulk_sends.read'),
	createBulkSend: partly('POST', '/bulk-sends', 'bulk_sends.create'),
	getBulkSend: documented('GET', '/bulk-sends/{bulkSendId}', 'bulk_sends.read'),
	deleteBulkSend: inferred('DELETE', '/bulk-sends/{bulkSendId}', 'bulk_sends.delete'),
	getOrganization: documented('GET', '/org', 'org.read'),
	listMembers: documented('GET', '/org/members', 'org.read'),
	listWebhooks: partly('GET', '/webhooks', 'webhooks.read'),
	createWebhook: documented('POST', '/webhooks', 'webhooks.create'),
	getWebhook: documented('GET', '/webhooks/{webhookId}', 'webhooks.read'),
	updateWebhook: documented('PATCH', '/webhooks/{webhookId}', 'webhooks.update'),
	deleteWebhook: inferred('DELETE', '/webhooks/{webhookId}', 'webhooks.delete'),
};

function entry(known: Endpoint['known']) {
	return (method: Endpoint['method'], path: string, scope: string): Endpoint => ({
		method,
		path,
		scope,
		known,
	});
}

type Content<R> = R extends { content: { 'application/json': infer C } } ? C : never;

type Body<R> = R extends { 200: infer OK }
	? Content<OK>
	: R extends { 201: infer Created }
		? Content<Created>
		: never;

/** What `data` holds in a successful answer of an endpoint. */
export type DataOf<E extends EndpointName> =
	Body<operations[E]['responses']> extends { data: infer D } ? D : never;

/** The parameters in the path of an endpoint, for example `{ documentId: string }`. */
export type PathOf<E extends EndpointName> = operations[E]['parameters'] extends {
	path: infer P extends object;
}
	? P
	: undefined;

/** The query parameters of an endpoint. */
export type QueryOf<E extends EndpointName> = operations[E]['parameters'] extends {
	query?: infer Q extends object;
}
	? Q
	: never;

/** The JSON body of an endpoint. */
export type BodyOf<E extends EndpointName> = operations[E] extends {
	requestBody?: { content: { 'application/json': infer B extends object } };
}
	? B
	: never;

/** Endpoints whose `data` is a list. */
export type ListEndpointName = {
	[E in EndpointName]: DataOf<E> extends readonly unknown[] ? E : never;
}[EndpointName];
