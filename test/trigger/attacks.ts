/** Requests that try to fool the trigger, and honest ones that look odd. Run in the engine and in a real n8n. */
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** What an attacker may know, and one honest event to start from. */
export interface Scene {
	/** Secret of the attacked webhook. Only honest requests and replays of them are signed with it. */
	secret: string;
	webhookId: string;
	apiKey: string;
	/** Secret of another workflow's webhook. */
	otherSecret: string;
	/** Secret of a webhook at the same URL that is gone. */
	deletedSecret: string;
	/** ISO 8601, now. */
	timestamp: string;
}

export interface AttackRequest {
	method?: string;
	/** Alternating names and values, so that a name can occur twice. */
	headers: string[];
	body: Buffer;
	/** Sent piece by piece, without a content-length. */
	chunked?: true;
	/** Follows the path. */
	query?: string;
}

export interface Attack {
	name: string;
	/** `forged`: 4xx and no execution; `ignored`: genuine, no execution; `honest`: 200 and one execution. */
	kind: 'forged' | 'ignored' | 'honest';
	/** The right statuses. n8n itself answers some requests before the node is called. */
	statuses: number[];
	make: (scene: Scene) => AttackRequest;
}

const JSON_TYPE = ['content-type', 'application/json'];
const SIGNATURE = 'x-insigner-signature';
const MEGABYTE = 1_000_000;

/**
 * Signs as inSigner does.
 *
 * @param body - the bytes
 * @param secret - used as text
 * @returns the value of X-InSigner-Signature
 */
export function sign(body: Buffer | string, secret: string | Buffer): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** An event that was never sent before: the counter is part of it. */
let counter = 0;

/**
 * The body of a new document.completed event.
 *
 * @param timestamp - ISO 8601
 * @param extra - further text inside `data`, beginning with a comma
 */
export function newEvent(timestamp: string, extra = ''): string {
	counter += 1;
	return `{"event":"document.completed","timestamp":"${timestamp}","data":{"id":"cm_attack_${counter}","name":"Zo\\u00eb & \\/ O'Brien","amount":1.0${extra}}}`;
}

/** What is unusual: the content type, the time in the header, and more. */
type Change = Partial<AttackRequest> & { type?: string[]; time?: string };

/** A request with the usual headers. */
function request(
	body: Buffer | string,
	signature: string | undefined,
	change: Change = {},
): AttackRequest {
	const seconds = String(Math.floor(Date.now() / 1000));
	const { type = JSON_TYPE, time = seconds, headers = [], ...rest } = change;
	return {
		headers: [
			...type,
			...['x-insigner-timestamp', time],
			...(signature === undefined ? [] : [SIGNATURE, signature]),
			...headers,
		],
		body: Buffer.from(body),
		...rest,
	};
}

const forged = (name: string, make: Attack['make'], statuses: number[] = [401]): Attack => ({
	name,
	kind: 'forged',
	statuses,
	make,
});

const ignored = (name: string, make: Attack['make'], statuses: number[] = [200]): Attack => ({
	name,
	kind: 'ignored',
	statuses,
	make,
});

const honest = (name: string, make: Attack['make']): Attack => ({
	name,
	kind: 'honest',
	statuses: [200],
	make,
});

/** A forgery that differs only in its signature header. */
const signedAs = (name: string, signature: (body: string, scene: Scene) => string | undefined) =>
	forged(name, (scene) => {
		const body = newEvent(scene.timestamp);
		return request(body, signature(body, scene));
	});

const hex = (body: string, secret: string) => sign(body, secret).slice('sha256='.length);

const signatures: Attack[] = [
	signedAs('no signature', () => undefined),
	signedAs('an empty signature', () => ''),
	signedAs('only the prefix', () => 'sha256='),
	signedAs('no prefix', (body, { secret }) => hex(body, secret)),
	signedAs('the prefix of another algorithm', (body, { secret }) => `sha1=${hex(body, secret)}`),
	signedAs('the prefix in capitals', (body, { secret }) => `SHA256=${hex(body, secret)}`),
	signedAs('hex in capitals', (body, { secret }) => `sha256=${hex(body, secret).toUpperCase()}`),
	signedAs('a digit too few', (body, { secret }) => sign(body, secret).slice(0, -1)),
	signedAs('a digit too many', (body, { secret }) => `${sign(body, secret)}0`),
	signedAs('no hex', () => `sha256=${'z'.repeat(64)}`),
	signedAs('zeros', () => `sha256=${'0'.repeat(64)}`),
	signedAs(
		'base64 in place of hex',
		(body, { secret }) => `sha256=${createHmac('sha256', secret).update(body).digest('base64')}`,
	),
	signedAs('of the re-serialised body', (body, { secret }) =>
		sign(JSON.stringify(JSON.parse(body)), secret),
	),
	signedAs('of another event', (_, { secret, timestamp }) => sign(newEvent(timestamp), secret)),
	signedAs('of an empty body', (_, { secret }) => sign('', secret)),
	signedAs('with the empty secret', (body) => sign(body, '')),
	signedAs('with the word undefined', (body) => sign(body, 'undefined')),
	signedAs('with the id of the webhook', (body, { webhookId }) => sign(body, webhookId)),
	signedAs('with the API key', (body, { apiKey }) => sign(body, apiKey)),
	signedAs('with the secret decoded from hex', (body, { secret }) =>
		sign(body, Buffer.from(secret, 'hex')),
	),
	signedAs('with the secret of another workflow', (body, { otherSecret }) =>
		sign(body, otherSecret),
	),
	signedAs('with the secret of a deleted webhook', (body, { deletedSecret }) =>
		sign(body, deletedSecret),
	),
	signedAs('of time and body', (body, { secret }) =>
		sign(`${Math.floor(Date.now() / 1000)}.${body}`, secret),
	),
	signedAs(
		'given twice, right and wrong',
		(body, { secret }) => `${sign(body, secret)}, sha256=${'0'.repeat(64)}`,
	),
	signedAs('of 10,000 characters', () => `sha256=${'a'.repeat(10_000)}`),
];

