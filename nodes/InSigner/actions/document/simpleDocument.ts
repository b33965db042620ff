import type { DataOf } from '../../api/endpoint';
import { pick } from '../simplify';

/** As lists, reading and sending give one: lists without signers. */
type Document = Partial<DataOf<'getDocument'>>;

const KEYS = [
	'id',
	'name',
	'status',
	'createdAt',
	'expiresAt',
	'completedAt',
	'templateId',
] as const;

type Signer = DataOf<'getDocument'>['signers'][number];

/**
 * A document without what a workflow rarely needs.
 *
 * @param document - with or without its signers
 * @returns up to ten keys; each signer with its signing link if there is one
 */
export function simpleDocument(document: Document): object {
	return {
		...pick(document, [...KEYS, 'campaignId', 'bulkSendId']),
		...signersOf(document),
	};
}

/**
 * A document that was just created or sent without what a workflow rarely needs. If it was sent before, it says so in
 * two more keys (see sendOnce()), ten in all.
 *
 * @param document - with or without its signers
 * @returns up to eight keys; each signer with its signing link if there is one
 */
export function simpleNewDocument(document: Document): object {
	return {
		...pick(document, KEYS),
		...signersOf(document),
	};
}

/** What sending answers is not documented: `signers` may be something else than a list. */
function signersOf({ signers }: Document): { signers?: object[] } {
	return Array.isArray(signers) ? { signers: signers.map(simpleSigner) } : {};
}

function simpleSigner(signer: Signer): object {
	return pick(signer, ['id', 'name', 'email', 'role', 'status', 'order', 'signedAt', 'signingUrl']);
}
