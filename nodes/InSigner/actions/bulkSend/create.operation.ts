import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { cancelSignalOf } from '../../api/cancellation';
import { clock } from '../../api/clock';
import { hint } from '../../api/hints';
import { checkText, LIMITS, requireNoProblems, type Problem } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { bulkSendTemplatePicker } from '../../parameters/pickers';
import { readTemplate } from '../../templates/reading';
import { hintAtMissingPhones } from '../missingPhones';
import { oncePerExecution } from '../ledger';
import { toJson, type BatchOperation } from '../operation';
import { readSendOnceFor, rememberSent, sendOnceForOption } from '../sendOnce';
import { toChunks, workName, type Chunk } from './chunks';
import { INTERVAL_MS, makeBulkSend } from './makeBulkSend';
import { readRows, recipientProperties } from './recipientInput';
import { pairedItem, sortRows, type Row } from './recipients';
import { sendPartOnce } from './sendPartOnce';
import { notBegun, asStoppedBatch } from './stopping';

const nameProperty: INodeProperties = {
	displayName: 'Bulk Send Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Q3 Vendor Agreements',
	description:
		'Name of the bulk send. More than 500 recipients become several, named "Q3 Vendor Agreements (1/3)" and so on, at least 5 minutes apart.',
};

const dryRunOption: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description: 'Whether to only check the recipients and show what would be sent',
};

const emailMessageOption: INodeProperties = {
	displayName: 'Email Message',
	name: 'emailMessage',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	description: 'Text of the invitation, up to 1,000 characters',
};

const maxWaitOption: INodeProperties = {
	displayName: 'Maximum Wait (Minutes)',
	name: 'maxWaitMinutes',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 60,
	description: 'Longest total wait. inSigner requires 5 minutes between bulk sends.',
};

const skipInvalidRowsOption: INodeProperties = {
	displayName: 'Skip Invalid Rows',
	name: 'skipInvalidRows',
	type: 'boolean',
	default: false,
	description:
		'Whether to skip invalid or duplicate rows and list them. If off, one bad row stops everything.',
};

const optionsProperty: INodeProperties = {
	...OPTIONS,
	options: [
		dryRunOption,
		emailMessageOption,
		maxWaitOption,
		sendOnceForOption,
		skipInvalidRowsOption,
	],
};

/** Everything about a batch, read and checked. */
interface Batch {
	name: string;
	templateId: string;
	emailMessage: string;
	maxWaitMinutes: number;
	dryRun: boolean;
	/** Undefined if it is sent as often as it is run. */
	sendOnceFor: string | undefined;
	chunks: Chunk[];
	/** Rows that are left out. */
	bad: Row[];
}

/** Sends one template to many people at once. https://docs.insigner.co/api/bulk-send */
export const create: BatchOperation = {
	menu: {
		name: 'Create',
		value: 'create',
		action: 'Create bulk send',
		description: 'Send a template to many people right away',
		builderHint: {
			propertyHint:
				'One bulk send for all input items together: no loop around it. The template must have one signer slot.',
		},
	},
	properties: [bulkSendTemplatePicker, nameProperty, ...recipientProperties, optionsProperty],
	executeAll: async (ctx: IExecuteFunctions): Promise<INodeExecutionData[]> => {
		const batch = await readBatch(ctx);
		const { bad, chunks, templateId, sendOnceFor: key } = batch;
		const report = bad.length > 0 ? [skippedRows(bad)] : [];
		hintAtMissingPhones(
			ctx,
			chunks.flatMap(({ rows }) => rows.map(({ recipient }) => recipient)),
		);
		if (batch.dryRun) {
			hint(ctx, 'Dry Run is on: no one is emailed.', 'info');
			await requireOneSlot(ctx, templateId).catch((error: unknown) => {
				throw notBegun(ctx, batch.name, error);
			});
			return [...chunks.map((chunk) => planned(chunk, templateId)), ...report];
		}

		const done: INodeExecutionData[] = [];
		const deadline = clock.now() + batch.maxWaitMinutes * 60_000;
		let notBefore = 0;
		for (const at of chunks) {
			const wait = async (ms: number) => await waitBetweenBulkSends(ctx, at, ms, deadline);
			const send = async () => {
				const early = notBefore - clock.now();
				if (early > 0) await wait(early);
				const make = async () => {
					// Not before: with Retry On Fail, people may have been emailed in an earlier try.
					await requireOneSlot(ctx, templateId);
					progress(ctx, at, `emailing ${at.rows.length} people`);
					return await makeBulkSend(ctx, toBody(batch, at), wait);
				};
				const made =
					key === undefined ? await make() : await sendPartOnce(ctx, key, templateId, at, make);
				if (!('alreadySent' in made)) notBefore = clock.now() + INTERVAL_MS;
				return made;
			};
			const made = await oncePerExecution(ctx, 0, workName(templateId, at), send).catch(
				(error: unknown) => {
					throw asStoppedBatch(ctx, error, { chunks, at, done, bad, report });
				},
			);
			done.push({ json: toJson(made), pairedItem: pairedItem(at.rows) });
		}
		if (key !== undefined) await rememberSent(ctx, key);
		return [...done, ...report];
	},
};

