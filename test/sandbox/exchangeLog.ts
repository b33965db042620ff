import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud } from './cloud';
import type { JournalRequest } from './journal';
import { newId } from './newId';

/**
 * Opens the journal entry of a request and completes it when the exchange ends.
 *
 * @param path below /api/v1 for the API
 * @param body the parsed JSON, or a number of bytes
 */
export function journalRequest(
	cloud: Cloud,
	exchange: { request: FastifyRequest; reply: FastifyReply },
	what: { origin: 'api' | 'storage'; path: string; body: unknown },
): JournalRequest {
	const { request, reply } = exchange;
	const entry: JournalRequest = {
		seq: cloud.journal.nextSeq(),
		at: cloud.clock.now(),
		...what,
		method: request.method,
		query: queryOf(request),
		requestId: newId('req_'),
		headers: redactedHeaders(cloud, request),
	};
	cloud.journal.requests.push(entry);
	reply.raw.once('close', () => {
		if (reply.raw.writableFinished) entry.status = reply.raw.statusCode;
		else if (entry.fault !== 'drop' && entry.fault !== 'brokenOff') entry.aborted = true;
	});
	return entry;
}

/** The query of a request; if a name occurs twice, the last one counts. */
export function queryOf(request: FastifyRequest): Record<string, string> {
	return Object.fromEntries(new URL(request.url, 'http://localhost').searchParams);
}

function redactedHeaders(cloud: Cloud, request: FastifyRequest): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) {
		if (value !== undefined) headers[name] = String(value);
	}
	const { authorization } = headers;
	if (authorization !== undefined) {
		headers.authorization = `Bearer ${cloud.keys.find(authorization)?.id ?? '(unknown key)'}`;
	}
	return headers;
}
