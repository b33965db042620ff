import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { byId, startBench, type Bench } from './insigner';

type Play = (request: IncomingMessage, response: ServerResponse) => void;

/** A storage with scripted answers that remembers which of them were read to the end or hung up on. */
const play = { file: [] as Play[], requests: 0, open: new Set<ServerResponse>() };
const storage = createServer((request, response) => {
	play.requests += 1;
	play.open.add(response);
	response.on('close', () => play.open.delete(response));
	const [next, ...rest] = play.file;
	if (rest.length > 0) play.file = rest;
	next?.(request, response);
});
let bench: Bench;
let documentId: string;
let fileUrl: string;

beforeAll(async () => {
	bench = await startBench();
	await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
	fileUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/file?signature=abc`;
	const sent = await bench.act(
		'document',
		'createAndSend',
		{
			name: 'Lease',
			signers: { signer: [{ name: 'Ann', email: 'ann@example.com' }] },
			specifyFields: 'form',
			fields: { field: [{ type: 'signature', signer: '1', page: 1, x: 10, y: 10 }] },
			options: {},
		},
		{ items: [await bench.pdfItem()] },
	);
	expect(sent.error).toBeUndefined();
	documentId = String(sent.items[0]?.json.id);
	await bench.sandbox.sign(documentId, 'ann@example.com');
}, 60_000);
afterAll(async () => {
	storage.closeAllConnections();
	await new Promise((resolve) => storage.close(resolve));
	await bench.stop();
});
beforeEach(() => {
	play.requests = 0;
	bench.sandbox.faults.clear();
});

const download = async (fileName = '') =>
	await bench.act('document', 'download', {
		documentId: byId(documentId),
		outputBinaryField: 'pdf',
		options: { fileName },
	});

/** The API returns the URL of our storage. */
const fromStorage = async (...plays: Play[]) => {
	play.file = plays;
	bench.sandbox.faults.add({
		match: { operationId: 'downloadDocument' },
		fault: { status: 200, body: { data: { downloadUrl: fileUrl } } },
	});
	return await download();
};

const whole = Buffer.concat([
	Buffer.from('%PDF-1.7\n'),
	Buffer.alloc(300_000, 'x'),
	Buffer.from('\nstartxref\n1\n%%EOF\n'),
]);
const sends =
	(bytes: Buffer | string, headers: Record<string, string> = {}, status = 200): Play =>
	(_, response) =>
		response.writeHead(status, { 'content-length': String(bytes.length), ...headers }).end(bytes);
const cutWithLength: Play = (_, response) => {
	response.writeHead(200, { 'content-length': String(whole.length) });
	response.write(whole.subarray(0, 200_000), () => response.socket?.destroy());
};
const cutChunked: Play = (_, response) => {
	response.writeHead(200);
	response.write(whole.subarray(0, 200_000), () => response.socket?.destroy());
};
const cutWithoutLength: Play = (_, response) => {
	response.socket?.end(
		Buffer.concat([
			Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'),
			whole.subarray(0, 200_000),
		]),
	);
};
const endless: (start: string) => Play = (start) => (_, response) => {
	response.writeHead(200).write(start + ' '.repeat(100_000));
};

const settled = async () => {
	for (let n = 0; n < 100 && play.open.size > 0; n++) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return play.open.size;
};

it('stores a whole PDF', async () => {
	const { items, error } = await fromStorage(sends(whole));
	expect(error).toBeUndefined();
	const pdf = items[0]?.binary?.pdf;
	expect(pdf && Buffer.compare(await bench.engine.binary.read(pdf), whole)).toBe(0);
});

describe.each([
	['with a length', cutWithLength],
	['in chunks', cutChunked],
	['without a length', cutWithoutLength],
])('a body %s that breaks off', (_, cut) => {
	it('is fetched once more', async () => {
		const { items, error } = await fromStorage(cut, sends(whole));
		expect(error).toBeUndefined();
		expect(play.requests).toBe(2);
		const pdf = items[0]?.binary?.pdf;
		expect(pdf && Buffer.compare(await bench.engine.binary.read(pdf), whole)).toBe(0);
	});

	it('is not a PDF if it breaks off again', async () => {
		const { items, error } = await fromStorage(cut);
		expect(play.requests).toBe(2);
		expect(items[0]?.binary).toBeUndefined();
		expect(error?.message).toMatch(/a PDF that breaks off|gave no answer/);
		expect(JSON.stringify(error)).not.toContain('signature');
		expect(await settled()).toBe(0);
	});
});

it.each([
	['nothing', ''],
	['half a mark', '%PD'],
])('%s is a body that breaks off', async (_, bytes) => {
	const { error } = await fromStorage(sends(bytes), sends(whole));
	expect(error).toBeUndefined();
});

it('an end mark too far from the end does not count', async () => {
	const { error } = await fromStorage(sends(Buffer.concat([whole, Buffer.alloc(1100, ' ')])));
	expect(error?.message).toContain('a PDF that breaks off');
});

describe('what is not a PDF is refused at once, and its connection is closed', () => {
	it.each([
		['a page', endless('<!doctype html>'), /a file that is no PDF/],
		['a page that begins like a PDF', endless('%PDF-<html>'), /a file that is no PDF/],
		['a part', sends(whole, { 'content-range': 'bytes 0-9/99' }, 206), /HTTP status 206/],
		['a redirect', sends('', { location: 'http://127.0.0.1:9/' }, 302), /HTTP status 302/],
		['a refusal', sends('<Error/>', {}, 403), /HTTP status 403/],
	])('%s', async (_, answer, reason) => {
		const { items, error } = await fromStorage(answer);
		expect(items[0]?.binary).toBeUndefined();
		expect(error?.message).toMatch(reason);
		expect(play.requests).toBe(1);
		expect(await settled()).toBe(0);
	});

	it.each([
		['a part of the file', 206, 'application/pdf', '%PDF-1.7 %%EOF', /HTTP status 206/],
		['JSON without an address', 200, 'application/json', '{"data":null}', /no download URL/],
		['an invalid address', 200, 'application/json', '{"data":{"url":7}}', /no download URL/],
		['a redirect to nowhere', 302, 'text/html', '<html>', /no download URL/],
		['a page', 200, 'text/html', '<html>', /a file that is no PDF/],
	])('from the API: %s', async (_, status, contentType, body, reason) => {
		bench.sandbox.faults.add({
			match: { operationId: 'downloadDocument' },
			fault: { status, contentType, body },
		});
		const { items, error } = await download();
		expect(items[0]?.binary).toBeUndefined();
		expect(error?.message).toMatch(reason);
	});
});
