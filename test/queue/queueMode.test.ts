import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { StoredWorkflow } from '../host/client';
import { itemsOf, jsonOf } from '../host/execution';
import type { N8n } from '../host/n8n';
import { invitationsOf, people, type Person } from '../host/people';
import { startQueueMode, type QueueMode } from '../host/queueMode';
import type { CredentialReference } from '../host/realN8n';
import {
	inSignerNode,
	sendFromTemplate,
	templateNamed,
	workflowOf,
	type NodeInRow,
	type NodeSettings,
} from '../host/workflows';
import { startSandbox, type Sandbox, type StoredWebhook } from '../sandbox/sandbox';
import { newEvent, sign, type AttackRequest } from '../trigger/attacks';
import { send, triggerWorkflow, webhooksOf } from '../trigger/scene';

const MINUTE = 60_000;

/** Honest events. 2,000 take several minutes, so a usual run has fewer. */
const EVENTS = Number(process.env.QUEUE_EVENTS ?? 300);
const TWICE = 0.1;
/** Events that reach two processes at the same moment. */
const PAIRS = Number(process.env.QUEUE_PAIRS ?? 50);
const AT_ONCE = 10;
const RECIPIENTS = 1_200;

/** When another worker may consider a job lost, in milliseconds; n8n waits a minute by default. */
const LOST_AFTER_MS = 10_000;

let sandbox: Sandbox;
let queue: QueueMode;
let credentials: CredentialReference;

beforeAll(async () => {
	sandbox = await startSandbox({
		requestsPerMinute: 100_000,
		templates: 1,
		bulkSendIntervalSeconds: 1,
	});
	queue = await startQueueMode((line) => process.stderr.write(`${line}\n`), {
		NODE_OPTIONS: `--require ${join(__dirname, 'passLongWaits.cjs')}`,
		QUEUE_WORKER_LOCK_DURATION: String(LOST_AFTER_MS),
		QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
		QUEUE_WORKER_STALLED_INTERVAL: '5000',
	});
	credentials = await queue.credentialFor(sandbox);
}, 30 * MINUTE);

afterAll(async () => {
	await queue?.stop();
	await sandbox?.stop();
}, MINUTE);

beforeEach(async () => {
	sandbox.faults.clear();
	sandbox.journal.clear();
	// Ten webhooks may be created per hour.
	await sandbox.clock.advance(60 * MINUTE);
});

const publish = async (
	name: string,
): Promise<{ workflow: StoredWorkflow; webhook: StoredWebhook }> => {
	const workflow = await queue.client.createWorkflow(
		triggerWorkflow(name, credentials, randomUUID()),
	);
	await queue.client.activate(workflow.id);
	const [webhook] = webhooksOf(sandbox, workflow);
	if (!webhook) throw new Error('It was not registered');
	return { workflow, webhook };
};

const runRow = async (name: string, items: Person[], row: NodeInRow[]): Promise<string> => {
	const { id } = await queue.client.createWorkflow(workflowOf(name, items, row));
	return await queue.client.run(id);
};

/** The worker that took an execution, according to its log. */
const workerOf = async (executionId: string): Promise<N8n> => {
	for (;;) {
		for (const worker of queue.workers) {
			const log = await readFile(worker.logFile, 'utf8');
			if (log.includes(`Worker started execution ${executionId} `)) return worker;
		}
		await delay(100);
	}
};

const requestOf = (body: string, secret: string): AttackRequest => ({
	headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
	body: Buffer.from(body),
});

/** The address of a webhook on both processes that take deliveries. */
const doorsOf = ({ url }: StoredWebhook): [string, string] => {
	const { pathname } = new URL(url);
	return [queue.webhookProcessor.url + pathname, queue.main.url + pathname];
};

/**
 * What n8n 2.41 itself says, with 200, to every request between the moment it listens and the moment its database is
 * up to date. docs/queue-mode.md tells users to keep deliveries away from it then; this does what the page says.
 */
const STARTING_UP = 'n8n is starting up';

/** Sends an event until it is answered with a 2xx, as inSigner does, only faster. */
const deliver = async (url: string, event: AttackRequest): Promise<void> => {
	for (;;) {
		const { status, text } = await send(url, event).catch(() => ({ status: 0, text: '' }));
		if (status === 200 && !text.startsWith(STARTING_UP)) return;
		if (status === 401 || status === 400) throw new Error(`It was answered with ${status}`);
		await delay(500);
	}
};

/** Runs jobs, so many at once. */
const inParallel = async (jobs: Array<() => Promise<unknown>>): Promise<void> => {
	let next = 0;
	const workOff = async () => {
		for (let job = jobs[next++]; job; job = jobs[next++]) await job();
	};
	await Promise.all(Array.from({ length: AT_ONCE }, workOff));
};

