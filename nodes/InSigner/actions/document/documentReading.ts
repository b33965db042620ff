import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { beyondCancellation } from '../../api/cancellation';
import { clock } from '../../api/clock';
import type { InSignerContext } from '../../api/context';
import type { DataOf } from '../../api/endpoints';
import type { InSignerApiError } from '../../api/errors';
import { list } from '../../api/pagination';
import { request } from '../../api/request';

/** A document with its signers and fields. */
export type DocumentWithSigners = DataOf<'getDocument'> &
	Required<Pick<DataOf<'getDocument'>, 'fields'>>;

/** When a document is looked at again after a request got no answer, in milliseconds after the look before. */
const LATER_LOOKS_MS = [2_000, 5_000];

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
 * Reads a document with its signers and fields.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param documentId - the document
 * @param itemIndex - index of the input item, from 0
 * @returns the document; where the service leaves signers or fields out, they are read from their own lists
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function readDocument(
	ctx: InSignerContext,
	documentId: string,
	itemIndex?: number,
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
 * Reads a document after a request that was to change its status and got no clear answer, also when the
 * execution was cancelled. Without any answer the service may still be at work, so it is looked at again.
 *
 * @param ctx - n8n's execution context
 * @param documentId - the document
 * @param before - its status before the request
 * @param unclear - what the request threw
 * @param itemIndex - index of the input item, from 0
 * @returns the document as it is now; undefined where it cannot be read
 */
export async function readUntilChanged(
	ctx: IExecuteFunctions,
	documentId: string,
	before: DocumentWithSigners['status'],
	unclear: InSignerApiError,
	itemIndex: number,
): Promise<DocumentWithSigners | undefined> {
	const still = beyondCancellation(ctx);
	const read = async () => await readDocument(still, documentId, itemIndex).catch(() => undefined);
	let document = await read();
	for (const pause of unclear.fault.result === 'serverFault' ? [] : LATER_LOOKS_MS) {
		if (document && document.status !== before) break;
		await clock.sleep(pause);
		document = await read();
	}
	return document;
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
