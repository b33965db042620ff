import { DateTime } from 'luxon';
import { isResourceLocatorValue } from 'n8n-workflow';

import { isObject, parsed } from '../json/json';

/** A value as it was meant, or what is wrong with it, as the rest of a sentence that starts with the parameter. */
export type Reading<T> = { readonly value: T } | { readonly message: string };

const YES = new Set(['true', 'yes', 'on', '1']);
const NO = new Set(['false', 'no', 'off', '0']);

/** A number as people and spreadsheets write it; "1,200" could be two numbers, so it isn't one. */
const NUMBER = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/;

/** A date, perhaps with a time of day, perhaps with an offset from UTC. */
const TIME =
	/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

const DATE_LENGTH = 'yyyy-mm-dd'.length;

/**
 * How an address of the web app names an object. No such address was ever seen, so any https address is accepted and
 * its last segment is the id, whatever query or anchor follows.
 */
export const URL_WITH_ID = '^https://[^\\s/?#]+/(?:[^\\s?#]*/)?([^\\s/?#]+)/*(?:[?#]\\S*)?$';

export const URL_WANTED = 'an https address that ends with an ID';

/** Far more than any ID or address of the web app has, in characters; anything longer isn't one. */
const MAX_ID = 200;
const MAX_URL = 2_000;

/** What n8n turns an object inside a text into. */
const OBJECT_IN_TEXT = '[object Object]';

/** How much of a wrong value an error repeats, in characters. */
const SHOWN = 60;

/** The smallest and the largest number allowed. */
export interface Bounds {
	readonly min?: number;
	readonly max?: number;
}

/**
 * Reads a text. Values come from forms, spreadsheets, expressions and language models, so a number is a text
 * too; an object or true is not, since it would be emailed as "[object Object]" or "true".
 *
 * @param value - what n8n gave
 * @returns the text without white space around it; empty for null, undefined and an empty text
 */
export function readText(value: unknown): Reading<string> {
	if (isEmpty(value)) return { value: '' };
	if (typeof value === 'string' && value.includes(OBJECT_IN_TEXT)) {
		return {
			message: `holds "${OBJECT_IN_TEXT}": an expression in it gives an object instead of text`,
		};
	}
	if (typeof value === 'string') return { value: value.trim() };
	if (typeof value === 'number' && Number.isFinite(value)) return { value: String(value) };
	return { message: `must be text, but is ${inWords(value)}` };
}

/**
 * Reads an ID, as a picker or a text holds it.
 *
 * @param value - what n8n gave: the value of a picker, or an ID
 * @returns the ID; empty if none is chosen
 */
export function readId(value: unknown): Reading<string> {
	const { mode, value: chosen } = isResourceLocatorValue(value) ? value : { mode: 'id', value };
	const read = readText(chosen);
	if ('message' in read || read.value === '') return read;
	const text = read.value;
	const isUrl = mode === 'url' || /^https:/i.test(text);
	if (text.length > (isUrl ? MAX_URL : MAX_ID)) {
		return { message: `has ${text.length} characters, too many for an ID or its address` };
	}
	const id = isUrl ? new RegExp(URL_WITH_ID).exec(text)?.[1] : text;
	return id && id.length <= MAX_ID ? { value: id } : { message: `is not ${URL_WANTED}` };
}

/**
 * Reads a number.
 *
 * @param value - what n8n gave: a number, or a text that is one
 * @param bounds - the smallest and the largest value allowed
 * @returns a finite number
 */
export function readNumber(value: unknown, bounds: Bounds = {}): Reading<number> {
	const number = toNumber(value);
	if (number !== undefined && isWithin(number, bounds)) return { value: number };
	return { message: `must be a number${boundsInWords(bounds)}, but is ${inWords(value)}` };
}

/**
 * Reads a whole number.
 *
 * @param value - what n8n gave: a number, or a text that is one
 * @param bounds - the smallest and the largest value allowed
 * @returns an integer that JavaScript holds exactly
 */
export function readWholeNumber(value: unknown, bounds: Bounds = {}): Reading<number> {
	const number = toNumber(value);
	if (Number.isSafeInteger(number) && number !== undefined && isWithin(number, bounds)) {
		return { value: number };
	}
	return { message: `must be a whole number${boundsInWords(bounds)}, but is ${inWords(value)}` };
}

/**
 * Reads yes or no. A text that says no must not count as yes just because it isn't empty.
 *
 * @param value - what n8n gave: a boolean, 1, 0, or a text such as "false" or "no"
 */
export function readYesNo(value: unknown): Reading<boolean> {
	if (typeof value === 'boolean') return { value };
	const word =
		typeof value === 'string' || typeof value === 'number'
			? String(value).trim().toLowerCase()
			: '';
	if (YES.has(word)) return { value: true };
	if (NO.has(word)) return { value: false };
	return { message: `must be true or false, but is ${inWords(value)}` };
}

/**
 * Reads one of a few choices.
 *
 * @param value - what n8n gave: a choice as it is stored, or as the editor shows it, in any case
 * @param choices - as they are stored
 * @param shownAs - what the editor shows for a choice
 */