const otherHeaders: Attack[] = [
	forged('two signature headers, the right one first', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(body, sign(body, secret), { headers: [SIGNATURE, `sha256=${'0'.repeat(64)}`] });
	}),
	forged('two signature headers, the right one last', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(body, `sha256=${'0'.repeat(64)}`, { headers: [SIGNATURE, sign(body, secret)] });
	}),
	forged('the right signature under other names', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		const signature = sign(body, secret);
		const names = [
			'x-signature',
			'x-hub-signature-256',
			'authorization',
			'x-insigner-signature-256',
		];
		return request(body, undefined, { headers: names.flatMap((name) => [name, signature]) });
	}),
	forged('the right signature in the query', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		const signature = encodeURIComponent(sign(body, secret));
		return request(body, undefined, {
			query: `?${SIGNATURE}=${signature}&secret=&__proto__[secret]=x`,
		});
	}),
	forged('the question of the Webhook operations, guessed', ({ webhookId, timestamp }) =>
		request(newEvent(timestamp), undefined, { headers: ['x-n8n-insigner-check', webhookId] }),
	),
];

const bodies: Attack[] = [
	forged('a byte changed after signing', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(body.replace('cm_attack', 'cn_attack'), sign(body, secret));
	}),
	forged('a line end added after signing', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(`${body}\n`, sign(body, secret));
	}),
	forged('a byte order mark added after signing', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(`\uFEFF${body}`, sign(body, secret));
	}),
	forged('an empty body, not signed', () => request('', undefined)),
	forged('an empty body with the signature of an event', ({ secret, timestamp }) =>
		request('', sign(newEvent(timestamp), secret)),
	),
	forged('5 MB, not signed', ({ timestamp }) =>
		request(newEvent(timestamp, `,"filler":"${'x'.repeat(5 * MEGABYTE)}"`), undefined),
	),
	forged('5 MB, signed with another secret', ({ timestamp, otherSecret }) => {
		const body = newEvent(timestamp, `,"filler":"${'x'.repeat(5 * MEGABYTE)}"`);
		return request(body, sign(body, otherSecret));
	}),
	forged('broken JSON, not signed', () => request('{"event":', undefined), [401, 422]),
	forged('JSON nested 50,000 deep', () =>
		request(`${'['.repeat(50_000)}${']'.repeat(50_000)}`, undefined),
	),
	forged('prototype keys, not signed', () =>
		request('{"__proto__":{"secret":""},"constructor":{"prototype":{"secret":""}}}', undefined),
	),
	forged('chunked, not signed', ({ timestamp }) =>
		request(newEvent(timestamp), undefined, { chunked: true }),
	),
	forged('gzip, the packed bytes signed', ({ secret, timestamp }) => {
		const packed = gzipSync(newEvent(timestamp));
		return request(packed, sign(packed, secret), {
			type: [...JSON_TYPE, 'content-encoding', 'gzip'],
		});
	}),
	forged(
		'something that says it is gzip and is not',
		({ timestamp }) =>
			request(newEvent(timestamp), undefined, {
				type: ['content-type', 'application/octet-stream', 'content-encoding', 'gzip'],
			}),
		// n8n gives up on unpacking it before the node is called.
		[400, 401, 422, 500],
	),
	...[
		'text/plain',
		'application/x-www-form-urlencoded',
		'application/xml',
		'application/octet-stream',
		'multipart/form-data; boundary=x',
		'application/json; charset=utf-16',
		'',
	].map((type) =>
		forged(
			`content type "${type}", not signed`,
			({ timestamp }) =>
				request(newEvent(timestamp), undefined, {
					type: type === '' ? [] : ['content-type', type],
				}),
			// n8n itself refuses what it cannot parse.
			[400, 401, 415, 422],
		),
	),
];

const methods: Attack[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) =>
	forged(
		method,
		({ secret, timestamp }) => {
			const body = method === 'GET' || method === 'HEAD' ? '' : newEvent(timestamp);
			return request(body, sign(body, secret), { method });
		},
		[404],
	),
);

