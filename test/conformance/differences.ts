import { endpoints } from '../../nodes/InSigner/api/endpoints';
import type { Contract } from '../sandbox/contract';
import type { ContractKeys } from './contractKeys';
import { isSuccess, mediaTypeOf, statusOf, type Answer, type Exchange } from './exchange';

/** An answer that differs from insigner.openapi.yaml. */
export interface Difference {
	/** Method and path, or what all answers have in common. */
	readonly where: string;
	readonly what: string;
	/** How often. */
	readonly times: number;
}

/** Every answer has them (getting-started/introduction, getting-started/rate-limits). */
const STANDARD_HEADERS = [
	'X-Request-Id',
	'RateLimit-Limit',
	'RateLimit-Remaining',
	'RateLimit-Reset',
];

/** A point in time, in seconds, is larger than any number of seconds until the limit resets. */
const LONGEST_RESET_SECONDS = 1_000_000;

const EVERY_ANSWER = 'Every answer';
const ERRORS = 'Errors';

/** What answers show compared with the contract. */
export interface Comparison {
	/** What differs from the contract. */
	readonly differences: Difference[];
	/** Keys and values that are not in the contract. They may be added at any time, so they refute nothing. */
	readonly news: Difference[];
}

/**
 * Compares answers with the contract.
 *
 * @param exchanges - what was asked and answered
 * @param contract - insigner.openapi.yaml
 * @param keys - the same, for what a validator does not report
 * @returns each difference once
 */
export function compareWith(
	exchanges: readonly Exchange[],
	contract: Contract,
	keys: ContractKeys,
): Comparison {
	const found = exchanges.flatMap((exchange) => differencesIn(exchange, contract));
	const newKeys = exchanges.flatMap(({ endpoint, answer }) =>
		endpoint && answer
			? keys.unknownIn(endpoint, answer.status, answer.body).map((key) => ({
					where: answer.status >= 400 ? ERRORS : nameOf(endpoint),
					what: `has a key ${key}`,
				}))
			: [],
	);
	return {
		differences: counted(found.filter(({ isNew }) => !isNew)),
		news: counted([...newKeys, ...found.filter(({ isNew }) => isNew)]),
	};
}

/**
 * Merges those that are the same.
 *
 * @param found - one by one
 */
export function counted(found: ReadonlyArray<Omit<Difference, 'times'>>): Difference[] {
	const byText = new Map<string, Difference>();
	for (const { where, what } of found) {
		const key = `${where} ${what}`;
		byText.set(key, { where, what, times: (byText.get(key)?.times ?? 0) + 1 });
	}
	return [...byText.values()];
}

/**
 * Method and path of an endpoint.
 *
 * @param endpoint - its name
 */
export function nameOf(endpoint: keyof typeof endpoints): string {
	const { method, path } = endpoints[endpoint];
	return `${method} ${path}`;
}

interface Found extends Omit<Difference, 'times'> {
	readonly isNew?: boolean;
}

function differencesIn({ endpoint, answer, key }: Exchange, contract: Contract): Found[] {
	if (!endpoint || !answer) return [];
	const headers = [...missingHeaders(answer), ...oddReset(answer)].map((what) => ({
		where: EVERY_ANSWER,
		what,
	}));
	// The inferences say whether an undocumented endpoint exists.
	const mayBeMissing = endpoints[endpoint].known === 'inferred';
	if (mayBeMissing && (answer.status === 404 || answer.status === 405)) return headers;
	const operation = contract.operations.find(({ id }) => id === endpoint);
	const isFile = answer.body === '%PDF-';
	const breach =
		operation &&
		contract.checkAnswer(operation, answer.status, isFile ? new Uint8Array() : answer.body);
	// The form of errors is the same for all endpoints.
	const isError = answer.status >= 400;
	const differs = (what: string) => ({
		where: isError ? ERRORS : nameOf(endpoint),
		what: isError ? what : `${answer.status}: ${what}`,
	});
	return [
		// A key that belongs to no one has no limit.
		...(key === 'own' ? headers : []),
		...(breach === undefined ? [] : breachesIn(breach, answer, differs)),
		...wrongMediaType(answer).map(differs),
		...(breach?.includes('does not declare')
			? [{ where: nameOf(endpoint), what: `answers ${answer.status}, which is not described` }]
			: []),
	];
}

/** Reads the validator's messages, such as "getOrganization 200: /data/3/x must be ...; ...". */
function breachesIn(
	breach: string,
	answer: Answer,
	differs: (what: string) => Omit<Difference, 'times'>,
): Found[] {
	if (breach.includes('does not declare')) return [];
	const lacking = new Map<string, string[]>();
	const found: Found[] = [];
	for (const text of breach.replace(/^\w+ \d{3}:/, '').split('; ')) {
		const [, pointer = '', problem = ''] = /^\s*(\/\S*)?\s*(.*)$/.exec(text) ?? [];
		const at = shownPointer(pointer) || 'the body';
		const missing = /^must have required property '(.+)'$/.exec(problem)?.[1];
		if (missing !== undefined) {
			lacking.set(at, [...new Set([...(lacking.get(at) ?? []), missing])]);
		} else if (problem.startsWith('must be equal to one of')) {
			const value = valueAt(answer.body, pointer);
			// A different spelling is not a different value.
			found.push(
				typeof value === 'string' && statusOf({ status: value }) !== value
					? differs(`${at} is written "${value}"`)
					: { ...differs(`${at} has a new value ${JSON.stringify(value)}`), isNew: true },
			);
		} else {
			found.push(differs(`${at} ${problem}`));
		}
	}
	return [...found, ...[...lacking].map(([at, keys]) => differs(`${at} lacks ${keys.join(', ')}`))];
}

/** What is wrong with one item of a list is usually wrong with the next one too. */
function shownPointer(pointer: string): string {
	return pointer
		.replace(/^\//, '')
		.replace(/\/\d+(?=\/|$)/g, '[]')
		.replace(/\//g, '.');
}

function valueAt(body: unknown, pointer: string): unknown {
	return pointer
		.split('/')
		.slice(1)
		.reduce<unknown>(
			(value, key) =>
				typeof value === 'object' && value !== null ? Reflect.get(value, key) : value,
			body,
		);
}

function missingHeaders({ headers }: Answer): string[] {
	return STANDARD_HEADERS.filter((name) => !(name.toLowerCase() in headers)).map(
		(name) => `has no header ${name}`,
	);
}

function oddReset({ headers }: Answer): string[] {
	const reset = Number(headers['ratelimit-reset']);
	return reset > LONGEST_RESET_SECONDS
		? ['has a time in RateLimit-Reset in place of the seconds until then']
		: [];
}

function wrongMediaType(answer: Answer): string[] {
	const media = mediaTypeOf(answer);
	if (answer.bytes === 0) return [];
	if (isSuccess(answer)) {
		return media === 'application/json' || media === 'application/pdf'
			? []
			: [`the body is ${media || 'of no media type'}`];
	}
	return media === 'application/problem+json'
		? []
		: [`are ${media || 'of no media type'} instead of application/problem+json`];
}
