import { createHash } from 'crypto';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseBaseUrl } from '../api/baseUrl';
import { cancelSignalOf } from '../api/cancellation';
import { clock } from '../api/clock';
import { inLines, isNodeError, reasonOf, withLines } from '../api/nodeErrors';
import { asPossiblyMailed, mayHaveMailed } from '../documents/possiblyMailed';
import { createRow, hasRow, removeRow } from '../marks/rows';
import type { Parameters } from '../parameters/parameters';

/** How long to wait for another execution that is sending for the same key, and how often to look. */
const MAX_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 250;

/** Other items, or other parts, may have been sent. */
const NOT_NOW = 'It was not sent now';

export const sendOnceForOption: INodeProperties = {
	displayName: 'Send Only Once For',
	name: 'sendOnceFor',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.dealId }}',
	description:
		'A key, such as the ID of a deal. This node emails at most once for each key, whatever is run again, and returns what was sent before. Only the key counts, not the content.',
	builderHint: {
		propertyHint:
			'Set it to the ID of the row, deal or order, if the same one can come again: a schedule, a retry, a form sent twice.',
	},
};

/** What is sent for a key, or was. */
export interface OnceForKey {
	/** From {@link readSendOnceFor}. */
	key: string;
	/** Number of the part from 1, if one key covers several. */
	part?: number;
	/** What errors call it, for example `A document`. */
	what: string;
	/** Where to look for it in inSigner, for example `the document "NDA"`. */
	lookFor: string;
}

/** How something is sent once for a key, and found again. */
export interface Sending<T> {
	/**
	 * Sends it.
	 *
	 * @param recognizable - remembers something by which it is recognized later; never throws
	 */
	send(recognizable: (by: string) => Promise<void>): Promise<T>;
	/**
	 * What was sent earlier.
	 *
	 * @param isRecognized - whether `send` remembered this
	 */
	sentBefore(isRecognized: (by: string) => Promise<boolean>): Promise<T>;
	/**
	 * Checks whether it was sent after all if an execution did not say so: it crashed, or is still at work.
	 *
	 * @param isRecognized - whether `send` remembered this
	 * @returns what was sent, or what is left of it as a sentence; undefined if nothing is found
	 */
	lookAfter?(
		isRecognized: (by: string) => Promise<boolean>,
	): Promise<{ sent: T } | { left: string } | undefined>;
}

/**
 * Reads the option.
 *
 * @param options - the options of an operation, with {@link sendOnceForOption}
 * @returns the key; undefined if the option was not added
 * @throws NodeOperationError if it was added and holds no key for the item
 */
export function readSendOnceFor(options: Parameters): string | undefined {
	const key = options.added(sendOnceForOption)?.text(sendOnceForOption);
	if (key === '') options.refuse(sendOnceForOption, 'is empty for this item');
	return key;
}

/**
 * Sends something once for a key, across all executions: n8n's Retry of an execution, a form submitted twice, or a run
 * after a crash sends nothing again. It fails closed: if n8n's database cannot tell, nothing is sent.
 *
 * A mark "begun" is set before (only one of several executions can do that), and a mark "sent" after. "begun" is
 * removed only if it is certain that no one was emailed. If it stays without "sent", no one knows, and no later
 * execution sends for this key.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param once - the key, and how to speak of what is sent
 * @param sending - how it is sent, and found again
 * @returns what was sent, now or before
 * @throws what `send` throws; NodeOperationError that nothing was sent because n8n cannot tell, or, marked as possibly
 * emailed, that it may have been sent already
 */
export async function sendOnce<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	once: OnceForKey,
	sending: Sending<T>,
): Promise<T> {
	const marks = await marksOf(ctx, once);
	const refuse = (error: unknown): never => {
		throw new NodeOperationError(
			ctx.getNode(),
			`n8n could not tell whether it was sent for ${quoted(once)} before: ${reasonOf(error)}`,
			{ itemIndex, description: inLines([NOT_NOW]) },
		);
	};
	const isRecognized = async (by: string) => await marks.has(`recognized:${by}`);
	const markSent = async () => await remember(ctx, once, marks);

	const deadline = clock.now() + MAX_WAIT_MS;
	for (;;) {
		if (await marks.has('sent').catch(refuse)) {
			ctx.logger.info(`inSigner: sent before for ${quoted(once)}, so it is not sent again`);
			return await sending.sentBefore(isRecognized);
		}
		if (await marks.create('begun').catch(refuse)) break;
		if (clock.now() >= deadline) {
			const after = await sending.lookAfter?.(isRecognized);
			if (!after || 'left' in after) throw maybeSent(ctx, itemIndex, once, after?.left);
			await markSent();
			return after.sent;
		}
		await clock.sleep(LOOK_EVERY_MS, cancelSignalOf(ctx));
	}

	// Whether it can be found again later is not worth stopping for.
	const recognizable = async (by: string) => {
		await marks.create(`recognized:${by}`).catch((error: unknown) => {
			ctx.logger.warn(`inSigner: ${by} will not be found again: ${reasonOf(error)}`);
		});
	};
	const sent = await sending.send(recognizable).catch(async (error: unknown) => {
		throw await afterFailure(ctx, once, error, marks);
	});
	await markSent();
	return sent;
}

