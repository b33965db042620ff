import type { INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { connect } from 'node:net';
import { Readable } from 'node:stream';

import {
	readEnvelope,
	readProblem,
	readTransportFault,
	textOf,
} from '../../../nodes/InSigner/api/answer';

const answer = (statusCode: number, contentType?: string) => ({
	statusCode,
	headers: { 'content-type': contentType },
	body: '',
	host: 'app.insigner.co',
});

describe('readEnvelope', () => {
	it('reads data and meta', () => {
		const text = '{"data":[1],"meta":{"count":1,"hasMore":false,"nextCursor":null}}';
		expect(readEnvelope(text, answer(200))).toEqual(JSON.parse(text));
	});

	it('accepts an empty body as a success only with 204 or if something was deleted', () => {
		expect(readEnvelope('', answer(204))).toEqual({ data: undefined });
		expect(readEnvelope('', answer(200), true)).toEqual({ data: undefined });
		expect(readEnvelope('', answer(200))).toEqual({ unreadable: 'an empty body' });
	});

	it.each([
		['an HTML page', '<html>Sign in</html>', 200, 'text/html that is not a complete JSON object'],
		[
			'half a body',
			'{"data":{"id":"cm5',
			200,
			'no content type that is not a complete JSON object',
		],
		['a list without envelope', '[]', 200, 'no content type that is not a complete JSON object'],
		['JSON without data', '{"ok":true}', 200, 'JSON without "data"'],
		['a redirect', '', 302, 'HTTP status 302, a redirect'],
	])('does not accept %s as a success', (what, text, status, unreadable) => {
		const contentType = what === 'an HTML page' ? 'text/html' : undefined;
		expect(readEnvelope(text, answer(status, contentType))).toEqual({ unreadable });
	});
});

describe('readProblem', () => {
	const of = (statusCode: number) => ({
		statusCode,
		headers: { 'content-type': 'application/problem+json' },
	});

	it('reads RFC 9457 problem details', () => {
		const problem = {
			type: 'https://docs.insigner.com/errors/validation-error',
			title: 'Validation Error',
			status: 422,
			detail: 'The request body contains invalid fields',
			errors: [{ field: 'email', message: 'Invalid email' }, 'not a field', { field: 1 }],
		};
		expect(readProblem(JSON.stringify(problem), of(422))).toEqual({
			result: 'refused',
			status: 422,
			type: 'validation-error',
			detail: problem.detail,
			fields: [{ field: 'email', message: 'Invalid email' }],
		});
	});

	const problem = '{"title":"x"}';
	const own = 'application/problem+json';
	const html = '<html>';

	it.each([
		// The service's own word.
		[429, own, problem, 'rateLimited'],
		[500, own, problem, 'serverFault'],
		[502, own, problem, 'serverFault'],
		[409, own, problem, 'refused'],
		[409, 'application/json', '{"message":"x"}', 'refused'],
		// Its own, but it may still be working; or a gateway's, which is unknown.
		[503, own, problem, 'noAnswer'],
		[504, own, problem, 'noAnswer'],
		[502, 'application/json', '{"message":"Internal server error"}', 'noAnswer'],
		[500, 'text/html', html, 'noAnswer'],
		[504, 'text/html', html, 'noAnswer'],
		[524, 'text/html', html, 'noAnswer'],
		[408, 'text/html', html, 'noAnswer'],
		// A proxy may say this about an answer it did not like, after the service did what was asked.
		[403, 'text/html', html, 'unreadable'],
		[409, '', '', 'unreadable'],
		// No service accepted these.
		[404, 'text/html', html, 'refused'],
		[405, 'text/html', html, 'refused'],
		[407, 'text/html', html, 'refused'],
		[429, 'text/html', html, 'rateLimited'],
	])('reads %d as %s correctly', (status, type, body, result) => {
		expect(
			readProblem(body, { statusCode: status, headers: { 'content-type': type } }).result,
		).toBe(result);
	});

	it("treats a text as the service's own if it has a request id", () => {
		const headers = { 'content-type': 'text/plain', 'x-request-id': 'req_1' };
		expect(readProblem('Not a draft', { statusCode: 409, headers }).result).toBe('refused');
	});
});

describe('readTransportFault', () => {
	const node: INode = {
		id: '1',
		name: 'inSigner',
		type: 'inSigner',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const inNode = (error: unknown) => new NodeApiError(node, error as JsonObject);
	/** As axios and n8n 2.41 wrap an error of Node.js. */
	const wrapped = (error: Error & { code?: string }) =>
		inNode(
			Object.assign(new Error(error.message, { cause: error }), {
				name: 'AxiosError',
				isAxiosError: true,
				code: error.code,
			}),
		);
	/** As n8n before 2.32 has it: the cause is dropped, and axios copied everything into its own error. */
	const wrappedBefore = (error: Error & { code?: string }) =>
		Object.assign(wrapped(error), { cause: undefined });
	const nodeError = (code: string, syscall?: string) =>
		Object.assign(new Error(syscall ? `${syscall} ${code} 192.0.2.1:443` : code), {
			code,
			...(syscall && { syscall }),
		});
	const both = [
		['n8n 2.41', wrapped],
		['n8n before 2.32', wrappedBefore],
	] as const;

	describe.each(both)('%s', (_, wrap) => {
		it.each([
			['ECONNREFUSED', 'connect', 'notSent'],
			['EHOSTUNREACH', 'connect', 'notSent'],
			['ENETUNREACH', 'connect', 'notSent'],
			['ETIMEDOUT', 'connect', 'notSent'],
			['EADDRNOTAVAIL', 'connect', 'notSent'],
			['ENOTFOUND', 'getaddrinfo', 'notSent'],
			['EAI_AGAIN', 'getaddrinfo', 'notSent'],
			['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'notSent'],
			['CERT_HAS_EXPIRED', undefined, 'notSent'],
			['EHOSTUNREACH', 'read', 'noAnswer'],
			['ENETUNREACH', 'write', 'noAnswer'],
			['ECONNREFUSED', 'read', 'noAnswer'],
			['ETIMEDOUT', 'read', 'noAnswer'],
			['EPIPE', 'write', 'noAnswer'],
			['ECONNRESET', undefined, 'noAnswer'],
			['ECONNREFUSED', undefined, 'noAnswer'],
			['ECONNABORTED', undefined, 'noAnswer'],
		])('knows whether the service saw it: %s of %s', (code, syscall, result) => {
			expect(readTransportFault(wrap(nodeError(code, syscall)))).toEqual({ result, code });
		});

		it('knows a refused connection of Node.js itself', async () => {
			const error = await refusedConnection(['127.0.0.1']);
			expect(readTransportFault(wrap(error))).toEqual({ result: 'notSent', code: 'ECONNREFUSED' });
		});

		it('leaves alone what is not about transport', () => {
			const refusal = new Error('An inSigner API key starts with "isk_"');
			expect(readTransportFault(inNode(refusal))).toBeUndefined();
		});
	});

	it('looks into every address that was tried', async () => {
		const error = await refusedConnection(['127.0.0.1', '127.0.0.2']);
		expect(error).toHaveProperty('errors.length', 2);
		expect(readTransportFault(wrapped(error))).toEqual({ result: 'notSent', code: 'ECONNREFUSED' });

		const partly = Object.assign(new Error('all failed'), {
			code: 'EHOSTUNREACH',
			errors: [nodeError('EHOSTUNREACH', 'connect'), nodeError('EHOSTUNREACH', 'read')],
		});
		expect(readTransportFault(wrapped(partly))).toMatchObject({ result: 'noAnswer' });
	});

	it('leaves alone what is not an error', () => {
		expect(readTransportFault('text')).toBeUndefined();
		expect(readTransportFault(null)).toBeUndefined();
		const circle: { cause?: unknown } = {};
		circle.cause = circle;
		expect(readTransportFault(circle)).toBeUndefined();
	});
});

/** What Node.js says if nothing listens at some addresses of a name. */
async function refusedConnection(addresses: string[]): Promise<Error & { code?: string }> {
	return await new Promise((resolve) => {
		connect({
			host: 'refused.example',
			port: 9,
			autoSelectFamily: true,
			lookup: (_host, _options, callback) =>
				callback(
					null,
					addresses.map((address) => ({ address, family: 4 })),
				),
		}).once('error', resolve);
	});
}

it('textOf joins characters that a stream splits', async () => {
	const bytes = Buffer.from('Zoë');
	expect(await textOf(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).toBe('Zoë');
	expect(await textOf('Zoë')).toBe('Zoë');
});
