/** Get Many and the HTTP Request node in a real n8n, where credentials are read from its database and expressions run isolated. */
import { itemsOf } from '../host/execution';
import { inSignerNode, workflowOf, type NodeInRow } from '../host/workflows';
import type { Benchmark, Row } from './benchmark';
import { API_KEY, bareLoop, httpPagination } from './listReaders';
import { alternate, median, ratio, spread, timed, type Rival } from './measuring';
import { startInOwnProcess } from './ownProcess';
import { nodeMs, runToEnd, store } from './workflowRuns';

const DOCUMENTS = 10_000;
const ROUNDS = 5;
const NODE = 'Read';

const BARE = 'undici, bare loop';
const OURS = 'inSigner, Get Many';
const HTTP = 'HTTP Request, Pagination';

export const getManyInN8n: Benchmark = {
	title: () =>
		`${DOCUMENTS} documents read in pages of 100 in a real n8n, from a server that holds its answers ready; the time of a node is the one n8n shows in the execution`,
	run: async ({ real, say }) => {
		const server = await startInOwnProcess<{ url: string }>('pageServer.ts', {
			counts: [DOCUMENTS],
		});
		try {
			const baseUrl = `${server.ready.url}/${DOCUMENTS}/0/api/v1`;
			const { id } = await real.client.createCredential({
				name: 'Server of pages',
				type: 'inSignerApi',
				data: { apiKey: API_KEY, baseUrl },
			});
			const credentials = { inSignerApi: { id, name: 'Server of pages' } };
			const ours = { resource: 'document', operation: 'getMany', returnAll: true };
			const http: NodeInRow = {
				name: NODE,
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				parameters: httpPagination(baseUrl),
				credentials,
			};
			const inN8n = async (
				name: string,
				node: NodeInRow,
				items: number,
			): Promise<Rival<number>> => {
				const workflowId = await store(real, workflowOf(name, [{}], [node]));
				return {
					name,
					run: async () => {
						const execution = await runToEnd(real, workflowId);
						const { length } = itemsOf(execution, NODE);
						if (length !== items) throw new Error(`${length} items instead of ${items}`);
						return nodeMs(execution, NODE);
					},
				};
			};
			const rivals: Array<Rival<number>> = [
				{ name: BARE, run: async () => (await timed(() => bareLoop(baseUrl))).wallMs },
				await inN8n(OURS, inSignerNode(NODE, credentials, ours), DOCUMENTS),
				await inN8n(HTTP, http, DOCUMENTS / 100),
			];
			say(`getManyInN8n: ${ROUNDS} rounds`);
			const times = await alternate(rivals, ROUNDS);
			const of = (name: string) => times.get(name) ?? [];
			const rows: Row[] = rivals.map(({ name }) => ({
				Reader: name,
				'Time ms': Math.round(median(of(name))),
				'Spread ms': spread(of(name)),
				'Of the bare loop': ratio(of(name), of(BARE)),
				'Of HTTP Request': ratio(of(name), of(HTTP)),
			}));
			return {
				rows,
				conclusions: [
					{ what: 'Over the bare loop', value: ratio(of(OURS), of(BARE)), goal: 1.25 },
					{ what: 'Over the HTTP Request node', value: ratio(of(OURS), of(HTTP)), goal: 0.6 },
				],
			};
		} finally {
			await server.stop();
		}
	},
};
