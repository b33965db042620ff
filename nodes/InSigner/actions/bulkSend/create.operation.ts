import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { cancelSignalOf } from '../../api/cancellation';
import { clock } from '../../api/clock';
import { InSignerApiError } from '../../api/errors';
import { checkText, LIMITS, refuse, type Problem } from '../../parameters/checks';
import { chosenId, templatePicker } from '../../parameters/pickers';
import { oncePerExecution } from '../ledger';
import { BatchStopped, toJson, type BatchOperation } from '../operation';
import { emailProperty, nameProperty, phoneProperty } from '../signer/signerInput';
import { toChunks, type Chunk } from './chunks';
import { parseCsv } from './csv';
import { INTERVAL_MS, makeBulkSend } from './makeBulkSend';
import { sortRows, toRecipient, type BadRow, type Recipient, type Row } from './recipients';

/** How many bad rows an error names; the rest is counted. */
const NAMED_ROWS = 50;

/** Sends one template to many people at once. https://docs.insigner.co/api/bulk-send */
export const create: BatchOperation = {
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create bulk send',
		description:
			'Send a template to many people at once, each with a document of their own. They are mailed immediately. Runs once for all input items.',
	},
	properties: [
		templatePicker,
		{
			displayName: 'Bulk Send Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Q3 Vendor Agreements',
			description:
				'Name of the bulk send. More than 500 recipients become several, named "Q3 Vendor Agreements (1/3)" and so on, at least 5 minutes apart.',
		},
		...recipientProperties(),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			description:
				'Message to the recipients, a dry run, waiting, and what becomes of invalid rows',
			options: [
				{
					displayName: 'Dry Run',
					name: 'dryRun',
					type: 'boolean',
					default: false,
					description: 'Whether to only check the recipients and show what would be sent',
				},
				{
					displayName: 'Email Message',
					name: 'emailMessage',
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					description: 'Text of the invitation, up to 1,000 characters',
				},
				{
					displayName: 'Maximum Wait (Minutes)',
					name: 'maxWaitMinutes',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 60,
					description:
						'How long to wait in all for the 5 minutes that inSigner wants between two bulk sends',
				},
				{
					displayName: 'Skip Invalid Rows',
					name: 'skipInvalidRows',
					type: 'boolean',
					default: false,
					description:
						'Whether to leave out recipients that are wrong or repeat an e-mail address, and report them in an item of their own. Otherwise nothing is sent.',
				},
			],
		},
	],
	executeAll: async (ctx: IExecuteFunctions): Promise<INodeExecutionData[]> => {
		const templateId = chosenId(ctx, templatePicker, 0);
		const name = (ctx.getNodeParameter('name', 0) as string).trim();
		const options = ctx.getNodeParameter('options', 0, {}) as {
			dryRun?: boolean;
			emailMessage?: string;
			maxWaitMinutes?: number;
			skipInvalidRows?: boolean;
		};
		const { emailMessage } = options;
		const { good, bad } = sortRows(await readRows(ctx));
		const chunks = toChunks(name, good);
		refuse(ctx, 0, [
			...checkText('Bulk Send Name', name, { required: true, max: LIMITS.name }),
			...checkText('Bulk Send Name', chunks.at(-1)?.name ?? '', { max: LIMITS.name }),
			...checkText('Email Message', emailMessage ?? '', { max: LIMITS.emailMessage }),
			...(options.skipInvalidRows ? [] : rowProblems(bad)),
			...(good.length + bad.length === 0
				? [{ parameter: 'Recipients', message: 'is empty: there is nobody to send to' }]
				: []),
		]);
		const report = bad.length > 0 ? [skippedRows(bad)] : [];
		if (options.dryRun) return [...chunks.map((chunk) => planned(chunk, templateId)), ...report];

		const done: INodeExecutionData[] = [];
		const deadline = clock.now() + (options.maxWaitMinutes ?? 60) * 60_000;
		let notBefore = 0;
		for (const chunk of chunks) {
			const send = async () => {
				const waitMs = notBefore - clock.now();
				if (waitMs > 0) await waitForTurn(ctx, chunk, waitMs, deadline);
				progress(ctx, chunk, `mailing ${chunk.rows.length} people`);
				const signers = chunk.rows.map(({ recipient }) => recipient);
				const body = {
					templateId,
					name: chunk.name,
					signers,
					...(emailMessage && { emailMessage }),
				};
				const left = Math.max(0, deadline - clock.now()) / 1000;
				const made = await makeBulkSend(ctx, body, left);
				notBefore = clock.now() + INTERVAL_MS;
				return made;
			};
			const made = await oncePerExecution(ctx, 0, chunk.name, send).catch((error: unknown) => {
				throw stopped(ctx, error, done, chunks, chunk);
			});
			done.push({ json: toJson(made), pairedItem: pairedItem(chunk.rows) });
		}
		return [...done, ...report];
	},
};

