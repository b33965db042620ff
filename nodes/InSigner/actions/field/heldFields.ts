import type { IExecuteFunctions } from 'n8n-workflow';

import { list, type EntryOf } from '../../api/pagination';
import { untilShown } from '../../documents/untilShown';
import { parametersOf } from '../../parameters/parameters';
import type { PlacedField } from './fieldInput';
import { signerNumber, type FieldSigner } from './fieldSigner';

/**
 * Finds the signer of a field among those the document has now. One who is not there yet is looked for again,
 * because a signer that was just added may take a while to show.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param documentId - the document
 * @param signer - position in the signing order from 1, email address or name
 * @returns the signer's number in the API, from 0
 * @throws NodeOperationError when it is none of the signers; InSignerApiError as request()
 * @see https://docs.insigner.co/api/signers
 */
export async function signerNumberNow(
	ctx: IExecuteFunctions,
	itemIndex: number,
	documentId: string,
	signer: string,
): Promise<number> {
	let whose = signerNumber({ signer });
	if (typeof whose === 'number' || whose.mayShow) {
		await untilShown(ctx, async () => {
			const held = await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
			whose = signerNumber({ signer }, held.map(toFieldSigner));
			return typeof whose === 'number' || !whose.mayShow ? whose : undefined;
		});
	}
	if (typeof whose === 'number') return whose;
	return parametersOf(ctx, itemIndex).refuse({ displayName: whose.parameter }, whose.message);
}

/**
 * Where the fields of a document are.
 *
 * @param held - the fields as the service gives them
 */
export function placedFields(held: Array<EntryOf<'listFields'>>): PlacedField[] {
	return held.map(({ id, type, page, x, y, width, height }) => ({
		name: `the ${type} field ${id}`,
		box: {
			page: Number(page),
			x: Number(x),
			y: Number(y),
			width: Number(width),
			height: Number(height),
		},
	}));
}

function toFieldSigner({ name, email, order }: FieldSigner): FieldSigner {
	return { name, email, order: Number(order) };
}
