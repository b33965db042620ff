import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { DataOf } from '../../api/endpoints';
import { list } from '../../api/pagination';
import { request } from '../../api/request';

/** A document with its signers and fields. */
export type DocumentWithSigners = DataOf<'getDocument'> &
	Required<Pick<DataOf<'getDocument'>, 'fields'>>;

export const signingLinksOption: INodeProperties = {
	displayName: 'Include Signing Links',
	name: 'includeSigningLinks',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the signing link of each signer. Whoever holds a link can sign as that person.',
};

/**
 * Reads a document with its signers and fields.
 *
 * @param ctx - n8n's execution context
 * @param documentId - the document
 * @param itemIndex - index of the input item, from 0
 * @returns the document; where the service leaves signers or fields out, they are read from their own lists
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function readDocument(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
): Promise<DocumentWithSigners> {
	const path = { documentId };
	const { data } = await request(ctx, 'getDocument', { path, itemIndex });
	const { signers, fields }: Partial<DocumentWithSigners> = data;
	return {
		...data,
		signers: signers ?? (await list(ctx, 'listSigners', { path, itemIndex })),
		fields: fields ?? (await list(ctx, 'listFields', { path, itemIndex })),
	};
}

/**
 * Takes the signing links out of a document, unless the user asked for them.
 *
 * @param ctx - n8n's execution context
 * @param document - as read
 * @param itemIndex - index of the input item, from 0
 * @returns the document, fit for an output item
 */
export function forOutput<T extends { signers?: object[] }>(
	ctx: IExecuteFunctions,
	document: T,
	itemIndex: number,
): T {
	if (ctx.getNodeParameter('options.includeSigningLinks', itemIndex, false) || !document.signers) {
		return document;
	}
	return {
		...document,
		signers: document.signers.map((signer) => ({ ...signer, signingUrl: undefined })),
	};
}
