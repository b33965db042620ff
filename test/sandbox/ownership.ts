import type { ApiKey } from './apiKeys';
import { notFound } from './problems';
import type { Collection, StoredDocument, StoredField, StoredSigner } from './store';

/**
 * The object with this id, if it belongs to the organization of the caller.
 *
 * @throws 404 if there is none, and likewise if it belongs to another organization (getting-started/errors)
 */
export function findOwn<T extends { readonly id: string; readonly organizationId: string }>(
	collection: Collection<T>,
	caller: ApiKey,
	id: string,
	what: string,
): T {
	const found = collection.get(id);
	if (found?.organizationId !== caller.organizationId) throw notFound(what);
	return found;
}

/** A signer of a document by id. Throws 404 if there is none. */
export function findSigner(document: StoredDocument, signerId: string): StoredSigner {
	const found = document.signers.find((signer) => signer.id === signerId);
	if (!found) throw notFound('Signer');
	return found;
}

/** A field of a document by id. Throws 404 if there is none. */
export function findField(document: StoredDocument, fieldId: string): StoredField {
	const found = document.fields.find((field) => field.id === fieldId);
	if (!found) throw notFound('Field');
	return found;
}
