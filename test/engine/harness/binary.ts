import { BinaryDataService, getBinaryHelperFunctions } from 'n8n-core';
import type { IBinaryData, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import type { N8nServices } from './n8nServices';

/** Moves bytes into and out of items the way nodes see them. */
export interface BinaryFiles {
	/**
	 * Stores bytes through n8n's real helper. In filesystem mode the result has an `id` and no bytes, in default mode
	 * it carries base64.
	 *
	 * @throws Error from n8n's binary data service if the bytes cannot be stored
	 */
	put(bytes: Buffer, fileName: string, mimeType: string): Promise<IBinaryData>;
	/**
	 * The bytes behind an item's binary property.
	 *
	 * @throws FileNotFoundError if the file was never stored or has been removed
	 */
	read(binaryData: IBinaryData): Promise<Buffer>;
}

/** Binary access for one engine, over BinaryDataService and the helper that nodes get. */
export function createBinaryFiles(
	services: N8nServices,
	additionalData: () => IWorkflowExecuteAdditionalData,
	workflowId: string,
): BinaryFiles {
	return {
		async put(bytes, fileName, mimeType) {
			// Name and mime type are always given: guessing them makes n8n import an ES-module-only package.
			const helpers = getBinaryHelperFunctions(additionalData(), workflowId);
			return await helpers.prepareBinaryData(bytes, fileName, mimeType);
		},
		async read(binaryData) {
			return await services.get(BinaryDataService).getAsBuffer(binaryData);
		},
	};
}
