import type { components } from '../../nodes/InSigner/api/schema';

export type Problem = components['schemas']['Problem'];
type ProblemField = components['schemas']['ProblemField'];

/** `type` URIs are on docs.insigner.com, a different domain than the documentation (getting-started/errors). */
const TYPE_BASE = 'https://docs.insigner.com/errors/';

/** A request that ends in an error: what to answer, and with which headers. */
export class ProblemError extends Error {
	constructor(
		readonly problem: Problem,
		readonly headers: Readonly<Record<string, string>> = {},
	) {
		super(problem.detail);
	}
}

function problem(
	status: number,
	segment: string,
	title: string,
	detail: string,
	errors?: ProblemField[],
): Problem {
	return { type: TYPE_BASE + segment, title, status, detail, ...(errors ? { errors } : {}) };
}

/** 400: malformed JSON or a malformed request (getting-started/errors). */
export function badRequest(detail: string): ProblemError {
	return new ProblemError(problem(400, 'bad-request', 'Bad Request', detail));
}

/** 401: the key is missing, invalid, revoked or expired (getting-started/errors). */
export function unauthorized(detail: string): ProblemError {
	return new ProblemError(problem(401, 'unauthorized', 'Unauthorized', detail));
}

/** 403: the key lacks a scope (getting-started/errors). */
export function forbidden(scope: string): ProblemError {
	return new ProblemError(
		problem(403, 'forbidden', 'Forbidden', `The API key lacks the scope ${scope}`),
	);
}

/** 404: not there, or of another organization (getting-started/errors). */
export function notFound(what: string): ProblemError {
	return new ProblemError(problem(404, 'not-found', 'Not Found', `${what} not found`));
}

/** 409: not allowed in the current state (getting-started/errors). */
export function conflict(detail: string): ProblemError {
	return new ProblemError(problem(409, 'conflict', 'Conflict', detail));
}

/** 422: the request fails the schema or a rule; one entry per field (getting-started/errors). */
export function validationError(errors: ProblemField[]): ProblemError {
	const detail = 'The request body contains invalid fields';
	return new ProblemError(problem(422, 'validation-error', 'Validation Error', detail, errors));
}

/** 429 with Retry-After in seconds (getting-started/rate-limits). */
export function rateLimited(detail: string, retryAfterSeconds: number): ProblemError {
	return new ProblemError(problem(429, 'rate-limited', 'Too Many Requests', detail), {
		'retry-after': String(retryAfterSeconds),
	});
}

/** 500 (getting-started/errors; the segment is inferred). */
export function internalError(detail: string): ProblemError {
	return new ProblemError(problem(500, 'internal-error', 'Internal Server Error', detail));
}

/** 502: an upstream service failed, such as email (getting-started/errors; the segment is inferred). */
export function badGateway(detail: string): ProblemError {
	return new ProblemError(problem(502, 'bad-gateway', 'Bad Gateway', detail));
}