function recipientProperties(): INodeProperties[] {
	const items = { show: { recipientsFrom: ['items'] } };
	return [
		{
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
		},
		{
			...nameProperty,
			displayName: 'Recipient Name',
			name: 'recipientName',
			default: '={{ $json.name }}',
			displayOptions: items,
		},
		{
			...emailProperty,
			displayName: 'Recipient Email',
			name: 'recipientEmail',
			default: '={{ $json.email }}',
			displayOptions: items,
		},
		{
			...phoneProperty,
			displayName: 'Recipient Phone',
			name: 'recipientPhone',
			default: '={{ $json.phone }}',
			displayOptions: items,
		},
		{
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
		},
		{
			displayName: 'Recipients',
			name: 'recipients',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Recipient',
			default: { recipient: [{ name: '', email: '', phone: '' }] },
			description: 'The people to send to',
			displayOptions: { show: { recipientsFrom: ['list'] } },
			options: [
				{
					displayName: 'Recipient',
					name: 'recipient',
					values: [nameProperty, emailProperty, phoneProperty],
				},
			],
		},
	];
}

async function readRows(ctx: IExecuteFunctions): Promise<Row[]> {
	const from = ctx.getNodeParameter('recipientsFrom', 0);
	if (from === 'items') {
		return ctx.getInputData().map((_, item) => ({
			number: item + 1,
			item,
			recipient: toRecipient({
				name: ctx.getNodeParameter('recipientName', item, ''),
				email: ctx.getNodeParameter('recipientEmail', item, ''),
				phone: ctx.getNodeParameter('recipientPhone', item, ''),
			}),
		}));
	}
	const entered =
		from === 'csv'
			? await readCsv(ctx)
			: (ctx.getNodeParameter('recipients.recipient', 0, []) as Array<Partial<Recipient>>);
	return entered.map((row, index) => ({
		number: index + 1,
		item: 0,
		recipient: toRecipient(row),
	}));
}

async function readCsv(ctx: IExecuteFunctions): Promise<Array<Record<string, string>>> {
	const field = ctx.getNodeParameter('binaryPropertyName', 0);
	ctx.helpers.assertBinaryData(0, field);
	const bytes = await ctx.helpers.getBinaryDataBuffer(0, field);
	const rows = parseCsv(bytes.toString('utf8'));
	const [first] = rows;
	const missing = ['name', 'email'].filter((column) => first && !(column in first));
	refuse(
		ctx,
		0,
		missing.map((column) => ({
			parameter: `The CSV file in "${field}"`,
			message: `has no column "${column}"; its columns are ${Object.keys(first ?? {}).join(', ')}`,
		})),
	);
	return rows;
}

function rowProblems(bad: BadRow[]): Problem[] {
	const problems = bad
		.slice(0, NAMED_ROWS)
		.flatMap(({ number, reasons }) =>
			reasons.map((message) => ({ parameter: `Row ${number}:`, message })),
		);
	const more = bad.length - NAMED_ROWS;
	if (more > 0) problems.push({ parameter: `${more} more rows`, message: 'are not right either' });
	return problems;
}

