import type { IExecuteFunctions } from 'n8n-workflow';

import { hint } from '../api/hints';

/** How many people are named; the rest is counted. */
const NAMED_PEOPLE = 3;

/** Someone who is sent a document. */
interface Person {
	email: string;
	phone?: string;
	role?: string;
}

/**
 * Hints at signers without a phone number where others have one: whoever fills in phone numbers wants people to be
 * verified by SMS, and inSigner needs one for that. https://docs.insigner.co/api/signers
 *
 * @param ctx - n8n's execution context
 * @param people - all who are sent a document; viewers only get a copy
 */
export function hintAtMissingPhones(ctx: IExecuteFunctions, people: readonly Person[]): void {
	const signers = people.filter(({ role }) => role !== 'viewer');
	const without = signers.filter(({ phone }) => !phone).map(({ email }) => email);
	if (without.length === 0 || without.length === signers.length) return;
	const more = without.length - NAMED_PEOPLE;
	const named = `${without.slice(0, NAMED_PEOPLE).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
	hint(
		ctx,
		without.length === 1
			? `1 signer has no phone number and can't be verified by SMS: ${named}.`
			: `${without.length} signers have no phone number and can't be verified by SMS: ${named}.`,
	);
}
