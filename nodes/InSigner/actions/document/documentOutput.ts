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

/** The options of an operation that has no others. */
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
 * Reads what else to return. Done before the work, since a value that means nothing must stop it.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns what turns a document into an output item, with signing links only if the user asked for them
 * @throws NodeOperationError when the option says neither yes nor no
 */
export function documentResult(
	ctx: IExecuteFunctions,
	itemIndex: number,
): (document: object) => Result {
	const options = parametersOf(ctx, itemIndex).collection(signingLinksProperty);
	const withSigningLinks = options.yesNo(signingLinksOption);
	return (document) => ({ json: document, withSigningLinks });
}

/** Operations that end with a document: it is read again when n8n runs them again. */
export const onceByDocument: Once = {
	again: async (ctx: IExecuteFunctions, itemIndex: number, documentId: string) => {
		const toResult = documentResult(ctx, itemIndex);
		return [toResult(await readDocument(ctx, documentId, itemIndex))];
	},
};
