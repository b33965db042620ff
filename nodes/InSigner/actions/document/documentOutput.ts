import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readDocument } from '../../documents/reading';
import { parametersOf } from '../../parameters/parameters';
import type { Once, Result } from '../operation';

export const signingLinksOption: INodeProperties = {
	displayName: 'Include Signing Links',
	name: 'includeSigningLinks',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the signing link of each signer. Whoever holds a link can sign as that person.',
};

/** The options of an operation that has no other. */
export const signingLinksProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	description: 'What else to return',
	options: [signingLinksOption],
};

/**
 * A document as an output item, with signing links only where the user asked for them.
 *
 * @param ctx - n8n's execution context
 * @param document - as read
 * @param itemIndex - index of the input item, from 0
 */
export function toDocumentResult(
	ctx: IExecuteFunctions,
	document: object,
	itemIndex: number,
): Result {
	const options = parametersOf(ctx, itemIndex).collection(signingLinksProperty);
	return { json: document, withSigningLinks: options.yesNo(signingLinksOption) };
}

/** Operations that end with a document: it is read again where n8n runs them again. */
export const onceByDocument: Once = {
	again: async (ctx: IExecuteFunctions, itemIndex: number, documentId: string) => [
		toDocumentResult(ctx, await readDocument(ctx, documentId, itemIndex), itemIndex),
	],
};
