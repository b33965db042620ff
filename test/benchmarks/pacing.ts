/** Many requests against a limit of 120 a minute: our node compared with the HTTP Request node. */
import { setTimeout as delay } from 'node:timers/promises';

import type { N8nClient } from '../host/client';
import { jsonOf, runsOf, type Execution } from '../host/execution';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import type { Benchmark, BenchmarkContext, Row } from './benchmark';
import type { CredentialReference } from '../host/realN8n';
import { httpPostNode, inSignerNode, workflowOf, type NodeInRow } from '../host/workflows';

const ITEMS = 600;
const REQUESTS_PER_MINUTE = 120;
const PROGRESS_MS = 10_000;
const POLL_MS = 1_000;

/** A node at work pauses for less between two requests; a longer pause is a wait. In milliseconds. */
const LONGEST_WORK_MS = 500;

const NODE = 'Create draft';

interface Contender {
	name: string;
	node: (credentials: CredentialReference, apiUrl: string) => NodeInRow;
}

const httpNode = (options: Parameters<typeof httpPostNode>[2]['options']): Contender['node'] => {
	const body = '={{ JSON.stringify({ name: $json.name }) }}';
	return (credentials, apiUrl) =>
		httpPostNode(NODE, credentials, { url: `${apiUrl}/documents`, body, options });
};

const inSigner: Contender = {
	name: 'inSigner, Document: Create',
	node: (credentials) =>
		inSignerNode(NODE, credentials, {
			resource: 'document',
			operation: 'create',
			name: '={{ $json.name }}',
			options: {},
		}),
};

const httpPlain: Contender = { name: 'HTTP Request, plain', node: httpNode({}) };

const httpBatched: Contender = {
	name: 'HTTP Request, Batching 2 per second',
	node: httpNode({ batching: { batch: { batchSize: 2, batchInterval: 1000 } } }),
};

/** The nth window opens n minutes after the first request, however fast one is. */
const minimumSeconds = (items: number) => (Math.ceil(items / REQUESTS_PER_MINUTE) - 1) * 60;

export const pacing: Benchmark = {
	title: ({ items = ITEMS }) =>
		`${items} drafts in one workflow, ${REQUESTS_PER_MINUTE} requests a minute allowed`,
	run: async (context) => {
		const plain = await measure(httpPlain, context);
		// Both mostly wait, each for the limit of its own sandbox.
		const waiting = await Promise.all(
			[inSigner, httpBatched].map(async (contender) => await measure(contender, context)),
		);
		const [ours, batched] = waiting;
		return [ours, plain, batched].flatMap((row) => (row ? [row] : []));
	},
};

async function measure(
	{ name, node }: Contender,
	{ real, items = ITEMS, say }: BenchmarkContext,
): Promise<Row> {
	const sandbox = await startSandbox({ requestsPerMinute: REQUESTS_PER_MINUTE });
	const drafts = Array.from({ length: items }, (_, index) => ({ name: `Draft ${index + 1}` }));
	const tell = () => say(`pacing, ${name}: ${progressOf(sandbox, items)}`);
	const progress = setInterval(tell, PROGRESS_MS);
	try {
		const credentials = await real.credentialFor(sandbox, name);
		const row = [node(credentials, sandbox.apiUrl)];
		const { id } = await real.client.createWorkflow(workflowOf(name, drafts, row));
		const executionId = await real.client.run(id);
		const execution = await ended(real.client, id, executionId);
		tell();
		return rowOf(name, items, sandbox, execution);
	} finally {
		clearInterval(progress);
		await sandbox.stop();
	}
}

/** Asks rarely: a busy poll would be part of what is measured. */
async function ended(
	client: N8nClient,
	workflowId: string,
	executionId: string,
): Promise<Execution> {
	for (;;) {
		const over = await client.executions({
			workflowId,
			status: ['success', 'error', 'crashed', 'canceled'],
		});
		if (over.some(({ id }) => id === executionId)) return await client.execution(executionId);
		await delay(POLL_MS);
	}
}

const refusedIn = (sandbox: Sandbox) =>
	sandbox.journal.requests.filter(({ status }) => status === 429).length;
const madeIn = (sandbox: Sandbox) =>
	sandbox.journal.requests.filter(({ status }) => status === 201).length;

function progressOf(sandbox: Sandbox, items: number): string {
	return `${madeIn(sandbox)} of ${items} drafts, ${refusedIn(sandbox)} times 429`;
}

function rowOf(name: string, items: number, sandbox: Sandbox, execution: Execution): Row {
	const times = sandbox.journal.requests.map(({ at }) => at);
	const waitedMs = times
		.map((at, index) => at - (times[index - 1] ?? at))
		.filter((pause) => pause > LONGEST_WORK_MS)
		.reduce((sum, pause) => sum + pause, 0);
	const wall = (runsOf(execution, NODE)[0]?.executionTime ?? 0) / 1000;
	const minimum = minimumSeconds(items);
	const succeeded = jsonOf(execution, NODE).filter(({ error }) => error === undefined).length;
	return {
		Node: name,
		Requests: times.length,
		'429s': refusedIn(sandbox),
		'Drafts made': madeIn(sandbox),
		'Failed items': items - succeeded,
		Execution: execution.status,
		'Waiting s': rounded(waitedMs / 1000, 1),
		'Wall s': rounded(wall, 1),
		'Minimum s': minimum,
		'Wall / minimum': madeIn(sandbox) < items || minimum === 0 ? '-' : rounded(wall / minimum, 3),
	};
}

function rounded(value: number, digits: number): number {
	return Number(value.toFixed(digits));
}
