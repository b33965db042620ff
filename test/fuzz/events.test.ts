/** Everything the trigger reads from strangers and from inSigner, with worst-case and random texts, within bounds. */
import fc from 'fast-check';

import { withoutSigningLinks } from '../../nodes/InSigner/api/signingLinks';
import { fingerprintOf } from '../../nodes/InSigner/events/deduplication';
import {
	documentIdOf,
	eventTimeOf,
	readDelivery,
	type Delivery,
} from '../../nodes/InSigner/events/events';
import { passes, readIds } from '../../nodes/InSigner/events/filters';
import { plan, readEvents } from '../../nodes/InSigner/webhooks/plan';
import { isAuthentic } from '../../nodes/InSigner/trigger/signature';
import { isCheck } from '../../nodes/InSigner/webhooks/check';

const MEGABYTE = 1_000_000;

/** What a single input of a megabyte may take on a busy machine. Anything quadratic takes minutes. */
const MAX_MS = 2_000;

/** What may be in memory after it, garbage included. */
const MAX_BYTES = 300 * MEGABYTE;

/** What a small random input may take; a pause of the machine is not the input's fault, so it is tried again. */
const MAX_SMALL_MS = 100;

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 500) };

const FILTERS = { documentId: ['cm1'], templateId: ['tpl_1'], campaignId: [], bulkSendId: ['bs'] };

/** Everything that happens to a delivery before an execution starts, apart from n8n and the network. */
function take(rawBody: Buffer, header: unknown): Delivery | undefined {
	isAuthentic(rawBody, header, 'secret');
	isCheck(header, 'key', 'wh_1');
	fingerprintOf(rawBody);
	const delivery = readDelivery(rawBody, header);
	if (!delivery) return undefined;
	documentIdOf(delivery.event);
	passes(FILTERS, delivery.event);
	passes(FILTERS, delivery.event, delivery.event.data);
	// n8n stores it as JSON.
	JSON.stringify(delivery.event);
	return delivery;
}

const longestTime = (ms: number) => ms >= Date.UTC(2020, 0, 1) && ms < Date.UTC(2100, 0, 1);

/** What must be true of whatever was read. */
function check(delivery: Delivery | undefined): void {
	if (!delivery) return;
	const { event, happenedAt } = delivery;
	expect(typeof event.event).toBe('string');
	expect(event.data).not.toBeNull();
	expect(typeof event.data).toBe('object');
	if (event.timestamp !== null) expect(longestTime(Date.parse(event.timestamp))).toBe(true);
	if (happenedAt !== undefined) {
		expect(longestTime(happenedAt)).toBe(true);
		expect(event.timestamp).toBe(new Date(happenedAt).toISOString());
	}
	expect(keysIn(event.data).filter((key) => /^sign(ing|er)?[_-]?(url|link)s?$/i.test(key))).toEqual(
		[],
	);
	expect(keysIn(event.data)).not.toContain('__proto__');
	expect(Object.prototype).not.toHaveProperty('polluted');
}

/** All names of keys, at whatever depth. */
function keysIn(value: unknown): string[] {
	const keys = new Set<string>();
	const open = [value];
	while (open.length > 0) {
		const next = open.pop();
		if (typeof next !== 'object' || next === null) continue;
		if (!Array.isArray(next)) for (const key of Object.keys(next)) keys.add(key);
		for (const entry of Object.values(next)) open.push(entry);
	}
	return [...keys];
}

function measured<T>(read: () => T): { result: T; ms: number; bytes: number } {
	const before = process.memoryUsage().heapUsed;
	const startedAt = performance.now();
	const result = read();
	const ms = performance.now() - startedAt;
	return { result, ms, bytes: process.memoryUsage().heapUsed - before };
}

const times = (text: string, length = MEGABYTE) =>
	text.repeat(Math.ceil(length / text.length)).slice(0, length);

const nested = (open: string, close: string, levels: number) =>
	`${open.repeat(levels)}1${close.repeat(levels)}`;

const event = (rest: string) => `{"event":"document.completed",${rest}}`;

/** A megabyte each, of what is worst for a reader of JSON, times, ids or keys. */
const WORST_BODIES: Array<[string, string]> = [
	['nothing', ''],
	['spaces', times(' ')],
	['zero bytes', times('\0')],
	['open brackets', times('[')],
	['open objects', times('{"a":')],
	['quotes', times('"')],
	['backslashes', `"${times('\\')}"`],
	['digits', times('9')],
	['signs', times('-')],
	['half a surrogate', `{"event":"${times('\\ud800')}"}`],
	['lists in lists', event(`"data":{"a":${nested('[', ']', 400_000)}}`)],
	['objects in objects', event(`"data":${nested('{"a":', '}', 150_000)}`)],
	['signers in signers', event(`"data":${nested('{"signers":[', ']}', 70_000)}`)],
	['prototypes in prototypes', event(`"data":${nested('{"__proto__":', '}', 70_000)}`)],
	['many keys', event(`"data":{${'"signingUrl":1,'.repeat(60_000)}"a":1}`)],
	['many entries', event(`"data":{"a":[${times('0,', MEGABYTE)}0]}`)],
	['a long key', event(`"data":{"${times('sign')}":1}`)],
	['a long key of separators', event(`"data":{"signing${times('_')}url":1}`)],
	['a long name', `{"event":"${times('document.')}"}`],
	['a long time of digits', event(`"timestamp":"${times('1')}"`)],
	['a long number as time', event(`"timestamp":${times('1')}`)],
	['a long ISO time', event(`"timestamp":"2026-05-28T12:00:00.${times('0')}Z"`)],
	['a long time of spaces', event(`"timestamp":"${times(' ')}"`)],
	['a long time of points', event(`"createdAt":"${times('1.')}"`)],
	['a long id', event(`"data":{"documentId":"${times('a')}"}`)],
];

