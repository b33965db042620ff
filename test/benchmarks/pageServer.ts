/**
 * The documents of the sandbox as pages prepared in advance, from a bare HTTP server: it answers in a fraction of a
 * millisecond, so that the measured time is the client's.
 *
 * `/<documents>/<delay in ms>/api/v1/documents?limit=100&cursor=<page>`
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { toDocument } from '../sandbox/representations';
import { seededStore } from '../sandbox/seed';
import { serveParent } from './ownProcess';

const PAGE_SIZE = 100;

const HEADERS = {
	'content-type': 'application/json',
	'x-request-id': 'req_page',
	// So much room that no one waits for the limit.
	'ratelimit-limit': 1_000_000,
	'ratelimit-remaining': 999_999,
	'ratelimit-reset': 60,
};

async function makePages(count: number): Promise<Buffer[]> {
	const store = await seededStore(0, new Date().toISOString());
	const documents = store.seedDocuments(count).reverse().map(toDocument);
	return Array.from({ length: Math.ceil(count / PAGE_SIZE) }, (_, page) => {
		const data = documents.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
		const hasMore = (page + 1) * PAGE_SIZE < count;
		const meta = { count: data.length, hasMore, nextCursor: hasMore ? String(page + 1) : null };
		return Buffer.from(JSON.stringify({ data, meta }));
	});
}

serveParent(async ({ counts }: { counts: number[] }) => {
	const pages = new Map<string, Buffer[]>();
	for (const count of counts) pages.set(String(count), await makePages(count));

	const server = createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
		const [, count = '', delayMs] = pathname.split('/');
		const page = pages.get(count)?.[Number(searchParams.get('cursor') ?? 0)];
		if (!page || searchParams.get('limit') !== String(PAGE_SIZE)) {
			response.writeHead(404, HEADERS).end('{}');
			return;
		}
		const answer = () =>
			response.writeHead(200, { ...HEADERS, 'content-length': page.length }).end(page);
		if (delayMs === '0') answer();
		else void delay(Number(delayMs)).then(answer);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}` };
});
