/** The list of templates in the editor, when there are thousands. */
import { request } from 'undici';

import { startSandbox } from '../sandbox/sandbox';
import type { Benchmark, Row } from './benchmark';
import { alternate, median, ratio, spread, timed, type Rival } from './measuring';

const TEMPLATES = 5_000;
const ROUNDS = 9;
const SEARCH = 'Template 4321';

const FIRST = 'First page (50 templates)';
const SEARCHED = `Search for "${SEARCH}"`;
const ALL = `Scrolled to the end (${TEMPLATES / 50} pages)`;

interface List {
	results: Array<{ name: string; value: string }>;
	paginationToken?: string;
}

export const pickers: Benchmark = {
	title: () =>
		`The picker Template over ${TEMPLATES} templates: what the editor waits for from n8n, next to the same request sent to the sandbox directly`,
	run: async ({ real, say }) => {
		// Two are there always.
		const sandbox = await startSandbox({ templates: TEMPLATES - 2, requestsPerMinute: 1_000_000 });
		try {
			const credentials = await real.credentialFor(sandbox, 'Picker benchmark');
			const inN8n = async (filter?: string, paginationToken?: string): Promise<List> =>
				await real.client.call('POST', '/dynamic-node-parameters/resource-locator-results', {
					nodeTypeAndVersion: { name: 'n8n-nodes-insigner.inSigner', version: 1 },
					path: 'parameters.templateId',
					methodName: 'searchTemplates',
					currentNodeParameters: { resource: 'template', operation: 'get' },
					credentials,
					...(filter !== undefined && { filter }),
					...(paginationToken !== undefined && { paginationToken }),
				});
			const direct = async (filter?: string, cursor?: string): Promise<List> => {
				const query = new URLSearchParams({
					limit: '50',
					...(filter !== undefined && { search: filter }),
					...(cursor !== undefined && { cursor }),
				});
				const { body } = await request(`${sandbox.apiUrl}/templates?${query.toString()}`, {
					headers: { authorization: `Bearer ${sandbox.apiKey}` },
				});
				const { data, meta } = (await body.json()) as {
					data: Array<{ id: string; name: string }>;
					meta: { nextCursor: string | null };
				};
				return {
					results: data.map(({ id, name }) => ({ name, value: id })),
					paginationToken: meta.nextCursor ?? undefined,
				};
			};
			const looks = [
				{
					what: FIRST,
					rounds: ROUNDS,
					look: async (list: typeof inN8n) => count(50, await list()),
				},
				{
					what: SEARCHED,
					rounds: ROUNDS,
					look: async (list: typeof inN8n) => count(1, await list(SEARCH)),
				},
				{ what: ALL, rounds: 3, look: scroll },
			];
			const rows: Row[] = [];
			for (const { what, rounds, look } of looks) {
				say(`pickers: ${what}`);
				const rival = (name: string, list: typeof inN8n): Rival<number> => ({
					name,
					run: async () => (await timed(async () => await look(list))).wallMs,
				});
				const times = await alternate([rival('n8n', inN8n), rival('direct', direct)], rounds);
				const of = (name: string) => times.get(name) ?? [];
				rows.push({
					What: what,
					'In n8n, ms': Math.round(median(of('n8n'))),
					Spread: spread(of('n8n')),
					'Directly, ms': Math.round(median(of('direct'))),
					'Directly, spread': spread(of('direct')),
					'Of direct': ratio(of('n8n'), of('direct')),
				});
			}
			return rows;
		} finally {
			await sandbox.stop();
		}
	},
};

function count(wanted: number, { results }: List): void {
	if (results.length !== wanted)
		throw new Error(`${results.length} instead of ${wanted} templates`);
}

async function scroll(list: (filter?: string, token?: string) => Promise<List>): Promise<void> {
	let seen = 0;
	let token: string | undefined;
	do {
		const page = await list(undefined, token);
		seen += page.results.length;
		token = page.paginationToken;
	} while (token !== undefined);
	if (seen !== TEMPLATES) throw new Error(`${seen} instead of ${TEMPLATES} templates`);
}
