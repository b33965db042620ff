/** Ways to read all documents. */
import type { INodeParameters } from 'n8n-workflow';
import { request } from 'undici';

/** Of the server of pages, which takes any. */
export const API_KEY = `isk_${'b'.repeat(44)}`;

interface Page {
	data: object[];
	meta: { hasMore: boolean; nextCursor: string | null };
}

/** Reads all documents with nothing but an HTTP client. @returns how many */
export async function bareLoop(baseUrl: string): Promise<number> {
	const documents: object[] = [];
	let cursor: string | null = null;
	do {
		const query: string = cursor === null ? '' : `&cursor=${cursor}`;
		const { statusCode, body } = await request(`${baseUrl}/documents?limit=100${query}`, {
			headers: { authorization: `Bearer ${API_KEY}`, accept: 'application/json' },
		});
		if (statusCode !== 200) throw new Error(`The server answered ${statusCode}`);
		const { data, meta } = (await body.json()) as Page;
		documents.push(...data);
		cursor = meta.hasMore ? meta.nextCursor : null;
	} while (cursor !== null);
	return documents.length;
}

/**
 * Parameters of the HTTP Request node for reading all documents with its Pagination.
 *
 * @param baseUrl - of the API
 */
export const httpPagination = (baseUrl: string): INodeParameters => ({
	url: `${baseUrl}/documents`,
	authentication: 'predefinedCredentialType',
	nodeCredentialType: 'inSignerApi',
	sendQuery: true,
	queryParameters: { parameters: [{ name: 'limit', value: '100' }] },
	options: {
		pagination: {
			pagination: {
				paginationMode: 'updateAParameterInEachRequest',
				parameters: {
					parameters: [
						{ type: 'qs', name: 'cursor', value: '={{ $response.body.meta?.nextCursor }}' },
					],
				},
				paginationCompleteWhen: 'other',
				completeExpression: '={{ !$response.body.meta.hasMore }}',
				requestInterval: 0,
			},
		},
	},
});
