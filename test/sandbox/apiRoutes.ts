import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireScope } from './apiKeys';
import type { Cloud } from './cloud';
import type { Contract, ContractOperation } from './contract';
import { journalRequest } from './exchangeLog';
import type { FaultPlay } from './faultPlay';
import type { Faults } from './faults';
import { inForms, queryInContract, type ShownAnswer } from './forms';
import { allHandlers } from './handlers';
import type { JournalRequest } from './journal';
import type { Answer } from './operation';
import {
	badRequest,
	internalError,
	notFound,
	ProblemError,
	rateLimited,
	validationError,
} from './problems';

/** The API's path on its origin (getting-started/introduction). */
export const API_ROOT = '/api/v1';

/** An answer, or the problem to answer with. */
type Result = Answer | ProblemError;

/**
 * Serves the API: journal, limits and faults around authentication, contract and handler. A handler's answer is
 * checked against the contract too; a breach is a loud 500.
 */
export function registerApi(
	server: FastifyInstance,
	cloud: Cloud,
	contract: Contract,
	faults: Faults,
	faultPlay: FaultPlay,
): void {
	const handlers = allHandlers(cloud);
	const missing = contract.operations.filter(({ id }) => !(id in handlers));
	if (missing.length > 0) {
		const names = missing.map(({ id }) => id).join(', ');
		throw new Error(`There is no handler of ${names}: add one in test/sandbox/handlers`);
	}

	/** Checks and counts a request. Returns a function that carries it out. */
	const admit = (
		request: FastifyRequest,
		entry: JournalRequest,
		operation: ContractOperation | undefined,
		bodyText: Buffer,
		isWithinLimit: boolean,
		resetSeconds: number,
	): (() => Promise<Answer>) => {
		const caller = cloud.keys.authenticate(request.headers.authorization);
		if (!isWithinLimit) throw rateLimited('Too many requests for this API key', resetSeconds);
		if (!operation) throw notFound('Endpoint');
		requireScope(caller, operation.scope);
		if (operation.id === 'createWebhook') {
			// Refused attempts count too (inferred).
			const window = cloud.limits.webhookCreations.take(caller.userId, cloud.clock.now());
			if (!window.allowed) {
				throw rateLimited('Too many webhook creations this hour', window.resetSeconds);
			}
		}
		const sent = operation.takesBody ? readJson(bodyText, request) : undefined;
		const body = cloud.forms.idsAsNumbers ? cloud.ids.restore(sent) : sent;
		const checked = contract.checkRequest(operation, {
			method: entry.method,
			path: storedForm(entry.path),
			query: queryInContract(cloud.forms, entry.query),
			body,
		});
		if ('errors' in checked) throw validationError(checked.errors);
		const { path, query } = checked;
		const handler = handlers[operation.id];
		const asked = { caller, path, query, body };
		handler.admit?.(asked);
		return async () => await handler(asked);
	};

	const storedForm = (path: string): string =>
		cloud.forms.idsAsNumbers ? cloud.ids.restoreText(path) : path;

	server.all(`${API_ROOT}/*`, async (request, reply) => {
		const bodyText = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const path = new URL(request.url, 'http://localhost').pathname.slice(API_ROOT.length);
		const body = parsedOrSize(bodyText);
		const entry = journalRequest(cloud, { request, reply }, { origin: 'api', path, body });
		const operation = contract.match(request.method, storedForm(path));
		entry.operationId = operation?.id;

		const key = cloud.keys.find(request.headers.authorization);
		const now = cloud.clock.now();
		const { requests } = cloud.limits;
		const window = key ? requests.take(key.id, now) : requests.peek('', now);
		void reply.headers({
			'x-request-id': entry.requestId,
			'ratelimit-limit': window.limit,
			'ratelimit-remaining': window.remaining,
			'ratelimit-reset': window.resetSeconds,
		});

		const rule = faults.pick({
			origin: 'api',
			method: request.method,
			path,
			operationId: operation?.id,
		});
		const orProblem = (error: unknown): Result => {
			if (!(error instanceof ProblemError)) throw error;
			return heldProblem(contract, cloud, entry, operation, error);
		};
		const accept = (): (() => Promise<Result>) => {
			try {
				const { allowed, resetSeconds } = window;
				const carryOut = admit(request, entry, operation, bodyText, allowed, resetSeconds);
				return async () => {
					try {
						return held(contract, cloud, entry, operation, await carryOut());
					} catch (error) {
						return orProblem(error);
					} finally {
						if (request.method !== 'GET') cloud.reads.note();
					}
				};
			} catch (error) {
				const refusal = orProblem(error);
				return async () => refusal;
			}
		};
		await faultPlay.run(
			rule,
			{ request, reply, entry },
			{
				accept,
				answer: (result) => send(reply, cloud, entry, result),
				isDone: (result) => !(result instanceof ProblemError),
			},
		);
		return reply;
	});
}

