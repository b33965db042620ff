import type { IExecuteFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';

import { readEnvelope, readTransportFault, textOf, type ByteStream } from './answer';
import { parseBaseUrl, parseFileUrl } from './baseUrl';
import { cancelSignalOf } from './cancellation';
import { clock } from './clock';
import type { DataOf, EndpointName } from './endpoints';
import { hasStatus, InSignerApiError, type Fault } from './errors';
import { request, requestStream } from './request';
import { backOff, MAX_ATTEMPTS, nextStep } from './retry';

/** Contexts with n8n's binary data functions. */
export type FileContext = IExecuteFunctions | IWebhookFunctions;

export const PDF_MIME_TYPE = 'application/pdf';

/** How every PDF begins. */
const PDF_MARK = '%PDF-';

/** How far from the beginning viewers look for the mark, in bytes, since some programs put something before it. */
const PDF_MARK_WITHIN = 1024;

/** How long one file may take in one direction, in seconds. */
const TRANSFER_TIMEOUT_SECONDS = 600;

/** A PDF to upload. */
export interface PdfFile {
	readonly fileName: string;
	readonly sizeBytes: number;
	/** Gives the bytes; called once per attempt because a stream can only be read once. */
	readonly open: () => Promise<Buffer | ByteStream>;
}

/**
 * Puts a PDF into a draft: asks for an upload URL, then sends the bytes there, without the API key.
 *
 * @param ctx - an n8n context with the credential inSignerApi
 * @param documentId - the draft
 * @param file - name, size in bytes and content
 * @param itemIndex - index of the input item, from 0
 * @throws InSignerApiError when the API or the storage refuses or does not answer
 * @see https://docs.insigner.co/guides/embedded-signing
 */
export async function uploadPdf(
	ctx: FileContext,
	documentId: string,
	file: PdfFile,
	itemIndex?: number,
): Promise<void> {
	const putOnce = async () => {
		const { data } = await request(ctx, 'requestUpload', {
			path: { documentId },
			body: { filename: file.fileName, contentType: PDF_MIME_TYPE, fileSize: file.sizeBytes },
			itemIndex,
		});
		const url = await storageUrl(ctx, data.uploadUrl);
		await transfer(ctx, 'requestUpload', itemIndex, async () => ({
			method: 'PUT',
			url,
			body: await file.open(),
			// The URL was signed for exactly this type and size.
			headers: { 'Content-Type': PDF_MIME_TYPE, 'Content-Length': file.sizeBytes },
			encoding: 'text',
		}));
	};
	await putOnce().catch(async (error: unknown) => {
		// Upload URLs live for minutes. A fresh one is tried once.
		if (!hasStatus(error, 403) || !error.fault.storage) throw error;
		await putOnce();
	});
}

/**
 * Fetches the signed PDF of a completed document, whichever way the service hands it out: a JSON answer with
 * a URL, a redirect, or the bytes themselves.
 *
 * @param ctx - an n8n context with the credential inSignerApi
 * @param documentId - a completed document
 * @param itemIndex - index of the input item, from 0
 * @returns the bytes as a stream that starts with %PDF-
 * @throws InSignerApiError when the API or the storage refuses, does not answer or gives no PDF
 */
export async function downloadPdf(
	ctx: FileContext,
	documentId: string,
	itemIndex?: number,
): Promise<ByteStream> {
	const endpoint = 'downloadDocument';
	const answer = await requestStream(ctx, endpoint, {
		path: { documentId },
		itemIndex,
		timeoutSeconds: TRANSFER_TIMEOUT_SECONDS,
	});
	const unreadable = (detail: string, storage: boolean): InSignerApiError =>
		new InSignerApiError(
			ctx.getNode(),
			{ endpoint, result: 'unreadable', detail, host: answer.host, storage },
			itemIndex,
		);

	let url = answer.statusCode >= 300 ? (answer.headers.location ?? '') : undefined;
	if (url === undefined && /json/.test(answer.headers['content-type'] ?? '')) {
		const envelope = readEnvelope<DataOf<typeof endpoint>>(await textOf(answer.body), answer);
		if ('unreadable' in envelope) throw unreadable(envelope.unreadable, false);
		url = envelope.data.downloadUrl ?? envelope.data.url ?? envelope.data.signedUrl ?? '';
	}
	if (url === '') throw unreadable('no download URL', false);

	const body =
		url === undefined
			? answer.body
			: await fetchFromStorage(ctx, endpoint, await storageUrl(ctx, url), itemIndex);
	if (typeof body === 'string' || !(await startsWith(body, PDF_MARK))) {
		throw unreadable('a file that is no PDF', url !== undefined);
	}
	return body;
}

/**
 * Whether a file is a PDF: viewers look for the mark in the first kilobyte.
 *
 * @param content - the bytes; a stream is read only as far as needed and closed
 */
export async function isPdf(content: Buffer | ByteStream): Promise<boolean> {
	let start = Buffer.alloc(0);
	const chunks: AsyncIterable<Uint8Array> | Uint8Array[] = Buffer.isBuffer(content)
		? [content]
		: content;
	// Leaving the loop closes a stream.
	for await (const chunk of chunks) {
		start = Buffer.concat([start, chunk.subarray(0, PDF_MARK_WITHIN)]);
		if (start.length >= PDF_MARK_WITHIN) break;
	}
	return start.subarray(0, PDF_MARK_WITHIN).includes(PDF_MARK);
}

async function fetchFromStorage(
	ctx: FileContext,
	endpoint: EndpointName,
	url: string,
	itemIndex: number | undefined,
): Promise<string | ByteStream> {
	return await transfer(ctx, endpoint, itemIndex, () =>
		Promise.resolve({ method: 'GET', url, encoding: 'stream' }),
	);
}

async function storageUrl(ctx: FileContext, value: string): Promise<string> {
	const { baseUrl } = await ctx.getCredentials<{ baseUrl: string }>('inSignerApi');
	return parseFileUrl(value, parseBaseUrl(baseUrl));
}

/** One file to or from the storage, with the same retry policy as the API but never the API key. */
async function transfer(
	ctx: FileContext,
	endpoint: EndpointName,
	itemIndex: number | undefined,
	prepare: () => Promise<IHttpRequestOptions>,
): Promise<string | ByteStream> {
	const signal = cancelSignalOf(ctx);
	for (let attempt = 1; ; attempt++) {
		const options = await prepare();
		const { body, fault } = await transferOnce(ctx, endpoint, options, signal);
		if (!fault) return body;
		const step = nextStep(options.method ?? 'GET', fault.result);
		if ((step !== 'repeat' && step !== 'wait') || attempt === MAX_ATTEMPTS) {
			throw new InSignerApiError(ctx.getNode(), fault, itemIndex);
		}
		await clock.sleep(backOff(attempt), signal);
	}
}

async function transferOnce(
	ctx: FileContext,
	endpoint: EndpointName,
	options: IHttpRequestOptions,
	signal: AbortSignal | undefined,
): Promise<{ body: string | ByteStream; fault?: undefined } | { body?: undefined; fault: Fault }> {
	const { host } = new URL(options.url);
	const answer = await ctx.helpers
		.httpRequest({
			...options,
			timeout: TRANSFER_TIMEOUT_SECONDS * 1000,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			abortSignal: signal,
		})
		.then(
			(response: { statusCode: number; body: string | ByteStream }) => response,
			(error: unknown): Fault => {
				const transport = readTransportFault(error);
				if (!transport) throw error;
				return { endpoint, ...transport, host, storage: true };
			},
		);
	if (!('statusCode' in answer)) return { fault: answer };

	const { statusCode: status, body } = answer;
	if (status >= 200 && status < 300) return { body };
	if (typeof body !== 'string') body.destroy();
	const result = status === 429 ? 'rateLimited' : status >= 500 ? 'serverFault' : 'refused';
	const detail = `The file storage answered with HTTP status ${status}`;
	return { fault: { endpoint, result, status, detail, host, storage: true } };
}

/** Looks at the first bytes of a stream and puts them back. */
async function startsWith(stream: ByteStream, mark: string): Promise<boolean> {
	let seen = Buffer.alloc(0);
	while (seen.length < mark.length && !stream.readableEnded) {
		const chunk: unknown = stream.read();
		if (chunk === null) {
			if (!(await moreToRead(stream))) break;
			continue;
		}
		seen = Buffer.concat([seen, Buffer.from(chunk as Uint8Array)]);
	}
	if (seen.length > 0) stream.unshift(seen);
	return seen.subarray(0, mark.length).toString() === mark;
}

async function moreToRead(stream: ByteStream): Promise<boolean> {
	return await new Promise((resolve, reject) => {
		const settle = (finish: () => void) => () => {
			stream
				.off('readable', onReadable)
				.off('end', onEnd)
				.off('close', onEnd)
				.off('error', onError);
			finish();
		};
		const onReadable = settle(() => resolve(true));
		const onEnd = settle(() => resolve(false));
		const onError = (error: Error) => settle(() => reject(error))();
		stream
			.once('readable', onReadable)
			.once('end', onEnd)
			.once('close', onEnd)
			.once('error', onError);
	});
}
