import type { IExecuteFunctions } from 'n8n-workflow';

import { reasonOf } from '../api/nodeErrors';
import { addMarks } from '../marks/rows';

/**
/**
 * How many characters of a fingerprint name the row of its two marks: at most 262,144 rows per trigger, and hardly ever
 * two events in one.
 */
const ROW_CHARACTERS = 3;

/**
 * Second line of defense against repeats, in the execution: n8n's own deduplication store, a table of its database.
 * It outlives restarts and is shared by all processes of an n8n. Static data would be the usual place, but n8n 2.41
 * does not save what a webhook call changes there when the call starts an execution, and it is saved as a whole, last
 * writer wins: an execution that ends late would put an old signing secret back.
 *
 * An execution that runs again (Retry On Fail) finds its own mark and continues.
 *
 * @param ctx - n8n's execution context of the trigger
 * @param fingerprint - of the event
 * @returns whether this execution is the one for the event; also true, with a warning in the log, if n8n cannot say,
 * since a lost event is worse than one that is handled twice
 */
export async function isFirstExecution(
	ctx: IExecuteFunctions,
	fingerprint: string,
): Promise<boolean> {
	const ownMark = `${fingerprint} ${ctx.getExecutionId()}`;
	const row = fingerprint.slice(0, ROW_CHARACTERS);
	const mark = async () => await addMarks(ctx, row, [fingerprint, ownMark]);
	try {
		// If two processes create a row at once, one of them fails; its second try finds what the other wrote.
		const before = await mark().catch(mark);
		return !before.includes(fingerprint) || before.includes(ownMark);
	} catch (error) {
		ctx.logger.warn(
			`${ctx.getNode().name}: n8n could not tell whether event ${fingerprint} came before, so it is taken for new: ${reasonOf(error)}`,
		);
		return true;
	}
}
