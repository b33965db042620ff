import type { INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { hasStatus, InSignerApiError, type Fault } from '../../../nodes/InSigner/api/errors';

const node: INode = {
	id: '1',
	name: 'inSigner',
	type: 'n8n-nodes-insigner.inSigner',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const errorOf = (fault: Partial<Fault>) =>
	new InSignerApiError(node, { endpoint: 'getDocument', result: 'refused', ...fault }, 3);

describe('InSignerApiError', () => {
	it('reports what inSigner said, field by field, with the request id and the item', () => {
		const error = errorOf({
			status: 422,
			type: 'validation-error',
			detail: 'The request body contains invalid fields',
			fields: [
				{ field: 'email', message: 'Invalid email' },
				{ field: 'name', message: 'Required' },
			],
			requestId: 'req_1',
		});
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('The request body contains invalid fields (email: Invalid email)');
		expect(error.description).toBe(
			'email: Invalid email.\nname: Required.\ninSigner request ID: req_1.',
		);
		expect(error.httpCode).toBe('422');
		expect(error.context.itemIndex).toBe(3);
	});

	it.each(['TemplateNotFound', 'Directory entry enoent', 'EACCES', 'getaddrinfo'])(
		'keeps a message in which n8n sees an error code: %s',
		(detail) => {
			expect(errorOf({ status: 404, detail }).message).toBe(detail);
		},
	);

	it.each<[Partial<Fault>, RegExp]>([
		[{ status: 401 }, /missing, invalid, revoked or expired/],
		[{ status: 403 }, /missing the permission documents\.read/],
		[{ status: 403, endpoint: 'createBulkSend' }, /missing the permission bulk_sends\.create/],
		[{ status: 404 }, /Check the ID/],
		[{ status: 404, endpoint: 'cancelDocument' }, /may not offer this through its API yet/],
		[{ status: 405, endpoint: 'deleteWebhook' }, /may not offer this through its API yet/],
		[{ status: 409 }, /status does not allow/],
		[{ status: 429, result: 'rateLimited', retryAfterSeconds: 17 }, /wait 17 seconds/],
		[{ status: 502, result: 'serverFault', endpoint: 'sendDocument' }, /may still have done it/],
		[{ result: 'noAnswer', endpoint: 'createBulkSend' }, /may still have done it/],
		[{ result: 'notSent' }, /Nothing was sent/],
		[{ result: 'unreadable' }, /proxy or firewall/],
		[{ status: 413, storage: true }, /file storage did not accept/],
	])('says what to do next for %j', (fault, hint) => {
		expect(errorOf(fault).description).toMatch(hint);
	});

	it('says whether something may have been done', () => {
		expect(errorOf({ status: 422 }).effect).toBe('none');
		expect(errorOf({ result: 'notSent' }).effect).toBe('none');
		expect(errorOf({ status: 429, result: 'rateLimited' }).effect).toBe('none');
		for (const result of ['noAnswer', 'serverFault', 'unreadable'] as const) {
			expect(errorOf({ result }).effect).toBe('unclear');
		}
	});

	it('tells n8n about rate limits and bad credentials', () => {
		expect(errorOf({ status: 401 }).failure).toEqual({ cause: 'credential-invalid' });
		const limited = errorOf({ status: 429, result: 'rateLimited', retryAfterSeconds: 17 });
		expect(limited.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 17_000 });
	});
});

it('hasStatus knows our errors by their HTTP status', () => {
	expect(hasStatus(errorOf({ status: 404 }), 404, 410)).toBe(true);
	expect(hasStatus(errorOf({ status: 403 }), 404, 410)).toBe(false);
	expect(hasStatus(new Error('404'), 404)).toBe(false);
});