/**
 * Whether everything was sent for a key that covers several parts.
 *
 * @param ctx - n8n's execution context
 * @param key - from {@link readSendOnceFor}
 * @throws what n8n throws if its database does not answer
 */
export async function wasSentFor(ctx: IExecuteFunctions, key: string): Promise<boolean> {
	return await (await marksOf(ctx, { key })).has('sent');
}

/**
 * Remembers that everything was sent for a key. Never throws, since it was sent.
 *
 * @param ctx - n8n's execution context
 * @param key - from {@link readSendOnceFor}
 */
export async function rememberSent(ctx: IExecuteFunctions, key: string): Promise<void> {
	await remember(ctx, { key }, await marksOf(ctx, { key }));
}

/** Where it fails, "begun" stays, so nothing is sent for this key again. */
async function remember(ctx: IExecuteFunctions, once: Marked, marks: Marks): Promise<void> {
	await marks.create('sent').catch((error: unknown) => {
		ctx.logger.warn(
			`inSigner: it was sent for ${quoted(once)}, but n8n could not note that: ${reasonOf(error)}`,
		);
	});
}

/** What has marks: a key, or one of its parts. */
type Marked = Pick<OnceForKey, 'key' | 'part'>;

/** What is kept in n8n's database about a key. */
interface Marks {
	has(kind: string): Promise<boolean>;
	/** @returns false if it is there already */
	create(kind: string): Promise<boolean>;
	remove(kind: string): Promise<void>;
}

/** Not by API key, since keys are replaced; by base URL, so that a test in a sandbox counts separately. */
async function marksOf(ctx: IExecuteFunctions, { key, part }: Marked): Promise<Marks> {
	const { baseUrl } = await ctx.getCredentials<{ baseUrl: string }>('inSignerApi');
	const row = (kind: string) =>
		createHash('sha256')
			.update(JSON.stringify([parseBaseUrl(baseUrl), key, part ?? null, kind]))
			.digest('base64url');
	return {
		has: async (kind) => await hasRow(ctx, row(kind)),
		create: async (kind) => await createRow(ctx, row(kind)),
		remove: async (kind) => await removeRow(ctx, row(kind)),
	};
}

/** Whoever sends for the key next may do so only after proof that no one was emailed. */
async function afterFailure(
	ctx: IExecuteFunctions,
	once: OnceForKey,
	error: unknown,
	marks: Marks,
): Promise<unknown> {
	const signal = cancelSignalOf(ctx);
	// Waits end with the reason of the signal, and nothing is under way while it waits.
	const cancelledWaiting = signal?.aborted && error === signal.reason;
	if (cancelledWaiting || (isNodeError(error) && !mayHaveMailed(error))) {
		await marks.remove('begun').catch((reason: unknown) => {
			ctx.logger.warn(
				`inSigner: nothing was sent for ${quoted(once)}, but the next run will not know: ${reasonOf(reason)}`,
			);
		});
		return error;
	}
	return isNodeError(error) ? withLines(error, { after: [howToSendAnyway(once)] }) : error;
}

function maybeSent(
	ctx: IExecuteFunctions,
	itemIndex: number,
	once: OnceForKey,
	left?: string,
): Error {
	const message = `${once.what} for ${quoted(once)} is being sent or may have been sent already`;
	ctx.logger.warn(`inSigner: ${message}. ${left ?? ''}`.trimEnd());
	return asPossiblyMailed(
		new NodeOperationError(ctx.getNode(), message, {
			itemIndex,
			description: inLines([
				'An earlier execution began to send it and has not said what became of it',
				left ?? `Look for ${once.lookFor} in inSigner`,
				NOT_NOW,
				howToSendAnyway(once),
			]),
		}),
	);
}

function howToSendAnyway({ key }: OnceForKey): string {
	return `If it was not sent, use another key than "${key}" in Send Only Once For.`;
}

function quoted({ key, part }: Marked): string {
	return part === undefined ? `"${key}"` : `"${key}" (part ${part})`;
}