function skippedRows(bad: BadRow[]): INodeExecutionData {
	const rows = bad.map(({ number, recipient, reasons }) => ({
		row: number,
		...recipient,
		reasons,
	}));
	return { json: { skippedRows: rows, skippedCount: bad.length }, pairedItem: pairedItem(bad) };
}

function planned({ name, rows }: Chunk, templateId: string): INodeExecutionData {
	const json = {
		dryRun: true,
		name,
		templateId,
		totalCount: rows.length,
		firstRow: rows[0]?.number,
		lastRow: rows.at(-1)?.number,
	};
	return { json, pairedItem: pairedItem(rows) };
}

function pairedItem(rows: Row[]): Array<{ item: number }> {
	return [...new Set(rows.map(({ item }) => item))].map((item) => ({ item }));
}

/** Waits for the 5 minutes between two bulk sends, told to whoever watches. */
async function waitForTurn(
	ctx: IExecuteFunctions,
	chunk: Chunk,
	waitMs: number,
	deadline: number,
): Promise<void> {
	if (clock.now() + waitMs > deadline) {
		throw new NodeOperationError(
			ctx.getNode(),
			'The maximum wait for the 5 minutes between two bulk sends is used up',
			{ itemIndex: 0, description: 'Raise the option Maximum Wait (Minutes).' },
		);
	}
	const signal = cancelSignalOf(ctx);
	const end = clock.now() + waitMs;
	for (let left = waitMs; left > 0; left = end - clock.now()) {
		progress(ctx, chunk, `waiting ${Math.ceil(left / 1000)} more seconds, as inSigner demands`);
		await clock.sleep(Math.min(left, 60_000), signal);
	}
}

/** Shown in the browser's console in a manual run, and in n8n's log. */
function progress(ctx: IExecuteFunctions, { name, number, of }: Chunk, what: string): void {
	const text = `inSigner bulk send ${number} of ${of} ("${name}"): ${what}`;
	ctx.sendMessageToUI(text);
	ctx.logger.info(text);
}

/** What stopped the batch, told with exactly what went out and what did not. */
function stopped(
	ctx: IExecuteFunctions,
	error: unknown,
	done: INodeExecutionData[],
	chunks: Chunk[],
	at: Chunk,
): BatchStopped {
	const unclear = error instanceof InSignerApiError && error.effect === 'unclear';
	const after = chunks.slice(at.number);
	const rowsOf = (some: Chunk[]) =>
		`rows ${some[0]?.rows[0]?.number} to ${some.at(-1)?.rows.at(-1)?.number}`;
	const lines = [
		...chunks.slice(0, done.length).map(({ name }) => `Sent: "${name}"`),
		unclear
			? `Nobody knows whether "${at.name}" (${rowsOf([at])}) was sent. Look in inSigner before you send it again.`
			: `Not sent: "${at.name}" (${rowsOf([at])})`,
		...(after.length > 0 ? [`Not sent: ${rowsOf(after)}`] : []),
	];
	const cancelled = cancelSignalOf(ctx)?.aborted ?? false;
	const reason =
		!cancelled && (error instanceof NodeApiError || error instanceof NodeOperationError)
			? error
			: new NodeOperationError(
					ctx.getNode(),
					cancelled ? 'The execution was cancelled' : String(error),
					{ itemIndex: 0 },
				);
	// Retry On Fail hands in a recorded error again; it tells its story already.
	if (!reason.description?.includes(`"${at.name}"`)) {
		reason.description = [reason.description, ...lines].filter(Boolean).join('\n');
	}
	if (cancelled) ctx.logger.warn(`inSigner bulk send: ${lines.join('; ')}`);
	const undone = pairedItem([at, ...after].flatMap(({ rows }) => rows));
	return new BatchStopped(
		reason,
		done,
		undone.map(({ item }) => item),
	);
}
