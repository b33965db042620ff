import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { cancelSignalOf } from '../../api/cancellation';
import { isNodeError, reasonOf, type NodeError } from '../../api/nodeErrors';
import { mayHaveMailed } from '../../documents/possiblyMailed';
import { asText, isObject } from '../../json/json';
import { NAMED_PROBLEMS, nothingSent } from '../../parameters/checks';
import { inWords } from '../../parameters/values';
import { withMessage } from '../errorTexts';
import { doneInRun } from '../ledger';
import { BatchStopped } from '../operation';
import type { Chunk } from './chunks';
import { pairedItem, rangeOf, type Row } from './recipients';

/** Where a batch stopped. */
export interface Stop {
	/** All bulk sends, in order. */
	chunks: readonly Chunk[];
	/** The one that was not sent, or of which no one knows. */
	at: Chunk;
	/** Output items of those before it. */
	done: INodeExecutionData[];
	/** Rows that are left out. */
	bad: readonly Row[];
	/** Output items about them. */
	report: INodeExecutionData[];
}

/**
 * Builds the error for wrong recipients or options. With Retry On Fail, bulk sends may have gone out in
 * an earlier try, and then this says so.
 *
 * @param ctx - n8n's execution context
 * @param name - name of the bulk send; empty when it is not known
 * @param error - what was caught
 */
export function notBegun(ctx: IExecuteFunctions, name: string, error: unknown): NodeError {
	const earlier = doneInRun(ctx).flatMap((made) => nameOf(made) ?? []);
	const named = name === '' ? 'The bulk send' : inWords(name);
	const what = earlier.length > 0 ? `The rest of ${named}` : named;
	if (isNodeError(error)) {
		error.description = error.description?.replace(nothingSent(0), '').trim();
	}
	const lines =
		earlier.length > 0
			? earlier.map((sent) => `Sent before in this execution: "${sent}"`)
			: ['Nothing was sent to inSigner'];
	return withMessage(ctx, error, `${what} was not sent: ${reasonOf(error)}`, lines, 0);
}

/**
 * Builds the error for a batch that stopped halfway. It says of every recipient whether a contract went out, in
 * this try or an earlier one, whether it did not, or that no one knows. A model that calls the node as a tool only sees
 * the message, so that says by itself what must not be sent again.
 *
 * @param ctx - n8n's execution context
 * @param error - what was caught
 * @param stop - where it stopped
 */
export function asStoppedBatch(
	ctx: IExecuteFunctions,
	error: unknown,
	{ chunks, at, done, bad, report }: Stop,
): BatchStopped {
	const unclear = mayHaveMailed(error);
	const before = chunks.slice(0, at.number - 1);
	const after = chunks.slice(at.number);
	const rowsOf = (some: readonly Chunk[]) => rangeOf(some.flatMap(({ rows }) => rows));

	const lines = [
		...before.map((chunk) => `Sent: "${chunk.name}" (${rowsOf([chunk])}).`),
		unclear
			? `May or may not have been sent: "${at.name}" (${rowsOf([at])}).`
			: `Not sent: "${at.name}" (${rowsOf([at])}).`,
		...after.map((chunk) => `Not sent: "${chunk.name}" (${rowsOf([chunk])}).`),
		...(bad.length > 0 ? [`Left out: ${namesOf(bad)}.`] : []),
	];
	const isCancelled = cancelSignalOf(ctx)?.aborted ?? false;
	if (isCancelled) ctx.logger.warn(`inSigner bulk send: ${lines.join(' ')}`);

	const reason = isCancelled ? 'the execution was cancelled' : reasonIn(at, error);
	const message = [
		unclear
			? `"${at.name}" may or may not have been sent: ${reason}`
			: `"${at.name}" was not sent: ${reason}`,
		...(unclear ? ['Do not send it again before you have looked for it in inSigner'] : []),
		...(before.length > 0
			? [`${capitalized(rowsOf(before))} were sent before; do not send them again`]
			: []),
		...(after.length > 0 ? [`Not sent: ${rowsOf(after)}`] : []),
	].join('. ');
	const undone = pairedItem([at, ...after].flatMap(({ rows }) => rows));
	return new BatchStopped(
		withMessage(ctx, error, message, lines, 0),
		[...done, ...report],
		undone.map(({ item }) => item),
	);
}

function namesOf(rows: readonly Row[]): string {
	const names = rows.slice(0, NAMED_PROBLEMS).map((row) => rangeOf([row]));
	const more = rows.length - NAMED_PROBLEMS;
	return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/** inSigner counts the recipients of a bulk send from 0 in what it says of a field; people know their rows. */
function reasonIn({ rows }: Chunk, error: unknown): string {
	const reason = reasonOf(error).replace(
		/\bsigners[.[](\d{1,3})\]?\.?/g,
		(field, index: string) => {
			const row = rows[Number(index)];
			return row ? `${rangeOf([row])}, ` : field;
		},
	);
	return reason.replace(/\.$/, '');
}

function nameOf(made: unknown): string | undefined {
	return isObject(made) ? asText(made.name) : undefined;
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