export function readChoice<T extends string>(
	value: unknown,
	choices: readonly T[],
	shownAs: (choice: T) => string = (choice) => choice,
): Reading<T> {
	const wanted = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	const found = choices.find(
		(choice) => choice.toLowerCase() === wanted || shownAs(choice).toLowerCase() === wanted,
	);
	if (found !== undefined) return { value: found };
	return { message: `must be one of ${choices.join(', ')}, but is ${inWords(value)}` };
}

/**
 * Reads some of a few choices.
 *
 * @param value - what n8n gave: a list of choices in any form that {@link readList} takes
 * @param choices - as they are stored
 * @param shownAs - what the editor shows for a choice
 * @returns each once; none for null, undefined and an empty text
 */
export function readChoices<T extends string>(
	value: unknown,
	choices: readonly T[],
	shownAs?: (choice: T) => string,
): Reading<T[]> {
	const list = readList(value);
	if ('message' in list) return list;
	const read = list.value.map((text) => readChoice(text, choices, shownAs));
	const wrong = read.find((choice) => 'message' in choice);
	if (wrong) return wrong;
	return {
		value: [...new Set(read.flatMap((choice) => ('value' in choice ? [choice.value] : [])))],
	};
}

/**
 * Reads a list of texts.
 *
 * @param value - what n8n gave: a list, the JSON text of one, a text with commas or line breaks, or one value
 * @returns the texts without empty ones; none for null, undefined and an empty text
 */
export function readList(value: unknown): Reading<string[]> {
	const list = isEmpty(value) ? [] : typeof value === 'string' ? partsOf(value) : [value].flat();
	const texts = list.map(readText);
	const wrong = texts.find((text) => 'message' in text);
	if (wrong) return { message: `must be a list of texts, but is ${inWords(value)}` };
	return { value: texts.flatMap((text) => ('value' in text && text.value ? [text.value] : [])) };
}

/**
 * Reads an object.
 *
 * @param value - what n8n gave: an object, or its JSON text
 * @returns undefined for null, undefined and an empty text
 */
export function readObject(value: unknown): Reading<Record<string, unknown> | undefined> {
	if (isEmpty(value)) return { value: undefined };
	const object = typeof value === 'string' ? parsed(value) : value;
	return isObject(object)
		? { value: object }
		: { message: `must be a JSON object, but is ${inWords(value)}` };
}

/**
 * Reads a point in time.
 *
 * @param value - what n8n gave: ISO text from the picker or an expression, a Luxon or a JavaScript date
 * @param zone - IANA name of the zone of the workflow, for a text without one
 * @param day - which end of the day a date without a time of day means
 * @returns the time; undefined for null, undefined and an empty text
 */
export function readTime(
	value: unknown,
	zone: string,
	day: 'start' | 'end' = 'start',
): Reading<DateTime | undefined> {
	if (isEmpty(value)) return { value: undefined };
	const time = toTime(value, zone, day);
	if (time?.isValid) return { value: time };
	return { message: `must be a date, such as 2031-03-31, but is ${inWords(value)}` };
}

/**
 * What a wrong value is, for an error.
 *
 * @param value - anything
 * @returns a few words; a text is shortened
 */
export function inWords(value: unknown): string {
	if (isEmpty(value)) return 'empty';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'an object';
	if (typeof value === 'function') return 'code';
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'string') return JSON.stringify(value) ?? typeof value;
	const characters = [...value.trim().slice(0, 2 * SHOWN)];
	return `"${characters.slice(0, SHOWN).join('')}${characters.length > SHOWN ? '…' : ''}"`;
}

/** Whether an expression gave nothing at all, not even an empty text; no one can enter that by hand. */
export function isNothing(value: unknown): boolean {
	const held: unknown = isResourceLocatorValue(value) ? value.value : value;
	return held === undefined || held === null;
}

/**
 * Whether a parameter was entered as an expression.
 *
 * @param written - the parameter as stored in the workflow, its expressions not resolved
 */
export function isExpression(written: unknown): boolean {
	const text: unknown = isResourceLocatorValue(written) ? written.value : written;
	return typeof text === 'string' && text.startsWith('=');
}

/** Whether there is no value: nothing at all, or an empty text. */
export function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

function toNumber(value: unknown): number | undefined {
	const number =
		typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value.trim()) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function isWithin(number: number, { min = -Infinity, max = Infinity }: Bounds): boolean {
	return number >= min && number <= max;
}

function boundsInWords({ min, max }: Bounds): string {
	return `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` up to ${max}`}`;
}

function partsOf(text: string): unknown[] {
	const list = text.trim().startsWith('[') ? parsed(text) : undefined;
	// Not JSON: a text like any other.
	return Array.isArray(list) ? list : text.split(/[,\n]/);
}

function toTime(value: unknown, zone: string, day: 'start' | 'end'): DateTime | undefined {
	if (value instanceof Date) return DateTime.fromJSDate(value);
	if (DateTime.isDateTime(value)) return value;
	if (typeof value !== 'string' || !TIME.test(value.trim())) return undefined;
	const text = value.trim();
	const iso = text.replace(/^(\S+) (?=\d)/, '$1T').replace(/\s/g, '');
	const time = DateTime.fromISO(iso, { zone });
	return text.length === DATE_LENGTH && day === 'end' ? time.endOf('day') : time;
}
