import type { Fault } from '../sandbox/sandbox';

/** One way in which a request goes wrong. */
export interface FaultKind {
	/** Head of its column. A `+` says that the service did what was asked, `~` that it did so afterwards. */
	readonly title: string;
	/** The same in words. */
	readonly meaning: string;
	readonly fault: Fault;
	readonly when: 'before' | 'after';
	/** What becomes of the node's side when the request has arrived. */
	readonly then?: 'timeout' | 'cancel';
	/** The service does what was asked this long after it was asked. In milliseconds of virtual time. */
	readonly doneAfterMs?: number;
	/** Where it can happen; everywhere when left out. */
	readonly only?: 'api' | 'storage';
}

const problem = (status: number, title: string, headers?: Record<string, string>): Fault => ({
	status,
	headers,
	body: { type: 'about:blank', title, status },
});

const page: Fault = {
	status: 200,
	contentType: 'text/html; charset=utf-8',
	body: '<!doctype html><title>Proxy</title><p>Please sign in.</p>',
};

/** Longer than any test: it ends when the node gives up the request. */
const held: Fault = { hangMs: 120_000 };

const tooMany = problem(429, 'Too Many Requests', {
	'retry-after': '2',
	'ratelimit-remaining': '0',
});

/** Every fault, in the order of the columns. */
export const FAULT_KINDS: readonly FaultKind[] = [
	{ title: '429', meaning: 'rate limit', fault: tooMany, when: 'before' },
	{
		title: '500',
		meaning: 'server error',
		fault: problem(500, 'Internal Server Error'),
		when: 'before',
	},
	{
		title: '500+',
		meaning: 'server error',
		fault: problem(500, 'Internal Server Error'),
		when: 'after',
	},
	{ title: '502', meaning: 'bad gateway', fault: problem(502, 'Bad Gateway'), when: 'before' },
	{ title: '502+', meaning: 'bad gateway', fault: problem(502, 'Bad Gateway'), when: 'after' },
	{
		title: 'tout',
		meaning: 'time-out of the request',
		fault: { drop: true },
		when: 'before',
		then: 'timeout',
	},
	{
		title: 'tout+',
		meaning: 'time-out of the request',
		fault: held,
		when: 'after',
		then: 'timeout',
	},
	{
		title: 'tout~',
		meaning: 'time-out of the request',
		fault: held,
		when: 'before',
		then: 'timeout',
	},
	{ title: 'drop', meaning: 'connection cut', fault: { drop: true }, when: 'before' },
	{ title: 'drop+', meaning: 'connection cut', fault: { drop: true }, when: 'after' },
	{
		title: 'drop~',
		meaning: 'connection cut',
		fault: { drop: true },
		when: 'before',
		doneAfterMs: 3_000,
		only: 'api',
	},
	{ title: 'html', meaning: 'an HTML page with status 200', fault: page, when: 'before' },
	{ title: 'html+', meaning: 'an HTML page with status 200', fault: page, when: 'after' },
	{
		title: '403',
		meaning: 'refused by the storage',
		fault: { status: 403, contentType: 'application/xml', body: '<Error/>' },
		when: 'before',
		only: 'storage',
	},
	{
		title: 'stop',
		meaning: 'the execution is cancelled',
		fault: { drop: true },
		when: 'before',
		then: 'cancel',
	},
	{
		title: 'stop+',
		meaning: 'the execution is cancelled',
		fault: held,
		when: 'after',
		then: 'cancel',
	},
	{
		title: 'stop~',
		meaning: 'the execution is cancelled',
		fault: held,
		when: 'before',
		then: 'cancel',
	},
];
