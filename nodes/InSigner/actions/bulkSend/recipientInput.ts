import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { emailProperty, nameProperty, phoneProperty } from '../signer/signerInput';
import { readCsv } from './csv';
import { readRecipient, type Row } from './recipients';
import { readTextFile } from './textFile';

/** A list of hundreds of thousands of people; inSigner takes 500 every five minutes. In bytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

const ofItems = { show: { recipientsFrom: ['items'] } };

const recipientsFromProperty: INodeProperties = {
	displayName: 'Recipients From',
	name: 'recipientsFrom',
	type: 'options',
	options: [
		{
			name: 'CSV File',
			value: 'csv',
			description: 'Each line of a CSV file is one recipient',
		},
		{ name: 'Input Items', value: 'items', description: 'Each input item is one recipient' },
		{ name: 'List', value: 'list', description: 'The recipients are entered below' },
	],
	default: 'items',
	description: 'Where the recipients come from',
};

const itemNameProperty: INodeProperties = {
	...nameProperty,
	displayName: 'Recipient Name',
	name: 'recipientName',
	default: '={{ $json.name }}',
	displayOptions: ofItems,
};

const itemEmailProperty: INodeProperties = {
	...emailProperty,
	displayName: 'Recipient Email',
	name: 'recipientEmail',
	default: '={{ $json.email }}',
	displayOptions: ofItems,
};

const itemPhoneProperty: INodeProperties = {
	...phoneProperty,
	displayName: 'Recipient Phone',
	name: 'recipientPhone',
	default: '={{ $json.phone }}',
	displayOptions: ofItems,
};

const fileProperty: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the CSV file',
	description:
		'Name of the binary field of the first input item that holds the file. Its first line names the columns: name, email and, if wanted, phone.',
	displayOptions: { show: { recipientsFrom: ['csv'] } },
};

const listRow = {
	displayName: 'Recipient',
	name: 'recipient',
	default: undefined,
	values: [nameProperty, emailProperty, phoneProperty],
};

const listProperty: INodeProperties = {
	displayName: 'Recipients',
	name: 'recipients',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Recipient',
	default: { recipient: [{ name: '', email: '', phone: '' }] },
	description: 'The people to send to',
	displayOptions: { show: { recipientsFrom: ['list'] } },
	options: [{ displayName: 'Recipient', name: 'recipient', values: listRow.values }],
};

/** The people of a bulk send: from the input items, from a file or from a list. */
export const recipientProperties: INodeProperties[] = [
	recipientsFromProperty,
	itemNameProperty,
	itemEmailProperty,
	itemPhoneProperty,
	fileProperty,
	listProperty,
];

/**
 * Reads the recipients, each with what is wrong with it.
 *
 * @param ctx - n8n's execution context
 * @returns the rows in the order they came
 * @throws NodeOperationError when they cannot be read as rows at all
 */
export async function readRows(ctx: IExecuteFunctions): Promise<Row[]> {
	const parameters = parametersOf(ctx, 0);
	switch (parameters.choice(recipientsFromProperty, ['csv', 'items', 'list'])) {
		case 'csv':
			return await readFile(ctx);
		case 'items':
			return ctx.getInputData().map((_, item) => {
				const ofItem = parametersOf(ctx, item);
				// The default is an expression, which is no name where nothing is set.
				const value = (property: INodeProperties) => ofItem.valueOf({ ...property, default: '' });
				return {
					counted: 'row',
					number: item + 1,
					item,
					...readRecipient({
						name: value(itemNameProperty),
						email: value(itemEmailProperty),
						phone: value(itemPhoneProperty),
					}),
				};
			});
		case 'list':
			return parameters.rows(listProperty, listRow).map((row, index) => ({
				counted: 'row',
				number: index + 1,
				item: 0,
				...readRecipient({
					name: row.valueOf(nameProperty),
					email: row.valueOf(emailProperty),
					phone: row.valueOf(phoneProperty),
				}),
			}));
	}
}

async function readFile(ctx: IExecuteFunctions): Promise<Row[]> {
	const field = parametersOf(ctx, 0).text(fileProperty);
	const parameter = `The CSV file in "${field}"`;
	const { id } = ctx.helpers.assertBinaryData(0, field);
	const size = id === undefined ? 0 : (await ctx.helpers.getBinaryMetadata(id)).fileSize;
	if (size > MAX_FILE_BYTES) {
		const message = `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB: split it`;
		requireNoProblems(ctx, 0, [{ parameter, message }]);
	}
	const text = readTextFile(await ctx.helpers.getBinaryDataBuffer(0, field));
	const read =
		'message' in text
			? text
			: readCsv(text.value, { required: ['name', 'email'], optional: ['phone'] });
	if ('message' in read) {
		requireNoProblems(ctx, 0, [{ parameter, message: read.message }]);
		return [];
	}
	return read.value.map(({ line, values, problems }) => {
		const { recipient, reasons } = readRecipient(values);
		return {
			counted: 'line',
			number: line,
			item: 0,
			recipient,
			reasons: [...problems, ...reasons],
		};
	});
}
