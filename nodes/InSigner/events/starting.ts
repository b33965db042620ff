import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { pdfFileName } from '../documents/fileName';
import { downloadPdf, PDF_MIME_TYPE } from '../api/files';
import { asNodeError, reasonOf, withLines } from '../api/nodeErrors';
import { withoutSigningLinks } from '../api/signingLinks';
import { readDocument } from '../documents/reading';
import { isFirstExecution } from './eventRows';
import { documentIdOf, type SignatureEvent } from './events';
import { passes } from './filters';
import { tellIgnored } from './ignored';
import { readSettings, type TriggerSettings } from './settings';

/**
 * What the execution does with an event before the rest of the workflow runs: the last check for repeats and filters,
 * and whatever the user wants added. There is time for that here; the delivery itself has already been answered.
 *
 * @param ctx - n8n's execution context of the trigger
 * @param items - the events, from receive() or poll()
 * @returns the event with the id of its document (null where it has none), with document and PDF as asked for, without signing links; nothing for a repeat or an event that
 * is filtered out
 * @throws NodeApiError or NodeOperationError if a parameter has no meaningful value, or if something asked for isn't
 * available and the user wants to stop
 */
export async function start(
	ctx: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[][]> {
	if (items.length === 0) return [[]];
	const settings = settingsOrStop(ctx);
	const output: INodeExecutionData[] = [];
	for (const [itemIndex, { json }] of items.entries()) {
		const event = json as IDataObject & SignatureEvent & { fingerprint: string };
		if (settings.deduplicate && (await isRepeat(ctx, event.fingerprint))) {
			tellIgnored(ctx, event.fingerprint, 'repeat');
			continue;
		}
		const included = await include(ctx, settings, event, itemIndex).catch((error: unknown) => {
			if (settings.ifNotAvailable === 'stop') throw withEventKept(ctx, error, itemIndex);
			const reason = reasonOf(error);
			ctx.logger.warn(`${ctx.getNode().name}: going on without the document: ${reason}`);
			return { json: { notIncluded: reason } };
		});
		if (!included) {
			tellIgnored(ctx, event.fingerprint, 'filtered');
			continue;
		}
		output.push({
			...included,
			json: withoutSigningLinks({
				...{ event: event.event, timestamp: event.timestamp },
				documentId: documentIdOf(event) ?? null,
				...event,
				...included.json,
			}),
			pairedItem: { item: itemIndex },
		});
	}
	return [output];
}

function settingsOrStop(ctx: IExecuteFunctions): TriggerSettings {
	try {
		return readSettings(ctx);
	} catch (error) {
		throw withEventKept(ctx, error, 0);
	}
}

async function isRepeat(ctx: IExecuteFunctions, fingerprint: string): Promise<boolean> {
	// A person who retries an execution or tests a workflow wants it to run.
	if (ctx.getMode() === 'manual' || ctx.getMode() === 'retry') return false;
	return !(await isFirstExecution(ctx, fingerprint));
}

type Included = Pick<INodeExecutionData, 'json' | 'binary'>;

/** @returns what is added to the event; undefined if the document shows that it is filtered out */
async function include(
	ctx: IExecuteFunctions,
	{ filters, includeDocument, downloadPdf: wantsPdf, outputBinaryField }: TriggerSettings,
	event: SignatureEvent,
	itemIndex: number,
): Promise<Included | undefined> {
	const verdict = passes(filters, event);
	if (verdict === false) return undefined;
	const undecided = verdict === undefined;
	const withPdf = wantsPdf && event.event === 'document.completed';
	const withDocument = includeDocument && !event.event.startsWith('bulk_send.');
	if (!undecided && !withPdf && !withDocument) return { json: {} };

	const documentId = documentIdOf(event);
	if (documentId === undefined) {
		throw new NodeOperationError(ctx.getNode(), 'The event does not name its document', {
			itemIndex,
		});
	}
	const document = await readDocument(ctx, documentId, itemIndex);
	if (undecided && !passes(filters, event, document)) return undefined;
	return {
		json: withDocument ? { document } : {},
		...(withPdf && {
			binary: {
				[outputBinaryField]: await downloadPdf(
					ctx,
					documentId,
					async (pdf) =>
						await ctx.helpers.prepareBinaryData(
							pdf,
							pdfFileName('', document, ctx.getTimezone()),
							PDF_MIME_TYPE,
						),
					itemIndex,
				),
			},
		}),
	};
}

function withEventKept(ctx: IExecuteFunctions, error: unknown, itemIndex: number): Error {
	return withLines(asNodeError(ctx.getNode(), error, itemIndex), {
		after: [
			'The event is genuine and kept in this execution: retry it from the list of executions.',
		],
	});
}
