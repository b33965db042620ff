import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OpenAPIBackend, ValidationContext, type Document } from 'openapi-backend';
import { parse } from 'yaml';
import type { components, operations } from '../../nodes/InSigner/api/schema';

type ProblemField = components['schemas']['ProblemField'];

/** Every operation of the API; not including the receivers of events (`on...`). */
export type OperationId = Exclude<keyof operations, `on${string}`>;

/** What the contract says about one operation. */
export interface ContractOperation {
	readonly id: OperationId;
	/** The scope a key needs. */
	readonly scope: string;
	readonly takesBody: boolean;
	/** Method in capitals and path template. */
	readonly method: string;
	readonly path: string;
}

/** A request in the form the contract looks at. */
export interface ContractRequest {
	readonly method: string;
	/** Below /api/v1. */
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** A valid request: path and query by name (numbers are numbers now), or what is wrong with it. */
export type CheckedRequest =
	| { readonly path: unknown; readonly query: unknown }
	| { readonly errors: ProblemField[] };

interface SchemaError {
	readonly instancePath: string;
	readonly keyword: string;
	readonly message?: string;
	readonly params: unknown;
}

const FILE = resolve(__dirname, '../../insigner.openapi.yaml');

/** The parsed contract is the same for every sandbox of this process, and takes a while to build. */
let shared: Promise<Contract> | undefined;

/** Loads insigner.openapi.yaml, once per process. Throws if it is not a usable OpenAPI document. */
export function loadContract(): Promise<Contract> {
	shared ??= Contract.load();
	return shared;
}

/** The published contract as code: finds operations, checks requests and checks answers. */
export class Contract {
	readonly operations: readonly ContractOperation[];
	private readonly byId: ReadonlyMap<string, ContractOperation>;
	private readonly isProblem: ReturnType<
		ReturnType<OpenAPIBackend['validator']['getAjv']>['compile']
	>;

	private constructor(private readonly backend: OpenAPIBackend) {
		this.operations = backend.router.getOperations().map((operation) => {
			const scope: unknown = Reflect.get(operation, 'x-scope');
			if (!isOperationId(operation.operationId) || typeof scope !== 'string') {
				throw new Error(`${operation.method} ${operation.path} lacks operationId or x-scope`);
			}
			return {
				id: operation.operationId,
				scope,
				takesBody: operation.requestBody !== undefined,
				method: operation.method.toUpperCase(),
				path: operation.path,
			};
		});
		const schemas = member(member(backend.definition, 'components'), 'schemas');
		const problemSchema = member(schemas, 'Problem');
		if (typeof problemSchema !== 'object' || problemSchema === null) {
			throw new Error('The contract has no schema Problem');
		}
		this.isProblem = backend.validator.getAjv(ValidationContext.Response).compile(problemSchema);
		this.byId = new Map(this.operations.map((operation) => [operation.id, operation]));
	}

	/** See `loadContract`. */
	static async load(): Promise<Contract> {
		const definition: unknown = parse(readFileSync(FILE, 'utf8'));
		if (!isOpenApi(definition)) throw new Error(`${FILE} is no OpenAPI document`);
		const backend = new OpenAPIBackend({
			definition,
			// Skips a check that only knows OpenAPI 3.0; the linter checks the file.
			quick: true,
			coerceTypes: true,
			// Checking every schema against the meta-schema takes most of the time.
			ajvOpts: { allErrors: true, validateSchema: false },
			customizeAjv: (ajv) =>
				ajv
					.addFormat('date-time', isDateTime)
					.addFormat('uri', (text: string) => URL.canParse(text))
					.addFormat('email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/),
		});
		await backend.init();
		// The router rebuilds this list several times for each request.
		const known = backend.router.getOperations();
		backend.router.getOperations = () => known;
		return new Contract(backend);
	}

	/** The operation for a method and a path below /api/v1, or undefined. */
	match(method: string, path: string): ContractOperation | undefined {
		const found = this.backend.router.matchOperation({ method, path, headers: {} });
		return found?.operationId === undefined ? undefined : this.byId.get(found.operationId);
	}

	/** Checks path, query and body of a request. A body must be passed if one was sent. */
	checkRequest(operation: ContractOperation, request: ContractRequest): CheckedRequest {
		const result = this.backend.validator.validateRequest(
			{
				method: request.method,
				path: request.path,
				query: { ...request.query },
				headers: operation.takesBody ? { 'content-type': 'application/json' } : {},
				body: request.body,
			},
			operation.id,
		);
		if (result.errors) return { errors: result.errors.map(toProblemField) };
		const coerced: unknown = result.coerced;
		const parsed = this.backend.router.parseRequest(
			{ method: request.method, path: request.path, headers: {} },
			this.backend.router.getOperation(operation.id),
		);
		const path: unknown = parsed.params;
		return { path, query: member(coerced, 'query') ?? {} };
	}

	/**
	 * Checks an answer: the status must be declared for the operation, and a JSON body must fit.
	 * Returns what is wrong, or undefined.
	 */
	checkAnswer(operation: ContractOperation, status: number, body: unknown): string | undefined {
		const declared = member(this.backend.router.getOperation(operation.id), 'responses');
		const response = member(declared, String(status));
		if (response === undefined) return `${operation.id} does not declare status ${status}`;
		const problemSchema = member(
			member(member(response, 'content'), 'application/problem+json'),
			'schema',
		);
		if (problemSchema !== undefined) return this.checkProblem(body);
		if (body instanceof Uint8Array) return undefined;
		const result = this.backend.validator.validateResponse(body ?? null, operation.id, status);
		return result.errors ? `${operation.id} ${status}: ${describe(result.errors)}` : undefined;
	}

	private checkProblem(body: unknown): string | undefined {
		return this.isProblem(body) ? undefined : describe(this.isProblem.errors ?? []);
	}
}

/** One property of something of unknown shape; undefined if there is none. */
function member(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isOpenApi(value: unknown): value is Document {
	return typeof member(value, 'openapi') === 'string';
}

function isOperationId(id: string | undefined): id is OperationId {
	return id !== undefined && !id.startsWith('on');
}

/** RFC 3339 with a zone, and a date that exists. */
function isDateTime(text: string): boolean {
	return (
		/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(text) &&
		!Number.isNaN(Date.parse(text))
	);
}

function describe(errors: readonly SchemaError[]): string {
	return errors.map((error) => `${error.instancePath} ${error.message ?? ''}`).join('; ');
}

/** "/requestBody/signers/0/email" becomes "signers.0.email"; missing and unknown keys are named too. */
function toProblemField(error: SchemaError): ProblemField {
	const parts = error.instancePath.split('/').slice(2);
	const key = member(error.params, 'missingProperty') ?? member(error.params, 'additionalProperty');
	if (typeof key === 'string' && (parts.length > 0 || error.instancePath !== '')) parts.push(key);
	const message =
		error.keyword === 'required'
			? 'Required'
			: error.keyword === 'additionalProperties'
				? 'Unknown property'
				: (allowedValues(error) ?? error.message ?? 'Invalid');
	return { field: parts.join('.'), message };
}

function allowedValues(error: SchemaError): string | undefined {
	const allowed = member(error.params, 'allowedValues');
	return Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : undefined;
}
