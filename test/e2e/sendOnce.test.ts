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

/** Where n8n is killed: in which request, what becomes of it, how many emails there are, and what is to be looked at. */
const CRASHES: Array<[string, string, FaultRule['when'], number, RegExp | undefined]> = [
	['useTemplate', 'done', 'after', 0, /Look for the document "Contract of Ann" in inSigner/],
	['sendDocument', 'never done', { lateMs: Infinity }, 0, /Look at document \S+: it is draft/],
	['sendDocument', 'done', 'after', 1, undefined],
];

it.each(CRASHES)(
	'kill -9 in %s, which is %s: the next execution knows, and emails no one',
	async (operationId, outcome, when, emails, says) => {
		const id = await workflow(`crash-${operationId}-${outcome.replace(' ', '-')}`);
		sandbox.faults.add({ match: { operationId }, when, times: 1, fault: { hangMs: 5_000 } });
		await real.client.run(id);
		await requested(operationId);
		await real.n8n.kill();
		await real.n8n.start();
		sandbox.faults.clear();
		const next = await run(id);
		if (says === undefined) {
			expect(resultOf(next)).toMatchObject({ alreadySent: true, status: 'pending' });
		} else {
			expect(errorOf(next)).toMatch(/is being sent or may have been sent already/);
			expect(next.data.resultData.error?.description).toMatch(says);
		}
		expect(emailed()).toHaveLength(emails);
	},
	6 * MINUTE,
);
