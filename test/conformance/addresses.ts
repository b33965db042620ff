import { isItem, type Answer } from './exchange';

/** How many people a document in a run can have. */
const MAX_PEOPLE = 5;

/**
 * The address of a person of the run. All of them reach the same mailbox: you@example.com, you+conformance2@example.com.
 *
 * @param sendTo - the address that was given
 * @param person - from 1
 */
export function addressOf(sendTo: string, person: number): string {
	if (person === 1) return sendTo;
	const at = sendTo.lastIndexOf('@');
	const local = sendTo.slice(0, at);
	// Not every mail server understands a second plus.
	return `${local}${local.includes('+') ? '-' : '+'}conformance${person}${sendTo.slice(at)}`;
}

/**
 * Whether an address is one that the run gives its signers.
 *
 * @param sendTo - the address that was given; undefined for none
 * @param email - as the service shows it
 */
export function isOurs(sendTo: string | undefined, email: unknown): boolean {
	if (sendTo === undefined || typeof email !== 'string') return false;
	return Array.from({ length: MAX_PEOPLE }, (_, index) => addressOf(sendTo, index + 1)).some(
		(address) => address.toLowerCase() === email.trim().toLowerCase(),
	);
}

/**
 * Everyone a document could be sent to, under any key.
 *
 * @param answer - a document, or a list of signers
 * @returns `email` of every object in every list of it
 */
export function peopleIn({ body }: Answer): unknown[] {
	const found: unknown[] = [];
	const visit = (value: unknown, inList: boolean): void => {
		if (Array.isArray(value)) value.forEach((one) => visit(one, true));
		if (!isItem(value)) return;
		if (inList && 'email' in value) found.push(value.email);
		Object.values(value).forEach((one) => visit(one, false));
	};
	visit(body, false);
	return found;
}

/**
 * Every address that a request names.
 *
 * @param body - body of the request
 * @returns the values of `email`, at any depth
 */
export function addressesIn(body: unknown): unknown[] {
	if (Array.isArray(body)) return body.flatMap(addressesIn);
	if (!isItem(body)) return [];
	return Object.entries(body).flatMap(([key, value]) =>
		key === 'email' ? [value] : addressesIn(value),
	);
}
