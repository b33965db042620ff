import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { inLines, reasonOf } from '../../api/nodeErrors';
import { asPossiblyMailed } from '../../documents/possiblyMailed';
import { sendOnce, wasSentFor } from '../sendOnce';
import { workName, type Chunk } from './chunks';
import type { BulkSendResult } from './makeBulkSend';

/** A bulk send that was created, now or in an earlier execution. */
export type PartResult = BulkSendResult & { alreadySent?: true; sendOnceFor?: string };

/**
 * Sends one bulk send of a batch once for the key of the batch. Parts are identified by number. A part that was sent to
 * other people stops the batch: its list was changed halfway, and anyone who is in none of its parts would never be
 * emailed.
 *
 * @param ctx - n8n's execution context
 * @param key - of the whole batch
 * @param templateId - what is sent
 * @param chunk - to whom
 * @param send - sends it
 * @returns the bulk send
 * @throws what `send` throws; NodeOperationError as sendOnce() does, or marked as possibly emailed because other people
 * got it or n8n cannot tell
 */
export async function sendPartOnce(
	ctx: IExecuteFunctions,
	key: string,
	templateId: string,
	chunk: Chunk,
	send: () => Promise<BulkSendResult>,
): Promise<PartResult> {
	const { number, name, rows } = chunk;
	const people = `people:${workName(templateId, chunk)}`;
	const once = { key, part: number, what: 'A bulk send', lookFor: `the bulk send "${name}"` };
	const before = (): PartResult => ({
		...{ name, templateId, totalCount: rows.length },
		...{ alreadySent: true, sendOnceFor: key },
	});
	// Some of these people may have got it.
	const stop = (reason: string, advice: string) =>
		asPossiblyMailed(
			new NodeOperationError(ctx.getNode(), reason, {
				itemIndex: 0,
				description: inLines([advice]),
			}),
		);
	const orStop = (error: unknown): never => {
		throw stop(
			`n8n could not tell what was sent for "${key}" before: ${reasonOf(error)}`,
			'It was not sent now',
		);
	};
	if (await wasSentFor(ctx, key).catch(orStop)) return before();
	return await sendOnce<PartResult>(ctx, 0, once, {
		send: async (recognizable) => {
			await recognizable(people);
			return await send();
		},
		sentBefore: async (isRecognized) => {
			if (await isRecognized(people).catch(orStop)) return before();
			throw stop(
				`part ${number} for "${key}" went to other people before, so the list is not the one that was begun`,
				'Run it with the list as it was, or send to the rest of the people with another key in Send Only Once For',
			);
		},
	});
}
