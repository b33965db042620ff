import type { components } from '../../api/schema';
import { checkEmail, checkName, checkPhone, type Problem } from '../../parameters/checks';
import { readText } from '../../parameters/values';

export type Recipient = components['schemas']['Recipient'];

/** One recipient as given, and where it came from. */
export interface Row {
	/** What its number counts: the given rows, or the lines of a file. */
	counted: 'row' | 'line';
	/** From 1. */
	number: number;
	/** Index of the input item it belongs to, from 0. */
	item: number;
	recipient: Recipient;
	/** What is wrong with it, each a sentence without its full stop; empty when it can be sent. */
	reasons: string[];
}

/**
 * Reads and checks one recipient. Nothing is "sanitized": O'Brien stays O'Brien. An object or a boolean is not turned
 * into text, since it would be emailed as "[object Object]" or "true".
 *
 * @param entered - the values of a form, an expression or a CSV line
 * @returns the recipient as the API takes it (no phone instead of an empty one), and what is wrong
 * @see https://docs.insigner.co/api/bulk-send
 */
export function readRecipient(entered: {
	name?: unknown;
	email?: unknown;
	phone?: unknown;
}): Pick<Row, 'recipient' | 'reasons'> {
	const reasons: string[] = [];
	const read = (
		parameter: string,
		value: unknown,
		check: (parameter: string, text: string) => Problem[],
	): string => {
		const text = readText(value);
		const problems =
			'message' in text ? [{ parameter, message: text.message }] : check(parameter, text.value);
		reasons.push(...problems.map(({ message }) => `${parameter} ${message}`));
		return 'value' in text ? text.value : '';
	};
	const name = read('Name', entered.name, checkName);
	const email = read('Email', entered.email, checkEmail);
	const phone = read('Phone', entered.phone, checkPhone);
	return { recipient: { name, email, ...(phone && { phone }) }, reasons };
}

/**
 * Separates the rows that can be sent from those that cannot, because something is wrong with the row itself or another
 * row already has its email address (ignoring case). The first good row with an address counts.
 *
 * @param rows - in the order they came
 * @returns good rows, and bad rows with the reasons, each in that order
 */
export function sortRows(rows: Row[]): { good: Row[]; bad: Row[] } {
	const good: Row[] = [];
	const bad: Row[] = [];
	const firstOf = new Map<string, Row>();
	for (const row of rows) {
		const { email } = row.recipient;
		const address = email.normalize().toLowerCase();
		const first = firstOf.get(address);
		if (first) {
			const reason = `Email "${email}" is already used in ${rangeOf([first])}`;
			bad.push({ ...row, reasons: [...row.reasons, reason] });
		} else if (row.reasons.length > 0) {
			bad.push(row);
		} else {
			firstOf.set(address, row);
			good.push(row);
		}
	}
	return { good, bad };
}

/**
 * Names rows.
 *
 * @param rows - in the order they came, at least one
 * @returns for example "rows 1 to 500", or "line 7" for one of a file
 */
export function rangeOf(rows: readonly Row[]): string {
	const [first, last] = [rows[0], rows.at(-1)];
	if (rows.length === 1) return `${first?.counted} ${first?.number}`;
	return `${first?.counted}s ${first?.number} to ${last?.number}`;
}

/** @returns the input items that rows belong to */
export function pairedItem(rows: readonly Row[]): Array<{ item: number }> {
	return [...new Set(rows.map(({ item }) => item))].map((item) => ({ item }));
}
