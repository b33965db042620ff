import type { IncomingHttpHeaders } from 'node:http';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { parse as parseQuery } from 'node:querystring';
import { gunzipSync, inflateSync } from 'node:zlib';

/** A call from outside to a webhook. */
export interface WebhookCall {
	/** POST if left out. */
	method?: string;
	headers?: Record<string, string>;
	/** The exact bytes; text is sent as UTF-8. */
	body?: Buffer | string;
	query?: Record<string, string>;
	/** The caller is gone before n8n calls the node. */
	hungUp?: boolean;
}

/** What WebhookContext and nodes read from an express request. */
export class WebhookRequest extends IncomingMessage {
	body: unknown;

	params: Record<string, string> = {};

	readonly query: Record<string, string>;

	readonly path: string;

	readonly originalUrl: string;

	constructor(
		call: WebhookCall,
		path: string,
		private readonly sent: Buffer,
	) {
		// Never connected; it only has to exist.
		super(new Socket());
		this.query = { ...call.query };
		this.path = path;
		const search = new URLSearchParams(this.query).toString();
		this.originalUrl = search ? `${path}?${search}` : path;
		this.url = this.originalUrl;
		this.method = call.method ?? 'POST';
		this.headers = lowerCaseNames(call.headers ?? {});
		this.headers['content-length'] ??= String(sent.length);
		const [type, ...parameters] = (this.headers['content-type'] ?? '').split(';');
		if (type) {
			this.contentType = type.trim().toLowerCase();
			this.encoding = charsetOf(parameters);
		}
		this.push(sent);
		this.push(null);
	}

	get(name: string): string | string[] | undefined {
		return this.headers[name.toLowerCase()];
	}

	header(name: string): string | string[] | undefined {
		return this.get(name);
	}

	/** Fills `rawBody` with the bytes, inflated, as n8n's raw body reader does. */
	override async readRawBody(): Promise<void> {
		const encoding = this.headers['content-encoding'];
		if (encoding === 'gzip') this.rawBody = gunzipSync(this.sent);
		else if (encoding === 'deflate') this.rawBody = inflateSync(this.sent);
		else this.rawBody = this.sent;
		this._body = true;
	}
}

/**
 * Builds the request a webhook node sees, with its body read and parsed as n8n 2.41 does before it calls the node:
 * JSON, form and plain text are parsed; for anything else a node of version 2 or later finds neither `rawBody` nor
 * `body` until it calls `readRawBody()`. XML and multipart are left unparsed here.
 *
 * @throws SyntaxError if the body claims to be JSON and is not; n8n then answers 422
 */
export async function createWebhookRequest(
	call: WebhookCall,
	path: string,
	nodeVersion: number,
): Promise<WebhookRequest> {
	const sent = typeof call.body === 'string' ? Buffer.from(call.body, 'utf8') : call.body;
	const request = new WebhookRequest(call, path, sent ?? Buffer.alloc(0));
	const { contentType = '' } = request;
	if (contentType.startsWith('multipart/')) return request;
	const parsable =
		contentType === 'application/json' ||
		contentType === 'text/plain' ||
		contentType === 'application/x-www-form-urlencoded';
	if (nodeVersion > 1 && !parsable) return request;

	await request.readRawBody();
	if (request.rawBody.length === 0 || !parsable) return request;
	const text = request.rawBody.toString(request.encoding);
	if (contentType === 'application/json') request.body = JSON.parse(withoutBom(text));
	else if (contentType === 'text/plain') request.body = text;
	else request.body = parseQuery(withoutBom(text));
	return request;
}

function lowerCaseNames(headers: Record<string, string>): IncomingHttpHeaders {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

function charsetOf(parameters: string[]): BufferEncoding {
	const charset = parameters
		.map((parameter) => /^\s*charset="?([^";]+)/i.exec(parameter)?.[1]?.trim().toLowerCase())
		.find((value) => value !== undefined);
	return charset !== undefined && Buffer.isEncoding(charset) ? charset : 'utf-8';
}

function withoutBom(text: string): string {
	return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
