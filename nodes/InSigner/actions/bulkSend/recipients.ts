import type { components } from '../../api/schema';
import { checkPerson, LIMITS, type Problem } from '../checks';

export type Recipient = components['schemas']['Recipient'];

/**
 * Cleans up one recipient as entered. Nothing is "sanitised": O'Brien stays O'Brien.
 *
 * @param entered - the values of a form or an expression
 * @returns the recipient as the API takes it; no phone instead of an empty one
 */
export function toRecipient(entered: {
	name?: unknown;
	email?: unknown;
	phone?: unknown;
}): Recipient {
	const phone = asText(entered.phone);
	return { name: asText(entered.name), email: asText(entered.email), ...(phone && { phone }) };
}

/**
 * Checks all recipients of a bulk send: each row, their number, and that nobody is in it twice.
 *
 * @param recipients - in the order of the rows
 * @returns what is wrong, rows counted from 1
 * @see https://docs.insigner.co/api/bulk-send
 */
export function checkRecipients(recipients: Recipient[]): Problem[] {
	const parameter = 'Recipients';
	const max = LIMITS.recipientsPerBulkSend;
	if (recipients.length === 0)
		return [{ parameter, message: 'is empty: there is nobody to send to' }];
	if (recipients.length > max) {
		const message = `has ${recipients.length} people; a bulk send takes up to ${max}`;
		return [{ parameter, message }];
	}
	const problems = recipients.flatMap((recipient, index) =>
		checkPerson(`Recipient ${index + 1}`, recipient),
	);
	const rowOf = new Map<string, number>();
	for (const [index, { email }] of recipients.entries()) {
		const key = email.toLowerCase();
		const first = rowOf.get(key);
		if (first === undefined) {
			rowOf.set(key, index + 1);
		} else if (email !== '') {
			const message = `"${email}" is the same as of recipient ${first}; it would be mailed twice`;
			problems.push({ parameter: `Recipient ${index + 1}: Email`, message });
		}
	}
	return problems;
}

function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
