import type { InSignerContext } from './context';
import type { DataOf, EndpointName } from './endpoint';
import { hasStatus, InSignerApiError } from './errors';
import { list, pages } from './pagination';
import { request, type ApiAnswer, type RequestOptions } from './request';

/** The ids that a path can contain. */
interface Ids {
	documentId?: string;
	signerId?: string;
	fieldId?: string;
	campaignId?: string;
	bulkSendId?: string;
}

/**
 * Calls an endpoint that is only inferred. A 404 may mean "no such object" or "no such endpoint", so the object is
 * then looked up with documented endpoints, and the error says which of the two it is.
 *
 * @param ctx - any n8n context with the credential inSignerApi
 * @param endpoint - a name of the table in endpoints.ts
 * @param options - as request()
 * @returns as request()
 * @throws InSignerApiError as request(); its fault's `exists` says what was found
 * @see https://docs.insigner.co/getting-started/errors
 */
export async function requestInferred<E extends EndpointName>(
	ctx: InSignerContext,
	endpoint: E,
	options: RequestOptions<E>,
): Promise<ApiAnswer<DataOf<E>>> {
	return await request(ctx, endpoint, options).catch(async (error: unknown) => {
		if (!hasStatus(error, 404)) throw error;
		const exists = await existsByDocumentedEndpoint(
			ctx,
			{ ...options.path },
			options.itemIndex,
		).catch(() => undefined);
		if (exists === undefined) throw error;
		throw new InSignerApiError(ctx.getNode(), { ...error.fault, exists }, options.itemIndex);
	});
}

/** @returns whether the object of a path is there; undefined when there is no way to know */
async function existsByDocumentedEndpoint(
	ctx: InSignerContext,
	{ documentId, signerId, fieldId, campaignId, bulkSendId }: Ids,
	itemIndex?: number,
): Promise<boolean | undefined> {
	if (documentId !== undefined && signerId !== undefined) {
		const signers = await list(ctx, 'listSigners', { path: { documentId }, itemIndex });
		return signers.some(({ id }) => id === signerId);
	}
	if (documentId !== undefined && fieldId !== undefined) {
		const fields = await list(ctx, 'listFields', { path: { documentId }, itemIndex });
		return fields.some(({ id }) => id === fieldId);
	}
	if (documentId !== undefined) {
		return await isThere(request(ctx, 'getDocument', { path: { documentId }, itemIndex }));
	}
	if (bulkSendId !== undefined) {
		return await isThere(request(ctx, 'getBulkSend', { path: { bulkSendId }, itemIndex }));
	}
	if (campaignId === undefined) return undefined;
	// Reading one campaign is inferred too; only the list is documented.
	for await (const page of pages(ctx, 'listCampaigns', { itemIndex })) {
		if (page.some(({ id }) => id === campaignId)) return true;
	}
	return false;
}

async function isThere(reading: Promise<unknown>): Promise<boolean> {
	return await reading.then(
		() => true,
		(error: unknown) => {
			if (hasStatus(error, 404)) return false;
			throw error;
		},
	);
}