/** Signed with the right secret: only inSigner can do that, or someone who records what it sends. */
const genuine = (
	name: string,
	makeBody: (scene: Scene) => string,
	statuses?: number[],
	type?: string[],
) =>
	ignored(
		name,
		(scene) => {
			const body = makeBody(scene);
			return request(body, sign(body, scene.secret), type && { type });
		},
		statuses,
	);

const unwanted: Attack[] = [
	genuine('an event no one subscribed to', ({ timestamp }) =>
		newEvent(timestamp).replace('document.completed', 'document.declined'),
	),
	genuine('an unknown event', ({ timestamp }) =>
		newEvent(timestamp).replace('document.completed', 'document.exploded'),
	),
	...['__proto__', 'constructor', 'toString'].map((name) =>
		genuine(`an event named ${name}`, ({ timestamp }) =>
			newEvent(timestamp).replace('document.completed', name),
		),
	),
	genuine('an event of last week', () =>
		newEvent(new Date(Date.now() - 7 * 24 * 3_600_000).toISOString()),
	),
	genuine('an event of last week, in seconds', () => {
		const seconds = Math.floor(Date.now() / 1000) - 7 * 24 * 3_600;
		return newEvent('x').replace('"x"', String(seconds));
	}),
	genuine('an event that was created last week', () =>
		newEvent(new Date(Date.now() - 7 * 24 * 3_600_000).toISOString()).replace(
			'timestamp',
			'createdAt',
		),
	),
	genuine('broken JSON', () => '{"event":', [422]),
	genuine(
		'broken JSON that calls itself text',
		() => '{"event":',
		[400],
		['content-type', 'text/plain'],
	),
	...['null', '[]', '"document.completed"', '5', '{}', '{"event":5,"data":{}}', '{"event":{}}'].map(
		(body) => genuine(`the body ${body}`, () => body, [400]),
	),
	genuine('an empty body, signed', () => '', [400]),
];

/** Odd, but inSigner could send it: a lost contract if it were refused. */
const odd = (name: string, makeBody: (scene: Scene) => string, change: Change = {}) =>
	honest(name, (scene) => {
		const body = makeBody(scene);
		return request(body, sign(body, scene.secret), change);
	});

const oddities: Attack[] = [
	odd('escaped and plain unicode', ({ timestamp }) =>
		newEvent(timestamp, ',"city":"Zürich \\u2603 ☃ 日本 \\ud83d\\ude00"'),
	),
	odd('spread over lines', ({ timestamp }) =>
		JSON.stringify(JSON.parse(newEvent(timestamp)), null, '\t'),
	),
	odd('numbers in other forms', ({ timestamp }) => newEvent(timestamp, ',"a":1e2,"b":-0,"c":1.50')),
	odd('a key twice', ({ timestamp }) => newEvent(timestamp, ',"id":"cm_twice","id":"cm_twice_2"')),
	odd('keys in another order', ({ timestamp }) => {
		const { event, data } = JSON.parse(newEvent(timestamp)) as { event: string; data: object };
		return JSON.stringify({ data, timestamp, event });
	}),
	odd('prototype keys', ({ timestamp }) =>
		newEvent(timestamp, ',"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'),
	),
	odd('no id', ({ timestamp }) => newEvent(timestamp).replace('"id"', '"reference"')),
	odd('no data', ({ timestamp }) => {
		counter += 1;
		return `{"event":"document.completed","timestamp":"${timestamp}","n":${counter}}`;
	}),
	odd('no time', () => newEvent('x').replace('"timestamp":"x",', '')),
	odd('an unreadable time', () => newEvent('soon')),
	// The header is not signed and so decides nothing.
	...['', '0', '1', 'soon', String(Math.floor(Date.now() / 1000) - 30 * 24 * 3_600)].map((time) =>
		odd(
			`no time, and "${time}" in the header`,
			() => newEvent('x').replace('"timestamp":"x",', ''),
			{ time },
		),
	),
	odd('5 MB', ({ timestamp }) => newEvent(timestamp, `,"filler":"${'x'.repeat(5 * MEGABYTE)}"`)),
	odd('a charset', ({ timestamp }) => newEvent(timestamp), {
		type: ['content-type', 'application/json; charset=utf-8'],
	}),
	odd('octet-stream', ({ timestamp }) => newEvent(timestamp), {
		type: ['content-type', 'application/octet-stream'],
	}),
	odd('text/plain', ({ timestamp }) => newEvent(timestamp), {
		type: ['content-type', 'text/plain'],
	}),
	odd('no content type', ({ timestamp }) => newEvent(timestamp), { type: [] }),
	odd('chunked', ({ timestamp }) => newEvent(timestamp), { chunked: true }),
	honest('gzip, the unpacked bytes signed', ({ secret, timestamp }) => {
		const body = newEvent(timestamp);
		return request(gzipSync(body), sign(body, secret), {
			type: [...JSON_TYPE, 'content-encoding', 'gzip'],
		});
	}),
];

/** All of them. Replays need an honest request first and are in the tests. */
export const ATTACKS: readonly Attack[] = [
	...signatures,
	...otherHeaders,
	...bodies,
	...methods,
	...unwanted,
	...oddities,
];
