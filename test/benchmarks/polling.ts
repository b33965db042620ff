/** Many open documents, polled by a real n8n every minute with 120 requests a minute allowed. */
import { setTimeout as delay } from 'node:timers/promises';

import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import type { Benchmark, BenchmarkContext, Row } from './benchmark';

const DOCUMENTS = 5_000;
const REQUESTS_PER_MINUTE = 120;
const HOUR_MS = 3_600_000;

/** A poll is over when there was no request for this long; the next one starts on the full minute. In milliseconds. */
const QUIET_MS = 8_000;
const LONGEST_MS = 10 * 60_000;

export const polling: Benchmark = {
	title: ({ items = DOCUMENTS }) =>
		`inSigner Polling Trigger over ${items} open documents, every minute, ${REQUESTS_PER_MINUTE} requests a minute allowed`,
	run: async (context) => {
		const { real, say, items = DOCUMENTS } = context;
		const sandbox = await startSandbox({ requestsPerMinute: REQUESTS_PER_MINUTE });
		try {
			const now = Date.now();
			const documents = sandbox.store.seedDocuments(items, (n) => ({
				status: 'pending',
				createdAt: new Date(now - (items - n + 1) * HOUR_MS).toISOString(),
			}));
			// Creating so many takes seconds, in which n8n closes its connection; that has to be noticed before it is used.
			await delay(500);
			const credentials = await real.credentialFor(sandbox, 'polling');
			const { id } = await real.client.createWorkflow({
				name: 'polling',
				nodes: [
					{
						id: 'trigger',
						name: 'Polled',
						type: 'n8n-nodes-insigner.inSignerPollingTrigger',
						typeVersion: 1,
						position: [0, 0],
						credentials,
						parameters: {
							pollTimes: { item: [{ mode: 'everyMinute' }] },
							events: ['document.completed', 'signer.completed'],
						},
					},
				],
				connections: {},
			});
			const rows: Row[] = [];
			const measure = async (poll: string, begin: () => Promise<unknown> | undefined) => {
				say(`polling: ${poll}`);
				rows.push(await measured(poll, id, sandbox, context, begin));
			};
			await measure('the first, when published', () => real.client.activate(id));
			await measure('nothing happened', () => undefined);
			const signed = documents.slice(0, 50);
			for (const document of signed) {
				const at = new Date().toISOString();
				for (const signer of document.signers) {
					Object.assign(signer, { status: 'completed', signedAt: at });
				}
				Object.assign(document, { status: 'completed', completedAt: at, updatedAt: at });
			}
			await measure('50 were completed', () => undefined);
			await real.client.deactivate(id);
			return rows;
		} finally {
			await sandbox.stop();
		}
	},
};

async function measured(
	poll: string,
	workflowId: string,
	sandbox: Sandbox,
	{ real }: BenchmarkContext,
	begin: () => Promise<unknown> | undefined,
): Promise<Row> {
	sandbox.journal.clear();
	await begin();
	const end = Date.now() + LONGEST_MS;
	const last = () => sandbox.journal.requests.at(-1)?.at ?? Number.POSITIVE_INFINITY;
	while (sandbox.clock.now() - last() < QUIET_MS || last() === Number.POSITIVE_INFINITY) {
		if (Date.now() > end) throw new Error(`No poll in ${LONGEST_MS / 1000} s`);
		await delay(500);
	}
	const { requests } = sandbox.journal;
	const [first] = requests;
	const { staticData } = await real.client.workflow(workflowId);
	return {
		Poll: poll,
		Requests: requests.length,
		'429s': requests.filter(({ status }) => status === 429).length,
		Seconds: Number(((last() - (first?.at ?? 0)) / 1000).toFixed(1)),
		'Snapshot bytes': Buffer.byteLength(JSON.stringify(staticData ?? {})),
	};
}
