import type { components } from '../../api/schema';
import { checkPerson } from '../../parameters/checks';

export type Recipient = components['schemas']['Recipient'];

/** One recipient as it came, with where it came from. */
export interface Row {
	/** Number of the row, from 1. */
	number: number;
	/** Index of the input item it belongs to, from 0. */
	item: number;
	recipient: Recipient;
}

/** A row that cannot be sent, and why. */
export interface BadRow extends Row {
	reasons: string[];
}

/**
 * Cleans up one recipient as entered. Nothing is "sanitised": O'Brien stays O'Brien.
 *
 * @param entered - the values of a form, an expression or a CSV line
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
 * Tells the rows that can be sent from those that cannot: something wrong with the person, or an e-mail
 * address that another row has already, in any case. The first row with an address is the one that counts.
 *
 * @param rows - in the order they came
 * @returns good rows and bad rows, each in that order
 * @see https://docs.insigner.co/api/bulk-send
 */
export function sortRows(rows: Row[]): { good: Row[]; bad: BadRow[] } {
	const good: Row[] = [];
	const bad: BadRow[] = [];
	const rowOf = new Map<string, number>();
	for (const row of rows) {
		const { email } = row.recipient;
		const reasons = checkPerson('', row.recipient).map(
			({ parameter, message }) => `${parameter.replace(': ', '')} ${message}`,
		);
		const first = rowOf.get(email.toLowerCase());
		if (first !== undefined) {
			reasons.push(`Email "${email}" is the same as of row ${first} and would be mailed twice`);
		} else if (reasons.length === 0) {
			rowOf.set(email.toLowerCase(), row.number);
		}
		if (reasons.length === 0) good.push(row);
		else bad.push({ ...row, reasons });
	}
	return { good, bad };
}

function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
