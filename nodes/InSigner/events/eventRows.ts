/**
 * What this file does with n8n's deduplication store rests on how n8n reads a node's id, which no contract of n8n
 * promises. It was run in n8n 1.123 and 2.0 to 2.41 (docs/compatibility.md), and in 2.41.1 by several processes at once
 * (test/queue).
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { reasonOf } from '../api/nodeErrors';

/**
 * How many characters of a fingerprint name the row of its marks: 262,144 rows per trigger at the most, and hardly
 * ever two events in one.
 */
const ROW_CHARACTERS = 3;

/** Marks in one row, two for each event. Of a size that would do for all events of a trigger, see record(). */
const MAX_MARKS = 6_000;

/**
 * Second line against repeats, in the execution: n8n's own deduplication store, a table of its database. It
 * outlives restarts and is shared by all processes of an n8n. Static data would be the usual place, but n8n 2.41
 * does not save what a webhook call changes there when the call starts an execution, and it is saved as a whole,
 * last writer wins: an execution that ends late would put an old signing secret back.
 *
 * An execution that runs again (Retry On Fail) finds its own mark and goes on.
 *
 * @param ctx - n8n's execution context of the trigger
 * @param fingerprint - of the event
 * @returns whether this execution is the one that the event is for; also true, with a warning in the log, when
 * n8n cannot tell, since a lost event is worse than one that is handled twice
 */
export async function isFirstExecution(
	ctx: IExecuteFunctions,
	fingerprint: string,
): Promise<boolean> {
	const ownMark = `${fingerprint} ${ctx.getExecutionId()}`;
	const mark = async () => await record(ctx, fingerprint, [fingerprint, ownMark]);
	try {
		// Of two processes that make a row at once one fails; its second try finds what the other wrote.
		const before = await mark().catch(mark);
		return !before.includes(fingerprint) || before.includes(ownMark);
	} catch (error) {
		ctx.logger.warn(
			`${ctx.getNode().name}: n8n could not tell whether event ${fingerprint} came before, so it is taken for new: ${reasonOf(error)}`,
		);
		return true;
	}
}

/**
 * Records marks of an event in n8n's store, which keeps one row per node and reads and writes it as a whole, without
 * a lock: two processes at once would lose each other's marks. Only making a row is safe, the database lets one of
 * two do it. So each event gets a row of its own, by an id of the node that is the event's for as long as n8n reads
 * it: until the call returns its promise. (Should n8n ever not see that id, all marks are in the node's one row.)
 *
 * @returns the marks that were there before
 * @throws what n8n throws when another process made the row in the same moment, or the database does not answer
 */
async function record(
	ctx: IExecuteFunctions,
	fingerprint: string,
	marks: string[],
): Promise<unknown[]> {
	const { node } = ctx.getExecuteData();
	const { id } = node;
	node.id = `${id} ${fingerprint.slice(0, ROW_CHARACTERS)}`;
	let recording: ReturnType<typeof ctx.helpers.checkProcessedAndRecord>;
	try {
		recording = ctx.helpers.checkProcessedAndRecord(marks, 'node', {
			mode: 'entries',
			maxEntries: MAX_MARKS,
		});
	} finally {
		node.id = id;
	}
	return (await recording).processed;
}
