/** A contract sent by a script with nothing but undici, one request after the other. */
import { request } from 'undici';

/** A sandbox in another process. */
export interface Server {
	apiUrl: string;
	webUrl: string;
	apiKey: string;
}

export interface BareContract {
	name: string;
	pdf: Buffer;
	/** As the API takes them. */
	signers: object[];
	fields: object[];
}

/**
 * Creates, uploads, adds and sends.
 *
 * @param server - where, and with which key
 * @param contract - what is sent
 * @param how - whether the draft is read before it is sent, and the document after it; whether each request gets a
 *   connection of its own
 * @throws Error when an answer is not a success
 */
export async function sendBare(
	{ apiUrl, apiKey }: Pick<Server, 'apiUrl' | 'apiKey'>,
	{ name, pdf, signers, fields }: BareContract,
	{ reading = false, reset = false }: { reading?: boolean; reset?: boolean } = {},
): Promise<void> {
	const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
		const answer = await request(apiUrl + path, {
			method,
			reset,
			headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
			...(body && { body: JSON.stringify(body) }),
		});
		const text = await answer.body.text();
		if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} to ${path}: ${text}`);
		return (JSON.parse(text) as { data: Record<string, string> }).data;
	};
	const contentType = 'application/pdf';
	const { id } = await call('POST', '/documents', { name });
	const file = { filename: 'Contract.pdf', contentType, fileSize: pdf.length };
	const { uploadUrl = '' } = await call('POST', `/documents/${id}/upload`, file);
	const put = await request(uploadUrl, {
		method: 'PUT',
		headers: { 'content-type': contentType, 'content-length': String(pdf.length) },
		body: pdf,
	});
	await put.body.dump();
	for (const signer of signers) await call('POST', `/documents/${id}/signers`, signer);
	for (const field of fields) await call('POST', `/documents/${id}/fields`, field);
	if (reading) await call('GET', `/documents/${id}`);
	await call('POST', `/documents/${id}/send`);
	if (reading) await call('GET', `/documents/${id}`);
}
