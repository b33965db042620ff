import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Cloud } from './cloud';
import { declineDocument, signDocument, signersInTurn, viewDocument } from './lifecycle';
import { signingPage, statementPage } from './signingPage';
import type { StoredDocument, StoredSigner } from './store';

/** The path of pdf.js in node_modules. */
const PDFJS = dirname(require.resolve('pdfjs-dist/package.json'));

/** The files of pdf.js a page may load, by the path it asks for. */
const PDFJS_FILES: Readonly<Record<string, string>> = {
	'build/pdf.min.mjs': 'legacy/build/pdf.min.mjs',
	'build/pdf.worker.min.mjs': 'legacy/build/pdf.worker.min.mjs',
};

interface Turn {
	readonly document: StoredDocument;
	readonly signer: StoredSigner;
}

/** Serves the pages behind the signing URLs (guides/embedded-signing); their form is the sandbox's own. */
export function registerSigning(server: FastifyInstance, cloud: Cloud): void {
	server.get<{ Params: { token: string } }>('/sign/:token', async (request, reply) => {
		const turn = findTurn(cloud, request.params.token, reply);
		if (!turn) return reply;
		viewDocument(cloud, turn.document, turn.signer);
		return html(reply, 200, signingPage(turn.document, turn.signer));
	});

	server.get<{ Params: { token: string } }>('/sign/:token/document.pdf', async (request, reply) => {
		const turn = findTurn(cloud, request.params.token, reply);
		if (!turn) return reply;
		return reply.type('application/pdf').send(Buffer.from(turn.document.pdf ?? []));
	});

	server.post<{ Params: { token: string } }>('/sign/:token/sign', async (request, reply) => {
		const turn = findTurn(cloud, request.params.token, reply);
		if (!turn) return reply;
		signDocument(cloud, turn.document, turn.signer);
		const title = turn.signer.role === 'approver' ? 'Approved' : 'Signed';
		const text = `Thank you, ${turn.signer.name}. You have ${title.toLowerCase()} "${turn.document.name}".`;
		return html(reply, 200, statementPage('signed', '&#10003;', title, text));
	});

	server.post<{ Params: { token: string } }>('/sign/:token/decline', async (request, reply) => {
		const turn = findTurn(cloud, request.params.token, reply);
		if (!turn) return reply;
		declineDocument(cloud, turn.document, turn.signer);
		const text = `You have declined "${turn.document.name}".`;
		return html(reply, 200, statementPage('declined', '&#10005;', 'Declined', text));
	});

	server.get<{ Params: { '*': string } }>('/sign/pdfjs/*', async (request, reply) => {
		const wanted = request.params['*'];
		const isFont = /^standard_fonts\/[\w.-]+$/.test(wanted);
		const file = isFont ? wanted : PDFJS_FILES[wanted];
		if (file === undefined) return reply.code(404).send();
		const type = wanted.endsWith('.mjs') ? 'text/javascript' : 'application/octet-stream';
		return reply.type(type).send(await readFile(join(PDFJS, file)));
	});
}

/** The person the link belongs to, if it is their turn; otherwise answers with a page that says why not. */
function findTurn(cloud: Cloud, token: string, reply: FastifyReply): Turn | undefined {
	const turn = findToken(cloud, token);
	if (!turn) {
		const text = 'This link does not belong to any document.';
		html(reply, 404, statementPage('unknown', '?', 'Unknown link', text));
		return undefined;
	}
	if (signersInTurn(turn.document).includes(turn.signer)) return turn;
	const done = turn.signer.status === 'completed';
	const text = done
		? 'You are done with this document.'
		: `The document is ${turn.document.status}.`;
	html(reply, 409, statementPage('closed', '&#8226;', 'Nothing to do here', text));
	return undefined;
}

function findToken(cloud: Cloud, token: string): Turn | undefined {
	for (const document of cloud.store.documents.all()) {
		const signer = document.signers.find((person) => person.token === token);
		if (signer) return { document, signer };
	}
	return undefined;
}

function html(reply: FastifyReply, status: number, page: string): FastifyReply {
	return reply.code(status).type('text/html; charset=utf-8').send(page);
}
