import { setTimeout as delay } from 'node:timers/promises';

import { errorOf, itemsOf, type Execution } from '../host/execution';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { inSignerNode, sendFromTemplate, templateNamed, workflowOf } from '../host/workflows';
import { startSandbox, type FaultRule, type Sandbox } from '../sandbox/sandbox';

/** The option Send Only Once For in a real n8n: executions at the same moment, n8n's own Retry, restarts and crashes. */
const MINUTE = 60_000;
const SEND = 'Send';

let sandbox: Sandbox;
let real: RealN8n;
let credentials: CredentialReference;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 100_000 });
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`));
	credentials = await real.credentialFor(sandbox);
}, 30 * MINUTE);

afterAll(async () => {
	await real?.stop();
	await sandbox?.stop();
}, MINUTE);

beforeEach(() => {
	sandbox.faults.clear();
	sandbox.journal.clear();
});

const emailed = () =>
	sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

/** A workflow that sends one contract, once for a deal. */
const workflow = async (deal: string): Promise<string> => {
	const node = inSignerNode(SEND, credentials, {
		...sendFromTemplate(templateNamed(sandbox, 'Employment Contract')),
		options: { sendOnceFor: '={{ $json.deal }}' },
	});
	const items = [{ name: 'Ann', email: `${deal}@example.com`, deal }];
	return (await real.client.createWorkflow(workflowOf(deal, items, [node]))).id;
};
const run = async (id: string): Promise<Execution> =>
	await real.client.waitForExecution(await real.client.run(id), { timeoutMs: 2 * MINUTE });
const resultOf = (execution: Execution) => itemsOf(execution, SEND)[0]?.json;

const requested = async (operationId: string) => {
	const isThere = () =>
		sandbox.journal.requests.some((request) => request.operationId === operationId);
	for (const end = Date.now() + MINUTE; !isThere(); await delay(20)) {
		if (Date.now() > end) throw new Error(`No request ${operationId}`);
	}
};

it(
	'of two executions at the same moment one emails, twenty times',
	async () => {
		const deals = Array.from({ length: 20 }, (_, index) => `pair${index}`);
		for (const deal of deals) {
			const id = await workflow(deal);
			const both = await Promise.all([run(id), run(id)]);
			expect(both.map(({ status }) => status)).toEqual(['success', 'success']);
			expect(both.filter((execution) => resultOf(execution)?.alreadySent)).toHaveLength(1);
		}
		expect(emailed()).toEqual(deals.map((deal) => `${deal}@example.com`));
	},
	10 * MINUTE,
);

it(
	'an execution after a restart finds what was sent before it',
	async () => {
		const id = await workflow('restart');
		const first = resultOf(await run(id));
		await real.n8n.stop();
		await real.n8n.start();
		expect(resultOf(await run(id))).toMatchObject({ id: first?.id, alreadySent: true });
		expect(emailed()).toHaveLength(1);
	},
	5 * MINUTE,
);

it(
	"n8n's own Retry sends nothing if the answer was lost after it was sent",
	async () => {
		sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { status: 504 },
			onPlay: () =>
				sandbox.faults.add({ match: { operationId: 'getDocument' }, fault: { status: 404 } }),
		});
		sandbox.faults.add({ match: { operationId: 'deleteDocument' }, fault: { status: 405 } });
		const failed = await run(await workflow('retry'));
		expect(errorOf(failed)).toMatch(/may or may not have been sent/);
		sandbox.faults.clear();
		const retried = await real.client.retry(failed.id);
		expect(resultOf(retried)).toMatchObject({ alreadySent: true, status: 'pending' });
		expect(emailed()).toHaveLength(1);
	},
	5 * MINUTE,
);

it(
	"an execution that the workflow's time limit ended is known to the next one",
	async () => {
		const id = await workflow('timed-out');
		await real.client.updateWorkflow(id, { settings: { executionTimeout: 4 } });
		sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			times: 1,
			fault: { hangMs: 10_000 },
		});
		const first = await run(id);
		expect(first.status).toBe('canceled');
		await real.client.updateWorkflow(id, { settings: {} });
		expect(resultOf(await run(id))).toMatchObject({ alreadySent: true, status: 'pending' });
		expect(emailed()).toHaveLength(1);
	},
	5 * MINUTE,
);

it(
	'an execution that waits longer than the first one takes to answer finds what that one sent',
	async () => {
		const id = await workflow('slow');
		sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			times: 1,
			fault: { hangMs: 25_000 },
		});
		const first = run(id);
		await requested('sendDocument');
		expect(resultOf(await run(id))).toMatchObject({ alreadySent: true, status: 'pending' });
		expect(resultOf(await first)).toMatchObject({ status: 'pending' });
		expect(emailed()).toHaveLength(1);
	},
	5 * MINUTE,
);

/** An execution that is ended: in which request, what becomes of that, and what the next execution does or says. */
type Ended = [string, string, FaultRule['when'], 'sends it' | 'finds it' | RegExp];

const LOOK_FOR_IT = /Look for the document "Contract of Ann" in inSigner/;
const IS_A_DRAFT = /Look at document \S+: it is draft/;

/** Starts an execution for each row, every one of which waits in the request of its row. */
const startAll = async (rows: Ended[]) => {
	const started = [];
	for (const [index, [operationId, , when]] of rows.entries()) {
		const deal = `${expect.getState().currentTestName?.split(' ')[0]}${index}`;
		const id = await workflow(deal);
		const waits = new Promise<void>((done) => {
			const fault = { hangMs: MINUTE };
			sandbox.faults.add({ match: { operationId }, when, times: 1, fault, onPlay: () => done() });
		});
		const execution = await real.client.run(id);
		await waits;
		started.push({ deal, id, execution });
	}
	return started;
};

/** Runs them all again and compares what came of it, and how many emails there were, with the rows. */
const expectNext = async (rows: Ended[], started: Awaited<ReturnType<typeof startAll>>) => {
	const next = await Promise.all(started.map(async ({ id }) => await run(id)));
	for (const [index, [operationId, outcome, , does]] of rows.entries()) {
		const execution = next[index];
		const result = execution && resultOf(execution);
		const count = emailed().filter((to) => to.startsWith(`${started[index]?.deal}@`)).length;
		const told = {
			error: execution && errorOf(execution),
			description: execution?.data.resultData.error?.description,
			status: result?.status,
			alreadySent: result?.alreadySent,
			emails: count,
		};
		expect([operationId, outcome, told]).toEqual([
			operationId,
			outcome,
			does instanceof RegExp
				? {
						...told,
						error: expect.stringMatching(/is being sent or may have been sent already/) as string,
						description: expect.stringMatching(does) as string,
						emails: 0,
					}
				: {
						error: undefined,
						description: undefined,
						status: 'pending',
						alreadySent: does === 'finds it' ? true : undefined,
						emails: 1,
					},
		]);
	}
};

it(
	'stopped by a person at any moment: the next execution knows, and emails no one twice',
	async () => {
		const rows: Ended[] = [
			['useTemplate', 'done', 'after', LOOK_FOR_IT],
			['getDocument', 'done', 'after', 'sends it'],
			['sendDocument', 'done', 'after', 'finds it'],
		];
		const started = await startAll(rows);
		for (const { execution } of started) {
			await real.client.stop(execution);
			expect((await real.client.waitForExecution(execution)).status).toBe('canceled');
		}
		// Each cleans up, and notes in n8n's database what became of it.
		await delay(10_000);
		sandbox.faults.clear();
		await expectNext(rows, started);
	},
	5 * MINUTE,
);

it(
	'killed with kill -9 at any moment: the next execution knows, and emails no one twice',
	async () => {
		const rows: Ended[] = [
			['getTemplate', 'done', 'after', 'sends it'],
			['useTemplate', 'never done', { lateMs: Infinity }, LOOK_FOR_IT],
			['useTemplate', 'done', 'after', LOOK_FOR_IT],
			['getDocument', 'done', 'after', IS_A_DRAFT],
			['sendDocument', 'never done', { lateMs: Infinity }, IS_A_DRAFT],
			['sendDocument', 'done', 'after', 'finds it'],
		];
		const started = await startAll(rows);
		await real.n8n.kill();
		await real.n8n.start();
		sandbox.faults.clear();
		await expectNext(rows, started);
	},
	6 * MINUTE,
);
