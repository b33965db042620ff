import { request } from 'undici';
import type { components } from '../../../nodes/InSigner/api/schema';
import type { Sandbox } from '../../sandbox/sandbox';

type Schemas = components['schemas'];

/** What came back. `data`, `problem` are read by the caller, who knows what was asked. */
export interface Answer<T> {
	readonly status: number;
	readonly headers: Record<string, string | string[] | undefined>;
	readonly data: T;
	readonly meta: Schemas['ListMeta'];
	readonly problem: Schemas['Problem'];
}

/** One call to the API of the sandbox, with its key unless another one is given. */
export async function call<T = unknown>(
	sandbox: Sandbox,
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
	path: string,
	body?: object | string,
	key = sandbox.apiKey,
): Promise<Answer<T>> {
	const response = await request(sandbox.apiUrl + path, {
		method,
		headers: {
			...(key === '' ? {} : { authorization: `Bearer ${key}` }),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		body: typeof body === 'object' ? JSON.stringify(body) : body,
	});
	const text = await response.body.text();
	const isJson = String(response.headers['content-type']).includes('json');
	const parsed: unknown = isJson ? JSON.parse(text) : {};
	const { data, meta } = parsed as { data: T; meta: Schemas['ListMeta'] };
	const problem = parsed as Schemas['Problem'];
	return { status: response.statusCode, headers: response.headers, data, meta, problem };
}

/** A draft with a PDF, one signer per address and one signature field each; returns its id. */
export async function readyDraft(
	sandbox: Sandbox,
	addresses: readonly string[],
	values: Partial<Schemas['DocumentCreate']> = {},
): Promise<string> {
	const [document] = sandbox.store.seedDocuments(1);
	const field = document?.fields[0];
	if (!document || !field) throw new Error('Nothing was seeded');
	Object.assign(document, { signers: [], fields: [] }, values);
	for (const [order, email] of addresses.entries()) {
		const name = `Person ${order}`;
		await call(sandbox, 'POST', `/documents/${document.id}/signers`, { email, name, order });
		document.fields.push({ ...field, id: `fld_${order}`, assignedTo: order, y: 100 + order * 100 });
	}
	return document.id;
}

/** The status of a document. */
export async function statusOf(sandbox: Sandbox, id: string): Promise<string> {
	return (await call<Schemas['Document']>(sandbox, 'GET', `/documents/${id}`)).data.status;
}
