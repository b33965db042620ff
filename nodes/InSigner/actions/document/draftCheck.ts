import type { FieldInput } from '../field/fieldInput';
import type { SignerInput } from '../signer/signerInput';
import type { DocumentWithSigners } from './documentReading';

/**
 * Compares a draft as the service holds it with what was asked for. A field that ends up with the wrong
 * person is the worst that could be sent, and how a field names its signer is only inferred.
 *
 * @param draft - as read back
 * @param signers - as asked, in signing order
 * @param fields - as asked
 * @returns the differences as sentences; empty when there are none
 */
export function differencesFromDraft(
	draft: Pick<DocumentWithSigners, 'status' | 'signers' | 'fields'>,
	signers: SignerInput[],
	fields: FieldInput[],
): string[] {
	const differences: string[] = [];
	if (draft.status !== 'draft') differences.push(`It is ${draft.status} and no longer a draft.`);
	if (draft.signers.length !== signers.length) {
		differences.push(`It has ${draft.signers.length} signers instead of ${signers.length}.`);
	}
	for (const { email, order, role } of signers) {
		const found = draft.signers.find((signer) => signer.order === order);
		if (!found) {
			differences.push(`Nobody is at position ${order + 1}, where ${email} belongs.`);
		} else if (found.email.toLowerCase() !== email.toLowerCase() || found.role !== role) {
			differences.push(
				`Position ${order + 1} holds ${found.email} as ${found.role} instead of ${email} as ${role}.`,
			);
		}
	}
	const asked = countFields(fields);
	const held = countFields(draft.fields);
	for (const key of new Set([...asked.keys(), ...held.keys()])) {
		const [wanted, found] = [asked.get(key) ?? 0, held.get(key) ?? 0];
		if (wanted !== found) differences.push(`It has ${found} ${key} instead of ${wanted}.`);
	}
	return differences;
}

function countFields(
	fields: Array<{ type: string; page: number; assignedTo: number }>,
): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { type, page, assignedTo } of fields) {
		const key = `fields of type ${type} on page ${page} for signer ${assignedTo + 1}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}
