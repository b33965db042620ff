import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

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

/** One @, something before it, and a domain with a dot; the service has the last word. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Stops before anything is sent when the input is not right.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param problems - what is wrong; nothing happens when it is empty
 * @throws NodeOperationError that names every parameter with a problem
 */
export function refuse(ctx: IExecuteFunctions, itemIndex: number, problems: Problem[]): void {
	const [first, ...others] = problems;
	if (!first) return;
	throw new NodeOperationError(ctx.getNode(), `${first.parameter} ${first.message}`, {
		itemIndex,
		description: [
			...others.map(({ parameter, message }) => `${parameter} ${message}.`),
			nothingSent(itemIndex),
		].join('\n'),
	});
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
	if (required && value.trim() === '') return [{ parameter, message: 'is empty' }];
	const length = [...value].length;
	if (length <= max) return [];
	return [{ parameter, message: `has ${length} characters; inSigner allows ${max}` }];
}

/**
 * Checks an e-mail address for slips; it is mailed a contract.
 *
 * @param parameter - display name
 * @param value - what was entered
 */
export function checkEmail(parameter: string, value: string): Problem[] {
	if (value === '') return [{ parameter, message: 'is empty' }];
	if (!EMAIL.test(value)) return [{ parameter, message: `"${value}" is not an e-mail address` }];
	return checkText(parameter, value, { max: LIMITS.email });
}

/**
 * Checks a person: name, e-mail address and phone.
 *
 * @param parameter - display name of the person, for example "Signer 2"
 * @param person - name, email and phone as entered
 */
export function checkPerson(
	parameter: string,
	person: { name: string; email: string; phone?: string },
): Problem[] {
	return [
		...checkText(`${parameter}: Name`, person.name, { required: true, max: LIMITS.name }),
		...checkEmail(`${parameter}: Email`, person.email),
		...checkText(`${parameter}: Phone`, person.phone ?? '', { max: LIMITS.phone }),
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
