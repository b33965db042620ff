import type { Fault, FaultRule } from '../sandbox/sandbox';

/** What comes back in place of the answer to a request. */
export interface AnswerKind {
	/** Heading of its column. */
	readonly title: string;
	readonly meaning: string;
	readonly fault: Fault;
	/** What happens on the node's side once the request has arrived. */
	readonly then?: 'timeout' | 'cancel';
	/**
	 * When the service may do what it was asked. The service's own answer decides: a refusal means never, and "it
	 * broke down" means before or never. After anything else it can be at any moment.
	 */
	readonly effects: 'never' | 'ended' | 'any';
	/** Where it can happen; everywhere if left out. */
	readonly only?: 'api' | 'storage';
}

/** When the service does what it was asked. */
export interface Moment {
	readonly title: string;
	readonly when: 'before' | 'never' | { readonly lateMs: number };
}

const problem = (status: number, title: string, headers?: Record<string, string>): Fault => ({
	status,
	headers,
	body: { type: 'about:blank', title, status },
});

const page = (status: number, title: string): Fault => ({
	status,
	contentType: 'text/html; charset=utf-8',
	body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
	byGateway: true,
});

/** Longer than any test: it ends when the node gives up on the request. */
const held: Fault = { hangMs: 300_000 };

/** Every answer, in the order of the columns. */
export const ANSWERS: readonly AnswerKind[] = [
	{ title: 'none', meaning: 'the connection is cut', fault: { drop: true }, effects: 'any' },
	{
		title: 'tout',
		meaning: 'no answer until the node gives up',
		fault: held,
		then: 'timeout',
		effects: 'any',
	},
	{
		title: 'cut',
		meaning: 'a 200 that is broken off',
		fault: {
			status: 200,
			contentType: 'application/json',
			body: '{"data":{"id":"cm5x',
			brokenOff: true,
		},
		effects: 'any',
	},
	{
		title: 'half',
		meaning: 'a 200 with half a body',
		fault: { status: 200, contentType: 'application/json', body: '{"data":{"id":"cm5x' },
		effects: 'any',
	},
	{
		title: '500',
		meaning: "the service's own 500",
		fault: problem(500, 'Internal Server Error'),
		effects: 'ended',
	},
	{
		title: '502',
		meaning: "the service's own 502",
		fault: problem(502, 'Bad Gateway'),
		effects: 'ended',
	},
	{ title: '502g', meaning: "a gateway's 502", fault: page(502, 'Bad Gateway'), effects: 'any' },
	{
		title: '502j',
		meaning: "a gateway's 502 in JSON",
		fault: {
			status: 502,
			contentType: 'application/json',
			body: { message: 'Internal server error' },
			byGateway: true,
		},
		effects: 'any',
	},
	{
		title: '503g',
		meaning: "a gateway's 503",
		fault: page(503, 'Service Unavailable'),
		effects: 'any',
	},
	{
		title: '504g',
		meaning: "a gateway's 504",
		fault: page(504, 'Gateway Time-out'),
		effects: 'any',
	},
	{
		title: '524g',
		meaning: "a gateway's 524",
		fault: page(524, 'A timeout occurred'),
		effects: 'any',
	},
	{
		title: '429',
		meaning: 'the rate limit of the key',
		fault: problem(429, 'Too Many Requests', { 'retry-after': '2', 'ratelimit-remaining': '0' }),
		effects: 'never',
	},
	{
		title: '429r',
		meaning: 'the limit of one endpoint, with room in the window',
		fault: problem(429, 'Too Many Requests', { 'retry-after': '2' }),
		effects: 'never',
	},
	{
		title: '302',
		meaning: 'a redirect',
		fault: { ...page(302, 'Found'), headers: { location: '/login' } },
		effects: 'any',
	},
	{ title: 'html', meaning: 'an HTML page with 200', fault: page(200, 'Sign in'), effects: 'any' },
	{
		title: '403',
		meaning: 'refused by the storage',
		fault: { status: 403, contentType: 'application/xml', body: '<Error/>' },
		effects: 'never',
		only: 'storage',
	},
	{
		title: 'stop',
		meaning: 'the execution is cancelled',
		fault: held,
		then: 'cancel',
		effects: 'any',
	},
];

/** Every moment, relative to the answer as the node sees it. */
export const MOMENTS: readonly Moment[] = [
	{ title: 'never', when: 'never' },
	{ title: 'before', when: 'before' },
	{ title: '0.5s', when: { lateMs: 500 } },
	{ title: '8s', when: { lateMs: 8_000 } },
	{ title: '30s', when: { lateMs: 30_000 } },
	{ title: '200s', when: { lateMs: 200_000 } },
];

/** The properties of a request that decide which answers and moments it can have. */
export interface Step {
	/** Its operation, or `upload` for the storage. */
	readonly operation: string;
	readonly method: string;
}

/** Whether this can happen to a request and is not equivalent to another combination. */
export function canHappen(answer: AnswerKind, { when }: Moment, step: Step): boolean {
	const origin = step.operation === 'upload' ? 'storage' : 'api';
	if (answer.only && answer.only !== origin) return false;
	if (when === 'never') return true;
	// Reading has no effect.
	if (step.method === 'GET') return false;
	return answer.effects === 'any' || (answer.effects === 'ended' && when === 'before');
}

/** The rule that makes the sandbox answer so. */
export function ruleFor(
	{ fault }: AnswerKind,
	{ when }: Moment,
): Pick<FaultRule, 'fault' | 'when'> {
	if (when === 'before') return { fault, when: 'after' };
	if (when !== 'never') return { fault, when };
	// A held request is carried out in the end, so its effect has to be delayed forever.
	return { fault, when: 'hangMs' in fault ? { lateMs: Infinity } : 'before' };
}
