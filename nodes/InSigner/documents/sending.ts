import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { cancelSignalOf } from '../api/cancellation';
import { clock } from '../api/clock';
import type { DataOf } from '../api/endpoint';
import { InSignerApiError, isRefused, isRefusedForNow, isUnclear } from '../api/errors';
import { hint } from '../api/hints';
import { inLines } from '../api/nodeErrors';
import { request } from '../api/request';
import { asPossiblyMailed } from './possiblyMailed';
import { LOOKS_MS, lookUntil, wasSent, type DocumentWithSigners } from './reading';

/** A document after sending; signers and fields are missing if it was neither given nor read. */
export type SentDocument = DataOf<'sendDocument'> & Partial<DocumentWithSigners>;

/** What is known of a draft, and what is wanted of the document. */
export interface Draft {
	documentId: string;
	/** Whether this node created the draft a moment ago, so that no one else can have sent it. */
	own: boolean;
	/** As read before, if it was. */
	asRead?: DocumentWithSigners;
	/** Whether signing links are wanted: they only exist after sending, so it is read then. */
	withSigningLinks: boolean;
}

/** When sending is tried again while the service is still processing the PDF, in milliseconds. */
const PROCESSING_PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Words in a refusal that goes away once the service has processed the PDF. */
const ABOUT_THE_FILE = /\b(file|pdf|upload\w*|process\w*)\b/i;

/**
 * Sends a draft, once. If the service gives no clear answer, or the execution is cancelled midway, the document is
 * read instead of being sent again: no longer a draft means sent. If it is still a draft, that proves nothing, since
 * it may be sent later, unless the service itself said that it broke down.
 *
 * @param ctx - n8n's execution context
 * @param draft - the draft, and whether it is read once more after sending
 * @param itemIndex - index of the input item, from 0
 * @returns the document as it is after sending: what was read before with what sending answered, or, if that doesn't say
 *   what became of it, as read
 * @throws InSignerApiError or NodeOperationError; {@link mayHaveMailed} says whether it may have been sent
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function sendDraft(
	ctx: IExecuteFunctions,
	draft: Draft,
	itemIndex: number,
): Promise<SentDocument> {
	const { documentId, own } = draft;
	for (let attempt = 0; ; attempt++) {
		const answer = await post(ctx, documentId, itemIndex);
		if (!(answer instanceof InSignerApiError)) {
			return await afterSending(ctx, draft, answer, itemIndex);
		}
		const unclear = isUnclear(answer);
		const looks = unclear ? LOOKS_MS : [0];
		const document = await lookUntil(ctx, documentId, itemIndex, wasSent, looks);
		if (document && wasSent(document) && (own || !isRefused(answer))) {
			hint(ctx, `Document ${documentId} was sent, although no answer said so.`);
			return document;
		}
		if (unclear) throw unsettled(ctx, answer, document, itemIndex);

		const pause = PROCESSING_PAUSES_MS[attempt];
		if (pause === undefined || !isFileOnItsWay(document, answer)) throw refusal(answer, document);
		ctx.logger.info(
			`inSigner: document ${documentId} cannot be sent yet (${answer.message}); trying again in ${pause / 1000} seconds`,
		);
		await clock.sleep(pause, cancelSignalOf(ctx));
	}
}

/** It was sent, even if it cannot be read back or the read is outdated. */
async function afterSending(
	ctx: IExecuteFunctions,
	{ documentId, asRead, withSigningLinks }: Draft,
	answer: DataOf<'sendDocument'> | undefined,
	itemIndex: number,
): Promise<SentDocument> {
	if (answer && wasSent(answer) && !withSigningLinks) {
		// Who signs what is known from the draft; the form of the answer is not documented.
		const { signers, fields } = asRead ?? {};
		return { ...asRead, ...answer, id: documentId, ...(asRead && { signers, fields }) };
	}
	const looks = answer?.status === undefined ? LOOKS_MS : [0];
	const document = await lookUntil(ctx, documentId, itemIndex, wasSent, looks);
	if (document && wasSent(document)) return document;
	return { ...document, ...answer, id: documentId, status: answer?.status ?? 'pending' };
}

async function post(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
): Promise<DataOf<'sendDocument'> | InSignerApiError> {
	return await request(ctx, 'sendDocument', {
		path: { documentId },
		itemIndex,
		mayRepeat: async () => !wasSent(await lookUntil(ctx, documentId, itemIndex, wasSent, [0])),
	}).then(
		({ data }) => data,
		(error: unknown) => {
			if (error instanceof InSignerApiError) return error;
			throw error;
		},
	);
}

/** Whether it was sent. Only if the service itself ended its work does a draft mean no. */
function unsettled(
	ctx: IExecuteFunctions,
	answer: InSignerApiError,
	document: DocumentWithSigners | undefined,
	itemIndex: number,
): Error {
	if (!answer.ended || document?.status !== 'draft') return asPossiblyMailed(answer);
	const error = new NodeOperationError(ctx.getNode(), answer.message, {
		itemIndex,
		description: inLines([
			...answer.facts,
			'It was read afterwards and is still a draft. No one was emailed.',
		]),
	});
	error.message = answer.message;
	return error;
}

function isFileOnItsWay(
	document: DocumentWithSigners | undefined,
	answer: InSignerApiError,
): boolean {
	if (document?.status !== 'draft' || !isRefusedForNow(answer)) return false;
	return !document.fileSize || isAboutTheFile(answer);
}

/**
 * Whether a refusal to send is about the document's file.
 *
 * @param error - what was caught
 */
export function isAboutTheFile(error: unknown): error is InSignerApiError {
	if (!isRefused(error)) return false;
	const { detail, fields = [] } = error.fault;
	const said = [detail, ...fields.flatMap(({ field, message }) => [field, message])];
	return said.some((text) => ABOUT_THE_FILE.test(text ?? ''));
}

function refusal(answer: InSignerApiError, document: DocumentWithSigners | undefined): Error {
	if (!document || document.status === 'draft' || !isRefused(answer)) return answer;
	if (!wasSent(document)) {
		answer.message = `it is ${document.status}, which may mean that it went out already (${answer.message})`;
		return asPossiblyMailed(answer);
	}
	answer.message = `it is ${document.status} already, so it was sent before (${answer.message})`;
	return answer;
}
