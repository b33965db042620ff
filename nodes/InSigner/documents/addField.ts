import type { InSignerContext } from '../api/context';
import type { BodyOf, DataOf } from '../api/endpoint';
import { list, type EntryOf } from '../api/pagination';
import { request } from '../api/request';
import { addedEarlier, addOnce, isToldAs, mayBeAdded, type Adding } from './addOnce';

type NewField = BodyOf<'addField'>;
type HeldField = EntryOf<'listFields'>;

/** How far a field may be from where it was placed, in the API's unit: the service may round. */
const ROUNDING = 1;

/**
 * Adds a field to a draft, once: if there is no clear answer, the draft's fields show whether it was done.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param field - as the API takes it
 * @param known - ids of the fields that the draft held before
 * @param itemIndex - index of the input item, from 0
 * @returns the field as the service returned or holds it
 * @throws InSignerApiError as request(), with `effect` "unclear" when it may yet appear; NodeOperationError when it
 * is there twice after it was added again
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function addFieldOnce(
	ctx: InSignerContext,
	documentId: string,
	field: NewField,
	known: ReadonlySet<string>,
	itemIndex?: number,
): Promise<DataOf<'addField'>> {
	return await addOnce(ctx, adding(ctx, documentId, field, known, itemIndex), itemIndex);
}

/**
 * Finds the field that an earlier call of {@link addFieldOnce} added without getting an answer.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param field - what is to be added
 * @param held - the fields that the draft holds now
 * @param itemIndex - index of the input item, from 0
 * @returns the field; undefined if there was no such call, or it added nothing
 * @throws NodeOperationError when it is there twice
 */
export function fieldAddedEarlier(
	ctx: InSignerContext,
	documentId: string,
	field: NewField,
	held: HeldField[],
	itemIndex?: number,
): HeldField | undefined {
	return addedEarlier(ctx, adding(ctx, documentId, field, new Set()), held, itemIndex);
}

/**
 * Whether an earlier call of {@link addFieldOnce} may have added a field, or may still add it.
 *
 * @param documentId - the draft
 * @param field - what is to be added
 */
export function fieldMayBeThere(documentId: string, field: NewField): boolean {
	return mayBeAdded({ documentId, what: nameOfField(field) });
}

/**
 * What messages call a field.
 *
 * @param field - as the API takes or gives it
 */
export function nameOfField({ type, page, x, y }: NewField): string {
	return `Field ${type} at (${x}, ${y}) on page ${page}`;
}

function adding(
	ctx: InSignerContext,
	documentId: string,
	field: NewField,
	known: ReadonlySet<string>,
	itemIndex?: number,
): Adding<HeldField, DataOf<'addField'>> {
	const path = { documentId };
	const { type, page, assignedTo } = field;
	return {
		documentId,
		what: nameOfField(field),
		known,
		add: async () => (await request(ctx, 'addField', { path, body: field, itemIndex })).data,
		list: async () => await list(ctx, 'listFields', { path, itemIndex }),
		isIt: (held) =>
			held.type === type &&
			isToldAs(held.page, page) &&
			isToldAs(held.assignedTo, assignedTo) &&
			(['x', 'y', 'width', 'height'] as const).every(
				(side) => Math.abs(Number(held[side]) - field[side]) < ROUNDING,
			),
	};
}
