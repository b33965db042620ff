/** Many documents through the list of the API: our node, n8n's HTTP Request node and a bare loop. */
import type { INodeParameters } from 'n8n-workflow';

import type { Engine } from '../engine/harness';
import type { Conclusion, Outcome, PlainBenchmark, Row } from './benchmark';
import { HELPER_LOOP, HTTP_REQUEST, IN_SIGNER, startBenchmarkEngine } from './engine';
import { API_KEY, bareLoop, httpPagination } from './listReaders';
import {
	alternate,
	median,
	ratio,
	rounded,
	spread,
	timed,
	type Rival,
	type Sample,
} from './measuring';
import { startInOwnProcess } from './ownProcess';

/** How many documents, how long the server takes for a page (ms), how many rounds. */
const CASES = [
	{ documents: 1_000, delayMs: 0, rounds: 9 },
	{ documents: 10_000, delayMs: 0, rounds: 9 },
	{ documents: 10_000, delayMs: 50, rounds: 3 },
	{ documents: 100_000, delayMs: 0, rounds: 3 },
];

const BARE = 'undici, bare loop';
const FLOOR = "n8n's request helper, bare loop";
const OURS = 'inSigner, Get Many';
const OURS_RAW = 'inSigner, Get Many, Simplify off';
const HTTP = 'HTTP Request, Pagination';

/** The rivals on one server; each checks that it got everything. */
function rivalsOn(engine: Engine, baseUrl: string, documents: number): Array<Rival<Sample>> {
	const credentials = { inSignerApi: { apiKey: API_KEY, baseUrl } };
	const check = (found: number) => {
		if (found !== documents) throw new Error(`${found} documents instead of ${documents}`);
	};
	const rival = (name: string, read: () => Promise<number>): Rival<Sample> => ({
		name,
		run: async () => await timed(async () => check(await read())),
	});
	const node = (name: string, type: string, parameters: INodeParameters, perItem = 1) =>
		rival(name, async () => {
			const { items, error } = await engine.runNode(type, parameters, {
				credentials,
				...(type === HTTP_REQUEST && { node: { credentials: credentialReference } }),
			});
			if (error) throw new Error(error.message);
			return items.length * perItem;
		});
	const ours = { resource: 'document', operation: 'getMany', returnAll: true };
	return [
		rival(BARE, async () => await bareLoop(baseUrl)),
		node(FLOOR, HELPER_LOOP, { url: `${baseUrl}/documents` }),
		node(OURS, IN_SIGNER, ours),
		node(OURS_RAW, IN_SIGNER, { ...ours, simplify: false }),
		node(HTTP, HTTP_REQUEST, httpPagination(baseUrl), 100),
	];
}

/** The HTTP Request node does not declare our credential, so it is named. */
const credentialReference = { inSignerApi: { id: 'inSignerApi', name: 'inSigner API' } };

export const getMany: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		"Documents read in pages of 100, in n8n's engine in one process, from a server in another process that holds its answers ready (0 ms) or waits before each as a service on the internet does (50 ms). The HTTP Request node returns one item per page, not per document",
	run: async ({ say, items }) => {
		const cases = items === undefined ? CASES : CASES.filter(({ documents }) => documents <= items);
		const counts = [...new Set(cases.map(({ documents }) => documents))];
		const server = await startInOwnProcess<{ url: string }>('pageServer.ts', { counts });
		const engine = await startBenchmarkEngine(say);
		const outcome: Outcome = { rows: [], conclusions: [] };
		try {
			for (const { documents, delayMs, rounds } of cases) {
				say(`getMany: ${documents} documents, ${delayMs} ms per page`);
				const baseUrl = `${server.ready.url}/${documents}/${delayMs}/api/v1`;
				const samples = await alternate(rivalsOn(engine, baseUrl, documents), rounds);
				outcome.rows.push(...rowsOf(documents, delayMs, samples));
				outcome.conclusions.push(...conclusionsOf(documents, delayMs, samples));
			}
		} finally {
			await engine.stop();
			await server.stop();
		}
		return outcome;
	},
};

function rowsOf(documents: number, delayMs: number, samples: Map<string, Sample[]>): Row[] {
	const wallOf = (name: string) => (samples.get(name) ?? []).map(({ wallMs }) => wallMs);
	return [...samples].map(([name, runs]) => ({
		Documents: documents,
		'Server ms': delayMs,
		Reader: name,
		'Wall ms': Math.round(median(wallOf(name))),
		'Spread ms': spread(wallOf(name)),
		'Processor ms': Math.round(median(runs.map(({ cpuMs }) => cpuMs))),
		'Of the bare loop': ratio(wallOf(name), wallOf(BARE)),
		'Of HTTP Request': ratio(wallOf(name), wallOf(HTTP)),
		'µs per document': rounded((median(wallOf(name)) * 1000) / documents, 1),
	}));
}

function conclusionsOf(
	documents: number,
	delayMs: number,
	samples: Map<string, Sample[]>,
): Conclusion[] {
	if (documents !== 10_000) return [];
	const wallOf = (name: string) => (samples.get(name) ?? []).map(({ wallMs }) => wallMs);
	const cpuOf = (name: string) => (samples.get(name) ?? []).map(({ cpuMs }) => cpuMs);
	const where = `Get Many of ${documents} documents, ${delayMs} ms per page`;
	return [
		{
			what: `${where}, over the bare loop`,
			value: ratio(wallOf(OURS), wallOf(BARE)),
			goal: 1.25,
		},
		{
			what: `${where}, over n8n's request helper in a bare loop`,
			value: ratio(wallOf(OURS), wallOf(FLOOR)),
		},
		{
			what: `${where}, processor time over n8n's request helper in a bare loop`,
			value: ratio(cpuOf(OURS), cpuOf(FLOOR)),
		},
		{
			what: `${where}, over the HTTP Request node`,
			value: ratio(wallOf(OURS), wallOf(HTTP)),
			goal: 0.6,
		},
		{
			what: `${where}, processor time over the HTTP Request node`,
			value: ratio(cpuOf(OURS), cpuOf(HTTP)),
		},
	];
}
