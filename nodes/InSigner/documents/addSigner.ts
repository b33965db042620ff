import type { InSignerContext } from '../api/context';
import type { BodyOf, DataOf } from '../api/endpoint';
import { list, type EntryOf } from '../api/pagination';
import { request } from '../api/request';
import { addedEarlier, addOnce, isToldAs, mayBeAdded, type Adding } from './addOnce';

type NewSigner = BodyOf<'addSigner'> & Required<Pick<BodyOf<'addSigner'>, 'role' | 'order'>>;
type HeldSigner = EntryOf<'listSigners'>;

/**
 * Adds a signer to a draft, once: if there is no clear answer, the draft's signers show whether it was done.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param signer - as the API takes it, with role and order
 * @param known - ids of the signers that the draft held before
 * @param itemIndex - index of the input item, from 0
 * @returns the signer as the service returned or holds it
 * @throws InSignerApiError as request(), with `effect` "unclear" when it may yet appear; NodeOperationError when it
 * is there twice after it was added again
 * @see https://docs.insigner.co/api/signers
 */
export async function addSignerOnce(
	ctx: InSignerContext,
	documentId: string,
	signer: NewSigner,
	known: ReadonlySet<string>,
	itemIndex?: number,
): Promise<DataOf<'addSigner'>> {
	return await addOnce(ctx, adding(ctx, documentId, signer, known, itemIndex), itemIndex);
}

/**
 * Finds the signer that an earlier call of {@link addSignerOnce} added without getting an answer.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param signer - who is to be added
 * @param held - the signers that the draft holds now
 * @param itemIndex - index of the input item, from 0
 * @returns the signer; undefined if there was no such call, or it added nothing
 * @throws NodeOperationError when it is there twice
 */
export function signerAddedEarlier(
	ctx: InSignerContext,
	documentId: string,
	signer: NewSigner,
	held: HeldSigner[],
	itemIndex?: number,
): HeldSigner | undefined {
	return addedEarlier(ctx, adding(ctx, documentId, signer, new Set()), held, itemIndex);
}

/**
 * Whether an earlier call of {@link addSignerOnce} may have added a signer, or may still add it.
 *
 * @param documentId - the draft
 * @param signer - who is to be added
 */
export function signerMayBeThere(documentId: string, signer: NewSigner): boolean {
	return mayBeAdded({ documentId, what: nameOfSigner(signer) });
}

/**
 * What messages call a signer.
 *
 * @param signer - as the API takes it
 */
export function nameOfSigner({ email }: NewSigner): string {
	return `Signer ${email}`;
}

function adding(
	ctx: InSignerContext,
	documentId: string,
	signer: NewSigner,
	known: ReadonlySet<string>,
	itemIndex?: number,
): Adding<HeldSigner, DataOf<'addSigner'>> {
	const path = { documentId };
	return {
		documentId,
		what: nameOfSigner(signer),
		known,
		add: async () => (await request(ctx, 'addSigner', { path, body: signer, itemIndex })).data,
		list: async () => await list(ctx, 'listSigners', { path, itemIndex }),
		isIt: ({ email, order, role }) =>
			email.toLowerCase() === signer.email.toLowerCase() &&
			isToldAs(order, signer.order) &&
			isToldAs(role, signer.role),
	};
}