describe('a megabyte of the worst', () => {
	it.each(WORST_BODIES)('as body: %s', (_, text) => {
		const body = Buffer.from(text);
		const { result, ms, bytes } = measured(() => take(body, '1780000000'));
		expect(ms).toBeLessThan(MAX_MS);
		expect(bytes).toBeLessThan(MAX_BYTES);
		check(result);
	});

	const texts: Array<[string, string]> = [
		['digits', times('1')],
		['points', times('1.')],
		['spaces', times(' ')],
		['commas', times(',')],
		['dashes', times('2026-')],
		['brackets', times('[')],
		['quotes', times('"')],
		['slashes', `https://${times('/')}`],
		['segments', `https://a/${times('b/')}`],
		['dots', `https://${times('a.')}`],
		['an address', `https://a/${times('%20')}`],
		['ids', times('tpl_a,')],
		['a list of ids', `["${times('tpl_a","')}"]`],
		['hex', `sha256=${times('0')}`],
		['parentheses', `n8n: workflow "${times('" (')}`],
		['ends of descriptions', `n8n: workflow "${times('" (a)')}`],
	];

	it.each(texts)('as header, time, filter, description and events: %s', (_, text) => {
		const { ms, bytes } = measured(() => {
			take(Buffer.from(event('"data":{}')), text);
			eventTimeOf(text);
			readIds(text);
			readIds([text]);
			readEvents(text);
			plan(
				{ url: 'https://a/b', events: ['document.completed'], workflowId: 'w1' },
				{ webhookId: 'wh_1', secret: 's' },
				[
					{ id: 'wh_1', url: 'https://a/b', events: text, status: 'active', description: text },
					{ id: 'wh_2', url: text, events: [], status: 'active', description: null },
				],
			);
		});
		expect(ms).toBeLessThan(MAX_MS);
		expect(bytes).toBeLessThan(MAX_BYTES);
	});
});

describe('random', () => {
	const key = fc.oneof(
		fc.string(),
		fc.constantFrom(
			...['signingUrl', 'signing_url', 'signers', 'signer', 'url', 'link', 'id', 'documentId'],
			...['__proto__', 'constructor', 'prototype', 'document', 'templateId', 'bulkSendId'],
		),
	);
	const time = fc.oneof(
		fc.string(),
		fc.double(),
		fc.integer(),
		fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
		fc.date({ noInvalidDate: true }).map((date) => String(date.getTime())),
		fc.date({ noInvalidDate: true }).map((date) => date.getTime() / 1000),
	);
	const { json } = fc.letrec<{ json: unknown }>((tie) => ({
		json: fc.oneof(
			{ maxDepth: 6 },
			fc.jsonValue(),
			time,
			fc.array(tie('json'), { maxLength: 5 }),
			fc.dictionary(key, tie('json'), { maxKeys: 6, noNullPrototype: true }),
		),
	}));
	const name = fc.oneof(
		fc.string(),
		fc.constantFrom('document.completed', 'signer.completed', 'bulk_send.failed', '__proto__'),
	);
	const envelope = fc
		.record(
			{ event: name, data: json, timestamp: fc.oneof(time, json), createdAt: fc.oneof(time, json) },
			{ requiredKeys: ['event'] },
		)
		.map((body) => Buffer.from(JSON.stringify(body)));
	const broken = fc
		.tuple(envelope, fc.nat(), fc.uint8Array({ maxLength: 4 }))
		.map(([body, at, bytes]) => {
			const place = at % (body.length + 1);
			return Buffer.concat([body.subarray(0, place), bytes, body.subarray(place + bytes.length)]);
		});
	const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
	const header = fc.oneof(time, fc.constant(undefined), fc.array(fc.string()), json);

	const isQuick = (read: () => unknown) => [1, 2, 3].some(() => measured(read).ms < MAX_SMALL_MS);

	it.each([
		['events', envelope],
		['events with some bytes changed', broken],
		['bytes', bytes],
		['JSON', json.map((value) => Buffer.from(JSON.stringify(value) ?? ''))],
	])('%s are read without throwing, in time, and as promised', (_, bodies) => {
		fc.assert(
			fc.property(bodies, header, (body, value) => {
				check(take(body, value));
				expect(isQuick(() => take(body, value))).toBe(true);
			}),
			RUNS,
		);
	});

	it('filters are read as ids that are in them, or refused', () => {
		const filter = fc.oneof(json, fc.string(), fc.webUrl(), fc.array(fc.webUrl()));
		fc.assert(
			fc.property(filter, (entered) => {
				const read = readIds(entered);
				if ('message' in read) {
					expect(read.message).toMatch(/^must be a list of IDs|which is not an ID$/);
					return;
				}
				for (const id of read.value) {
					expect(id).toMatch(/^\S{1,200}$/);
					expect(JSON.stringify(entered)).toContain(JSON.stringify(id).slice(1, -1));
				}
			}),
			RUNS,
		);
	});

	it('the output has no signing link, whatever it was, and is otherwise the same', () => {
		const plain = fc.jsonValue({ maxDepth: 4 });
		fc.assert(
			fc.property(json, plain, (value, other) => {
				expect(keysIn(withoutSigningLinks(value))).not.toContain('signingUrl');
				if (!/sign|__proto__/i.test(JSON.stringify(other))) {
					expect(withoutSigningLinks(other)).toEqual(other);
				}
			}),
			RUNS,
		);
	});
});
