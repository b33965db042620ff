import type { IExecuteFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';

import { isObject } from '../json/json';
import { readEnvelope, textOf, type ByteStream, type RawAnswer } from './answer';
import { parseBaseUrl, parseFileUrl } from './baseUrl';
import { cancelSignalOf } from './cancellation';
import { clock } from './clock';
import type { EndpointName } from './endpoint';
import { hasStatus, InSignerApiError, type Fault } from './errors';
import { retryAfterSeconds } from './rateLimit';
import { request, requestStream } from './request';
import { logged, logWait } from './requestLog';
import { backOff, MAX_ATTEMPTS, nextStep, type ExchangeResult } from './retry';
import { transmit } from './transport';

/** Contexts with n8n's binary data functions. */
export type FileContext = IExecuteFunctions | IWebhookFunctions;

export const PDF_MIME_TYPE = 'application/pdf';

/** How every PDF begins. */
const PDF_MARK = '%PDF-';

/** The same with the first digit of a version: an HTML page can begin with the mark too. */
const PDF_HEAD = /^%PDF-\d/;

/** How every PDF ends; a few bytes may follow. */
const PDF_END = '%%EOF';

/** How many bytes from the end readers look for it. */
const PDF_TAIL_BYTES = 1024;

/** How many times a PDF is fetched if the download breaks off. */
const MAX_DOWNLOADS = 2;

/** What Node.js calls a connection that ends in the middle of an answer. */
const BROKEN_CONNECTION = new Set([
	'ECONNABORTED',
	'ECONNRESET',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	'ERR_STREAM_PREMATURE_CLOSE',
	'ETIMEDOUT',
]);

/** How far from the beginning viewers look for the mark, in bytes; some programs put something before it. */
const PDF_MARK_WITHIN = 1024;

/** How long the upload or download of one file may take, in seconds. */
const TRANSFER_TIMEOUT_SECONDS = 600;

/** The longest wait the storage may ask for, in milliseconds. */
const MAX_STORAGE_WAIT_MS = 60_000;

/** A PDF to upload. */
export interface PdfFile {
	readonly fileName: string;
	readonly sizeBytes: number;
	/** Returns the bytes; called once per attempt because a stream can only be read once. */
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
		const { headers }: typeof data & { headers?: unknown } = data;
		await transfer(ctx, 'requestUpload', itemIndex, async () => ({
			method: 'PUT',
			url,
			body: await file.open(),
			// The URL was signed for exactly this type and size.
			headers: {
				'Content-Type': PDF_MIME_TYPE,
				'Content-Length': file.sizeBytes,
				...furtherHeaders(headers),
			},
			encoding: 'text',
		}));
	};
	await putOnce().catch(async (error: unknown) => {
		// Upload URLs are valid for minutes. A fresh one is tried once.
		if (!hasStatus(error, 403) || !error.fault.storage) throw error;
		await putOnce();
	});
}

/** Headers that only we may set for an upload, and headers that would reveal who sends it. */
const OWN_HEADER =
	/^(accept.*|authorization|connection|content-(length|type)|cookie|expect|host|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/** Names and values as HTTP allows them. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** Headers that were signed with an upload URL, if the service names any. */
function furtherHeaders(named: unknown): Record<string, string> {
	const entries: Array<[string, unknown]> = isObject(named) ? Object.entries(named) : [];
	return Object.fromEntries(
		entries.filter(
			(entry): entry is [string, string] =>
				HEADER_NAME.test(entry[0]) &&
				!OWN_HEADER.test(entry[0]) &&
				typeof entry[1] === 'string' &&
				HEADER_VALUE.test(entry[1]),
		),
	);
}

/**
 * Fetches the signed PDF of a completed document, whichever way the service returns it: a JSON answer with a URL, a
 * redirect, or the bytes themselves. One that breaks off is fetched once more.
 *
 * @param ctx - an n8n context with the credential inSignerApi
 * @param documentId - a completed document
 * @param store - stores the bytes, given as a stream; what it stored is dropped if the PDF turns out to break off
 * @param itemIndex - index of the input item, from 0
 * @returns what `store` returned for the whole PDF
 * @throws InSignerApiError when the API or the storage refuses, does not answer or returns no whole PDF
 */
export async function downloadPdf<T>(
	ctx: FileContext,
	documentId: string,
	store: (pdf: ByteStream) => Promise<T>,
	itemIndex?: number,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const outcome = await downloadOnce(ctx, documentId, store, itemIndex);
		if ('stored' in outcome) return outcome.stored;
		if (attempt === MAX_DOWNLOADS || cancelSignalOf(ctx)?.aborted) throw outcome.brokenOff;
	}
}

