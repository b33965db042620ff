import type { InSignerContext } from '../api/context';
import type { BodyOf, DataOf } from '../api/endpoints';
import { list, type EntryOf } from '../api/pagination';
import { request } from '../api/request';
import { addedEarlier, addOnce, type Adding } from './addOnce';

type NewSigner = BodyOf<'addSigner'> & Required<Pick<BodyOf<'addSigner'>, 'role' | 'order'>>;
type HeldSigner = EntryOf<'listSigners'>;

/**
 * Adds a signer to a draft, once: when no clear answer comes, the draft's signers tell whether it was done.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param signer - as the API takes it, with role and order
 * @param known - ids of the signers that the draft held before
 * @param itemIndex - index of the input item, from 0
 * @returns the signer as the service answered or holds it
 * @throws InSignerApiError as request(), with `effect` "unclear" when it may yet appear; NodeOperationError when
 * it is there twice after it was added again
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
 * Finds the signer that an earlier call of {@link addSignerOnce} added without knowing it.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param signer - who is to be added
 * @param held - the signers that the draft holds now
 * @returns the signer; undefined when there was no such call, or nothing came of it
 */
export function signerAddedEarlier(
	ctx: InSignerContext,
	documentId: string,
	signer: NewSigner,
	held: HeldSigner[],
): HeldSigner | undefined {
	return addedEarlier(adding(ctx, documentId, signer, new Set()), held);
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
		what: `Signer ${signer.email}`,
		known,
		add: async () => (await request(ctx, 'addSigner', { path, body: signer, itemIndex })).data,
		list: async () => await list(ctx, 'listSigners', { path, itemIndex }),
		isIt: ({ email, order, role }) =>
			email.toLowerCase() === signer.email.toLowerCase() &&
			Number(order) === signer.order &&
			role === signer.role,
	};
}
