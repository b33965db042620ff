import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeProperties,
	INodePropertyMode,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parametersOf } from './parameters';
import { isExpression, readId, URL_WANTED, URL_WITH_ID } from './values';

const idFromUrl: Pick<INodePropertyMode, 'extractValue' | 'validation'> = {
	extractValue: { type: 'regex', regex: URL_WITH_ID },
	validation: [
		{ type: 'regex', properties: { regex: URL_WITH_ID, errorMessage: `Not ${URL_WANTED}` } },
	],
};

/** Picker of one document. */
export const documentPicker = picker('Document', 'documentId', 'searchDocuments', {
	exampleId: 'cm5x9abc123',
	urlFolder: 'documents',
});

/** Picker of one template. */
export const templatePicker = picker('Template', 'templateId', 'searchTemplates', {
	exampleId: 'tpl_abc123',
	urlFolder: 'templates',
});

/** Picker of one template for a bulk send: only those that a single person signs. */
export const bulkSendTemplatePicker: INodeProperties = {
	...picker('Template', 'templateId', 'searchTemplatesForBulkSend', {
		exampleId: 'tpl_abc123',
		urlFolder: 'templates',
	}),
	description:
		'The template, chosen from a list or given by its ID or URL. It must have exactly one signer slot; the list shows only these. Its fields stay as in the template: to fill in values, loop over Document > Create and Send From Template instead.',
};

/** Picker of one campaign. */
export const campaignPicker = picker('Campaign', 'campaignId', 'searchCampaigns', {
	exampleId: 'cmp_abc123',
	urlFolder: 'campaigns',
});

/** Picker of one bulk send. */
export const bulkSendPicker = picker('Bulk Send', 'bulkSendId', 'searchBulkSends', {
	exampleId: 'bs_abc123',
	urlFolder: 'bulk-sends',
});

/** Picker of one webhook. */
export const webhookPicker = picker('Webhook', 'webhookId', 'searchWebhooks', {
	exampleId: 'wh_abc123',
});

/** Picker of one signer of the document chosen in {@link documentPicker}. */
export const signerPicker = picker('Signer', 'signerId', 'searchSigners', {
	exampleId: 'sr_abc123',
	ofDocument: true,
});

/** Picker of one field of the document chosen in {@link documentPicker}. */
export const fieldPicker = picker('Field', 'fieldId', 'searchFields', {
	exampleId: 'fld_abc123',
	ofDocument: true,
});

function picker(
	displayName: string,
	name: string,
	searchListMethod: string,
	{
		exampleId,
		urlFolder,
		ofDocument = false,
	}: { exampleId: string; urlFolder?: string; ofDocument?: boolean },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		description: `The ${displayName.toLowerCase()}, chosen from a list or given by its ID${urlFolder === undefined ? '' : ' or URL'}`,
		default: { mode: 'list', value: '' },
		// The editor empties the choice when another document is chosen.
		...(ofDocument && { typeOptions: { loadOptionsDependsOn: [`${documentPicker.name}.value`] } }),
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
				placeholder: `e.g. ${exampleId}`,
			},
			...(urlFolder === undefined
				? []
				: [
						{
							displayName: 'By URL',
							name: 'url',
							type: 'string' as const,
							placeholder: `e.g. https://app.insigner.co/${urlFolder}/${exampleId}`,
							...idFromUrl,
						},
					]),
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
 * @throws NodeOperationError when none is chosen, or an address names none
 */
export function chosenId(
	ctx: IExecuteFunctions,
	picker: INodeProperties,
	itemIndex: number,
): string {
	return parametersOf(ctx, itemIndex).chosenId(picker);
}

/**
 * Reads which document is chosen while the editor fills a list that depends on it.
 *
 * @param ctx - n8n's context for the editor's lists
 * @param wanted - what the list shows, for example "signers"
 * @returns the id of the document
 * @throws NodeOperationError when none is chosen, or it is an expression without a value in the editor
 */
export function chosenDocument(ctx: ILoadOptionsFunctions, wanted: string): string {
	const { displayName, name } = documentPicker;
	const chosen: unknown = ctx.getCurrentNodeParameter(name);
	const id = isExpression(chosen) ? undefined : idOf(chosen);
	if (id) return id;
	throw id === undefined
		? new NodeOperationError(
				ctx.getNode(),
				`${displayName} is an expression that has no value here yet`,
				{ description: `Run the nodes before this one to see its ${wanted}, or choose By ID.` },
			)
		: new NodeOperationError(ctx.getNode(), `Choose a document first to see its ${wanted}`);
}

/**
 * Reads which template is chosen while the editor shows the form of its slots.
 *
 * @param ctx - n8n's context for the editor's lists
 * @returns the id of the template; empty when none is chosen, or it is an expression without a value in the editor
 */
export function chosenTemplate(ctx: ILoadOptionsFunctions): string {
	return idOf(ctx.getNodeParameter(templatePicker.name, ''));
}

/** @returns the id in the value of a picker; empty when there is none */
function idOf(chosen: unknown): string {
	const read = readId(chosen);
	return 'value' in read ? read.value : '';
}
