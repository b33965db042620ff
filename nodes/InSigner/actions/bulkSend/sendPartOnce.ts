import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { sendOnce } from '../sendOnce';
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
 * @throws what `send` throws; NodeOperationError as sendOnce() does, or because other people got it
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
	return await sendOnce<PartResult>(ctx, 0, once, {
		send: async (recognizable) => {
			await recognizable(people);
			return await send();
		},
		sentBefore: async (isRecognized) => {
			if (await isRecognized(people)) {
				return { name, templateId, totalCount: rows.length, alreadySent: true, sendOnceFor: key };
			}
			throw new NodeOperationError(
				ctx.getNode(),
				`part ${number} for "${key}" went to other people before, so the list is not the one that was begun`,
				{
					itemIndex: 0,
					description:
						'Run it with the list as it was, or send to the rest of the people with another key in Send Only Once For.',
				},
			);
		},
	});
}