/** Checks an answer against the contract. */
function held(
	contract: Contract,
	cloud: Cloud,
	entry: JournalRequest,
	operation: ContractOperation | undefined,
	answer: Answer,
): Result {
	if (!operation) return answer;
	const body = 'json' in answer ? answer.json : 'pdf' in answer ? answer.pdf : undefined;
	// What counts is what arrives: by then dates and undefined have become JSON.
	const sent: unknown = 'json' in answer ? JSON.parse(JSON.stringify(body)) : body;
	return breach(cloud, entry, contract.checkAnswer(operation, answer.status, sent)) ?? answer;
}

/** Checks a problem against the contract. A refusal by the contract itself can happen anywhere. */
function heldProblem(
	contract: Contract,
	cloud: Cloud,
	entry: JournalRequest,
	operation: ContractOperation | undefined,
	error: ProblemError,
): Result {
	const { status } = error.problem;
	if (!operation || status === 400 || status === 422) return error;
	return breach(cloud, entry, contract.checkAnswer(operation, status, error.problem)) ?? error;
}

function breach(
	cloud: Cloud,
	entry: JournalRequest,
	violation: string | undefined,
): ProblemError | undefined {
	if (violation === undefined) return undefined;
	entry.contractViolation = violation;
	cloud.log(`CONTRACT VIOLATION by the sandbox: ${violation}`);
	return internalError(`The sandbox breaks its contract: ${violation}`);
}

function send(reply: FastifyReply, cloud: Cloud, entry: JournalRequest, result: Result): void {
	const { operationId, method, query } = entry;
	const shown = (answer: Omit<ShownAnswer, 'operationId' | 'method' | 'query'>): void =>
		sendShown(
			reply,
			inForms(
				cloud.forms,
				{ operationId, method, query, ...answer },
				{ documents: cloud.store.documents, ids: cloud.ids },
			),
		);
	if (result instanceof ProblemError) {
		void reply.headers(result.headers);
		const { problem } = result;
		shown({ status: problem.status, contentType: 'application/problem+json', body: problem });
	} else if ('pdf' in result) {
		void reply.code(result.status).type('application/pdf').send(Buffer.from(result.pdf));
	} else if ('location' in result) {
		void reply.code(result.status).header('location', result.location).send();
	} else {
		// What counts is what arrives: by then dates and undefined have become JSON.
		const body: unknown = JSON.parse(JSON.stringify(result.json));
		shown({ status: result.status, contentType: 'application/json', body });
	}
}

function sendShown(reply: FastifyReply, { status, contentType, body }: ShownAnswer): void {
	void reply.code(status);
	if (status === 204) {
		void reply.send();
		return;
	}
	const text =
		body === undefined ? '' : contentType === 'text/plain' ? String(body) : JSON.stringify(body);
	// As bytes, since the server would add a charset to a text, which the documentation does not show.
	void reply.header('content-type', contentType).send(Buffer.from(text));
}

/** The parsed body, undefined if there is none. Throws 400 for malformed JSON and for other content types. */
function readJson(text: Buffer, request: FastifyRequest): unknown {
	if (text.length === 0) return undefined;
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
		throw badRequest('The body must be application/json');
	}
	try {
		const parsed: unknown = JSON.parse(text.toString('utf8'));
		return parsed;
	} catch {
		throw badRequest('The body is not valid JSON');
	}
}

/** For the journal. */
function parsedOrSize(text: Buffer): unknown {
	try {
		const parsed: unknown = JSON.parse(text.toString('utf8'));
		return parsed;
	} catch {
		return text.length;
	}
}
