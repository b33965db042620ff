/** Events that arrive in a real n8n: our trigger, n8n's Webhook node without any check, and with a check built by hand. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from '../host/client';
import { startRealN8n, type RealN8n } from '../host/realN8n';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { newEvent, sign } from '../trigger/attacks';
import { send, triggerWorkflow, webhooksOf } from '../trigger/scene';
import type { Conclusion, Outcome, PlainBenchmark, PlainContext, Row } from './benchmark';
import { alternate, median, quantile, ratio, rounded, spread, type Rival } from './measuring';

const EVENTS = 200;
const AT_ONCE = 20;
const ROUNDS = 3;

const OURS = 'inSigner Trigger (verified, deduplicated)';
const BARE = 'Webhook (nothing checked)';
const FLOOR = 'A trigger node of any package that does nothing';
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

/** n8n creates an isolate for expressions with each call and each execution, or with the first expression in it. */
const ENGINES: Record<string, Record<string, string>> = {
	'at once (default)': {},
	'when needed': { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
};

/** What n8n loads from the folder of custom extensions: the least a trigger node can be. */
const FLOOR_NODE = `
exports.BareTrigger = class {
	description = {
		displayName: 'Bare Trigger', name: 'bareTrigger', group: ['trigger'], version: 2,
		description: 'Takes whatever comes', defaults: { name: 'Bare Trigger' },
		inputs: [], outputs: ['main'], properties: [],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
	};
	async webhook() {
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
};
`;

const SECRET = 'a'.repeat(64);

interface SketchedNode {
	name: string;
	type: string;
	typeVersion: number;
	parameters: INodeParameters;
	webhookId?: string;
}

/** Nodes in a row, started by a webhook. */
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

const floorNode = (webhookId: string): SketchedNode => ({
	name: 'Bare Trigger',
	type: 'CUSTOM.bareTrigger',
	typeVersion: 2,
	parameters: {},
	webhookId,
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

export const trigger: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		`${EVENTS} events, ${AT_ONCE} at once, in a real n8n with SQLite; each starts an execution of the trigger and one node that does nothing (by hand: three and one), which n8n saves. All answer before the execution. n8n makes the isolate for expressions at once, or when the first one is evaluated (N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE)`,
	run: async (context) => {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-bare-'));
		await writeFile(join(folder, 'BareTrigger.node.js'), FLOOR_NODE);
		const sandbox = await startSandbox({ requestsPerMinute: 100_000 });
		const outcome: Outcome = { rows: [], conclusions: [] };
		try {
			for (const [engine, environment] of Object.entries(ENGINES)) {
				const custom = { ...environment, N8N_CUSTOM_EXTENSIONS: folder };
				const rounds = await measureIn(custom, sandbox, context);
				outcome.rows.push(...rowsOf(engine, rounds));
				outcome.conclusions.push(...conclusionsOf(engine, rounds));
			}
		} finally {
			await sandbox.stop();
			await rm(folder, { recursive: true, force: true });
		}
		return outcome;
	},
};

async function measureIn(
	environment: Record<string, string>,
	sandbox: Sandbox,
	{ say }: PlainContext,
): Promise<Map<string, Round[]>> {
	say('trigger: starting n8n');
	const real = await startRealN8n(say, environment);
	try {
		const credentials = await real.credentialFor(sandbox);
		const { client } = real;
		const publish = async (workflow: WorkflowInput) => {
			const stored = await client.createWorkflow(workflow);
			await client.activate(stored.id);
			return stored;
		};
		const ours = await publish(triggerWorkflow(OURS, credentials, randomUUID()));
		const [registered] = webhooksOf(sandbox, ours);
		if (!registered) throw new Error('The trigger was not registered');
		const path = randomUUID();
		const bare = await publish(row(BARE, [webhookNode(path, false), lastNode]));
		const rawPath = randomUUID();
		const byHand = await publish(
			row(BY_HAND, [webhookNode(rawPath, true), cryptoNode, ifNode, lastNode]),
		);
		const floorPath = randomUUID();
		const floor = await publish(row(FLOOR, [floorNode(floorPath), lastNode]));
		const rival = (name: string, id: string, target: string, key = SECRET): Rival<Round> => ({
			name,
			run: async () => await round(real, id, target, key),
		});
		const url = `${real.n8n.url}/webhook`;
		const rivals = [
			rival(OURS, ours.id, registered.url, registered.secret),
			rival(BARE, bare.id, `${url}/${path}`),
			rival(FLOOR, floor.id, `${url}/${floorPath}/webhook`),
			rival(BY_HAND, byHand.id, `${url}/${rawPath}`),
		];
		say(`trigger: ${ROUNDS} rounds of ${EVENTS} events for each of ${rivals.length}`);
		const rounds = await alternate(rivals, ROUNDS);
		await client.deactivate(ours.id);
		return rounds;
	} finally {
		await real.stop();
	}
}

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

/** @returns when the last execution ended, in ms since 1970, as n8n recorded it */
async function allEnded(real: RealN8n, workflowId: string, wanted: number): Promise<number> {
	for (;;) {
		const { all, wentOn, lastStop } = await countOf(real, workflowId);
		if (all > wanted) throw new Error(`${all} executions instead of ${wanted}`);
		if (wentOn === wanted) return new Date(`${lastStop.replace(' ', 'T')}Z`).getTime();
		await delay(500);
	}
}

const throughputOf = (rounds: Map<string, Round[]>, name: string) =>
	(rounds.get(name) ?? []).map(({ eventsPerSecond }) => eventsPerSecond);

function rowsOf(engine: string, rounds: Map<string, Round[]>): Row[] {
	return [...rounds].map(([name, runs]) => {
		const throughput = throughputOf(rounds, name);
		const answers = runs.flatMap(({ answersMs }) => answersMs);
		return {
			Isolate: engine,
			Trigger: name,
			'Executions per second': rounded(median(throughput), 1),
			Spread: spread(throughput, 1),
			'Of the Webhook node': ratio(throughput, throughputOf(rounds, BARE)),
			'Answers per second': rounded(median(runs.map((run) => run.answersPerSecond)), 1),
			'Answer ms, median': Math.round(median(answers)),
			'Answer ms, 95 %': Math.round(quantile(answers, 0.95)),
		};
	});
}

function conclusionsOf(engine: string, rounds: Map<string, Round[]>): Conclusion[] {
	const ours = throughputOf(rounds, OURS);
	const told = (rival: string) => `Isolate ${engine}: executions per second, of ${rival}`;
	const goal = { goal: 0.9, atLeast: true };
	return [
		{
			what: told('the bare Webhook node'),
			value: ratio(ours, throughputOf(rounds, BARE)),
			...goal,
		},
		{
			what: told('a trigger node that does nothing'),
			value: ratio(ours, throughputOf(rounds, FLOOR)),
		},
		{ what: told('the check by hand'), value: ratio(ours, throughputOf(rounds, BY_HAND)) },
	];
}
