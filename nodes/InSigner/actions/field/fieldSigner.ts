import { LIMITS, type Problem } from '../../parameters/checks';

/** Who a field can belong to. */
export interface FieldSigner {
	name: string;
	email: string;
	/** Number of the signer in the document, as the API counts: from 0, with gaps where someone was removed. */
	order: number;
}

/** How a field names its signer. If both are given, they must be the same person. */
export interface EnteredSigner {
	/** Position in the signing order from 1, email address or name. */
	signer?: string;
	/** Order of the signer as the API counts, from 0. */
	assignedTo?: number;
}

/** What is wrong with the signer of a field. */
export interface SignerProblem extends Problem {
	/** Whether it would be fine if the document had one more signer, who may not show yet. */
	mayShow?: true;
}

/**
 * Finds the signer of a field.
 *
 * @param entered - how the field names its signer
 * @param signers - the signers of the document; undefined or none when they are not known yet, so that position n means
 * order n - 1
 * @returns the signer's number in the API, from 0; or what is wrong
 * @see https://docs.insigner.co/api/fields
 */
export function signerNumber(
	{ signer, assignedTo }: EnteredSigner,
	signers: FieldSigner[] = [],
): number | SignerProblem {
	const named = signer === undefined ? undefined : bySigner(signer.trim(), inOrder(signers));
	const numbered = assignedTo === undefined ? undefined : byOrder(assignedTo, signers);
	const found = named ?? numbered;
	if (found === undefined) return problem('is empty');
	if (typeof found !== 'number') return found;
	if (numbered !== undefined && typeof numbered !== 'number') return numbered;
	if (numbered !== undefined && numbered !== found) {
		return problem(
			`is ${signer}, but assignedTo, which counts from 0, is ${assignedTo}: two different people. Give only one of them`,
		);
	}
	const sharing = signers.filter(({ order }) => order === found);
	if (sharing.length > 1) {
		const people = sharing.map(({ email }) => email).join(' and ');
		return problem(
			`is ${signer ?? assignedTo}, but ${people} share one Order, so the field would belong to either. Give each signer an Order of its own first`,
		);
	}
	return found;
}

/** Whether a signer is called by position in the signing order, not by email address or name. */
function isPosition(signer: string): boolean {
	return /^\d+$/.test(signer);
}

function bySigner(signer: string, signers: FieldSigner[]): number | SignerProblem {
	if (signer === '') return problem('is empty');
	if (isPosition(signer)) return byPosition(Number(signer), signers);
	const wanted = signer.toLowerCase();
	const byEmail = signers.filter(({ email }) => email.toLowerCase() === wanted);
	const found =
		byEmail.length > 0 ? byEmail : signers.filter(({ name }) => name.toLowerCase() === wanted);
	if (found.length === 1 && found[0]) return found[0].order;
	return found.length > 0
		? problem(`"${signer}" fits ${found.length} signers: use the position in the signing order`)
		: missing(
				`"${signer}" is none of the signers, neither by position nor by email address or name`,
			);
}

function byPosition(position: number, signers: FieldSigner[]): number | SignerProblem {
	if (position < 1) return problem('must be 1 for the first signer');
	if (signers.length === 0 && position <= LIMITS.signersPerDocument) return position - 1;
	return signers[position - 1]?.order ?? missing(`is ${position}, but there ${count(signers)}`);
}

function byOrder(assignedTo: number, signers: FieldSigner[]): number | SignerProblem {
	if (assignedTo >= 0 && signers.length === 0) return assignedTo;
	if (signers.some(({ order }) => order === assignedTo)) return assignedTo;
	return {
		parameter: 'assignedTo',
		message:
			signers.length === 0
				? 'must be a whole number from 0'
				: `is ${assignedTo}, which counts from 0, but there ${count(signers)}`,
	};
}

function count({ length }: FieldSigner[]): string {
	return length === 1 ? 'is 1 signer' : `are ${length} signers`;
}

/** The signing order as it is now: after someone was removed, the numbers have gaps, but positions have none. */
function inOrder(signers: FieldSigner[]): FieldSigner[] {
	return [...signers].sort((a, b) => a.order - b.order);
}

function problem(message: string): Problem {
	return { parameter: 'Signer', message };
}

function missing(message: string): SignerProblem {
	return { ...problem(message), mayShow: true };
}
