import { EventEmitter } from 'node:events';

type HeaderValue = string | number | readonly string[];

/**
 * What a webhook node, or n8n after it, answered. Behaves like express's response as far as webhook nodes use it, and
 * records instead of sending.
 *
 * Answering twice throws, as it does with a real one ("Cannot set headers after they are sent").
 */
export class RecordedResponse extends EventEmitter {
	statusCode = 200;

	statusMessage = '';

	headersSent = false;

	writableEnded = false;

	/** Everything was handed to the operating system. */
	writableFinished = false;

	/** The connection is over, whoever ended it. */
	closed = false;

	destroyed = false;

	readonly locals: Record<string, unknown> = {};

	private readonly headers = new Map<string, HeaderValue>();

	private readonly chunks: Buffer[] = [];

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	sendStatus(code: number): this {
		return this.status(code).send(String(code));
	}

	setHeader(name: string, value: HeaderValue): this {
		if (this.headersSent) throw alreadySent();
		this.headers.set(name.toLowerCase(), value);
		return this;
	}

	set(name: string | Record<string, HeaderValue>, value?: HeaderValue): this {
		const fields = typeof name === 'string' ? { [name]: value ?? '' } : name;
		for (const [field, content] of Object.entries(fields)) this.setHeader(field, content);
		return this;
	}

	header(name: string | Record<string, HeaderValue>, value?: HeaderValue): this {
		return this.set(name, value);
	}

	type(contentType: string): this {
		return this.setHeader('content-type', contentType);
	}

	getHeader(name: string): HeaderValue | undefined {
		return this.headers.get(name.toLowerCase());
	}

	get(name: string): HeaderValue | undefined {
		return this.getHeader(name);
	}

	hasHeader(name: string): boolean {
		return this.headers.has(name.toLowerCase());
	}

	removeHeader(name: string): void {
		this.headers.delete(name.toLowerCase());
	}

	writeHead(code: number, headers: Record<string, HeaderValue> = {}): this {
		this.status(code).set(headers);
		this.headersSent = true;
		return this;
	}

	json(body: unknown): this {
		if (!this.hasHeader('content-type')) this.type('application/json; charset=utf-8');
		return this.end(JSON.stringify(body));
	}

	send(body?: unknown): this {
		if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) return this.json(body);
		if (typeof body === 'boolean' || typeof body === 'number') return this.json(body);
		if (body !== undefined && !this.hasHeader('content-type')) {
			const isText = typeof body === 'string';
			this.type(isText ? 'text/html; charset=utf-8' : 'application/octet-stream');
		}
		return this.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : undefined);
	}

	write(chunk: Buffer | string): boolean {
		if (this.writableEnded) throw alreadySent();
		this.headersSent = true;
		this.chunks.push(Buffer.from(chunk));
		return true;
	}

	end(chunk?: Buffer | string): this {
		if (this.writableEnded) throw alreadySent();
		if (chunk !== undefined) this.write(chunk);
		this.headersSent = true;
		this.writableEnded = true;
		// What is written to a caller that is gone is lost without an error.
		if (this.closed) return this;
		this.writableFinished = true;
		this.emit('finish');
		this.close();
		return this;
	}

	/** The caller hangs up before it gets an answer. */
	hangUp(): void {
		this.close();
	}

	/** Node.js sets the state first and emits the event once. */
	private close(): void {
		this.closed = true;
		this.destroyed = true;
		this.emit('close');
	}

	/** The answer so far, with a JSON body parsed. */
	recorded(): { headers: Record<string, string>; body: unknown } {
		const text = Buffer.concat(this.chunks).toString('utf8');
		const isJson = String(this.getHeader('content-type') ?? '').startsWith('application/json');
		const body: unknown = isJson && text !== '' ? (JSON.parse(text) as unknown) : text;
		const headers = [...this.headers].map(([name, value]) => [name, String(value)] as const);
		return { headers: Object.fromEntries(headers), body };
	}
}

function alreadySent(): Error {
	return Object.assign(new Error('Cannot set headers after they are sent to the client'), {
		code: 'ERR_HTTP_HEADERS_SENT',
	});
}
