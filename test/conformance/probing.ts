import { isItem, isSuccess, mediaTypeOf, messageOf, wordsOf, type Answer } from './exchange';

/** Whether the service has an endpoint. */
export interface Presence {
	readonly is: 'there' | 'absent' | 'unclear';
	/** Asked with an id that cannot exist, or used on what this run has created. */
	readonly by: 'probe' | 'use';
	/** The answer, in a few words. */
	readonly words: string;
}

/** How the service answers when it is known what is missing. */
export interface Calibration {
	/** For a documented endpoint: no such object. */
	readonly noObject: Answer;
	/** For a path that does not exist: no such endpoint. */
	readonly noEndpoint: Answer;
}

/**
 * Interprets an endpoint's answer for an id that cannot exist.
 *
 * @param answer - what came back
 * @param calibration - what a missing object and a missing endpoint look like at this service
 * @returns whether the service has the endpoint
 */
export function presenceOf(answer: Answer, { noObject, noEndpoint }: Calibration): Presence {
	const is = (found: Presence['is']): Presence => ({
		is: found,
		by: 'probe',
		words: wordsOf(answer),
	});
	if (answer.status === 405 || answer.status === 501) return is('absent');
	if (answer.status >= 500 || answer.status === 401 || answer.status === 429) return is('unclear');
	if (isSuccess(answer)) return is('there');
	if (isAlike(answer, noEndpoint)) return is(isAlike(noObject, noEndpoint) ? 'unclear' : 'absent');
	if (formOf(answer) === formOf(noObject)) return is('there');
	return is(answer.status === 404 ? 'absent' : 'unclear');
}

function isAlike(one: Answer, other: Answer): boolean {
	return (
		one.status === other.status &&
		formOf(one) === formOf(other) &&
		wordingOf(one) === wordingOf(other)
	);
}

/** The shape of an error: its media type and its keys. */
function formOf(answer: Answer): string {
	const keys = isItem(answer.body)
		? Object.keys(answer.body).filter((key) => key !== 'errors')
		: [];
	const shape = isItem(answer.body) ? keys.sort().join() : typeof answer.body;
	const page = typeof answer.body === 'string' && messageOf(answer) === '' ? 'page' : '';
	return [mediaTypeOf(answer), shape, page].join(' ');
}

/** What an error says, without the method and the path it may repeat. */
function wordingOf(answer: Answer): string {
	return messageOf(answer)
		.replace(/\b(GET|POST|PATCH|PUT|DELETE)\b/g, '')
		.replace(/\/\S+/g, '/')
		.trim();
}
