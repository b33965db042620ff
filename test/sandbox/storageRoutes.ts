import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud } from './cloud';
import { journalRequest } from './exchangeLog';
import type { FaultPlay } from './faultPlay';
import type { Faults } from './faults';
import { UPLOAD_HEADERS } from './forms';
import type { JournalRequest } from './journal';
import { takeFile } from './newDocument';
import type { Permission } from './presignedUrls';

/** The storage answers in XML, as object storages do; bytes are for downloads. */
type StorageAnswer =
	| { readonly status: number; readonly code?: string; readonly message?: string }
	| { readonly status: 200; readonly pdf: Uint8Array };

/**
 * Serves the storage: the second origin, where presigned URLs lead (guides/embedded-signing).
 *
 * A request with an Authorization header is refused with 400 and marked in the journal: the API key
 * must never get here. 403 for a URL that has expired, or does not fit what was declared.
 */
export function registerStorage(
	server: FastifyInstance,
	cloud: Cloud,
	faults: Faults,
	faultPlay: FaultPlay,
): void {
	server.all('/*', async (request, reply) => {
		const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const path = new URL(request.url, 'http://localhost').pathname;
		const what = { origin: 'storage' as const, path, body: bytes.length };
		const entry = journalRequest(cloud, { request, reply }, what);
		void reply.header('x-request-id', entry.requestId);
		const rule = faults.pick({
			origin: 'storage',
			method: request.method,
			path,
			operationId: undefined,
		});
		await faultPlay.run(
			rule,
			{ request, reply, entry },
			{
				accept: () => async () => perform(cloud, request, entry, bytes),
				answer: (answer) => send(reply, answer),
				isDone: ({ status }) => status === 200,
			},
		);
		return reply;
	});
}

function perform(
	cloud: Cloud,
	request: FastifyRequest,
	entry: JournalRequest,
	bytes: Buffer,
): StorageAnswer {
	if (request.headers.authorization !== undefined) {
		entry.authorizationOnStorage = true;
		cloud.log('an Authorization header came to the storage: the API key leaks');
		const message = 'Only one auth mechanism allowed';
		return { status: 400, code: 'InvalidArgument', message };
	}
	const permission = cloud.presigned.find(entry.query.token, cloud.clock.now());
	const kind = request.method === 'PUT' ? 'upload' : 'download';
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	const document = permission && cloud.store.documents.get(permission.documentId);
	if (!permission || !document || permission.kind !== kind || (kind === 'download' && !isRead)) {
		return { status: 403, code: 'AccessDenied', message: 'Request has expired or is not signed' };
	}
	if (permission.kind === 'download') {
		if (!document.signedPdf) return { status: 404, code: 'NoSuchKey', message: 'No such file' };
		return { status: 200, pdf: document.signedPdf };
	}
	const refusal = refusalOfUpload(permission, request, bytes.length);
	if (refusal) return refusal;
	if (cloud.forms.uploadNeedsHeaders && !hasAll(request.headers, UPLOAD_HEADERS)) {
		return { status: 403, code: 'SignatureDoesNotMatch', message: 'Signed headers are missing' };
	}
	if (document.status !== 'draft') {
		return { status: 403, code: 'AccessDenied', message: 'The document is no draft any more' };
	}
	if (!cloud.forms.uploadNeedsConfirming) takeFile(cloud, document, new Uint8Array(bytes));
	return { status: 200 };
}

function hasAll(
	headers: FastifyRequest['headers'],
	wanted: Readonly<Record<string, string>>,
): boolean {
	return Object.entries(wanted).every(([name, value]) => headers[name] === value);
}

/** Type and size are part of what was signed, so they must be as declared. */
function refusalOfUpload(
	declared: Extract<Permission, { kind: 'upload' }>,
	request: FastifyRequest,
	size: number,
): StorageAnswer | undefined {
	if (request.headers['content-length'] === undefined) {
		const message = 'You must provide the Content-Length header';
		return { status: 411, code: 'MissingContentLength', message };
	}
	if (request.headers['content-type'] !== declared.contentType) {
		return { status: 403, code: 'SignatureDoesNotMatch', message: 'Content-Type differs' };
	}
	if (size !== declared.fileSize) {
		const message = `${declared.fileSize} bytes were declared, ${size} came`;
		return { status: 403, code: 'SignatureDoesNotMatch', message };
	}
	return undefined;
}

function send(reply: FastifyReply, answer: StorageAnswer): void {
	if ('pdf' in answer) {
		void reply.code(200).type('application/pdf').send(Buffer.from(answer.pdf));
		return;
	}
	void reply.code(answer.status);
	if (answer.code === undefined) {
		void reply.send();
		return;
	}
	const xml = `<Error><Code>${answer.code}</Code><Message>${answer.message}</Message></Error>`;
	void reply.type('application/xml').send(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}
