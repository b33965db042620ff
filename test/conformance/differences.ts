import { endpoints } from '../../nodes/InSigner/api/endpoints';
import type { Contract } from '../sandbox/contract';
import type { ContractKeys } from './contractKeys';
import { isSuccess, mediaTypeOf, type Answer, type Exchange } from './exchange';

/** Something that was answered otherwise than insigner.openapi.yaml says. */
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

/** A time of day in seconds is larger than any number of seconds until the limit starts anew. */
const LONGEST_RESET_SECONDS = 1_000_000;

const EVERY_ANSWER = 'Every answer';

/**
 * Holds answers against the contract.
 *
 * @param exchanges - what was asked and answered
 * @param contract - insigner.openapi.yaml
 * @returns each difference once
 */
export function differencesOf(exchanges: readonly Exchange[], contract: Contract): Difference[] {
	return counted(exchanges.flatMap((exchange) => differencesIn(exchange, contract)));
}

/**
 * Keys that the contract does not know. New ones may come at any time, so they refute nothing.
 *
 * @param exchanges - what was asked and answered
 * @param keys - of the contract
 * @returns each key once
 */
export function newKeysIn(exchanges: readonly Exchange[], keys: ContractKeys): Difference[] {
	return counted(
		exchanges.flatMap(({ endpoint, answer }) =>
			endpoint && answer
				? keys
						.unknownIn(endpoint, answer.status, answer.body)
						.map((key) => ({ where: nameOf(endpoint), what: `has a key ${key}` }))
				: [],
		),
	);
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

function differencesIn(
	{ endpoint, answer, key }: Exchange,
	contract: Contract,
): Array<Omit<Difference, 'times'>> {
	if (!endpoint || !answer) return [];
	const differs = (what: string) => ({ where: nameOf(endpoint), what });
	const headers = [...missingHeaders(answer), ...oddReset(answer)].map((what) => ({
		where: EVERY_ANSWER,
		what,
	}));
	// Whether an endpoint that is not documented exists is told by the inferences.
	const mayBeMissing = endpoints[endpoint].known === 'inferred';
	if (mayBeMissing && (answer.status === 404 || answer.status === 405)) return headers;
	const operation = contract.operations.find(({ id }) => id === endpoint);
	const isFile = answer.body === '%PDF-';
	const breach =
		operation &&
		contract.checkAnswer(operation, answer.status, isFile ? new Uint8Array() : answer.body);
	// A key of nobody is not a case of its own for each endpoint.
	return [
		...(key === 'own' ? headers : []),
		...(breach ?? '')
			.split('; ')
			.filter(Boolean)
			.map((text) => differs(plain(text))),
		...wrongMediaType(answer).map(differs),
	];
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
			: [`${answer.status} is ${media || 'of no media type'}`];
	}
	return media === 'application/problem+json'
		? []
		: [`${answer.status} is ${media || 'of no media type'} instead of application/problem+json`];
}

/** "getOrganization 200: /data/3/x must be ..." is of the same kind as that of the item after it. */
function plain(text: string): string {
	return text
		.replace(/^\w+ (?=\d{3}:)/, '')
		.replace(/^\w+ (?=does not declare)/, '')
		.replace(/\/\d+(?=[/ ])/g, '/[]')
		.replace(/\s+/g, ' ')
		.trim();
}

function counted(found: ReadonlyArray<Omit<Difference, 'times'>>): Difference[] {
	const byText = new Map<string, Difference>();
	for (const one of found) {
		const key = `${one.where} ${one.what}`;
		byText.set(key, { ...one, times: (byText.get(key)?.times ?? 0) + 1 });
	}
	return [...byText.values()];
}