interface Counts {
	executions: number;
	/** Those in which the trigger passed the event on. */
	wentOn: number;
	/** Distinct events among those. */
	events: number;
	failed: number;
}

/** What happened to the events of a workflow, by n8n's database, once none is under way. */
const countExecutions = async ({ id }: StoredWorkflow): Promise<Counts> => {
	for (;;) {
		// In the run data, the name of a node that ran is a key; in the workflow's copy it is a value.
		const [row] = await queue.read<Counts & { unfinished: number }>(
			`SELECT count(*)::int AS executions,
				count(*) FILTER (WHERE d.data LIKE '%"Went on":%')::int AS "wentOn",
				count(DISTINCT substring(d.data from 'cm_attack_[0-9]+'))
					FILTER (WHERE d.data LIKE '%"Went on":%')::int AS events,
				count(*) FILTER (WHERE e.status IN ('error', 'crashed'))::int AS failed,
				count(*) FILTER (WHERE e.status IN ('new', 'running'))::int AS unfinished
			FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id
			WHERE e."workflowId" = '${id}'`,
		);
		if (row && row.unfinished === 0) {
			const { executions, wentOn, events, failed } = row;
			return { executions, wentOn, events, failed };
		}
		await delay(500);
	}
};

const tell = (what: string, counts: Counts, startedAt: number) =>
	process.stderr.write(
		`  ${what}: ${counts.executions} executions, ${counts.wentOn} went on for ${counts.events} events, ` +
			`${counts.failed} failed, ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
	);

it(
	'sends a contract from a worker, and stores the signed PDF in the database for all processes',
	async () => {
		const [person] = people(1);
		if (!person) throw new Error('No one to send to');
		const filing = await queue.client.createWorkflow({
			name: 'File signed contracts',
			nodes: [
				{
					id: 'trigger',
					name: 'Signed',
					position: [0, 0],
					webhookId: randomUUID(),
					type: 'n8n-nodes-insigner.inSignerTrigger',
					typeVersion: 1.1,
					parameters: { events: ['document.completed'] },
					credentials,
				},
				{
					...inSignerNode('Download', credentials, {
						resource: 'document',
						operation: 'download',
						documentId: { __rl: true, mode: 'id', value: '={{ $json.data.id }}' },
						outputBinaryField: 'data',
						options: {},
					}),
					id: 'download',
					position: [220, 0],
				},
			],
			connections: { Signed: { main: [[{ node: 'Download', type: 'main', index: 0 }]] } },
		});
		await queue.client.activate(filing.id);

		const template = templateNamed(sandbox, 'Employment Contract');
		const executionId = await runRow(
			'Send a contract',
			[person],
			[inSignerNode('Send', credentials, sendFromTemplate(template))],
		);
		const sending = await queue.client.waitForExecution(executionId);
		expect(sending.status).toBe('success');
		expect(queue.workers).toContain(await workerOf(executionId));
		expect(invitationsOf(sandbox, [person])).toEqual([1]);

		await sandbox.sign(String(jsonOf(sending, 'Send')[0]?.id), person.email);
		const [filed] = await queue.client.waitForExecutions(filing.id, 1);
		expect(filed?.status).toBe('success');
		expect(sandbox.journal.deliveries).toMatchObject([{ attempt: 1, status: 200 }]);
		expect(webhooksOf(sandbox, filing)[0]?.url).toContain(queue.webhookProcessor.url);
		const [item] = filed ? itemsOf(filed, 'Download') : [];
		const [mode, fileId] = item?.binary?.data?.id?.split(':') ?? [];
		expect(mode).toBe('database');
		const [file] = await queue.read<{ start: string }>(
			`SELECT encode(substring(data from 1 for 5), 'escape') AS start FROM binary_data
			WHERE "fileId" = '${fileId}'`,
		);
		expect(file?.start).toBe('%PDF-');
	},
	3 * MINUTE,
);

it(
	`${EVENTS} events, one in ten delivered twice through different processes, start ${EVENTS} times work`,
	async () => {
		const { workflow, webhook } = await publish('Events');
		const doors = doorsOf(webhook);
		const events = Array.from({ length: EVENTS }, () =>
			requestOf(newEvent(new Date().toISOString()), webhook.secret),
		);
		const startedAt = Date.now();
		await inParallel(
			events.map((event, index) => async () => {
				const [one, other] = index % 2 === 0 ? doors : [doors[1], doors[0]];
				await deliver(one, event);
				if (index < EVENTS * TWICE) await deliver(other, event);
			}),
		);
		const counts = await countExecutions(workflow);
		tell(`${EVENTS} events, ${EVENTS * TWICE} twice`, counts, startedAt);
		expect(counts).toEqual({
			executions: EVENTS * (1 + TWICE),
			wentOn: EVENTS,
			events: EVENTS,
			failed: 0,
		});
	},
	30 * MINUTE,
);

it(
	`${PAIRS} events delivered to two processes at the same moment start ${PAIRS} times work`,
	async () => {
		const { workflow, webhook } = await publish('Pairs');
		const doors = doorsOf(webhook);
		const startedAt = Date.now();
		await inParallel(
			Array.from({ length: PAIRS }, () => async () => {
				const event = requestOf(newEvent(new Date().toISOString()), webhook.secret);
				await Promise.all(doors.map(async (door) => await deliver(door, event)));
			}),
		);
		const counts = await countExecutions(workflow);
		tell(`${PAIRS} events in two processes at once`, counts, startedAt);
		expect(counts).toEqual({ executions: 2 * PAIRS, wentOn: PAIRS, events: PAIRS, failed: 0 });
	},
	30 * MINUTE,
);

it(
	`emails ${RECIPIENTS} people in three bulk sends from a worker, once each`,
	async () => {
		const recipients = people(RECIPIENTS);
		const executionId = await runRow('Bulk send', recipients, [
			inSignerNode('Mail', credentials, {
				resource: 'bulkSend',
				operation: 'create',
				templateId: {
					__rl: true,
					mode: 'id',
					value: templateNamed(sandbox, 'Employment Contract'),
				},
				name: 'Notice',
				recipientsFrom: 'items',
				recipientName: '={{ $json.name }}',
				recipientEmail: '={{ $json.email }}',
				recipientPhone: '',
				options: {},
			}),
		]);
		const execution = await queue.client.waitForExecution(executionId, { timeoutMs: 4 * MINUTE });
		expect(execution.status).toBe('success');
		expect(queue.workers).toContain(await workerOf(executionId));
		expect(jsonOf(execution, 'Mail').map(({ name, totalCount }) => [name, totalCount])).toEqual([
			['Notice (1/3)', 500],
			['Notice (2/3)', 500],
			['Notice (3/3)', 200],
		]);
		expect(new Set(invitationsOf(sandbox, recipients))).toEqual(new Set([1]));
	},
	5 * MINUTE,
);

it(
	'loses no event and repeats none while the main process restarts',
	async () => {
		const { workflow, webhook } = await publish('Restart');
		const doors = doorsOf(webhook);
		const events = Array.from({ length: 100 }, () =>
			requestOf(newEvent(new Date().toISOString()), webhook.secret),
		);
		const startedAt = Date.now();
		const delivered = inParallel(
			events.map((event, index) => async () => {
				await deliver(doors[index % 2 === 0 ? 0 : 1], event);
			}),
		);
		await queue.main.restart();
		await delivered;
		const counts = await countExecutions(workflow);
		tell('100 events while main restarts', counts, startedAt);
		expect(counts).toMatchObject({ wentOn: 100, events: 100, failed: 0 });
	},
	10 * MINUTE,
);

it(
	'shows every event in the list of executions when kill -9 ends a worker in the middle',
	async () => {
		const { workflow, webhook } = await publish('Worker killed');
		const doors = doorsOf(webhook);
		const startedAt = Date.now();
		const [worker] = queue.workers;
		await inParallel(
			Array.from({ length: 100 }, (_, index) => async () => {
				const event = requestOf(newEvent(new Date().toISOString()), webhook.secret);
				await deliver(doors[index % 2 === 0 ? 0 : 1], event);
				if (index === 50) await worker?.kill();
			}),
		);
		await worker?.start();
		const counts = await countExecutions(workflow);
		tell('100 events while a worker is killed', counts, startedAt);
		// What it was working on fails and can be retried by hand; one it had just finished may be both.
		expect(counts.executions).toBe(100);
		expect(counts.wentOn).toBe(counts.events);
		expect(counts.wentOn + counts.failed).toBeGreaterThanOrEqual(100);
	},
	10 * MINUTE,
);

/** Sends a contract to each item, once for its address. */
const sendOnce = (settings: NodeSettings = {}): NodeInRow => {
	const parameters = sendFromTemplate(templateNamed(sandbox, 'Employment Contract'));
	const options = { sendOnceFor: '={{ $json.email }}' };
	return inSignerNode('Send', credentials, { ...parameters, options }, settings);
};

/** A published workflow that takes a person at an address of n8n's own Webhook node. */
const publishForm = async (name: string, path: string): Promise<string> => {
	const fromBody: NodeInRow = {
		name: 'Person',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: '={{ $json.body }}' },
	};
	const workflow = workflowOf(name, [], [fromBody, sendOnce()]);
	const [start, ...row] = workflow.nodes;
	if (!start) throw new Error('It has no nodes');
	const webhook = {
		...start,
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: randomUUID(),
		parameters: { httpMethod: 'POST', path },
	};
	const nodes = [webhook, ...row];
	const { id } = await queue.client.createWorkflow({ ...workflow, nodes, pinData: {} });
	await queue.client.activate(id);
	return id;
};

it(
	'emails once where the main process and the webhook processor are asked for the same at the same moment',
	async () => {
		const everyone = people(20);
		const path = randomUUID();
		const id = await publishForm('Form submitted twice', path);
		for (const person of everyone) {
			const body = Buffer.from(JSON.stringify(person));
			const headers = ['content-type', 'application/json'];
			const doors = [queue.webhookProcessor, queue.main];
			const answers = await Promise.all(
				doors.map(async ({ url }) => await send(`${url}/webhook/${path}`, { headers, body })),
			);
			expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		}
		const executions = await queue.client.waitForExecutions(id, 2 * everyone.length, {
			timeoutMs: 3 * MINUTE,
		});
		const sent = executions.map((execution) => jsonOf(execution, 'Send')[0]);
		expect(sent.filter((json) => json?.status === 'pending')).toHaveLength(2 * everyone.length);
		expect(sent.filter((json) => json?.alreadySent)).toHaveLength(everyone.length);
		expect(invitationsOf(sandbox, everyone)).toEqual(everyone.map(() => 1));
	},
	5 * MINUTE,
);

it(
	'emails no one twice when kill -9 ends both workers in the middle of the same list',
	async () => {
		const everyone = people(20);
		const { id } = await queue.client.createWorkflow(
			workflowOf('All killed', everyone, [sendOnce({ onError: 'continueRegularOutput' })]),
		);
		const both = await Promise.all([queue.client.run(id), queue.client.run(id)]);
		const counts = () => invitationsOf(sandbox, everyone);
		while (counts().filter((count) => count > 0).length < 10) await delay(10);
		await Promise.all(queue.workers.map(async (worker) => await worker.kill()));
		expect(counts()).toContain(0);
		await Promise.all(queue.workers.map(async (worker) => await worker.start()));
		for (const execution of both) {
			const { status } = await queue.client.waitForExecution(execution, {
				timeoutMs: 3 * MINUTE,
			});
			expect(['error', 'crashed']).toContain(status);
		}

		const later = await queue.client.waitForExecution(await queue.client.run(id), {
			timeoutMs: 3 * MINUTE,
		});
		const emailed = counts();
		const told = jsonOf(later, 'Send').map(({ error }) => error);
		expect(Math.max(...emailed)).toBe(1);
		// What a worker was at when it died is named, and only that may not have been emailed.
		expect(told).toHaveLength(everyone.length);
		for (const [index, error] of told.entries()) {
			if (error === undefined) expect(emailed[index]).toBe(1);
			else expect(error).toMatch(/is being sent or may have been sent already/);
		}
		expect(told.filter((error) => error !== undefined).length).toBeLessThanOrEqual(2);
	},
	6 * MINUTE,
);

it(
	'emails no one twice when kill -9 ends a worker in the middle: n8n does not run the execution again',
	async () => {
		const everyone = people(20);
		// The tenth contract was sent, and the worker never hears back.
		sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			nth: 10,
			when: 'after',
			fault: { hangMs: MINUTE },
		});
		const { id } = await queue.client.createWorkflow(workflowOf('Killed', everyone, [sendOnce()]));
		const executionId = await queue.client.run(id);
		const emailed = () => invitationsOf(sandbox, everyone).filter((count) => count > 0).length;
		while (emailed() < 10) await delay(50);
		const worker = await workerOf(executionId);
		await worker.kill();

		const execution = await queue.client.waitForExecution(executionId, { timeoutMs: 3 * MINUTE });
		expect(execution.status).toBe('error');
		// Time for a second worker to begin, if one does.
		await delay(2 * LOST_AFTER_MS);
		const others = queue.workers.filter((other) => other !== worker);
		for (const { logFile } of others) {
			expect(await readFile(logFile, 'utf8')).not.toContain(`started execution ${executionId} `);
		}
		expect(invitationsOf(sandbox, everyone)).toEqual(
			everyone.map((_, index) => (index < 10 ? 1 : 0)),
		);

		await worker.start();
		// A person runs it again. With a key for each contract the rest goes out, and nothing twice.
		const later = await queue.client.waitForExecution(await queue.client.run(id));
		expect(later.status).toBe('success');
		expect(jsonOf(later, 'Send').map(({ alreadySent }) => alreadySent)).toEqual(
			everyone.map((_, index) => (index < 10 ? true : undefined)),
		);
		expect(invitationsOf(sandbox, everyone)).toEqual(everyone.map(() => 1));
	},
	6 * MINUTE,
);
