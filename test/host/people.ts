/** People to send contracts to, and what the sandbox emailed them. */
import type { Sandbox } from '../sandbox/sandbox';

/** One person to sign; the JSON of an item. A type, since interfaces have no index signature. */
export type Person = { name: string; email: string };

/**
 * Makes up different people.
 *
 * @param count - how many
 */
export function people(count: number): Person[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `Person ${index + 1}`,
		email: `person${index + 1}@example.com`,
	}));
}

/**
 * How many invitations to sign each person got.
 *
 * @param sandbox - whose journal is read
 * @param invited - the people to count for
 * @returns counts in the order of the people
 */
export function invitationsOf(sandbox: Sandbox, invited: readonly Person[]): number[] {
	const counts = new Map<string, number>();
	for (const { to, kind } of sandbox.journal.emails) {
		if (kind === 'invitation') counts.set(to, (counts.get(to) ?? 0) + 1);
	}
	return invited.map(({ email }) => counts.get(email) ?? 0);
}
