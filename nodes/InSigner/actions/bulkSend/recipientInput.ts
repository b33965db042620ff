import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import { emailProperty, nameProperty, phoneProperty } from '../signer/signerInput';
import { columnFor, type Column } from './columns';
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
	required: false,
	default: '',
	placeholder: 'e.g. {{ $json.customer }}',
	description: 'Full name of the person. Leave empty to use the column name or full name.',
	displayOptions: ofItems,
};

const itemEmailProperty: INodeProperties = {
	...emailProperty,
	displayName: 'Recipient Email',
	name: 'recipientEmail',
	required: false,
	default: '',
	placeholder: 'e.g. {{ $json.contact }}',
	description:
		'Where to send the signing invitation. Leave empty to use the column email or e-mail.',
	displayOptions: ofItems,
};

const itemPhoneProperty: INodeProperties = {
	...phoneProperty,
	displayName: 'Recipient Phone',
	name: 'recipientPhone',
	default: '',
	placeholder: 'e.g. {{ $json.mobile }}',
	description: 'Phone number for verification by SMS. Leave empty to use the column phone.',
	displayOptions: ofItems,
};

const fileProperty: INodeProperties = {
	displayName: 'CSV Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the CSV file',
	description:
		'Name of the field of the first input item that holds the file. Its first line names the columns: name (or full name), email (or e-mail) and, if wanted, phone.',
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
 * @throws NodeOperationError if they cannot be read as rows at all
 */
export async function readRows(ctx: IExecuteFunctions): Promise<Row[]> {
	const parameters = parametersOf(ctx, 0);
	switch (parameters.choice(recipientsFromProperty, ['csv', 'items', 'list'])) {
		case 'csv':
			return await readFile(ctx);
		case 'items':
			return readItems(ctx);
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

/** What was not entered is read from the spreadsheet column of that name. */
function readItems(ctx: IExecuteFunctions): Row[] {
	const items = ctx.getInputData();
	const numbers = rowNumbersOf(items);
	return items.map(({ json }, item) => {
		const ofItem = parametersOf(ctx, item);
		const value = (property: INodeProperties, part: Column) => {
			if (!ofItem.isLeftEmpty(property)) return ofItem.valueOf(property);
			const column = columnFor(Object.keys(json), part);
			return column === undefined ? '' : json[column];
		};
		return {
			counted: 'row',
			number: numbers[item] ?? item + 1,
			item,
			...readRecipient({
				name: value(itemNameProperty, 'name'),
				email: value(itemEmailProperty, 'email'),
				phone: value(itemPhoneProperty, 'phone'),
			}),
		};
	});
}

/** The numbers of the rows in the sheet, as Google Sheets gives them; none unless each item has one and they rise. */
function rowNumbersOf(items: INodeExecutionData[]): number[] {
	const numbers = items.map(({ json }) => Number(json.row_number ?? Number.NaN));
	const rises = numbers.every(
		(number, index) => Number.isInteger(number) && number > (numbers[index - 1] ?? 0),
	);
	return rises ? numbers : [];
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
