import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { inWords } from './values';

/** Something wrong with what the user entered. */
export interface Problem {
	/** Display name of the parameter. */
	parameter: string;
	/** What is wrong, as the rest of a sentence that starts with the parameter. */
	message: string;
}

/** The documented limits, in characters. */
export const LIMITS = {
	name: 200,
	message: 5000,
	emailMessage: 1000,
	email: 254,
	phone: 20,
	signersPerDocument: 50,
	recipientsPerBulkSend: 500,
} as const;

/** How many problems an error lists; the rest is counted. */
export const NAMED_PROBLEMS = 10;

/** What is not seen: controls, blanks other than a space, zero width characters, bidi marks, soft hyphens, fillers. */
const INVISIBLE = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** At least one sign that is seen. */
const VISIBLE = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** What no email address has: anything but letters and digits of any script and the signs of RFC 5322. */
const NOT_IN_EMAIL = /[^\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.@ -]/u;

/** One part of a domain, as it is typed; RFC 1035 allows it 63 characters. */
const DOMAIN_LABEL = /^(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)$/u;

/** Digits as people group them, perhaps with an extension. */
const PHONE = /^\(?\+?[\d ()./-]{3,}(?:(?:x|ext\.?) ?\d{1,6})?$/i;

/** What a spreadsheet makes of a phone number that it takes for a quantity. */
const DECIMAL = /^\+?\d+\.\d{1,2}$/;

/** Line breaks and other controls, halves of characters, and U+FFFD, which replaces a lost letter. */
const NOT_IN_NAME = /[\p{Cc}\p{Cs}\uFFFD]/u;

/**
 * Stops before anything is sent if the input is wrong.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param problems - what is wrong; nothing happens when it is empty
 * @throws NodeOperationError that names every parameter with a problem
 */
export function requireNoProblems(
	ctx: IExecuteFunctions,
	itemIndex: number,
	problems: Problem[],
): void {
	const [first, ...others] = problems;
	if (!first) return;
	const more = problems.length - NAMED_PROBLEMS;
	throw new NodeOperationError(ctx.getNode(), sentenceOf(first), {
		itemIndex,
		description: [
			...others.slice(0, NAMED_PROBLEMS - 1).map((other) => `${sentenceOf(other)}.`),
			...(more > 0
				? [`${more === 1 ? '1 more problem' : `${more} more problems`} not listed.`]
				: []),
			nothingSent(itemIndex),
		].join('\n'),
	});
}

function sentenceOf({ parameter, message }: Problem): string {
	return `${parameter} ${message}`;
}

/**
 * The sentence that ends every refusal. It speaks of the item alone: others may have been done before.
 *
 * @param itemIndex - index of the input item, from 0
 */
export function nothingSent(itemIndex: number): string {
	return `Nothing was sent to inSigner for item ${itemIndex + 1}.`;
}

/**
 * Checks a text against a length in characters (not bytes, not UTF-16 units).
 *
 * @param parameter - display name
 * @param value - what was entered
 * @param limits - `required` refuses an empty text, `max` a longer one
 */
export function checkText(
	parameter: string,
	value: string,
	{ required = false, max }: { required?: boolean; max: number },
): Problem[] {
	if (required && !VISIBLE.test(value)) return [{ parameter, message: 'is empty' }];
	const length = [...value].length;
	if (length <= max) return [];
	return [{ parameter, message: `has ${length} characters; inSigner allows ${max}` }];
}

/**
 * Checks an email address for slips; it is sent a contract. Letters of any script pass: the service has the
 * last word.
 *
 * @param parameter - display name
 * @param value - what was entered
 */
export function checkEmail(parameter: string, value: string): Problem[] {
	const problems = checkText(parameter, value, { required: true, max: LIMITS.email });
	// The length comes first, so that no pattern meets a text without end.
	if (problems.length > 0) return problems;
	const slip = slipInEmail(value);
	if (slip === undefined) return [];
	return [{ parameter, message: `${inWords(value)} isn't a valid email address: it ${slip}` }];
}

/** @returns the rest of a sentence that starts with "it"; undefined for an address that is in order */
function slipInEmail(value: string): string | undefined {
	const invisible = INVISIBLE.exec(value)?.[0];
	if (invisible !== undefined) return `has an invisible character (${codePointOf(invisible)})`;
	if (/^mailto:/i.test(value)) return 'begins with "mailto:"';
	const [local = '', domain, ...others] = value.split('@');
	if (others.length > 0) return 'has more than one @, but can only be one address';
	const wrong = NOT_IN_EMAIL.exec(value)?.[0];
	if (wrong !== undefined) return `has the character ${wrong}`;
	if (value.includes(' ')) return 'has a space';
	if (domain === undefined) return 'has no @';
	if (local === '') return 'has nothing before the @';
	const labels = domain.split('.');
	const isDomain =
		labels.length > 1 &&
		labels.every((label) => DOMAIN_LABEL.test(label)) &&
		/\p{L}/u.test(labels.at(-1) ?? '');
	return isDomain ? undefined : 'has no domain such as example.com after the @';
}

function codePointOf(character: string): string {
	const hexadecimal = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
	return `U+${hexadecimal.padStart(4, '0')}`;
}

/**
 * Checks a phone number for what spreadsheets make of it, such as 4.9E+11 and ="+49...".
 *
 * @param parameter - display name
 * @param value - what was entered; empty is fine
 */
export function checkPhone(parameter: string, value: string): Problem[] {
	const problems = checkText(parameter, value, { max: LIMITS.phone });
	if (value === '' || problems.length > 0) return problems;
	const isPhone = PHONE.test(value) && /(?:\d\D*){3}/.test(value) && !DECIMAL.test(value);
	if (isPhone) return [];
	const message = `${inWords(value)} isn't a phone number: use digits, perhaps with spaces and + ( ) - . /`;
	return [{ parameter, message }];
}

/**
 * Checks the name of a person, which appears in an email and in a contract. Nothing is "sanitized": it is sent as
 * it is or not at all.
 *
 * @param parameter - display name
 * @param value - what was entered
 */
export function checkName(parameter: string, value: string): Problem[] {
	const problems = checkText(parameter, value, { required: true, max: LIMITS.name });
	if (problems.length > 0) return problems;
	const wrong = NOT_IN_NAME.exec(value)?.[0];
	if (wrong === '\n' || wrong === '\r') return [{ parameter, message: 'has a line break' }];
	if (wrong === '\uFFFD') {
		const message = `is ${inWords(value)}: letters were lost when a file was read in the wrong encoding`;
		return [{ parameter, message }];
	}
	if (wrong !== undefined) {
		return [{ parameter, message: `has an invisible character (${codePointOf(wrong)})` }];
	}
	return [];
}

/**
 * Checks a person: name, email address and phone.
 *
 * @param parameter - display name of the person, for example "Signer 2"
 * @param person - name, email and phone as entered
 */
export function checkPerson(
	parameter: string,
	person: { name: string; email: string; phone?: string },
): Problem[] {
	return [
		...checkName(`${parameter}: Name`, person.name),
		...checkEmail(`${parameter}: Email`, person.email),
		...checkPhone(`${parameter}: Phone`, person.phone ?? ''),
	];
}

/**
 * Checks that an update changes anything.
 *
 * @param changes - what the Update Fields collection holds; undefined for what was not added
 */
export function checkChanges(changes: object): Problem[] {
	if (Object.values(changes).some((change) => change !== undefined)) return [];
	return [{ parameter: 'Update Fields', message: 'is empty: choose what to change' }];
}
