import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readDocument } from '../../documents/reading';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import type { Once, Result } from '../operation';
import { simplifier, simplifyProperty } from '../simplify';
import { simpleNewDocument } from './simpleDocument';

export const signingLinksOption: INodeProperties = {
	displayName: 'Include Signing Links',
	name: 'includeSigningLinks',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the signing link of each signer. Whoever holds a link can sign as that person.',
	builderHint: {
		propertyHint: 'Off unless the user asked for signing links.',
	},
};

/** What is returned of a document that was created or sent. */
export const outputOptions: INodeProperties[] = [signingLinksOption, simplifyProperty];

/**
 * Reads what to return of a document. Done before the work, since a value that means nothing must stop it.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param simplified - what Simplify makes of a document where it isn't an option
 * @returns what turns a document into an output item, with signing links only if the user asked for them
 * @throws NodeOperationError when an option says neither yes nor no
 */
export function documentResult(
	ctx: IExecuteFunctions,
	itemIndex: number,
	simplified?: (document: object) => object,
): (document: object) => Result {
	const options = parametersOf(ctx, itemIndex).collection(OPTIONS);
	const withSigningLinks = options.yesNo(signingLinksOption);
	const toOutput = simplified ?? simplifier(options, simpleNewDocument);
	return (document) => ({ json: toOutput(document), withSigningLinks });
}

/** Operations that end with a document: it is read again when n8n runs them again. */
export const onceByDocument: Once = {
	again: async (ctx: IExecuteFunctions, itemIndex: number, documentId: string) => {
		const toResult = documentResult(ctx, itemIndex);
		return [toResult(await readDocument(ctx, documentId, itemIndex))];
	},
};