/** @throws NodeOperationError that names everything that is wrong */
async function readBatch(ctx: IExecuteFunctions): Promise<Batch> {
	let name = '';
	try {
		name = parametersOf(ctx, 0).text(nameProperty);
		return await readNamedBatch(ctx, name);
	} catch (error) {
		throw notBegun(ctx, name, error);
	}
}

async function readNamedBatch(ctx: IExecuteFunctions, name: string): Promise<Batch> {
	const parameters = parametersOf(ctx, 0);
	const templateId = parameters.chosenId(bulkSendTemplatePicker);
	const options = parameters.collection(OPTIONS);
	const maxWaitMinutes = options.number(maxWaitOption);
	const emailMessage = options.text(emailMessageOption);
	const skipInvalidRows = options.yesNo(skipInvalidRowsOption);
	const dryRun = options.yesNo(dryRunOption);
	const sendOnceFor = readSendOnceFor(options);

	const rows = await readRows(ctx);
	const { good, bad } = sortRows(rows);
	const chunks = toChunks(name, good);
	requireNoProblems(ctx, 0, [
		...checkBulkSendName(name, chunks),
		...checkText('Email Message', emailMessage, { max: LIMITS.emailMessage }),
		...(skipInvalidRows ? [] : rowProblems(bad)),
		...(rows.length === 0
			? [{ parameter: 'Recipients', message: 'is empty: there is no one to send to' }]
			: []),
	]);
	return { name, templateId, emailMessage, maxWaitMinutes, dryRun, sendOnceFor, chunks, bad };
}

/** A recipient fills one slot, and what inSigner does with the others is not documented. */
async function requireOneSlot(ctx: IExecuteFunctions, templateId: string): Promise<void> {
	const data = await readTemplate(ctx, templateId, 0);
	const slots = data.signers.length;
	if (slots === 1) return;
	const message = `"${data.name}" has ${slots} signer slots, but a bulk send needs exactly one. For more than one, use Document > Create and Send From Template`;
	requireNoProblems(ctx, 0, [{ parameter: bulkSendTemplatePicker.displayName, message }]);
}

function checkBulkSendName(name: string, chunks: Chunk[]): Problem[] {
	const { displayName } = nameProperty;
	const longest = chunks.at(-1)?.name ?? name;
	const problems = checkText(displayName, name, { required: true, max: LIMITS.name });
	if (problems.length > 0 || longest === name) return problems;
	return checkText(`${displayName} with its number`, longest, { max: LIMITS.name });
}

function toBody({ templateId, emailMessage }: Batch, { name, rows }: Chunk) {
	const signers = rows.map(({ recipient }) => recipient);
	return { templateId, name, signers, ...(emailMessage && { emailMessage }) };
}

/** What a number counts, at the beginning of a sentence. */
const NUMBERED: Readonly<Record<Row['counted'], string>> = {
	item: 'Item',
	line: 'Line',
	row: 'Row',
};

function rowProblems(bad: Row[]): Problem[] {
	return bad.map(({ counted, number, reasons }) => ({
		parameter: `${NUMBERED[counted]} ${number}:`,
		message: reasons.join('; '),
	}));
}

function skippedRows(bad: Row[]): INodeExecutionData {
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

/** Waits for the 5 minutes between two bulk sends or for the rate limit, and shows progress. */
async function waitBetweenBulkSends(
	ctx: IExecuteFunctions,
	chunk: Chunk,
	waitMs: number,
	deadline: number,
): Promise<void> {
	const end = clock.now() + waitMs;
	if (end > deadline) {
		throw new NodeOperationError(
			ctx.getNode(),
			`the maximum wait is used up, and inSigner asks to wait ${Math.ceil(waitMs / 1000)} more seconds`,
			{ itemIndex: 0, description: 'Raise the option Maximum Wait (Minutes).' },
		);
	}
	const signal = cancelSignalOf(ctx);
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
