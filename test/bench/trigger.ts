/** Events that arrive in a real n8n: our trigger, n8n's Webhook node without any check, and with a check built by hand. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from '../host/client';
import type { RealN8n } from '../host/realN8n';
import { startSandbox } from '../sandbox/sandbox';
import { newEvent, sign } from '../trigger/attacks';
import { send, triggerWorkflow, webhooksOf } from '../trigger/scene';
import type { Benchmark, Row } from './benchmark';
import { alternate, median, quantile, ratio, rounded, spread, type Rival } from './measuring';

const EVENTS = 200;
const AT_ONCE = 20;
const ROUNDS = 5;

const OURS = 'inSigner Trigger (verified, deduplicated)';
const BARE = 'Webhook (nothing checked)';
const BY_HAND = 'Webhook, Crypto, If (verified)';

/** One round of one rival. */
interface Round {
	/** From the first event sent to the end of the last execution. */
	eventsPerSecond: number;
	/** The same, to the last answer. */
	answersPerSecond: number;
	/** How long each answer took, in milliseconds. */
	answersMs: number[];
}

const SECRET = 'a'.repeat(64);

interface SketchedNode {
	name: string;
	type: string;
	typeVersion: number;
	parameters: INodeParameters;
	webhookId?: string;
}

/** Nodes in a row, begun by a webhook. */
function row(name: string, nodes: SketchedNode[]): WorkflowInput {
	return {
		name,
		nodes: nodes.map((node, index) => ({
			...node,
			id: `node-${index}`,
			position: [index * 220, 0],
		})),
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map((node, index) => [
					nodes[index]?.name ?? '',
					{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
	};
}

const webhookNode = (path: string, rawBody: boolean): SketchedNode => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	parameters: { httpMethod: 'POST', path, options: rawBody ? { rawBody } : {} },
	webhookId: path,
});

const cryptoNode: SketchedNode = {
	name: 'Crypto',
	type: 'n8n-nodes-base.crypto',
	typeVersion: 1,
	parameters: {
		action: 'hmac',
		binaryData: true,
		binaryPropertyName: 'data',
		type: 'SHA256',
		dataPropertyName: 'signature',
		secret: SECRET,
		encoding: 'hex',
	},
};

const ifNode: SketchedNode = {
	name: 'If',
	type: 'n8n-nodes-base.if',
	typeVersion: 2.2,
	parameters: {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			combinator: 'and',
			conditions: [
				{
					id: 'same',
					leftValue: "={{ 'sha256=' + $json.signature }}",
					rightValue: "={{ $json.headers['x-insigner-signature'] }}",
					operator: { type: 'string', operation: 'equals' },
				},
			],
		},
		options: {},
	},
};

const lastNode: SketchedNode = {
	name: 'Went on',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
};

export const trigger: Benchmark = {
	title: () =>
		`${EVENTS} events, ${AT_ONCE} at once, in a real n8n with SQLite; each starts an execution of the trigger and one node that does nothing (by hand: three and one), which n8n saves. All answer before the execution`,
	run: async ({ real, say }) => {
		const sandbox = await startSandbox({ requestsPerMinute: 100_000 });
		try {
			const credentials = await real.credentialFor(sandbox, 'Trigger benchmark');
			const { client } = real;
			const publish = async (workflow: WorkflowInput) => {
				const stored = await client.createWorkflow(workflow);
				await client.activate(stored.id);
				return stored;
			};
			const ours = await publish(triggerWorkflow(OURS, credentials, randomUUID()));
			const [registered] = webhooksOf(sandbox, ours);
			if (!registered) throw new Error('The trigger was not registered');
			const barePath = randomUUID();
			const bare = await publish(row(BARE, [webhookNode(barePath, false), lastNode]));
			const handPath = randomUUID();
			const byHand = await publish(
				row(BY_HAND, [webhookNode(handPath, true), cryptoNode, ifNode, lastNode]),
			);
			const url = (path: string) => `${real.n8n.url}/webhook/${path}`;
			const { secret } = registered;
			const rival = (name: string, id: string, target: string, key: string): Rival<Round> => ({
				name,
				run: async () => await round(real, id, target, key),
			});
			const rivals = [
				rival(OURS, ours.id, registered.url, secret),
				rival(BARE, bare.id, url(barePath), SECRET),
				rival(BY_HAND, byHand.id, url(handPath), SECRET),
			];
			say(`trigger: ${ROUNDS} rounds of ${EVENTS} events for each of ${rivals.length}`);
			const rounds = await alternate(rivals, ROUNDS);
			for (const { id } of [ours, bare, byHand]) await client.archiveAndDelete(id);
			return { rows: rowsOf(rounds), conclusions: conclusionsOf(rounds) };
		} finally {
			await sandbox.stop();
		}
	},
};

