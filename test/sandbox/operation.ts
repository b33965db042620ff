import type { operations } from '../../nodes/InSigner/api/schema';
import type { ApiKey } from './apiKeys';
import type { OperationId } from './contract';

type JsonBody<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;

type BodyOf<O extends OperationId> = operations[O] extends { requestBody: infer Required }
	? JsonBody<Required>
	: operations[O] extends { requestBody?: infer Optional }
		? JsonBody<NonNullable<Optional>> | undefined
		: undefined;

/** The JSON answers the contract declares for an operation; a status goes with its body. */
type JsonAnswer<O extends OperationId> = {
	[Status in keyof operations[O]['responses']]: operations[O]['responses'][Status] extends {
		content: { 'application/json': infer Body };
	}
		? { readonly status: Status & number; readonly json: Body }
		: never;
}[keyof operations[O]['responses']];

/** The answer. Errors are thrown as ProblemError. */
export type Answer =
	| { readonly status: number; readonly json: unknown }
	| { readonly status: 200; readonly pdf: Uint8Array }
	| { readonly status: 302; readonly location: string };

/** A request to one operation; its parts have passed the contract. */
export interface OperationRequest<O extends OperationId> {
	readonly caller: ApiKey;
	readonly path: NonNullable<operations[O]['parameters']['path']>;
	readonly query: NonNullable<operations[O]['parameters']['query']>;
	readonly body: BodyOf<O>;
}

type TypedAnswer<O extends OperationId> = JsonAnswer<O> | Exclude<Answer, { json: unknown }>;

interface AnyRequest {
	readonly caller: ApiKey;
	readonly path: unknown;
	readonly query: unknown;
	readonly body: unknown;
}

/** A handler as the server calls it. */
export interface Handler {
	(request: AnyRequest): Promise<Answer>;
	/** Refuses a request on arrival, if the rest may come later: whatever is counted is counted here. */
	admit?(request: AnyRequest): void;
}

/** A handler for each of some operations. */
export type HandlersOf<O extends OperationId> = Readonly<Record<O, Handler>>;

/**
 * Gives a handler the types of its operation. The contract has already checked the parts of the request, so their
 * types are right.
 */
export function handle<O extends OperationId>(
	_operationId: O,
	handler: (request: OperationRequest<O>) => TypedAnswer<O> | Promise<TypedAnswer<O>>,
	admit?: (request: OperationRequest<O>) => void,
): Handler {
	const typed = (request: AnyRequest): OperationRequest<O> => ({
		caller: request.caller,
		path: request.path as OperationRequest<O>['path'],
		query: request.query as OperationRequest<O>['query'],
		body: request.body as BodyOf<O>,
	});
	return Object.assign(async (request: AnyRequest) => await handler(typed(request)), {
		...(admit && { admit: (request: AnyRequest) => admit(typed(request)) }),
	});
}