/** What is wrong with a download, and whether another try may help. */
type NoWholePdf = Pick<Fault, 'result' | 'code' | 'detail'> & { readonly again: boolean };

const NO_PDF: NoWholePdf = { result: 'unreadable', detail: 'a file that is no PDF', again: false };

const BROKEN_OFF: NoWholePdf = {
	result: 'unreadable',
	detail: 'a PDF that breaks off',
	again: true,
};

async function downloadOnce<T>(
	ctx: FileContext,
	documentId: string,
	store: (pdf: ByteStream) => Promise<T>,
	itemIndex: number | undefined,
): Promise<{ stored: T } | { brokenOff: InSignerApiError }> {
	const { body, host, storage } = await openDownload(ctx, documentId, itemIndex);
	const kept =
		typeof body === 'string'
			? NO_PDF
			: await keepPdf(body, store).catch((error: unknown): NoWholePdf => {
					body.destroy();
					if (!isBrokenConnection(body.errored)) throw error;
					return { result: 'noAnswer', code: body.errored.code, again: true };
				});
	if ('stored' in kept) return kept;
	const { again, ...what } = kept;
	const fault: Fault = { endpoint: 'downloadDocument', ...what, host, storage };
	const error = new InSignerApiError(ctx.getNode(), fault, itemIndex);
	if (!again) throw error;
	return { brokenOff: error };
}

/** Stores a PDF and checks its beginning and end. Content that does not begin like a PDF is not stored. */
async function keepPdf<T>(
	body: ByteStream,
	store: (pdf: ByteStream) => Promise<T>,
): Promise<{ stored: T } | NoWholePdf> {
	const head = await headOf(body);
	if (!PDF_HEAD.test(head)) {
		body.destroy();
		return PDF_MARK.startsWith(head) ? BROKEN_OFF : NO_PDF;
	}
	const tail = watchTail(body);
	const stored = await store(body);
	return tail().includes(PDF_END) ? { stored } : BROKEN_OFF;
}

/** Asks where the PDF is and opens it there. */
async function openDownload(
	ctx: FileContext,
	documentId: string,
	itemIndex: number | undefined,
): Promise<{ body: string | ByteStream; host: string; storage: boolean }> {
	const endpoint = 'downloadDocument';
	const answer = await requestStream(ctx, endpoint, {
		path: { documentId },
		itemIndex,
		timeoutSeconds: TRANSFER_TIMEOUT_SECONDS,
	});
	const place = await placeOfPdf(answer);
	if (place === 'here') return { body: answer.body, host: answer.host, storage: false };
	// This answer only said where the file is.
	if (typeof answer.body !== 'string') answer.body.destroy();
	if ('unreadable' in place) {
		throw new InSignerApiError(
			ctx.getNode(),
			{ endpoint, result: 'unreadable', detail: place.unreadable, host: answer.host },
			itemIndex,
		);
	}
	const url = await storageUrl(ctx, place.url);
	const body = await transfer(ctx, endpoint, itemIndex, () =>
		Promise.resolve({ method: 'GET', url, encoding: 'stream' }),
	);
	return { body, host: new URL(url).host, storage: true };
}

/** Where the PDF is, according to an answer: at a URL, or in the answer itself. */
async function placeOfPdf(
	answer: RawAnswer,
): Promise<{ url: string } | 'here' | { unreadable: string }> {
	const { statusCode, headers, body } = answer;
	let url: unknown;
	if (statusCode >= 300) {
		url = headers.location;
	} else if (headers['content-type']?.includes('json')) {
		const envelope = readEnvelope<unknown>(await textOf(body), answer);
		if ('unreadable' in envelope) return envelope;
		url = downloadUrlIn(envelope.data);
	} else if (statusCode === 200) {
		return 'here';
	} else {
		return { unreadable: `HTTP status ${statusCode} instead of the whole file` };
	}
	return typeof url === 'string' && url !== '' ? { url } : { unreadable: 'no download URL' };
}

/** The address in an answer: under one of the likely keys, or the only address in it. */
function downloadUrlIn(data: unknown): unknown {
	if (!isObject(data)) return data;
	const likely = data.downloadUrl ?? data.url ?? data.signedUrl;
	if (likely !== undefined) return likely;
	const [only, ...others] = Object.values(data).filter(
		(value) => typeof value === 'string' && /^https?:/i.test(value),
	);
	return others.length === 0 ? only : undefined;
}

/**
 * Reads how a file begins.
 *
 * @param content - the bytes; a stream is read only as far as needed, then closed
 * @returns the first kilobyte, in which viewers look for the mark of a PDF
 */
