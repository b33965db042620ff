import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { refuse } from './checks';

/** Picker of one document. */
export const documentPicker = picker('Document', 'documentId', 'searchDocuments');

/** Picker of one template. */
export const templatePicker = picker('Template', 'templateId', 'searchTemplates');

/** Picker of one bulk send. */
export const bulkSendPicker = picker('Bulk Send', 'bulkSendId', 'searchBulkSends');

/** Picker of one webhook. */
export const webhookPicker = picker('Webhook', 'webhookId', 'searchWebhooks');

function picker(displayName: string, name: string, searchListMethod: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		description: `The ${displayName.toLowerCase()}, chosen from a list or given by its ID`,
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. cm5x9abc123',
			},
		],
	};
}

/**
 * Reads the id chosen in a picker.
 *
 * @param ctx - n8n's execution context
 * @param picker - the picker's parameter
 * @param itemIndex - index of the input item, from 0
 * @returns the id
 * @throws NodeOperationError when none is chosen
 */
export function chosenId(
	ctx: IExecuteFunctions,
	{ name, displayName }: INodeProperties,
	itemIndex: number,
): string {
	const value: unknown = ctx.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (id === '') refuse(ctx, itemIndex, [{ parameter: displayName, message: 'is not chosen' }]);
	return id;
}
