import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeProperties,
	INodePropertyMode,
} from 'n8n-workflow';
import { isResourceLocatorValue, NodeOperationError } from 'n8n-workflow';

import { refuse } from './checks';

/**
 * How an address of the web app names an object. No such address was ever seen, so any https address will
 * do and its last segment is the id, whatever query or anchor follows.
 */
const URL_WITH_ID = '^https://[^\\s/?#]+/(?:[^\\s?#]*/)?([^\\s/?#]+)/*(?:[?#]\\S*)?$';

const URL_WANTED = 'an https address that ends with an ID';

const idFromUrl: Pick<INodePropertyMode, 'extractValue' | 'validation'> = {
	extractValue: { type: 'regex', regex: URL_WITH_ID },
	validation: [
		{ type: 'regex', properties: { regex: URL_WITH_ID, errorMessage: `Not ${URL_WANTED}` } },
	],
};

/** Picker of one document. */
export const documentPicker = picker('Document', 'documentId', 'searchDocuments', {
	url: 'documents/cm5x9abc123',
});

/** Picker of one template. */
export const templatePicker = picker('Template', 'templateId', 'searchTemplates', {
	url: 'templates/tpl_abc123',
});

/** Picker of one campaign. */
export const campaignPicker = picker('Campaign', 'campaignId', 'searchCampaigns', {
	url: 'campaigns/cmp_abc123',
});

/** Picker of one bulk send. */
export const bulkSendPicker = picker('Bulk Send', 'bulkSendId', 'searchBulkSends', {
	url: 'bulk-sends/bs_abc123',
});

/** Picker of one webhook. */
export const webhookPicker = picker('Webhook', 'webhookId', 'searchWebhooks');

/** Picker of one signer of the document chosen in {@link documentPicker}. */
export const signerPicker = picker('Signer', 'signerId', 'searchSigners', { ofDocument: true });

/** Picker of one field of the document chosen in {@link documentPicker}. */
export const fieldPicker = picker('Field', 'fieldId', 'searchFields', { ofDocument: true });

function picker(
	displayName: string,
	name: string,
	searchListMethod: string,
	{ url, ofDocument = false }: { url?: string; ofDocument?: boolean } = {},
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		description: `The ${displayName.toLowerCase()}, chosen from a list or given by its ID${url === undefined ? '' : ' or URL'}`,
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
				placeholder: 'e.g. cm5x9abc123',
			},
			...(url === undefined
				? []
				: [
						{
							displayName: 'By URL',
							name: 'url',
							type: 'string' as const,
							placeholder: `e.g. https://app.insigner.co/${url}`,
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
	{ name, displayName }: INodeProperties,
	itemIndex: number,
): string {
	const chosen: unknown = ctx.getNodeParameter(name, itemIndex, '');
	const id = idOf(chosen);
	if (id === undefined) {
		refuse(ctx, itemIndex, [{ parameter: displayName, message: `is not ${URL_WANTED}` }]);
	}
	if (!id) refuse(ctx, itemIndex, [{ parameter: displayName, message: 'is not chosen' }]);
	return id ?? '';
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
	const id = idOf(ctx.getCurrentNodeParameter(name));
	if (id && !id.startsWith('=')) return id;
	throw id
		? new NodeOperationError(
				ctx.getNode(),
				`${displayName} is an expression that has no value here yet`,
				{ description: `Run the nodes before this one to see its ${wanted}, or choose By ID.` },
			)
		: new NodeOperationError(ctx.getNode(), `Choose a document first to see its ${wanted}`);
}

/** @returns the id in the value of a picker, empty when there is none; undefined when an address names none */
function idOf(chosen: unknown): string | undefined {
	const { mode, value } = isResourceLocatorValue(chosen) ? chosen : { mode: 'id', value: chosen };
	const entered = typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : '';
	if (mode !== 'url' || entered === '' || entered.startsWith('=')) return entered;
	return new RegExp(URL_WITH_ID).exec(entered)?.[1];
}