async function round(
	real: RealN8n,
	workflowId: string,
	url: string,
	secret: string,
): Promise<Round> {
	const before = await countOf(real, workflowId);
	const timestamp = new Date().toISOString();
	const calls = Array.from({ length: EVENTS }, () => {
		const body = newEvent(timestamp);
		return {
			headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
			body: Buffer.from(body),
		};
	});
	const answersMs: number[] = [];
	let next = 0;
	const startedAt = Date.now();
	const sender = async () => {
		for (let call = calls[next++]; call; call = calls[next++]) {
			const { status, ms } = await send(url, call);
			if (status !== 200) throw new Error(`n8n answered ${status}`);
			answersMs.push(ms);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, sender));
	const answeredAt = Date.now();
	const endedAt = await allEnded(real, workflowId, before.all + EVENTS);
	return {
		eventsPerSecond: (EVENTS * 1000) / (endedAt - startedAt),
		answersPerSecond: (EVENTS * 1000) / (answeredAt - startedAt),
		answersMs,
	};
}

interface Counted {
	all: number;
	wentOn: number;
	lastStop: string;
}

async function countOf(real: RealN8n, workflowId: string): Promise<Counted> {
	const [row] = await real.read<Counted>(
		`SELECT count(*) AS "all", coalesce(sum(e.status = 'success'), 0) AS wentOn,
			coalesce(max(e.stoppedAt), '') AS lastStop
		FROM execution_entity e WHERE e.workflowId = ?`,
		workflowId,
	);
	if (!row) throw new Error('n8n has no table of executions');
	return row;
}

/** @returns when the last execution ended, in ms since 1970, as n8n wrote it down */
async function allEnded(real: RealN8n, workflowId: string, wanted: number): Promise<number> {
	for (;;) {
		const { all, wentOn, lastStop } = await countOf(real, workflowId);
		if (all > wanted) throw new Error(`${all} executions instead of ${wanted}`);
		if (wentOn === wanted) return new Date(`${lastStop.replace(' ', 'T')}Z`).getTime();
		await delay(500);
	}
}

function rowsOf(rounds: Map<string, Round[]>): Row[] {
	const throughput = (name: string) =>
		(rounds.get(name) ?? []).map(({ eventsPerSecond }) => eventsPerSecond);
	return [...rounds].map(([name, runs]) => {
		const answers = runs.flatMap(({ answersMs }) => answersMs);
		return {
			Trigger: name,
			'Executions per second': rounded(median(throughput(name)), 1),
			Spread: spread(throughput(name), 1),
			'Of the Webhook node': ratio(throughput(name), throughput(BARE)),
			'Answers per second': rounded(
				median(runs.map(({ answersPerSecond }) => answersPerSecond)),
				1,
			),
			'Answer ms, median': Math.round(median(answers)),
			'Answer ms, 95 %': Math.round(quantile(answers, 0.95)),
		};
	});
}

function conclusionsOf(rounds: Map<string, Round[]>) {
	const throughput = (name: string) =>
		(rounds.get(name) ?? []).map(({ eventsPerSecond }) => eventsPerSecond);
	return [
		{
			what: 'Executions per second, of the bare Webhook node',
			value: ratio(throughput(OURS), throughput(BARE)),
			goal: 0.9,
			atLeast: true,
		},
		{
			what: 'Executions per second, of the check by hand',
			value: ratio(throughput(OURS), throughput(BY_HAND)),
		},
	];
}