export async function startOf(content: Buffer | ByteStream): Promise<Buffer> {
	let start = Buffer.alloc(0);
	const chunks: AsyncIterable<Uint8Array> | Uint8Array[] = Buffer.isBuffer(content)
		? [content]
		: content;
	// Leaving the loop closes a stream.
	for await (const chunk of chunks) {
		start = Buffer.concat([start, chunk.subarray(0, PDF_MARK_WITHIN)]);
		if (start.length >= PDF_MARK_WITHIN) break;
	}
	return start.subarray(0, PDF_MARK_WITHIN);
}

/**
 * Whether a file is a PDF.
 *
 * @param start - from {@link startOf}
 */
export function isPdf(start: Buffer): boolean {
	return start.includes(PDF_MARK);
}

async function storageUrl(ctx: FileContext, value: string): Promise<string> {
	const { baseUrl } = await ctx.getCredentials<{ baseUrl: string }>('inSignerApi');
	return parseFileUrl(value, parseBaseUrl(baseUrl));
}

/** Transfers one file to or from the storage, with the API's retry policy but never with the API key. */
async function transfer(
	ctx: FileContext,
	endpoint: EndpointName,
	itemIndex: number | undefined,
	prepare: () => Promise<IHttpRequestOptions>,
): Promise<string | ByteStream> {
	const signal = cancelSignalOf(ctx);
	for (let attempt = 1; ; attempt++) {
		const options = await prepare();
		const method = options.method ?? 'GET';
		const { body, fault } = await logged(
			ctx,
			`${method} (file storage)`,
			attempt,
			async () => await transferOnce(ctx, endpoint, options, signal),
			(outcome) => ({ result: outcome.fault?.status ?? outcome.fault?.code ?? 'done' }),
		);
		if (!fault) return body;
		const step = nextStep(method, fault.result);
		if ((step !== 'repeat' && step !== 'wait') || attempt === MAX_ATTEMPTS) {
			throw new InSignerApiError(ctx.getNode(), fault, itemIndex);
		}
		const askedMs = Math.min((fault.retryAfterSeconds ?? 0) * 1000, MAX_STORAGE_WAIT_MS);
		logWait(ctx, `${method} (file storage)`, askedMs);
		await clock.sleep(Math.max(askedMs, backOff(attempt)), signal);
	}
}

async function transferOnce(
	ctx: FileContext,
	endpoint: EndpointName,
	options: IHttpRequestOptions,
	signal: AbortSignal | undefined,
): Promise<{ body: string | ByteStream; fault?: undefined } | { body?: undefined; fault: Fault }> {
	const { answer, fault } = await transmit(ctx, {
		...options,
		timeout: TRANSFER_TIMEOUT_SECONDS * 1000,
		abortSignal: signal,
	});
	if (fault) return { fault: { endpoint, ...fault, storage: true } };

	const { host } = answer;
	const { statusCode: status, headers, body } = answer;
	if (status >= 200 && status < 300 && status !== 206) return { body };
	if (typeof body !== 'string') body.destroy();
	const result = resultOf(status);
	const detail = `The file storage answered with HTTP status ${status}`;
	const asked = status === 429 && { retryAfterSeconds: retryAfterSeconds(headers) };
	return { fault: { endpoint, result, status, detail, host, storage: true, ...asked } };
}

function resultOf(status: number): ExchangeResult {
	if (status === 206) return 'unreadable';
	if (status === 429) return 'rateLimited';
	return status >= 500 ? 'serverFault' : 'refused';
}

/** The first bytes of a stream as text; they are put back. */
async function headOf(stream: ByteStream): Promise<string> {
	const wanted = PDF_MARK.length + 1;
	let seen = Buffer.alloc(0);
	while (seen.length < wanted && !stream.readableEnded) {
		const chunk: unknown = stream.read();
		if (chunk === null) {
			if (!(await moreToRead(stream))) break;
			continue;
		}
		seen = Buffer.concat([seen, Buffer.from(chunk as Uint8Array)]);
	}
	if (seen.length > 0) stream.unshift(seen);
	return seen.subarray(0, wanted).toString('latin1');
}

/** Keeps the last bytes of a stream while someone else reads it. */
function watchTail(stream: ByteStream): () => string {
	let tail = Buffer.alloc(0);
	// A listener starts a stream unless it was paused explicitly; after that no later listener starts it either.
	stream.pause().on('data', (chunk: Uint8Array) => {
		const end = chunk.subarray(-PDF_TAIL_BYTES);
		tail = Buffer.concat([tail, end]).subarray(-PDF_TAIL_BYTES);
	});
	stream.on('newListener', (event: string) => {
		if (event === 'data') stream.resume();
	});
	return () => tail.toString('latin1');
}

function isBrokenConnection(error: unknown): error is Error & { code: string } {
	return (
		error instanceof Error &&
		'code' in error &&
		typeof error.code === 'string' &&
		BROKEN_CONNECTION.has(error.code)
	);
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
