import type { operations } from './schema';

/** Names of operations; those that start with "on" are the events inSigner posts to a webhook. */
export type EndpointName = Exclude<keyof operations, `on${string}`>;

/** One line of the table in endpoints.ts. */
export interface Endpoint {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly path: string;
	/** The scope a key needs. */
	readonly scope: string;
	/** How sure we are that the service has it: x-known of the same operation in insigner.openapi.yaml. */
	readonly known: 'documented' | 'partly' | 'inferred';
}

export const documented = entry('documented');
export const partly = entry('partly');
export const inferred = entry('inferred');

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
