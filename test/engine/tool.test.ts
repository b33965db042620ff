import type { INode, INodeParameters } from 'n8n-workflow';

import { ACTION, byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

/** The action node as a tool of an agent: the model sees only messages, and every try is a run of its own. */
let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	time = passTime(bench.sandbox);
});
afterEach(() => time.restore());

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

const parameters = (change: INodeParameters = {}): INodeParameters => ({
	resource: 'template',
	operation: 'createDocument',
	templateId: byId(
		bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1)?.id ?? '',
	),
	name: "={{ $fromAI('name', '', 'string') }}",
	specifySigners: 'json',
	signersJson: "={{ [{ name: 'Ann', email: $fromAI('email', '', 'string') }] }}",
	afterCreating: 'send',
	options: {},
	...change,
});

const tool = (node: Partial<INode> = {}, change: INodeParameters = {}) =>
	bench.engine.tool(ACTION, parameters(change), { credentials: bench.credentials, node });

const emailed = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

it('sends once if an answer was lost, whatever the tries, and the message tells the model', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'useTemplate' },
		when: 'after',
		times: 1,
		fault: { drop: true },
	});
	bench.sandbox.forms.useSendsAtOnce = true;
	const call = tool(RETRY);
	const args = { name: 'Tool', email: 'ann@example.com' };
	await expect(call(args)).rejects.toThrow(
		/^"Tool" may or may not have been sent: .*Do not send it again/,
	);
	// The model tries again by itself.
	await expect(call(args)).rejects.toThrow(/may or may not have been sent/);
	bench.sandbox.forms.useSendsAtOnce = false;
	expect(emailed()).toEqual(['ann@example.com']);
});

it('sends once to each person of several calls', async () => {
	const call = tool(RETRY);
	for (const email of ['bob@example.com', 'eve@example.com', 'bob@example.com']) {
		expect(await call({ name: 'Tool', email })).toContain('pending');
	}
	expect(emailed()).toEqual(['bob@example.com', 'eve@example.com']);
});

it('tells calls apart whose values do not come from the arguments', async () => {
	const args = { name: 'Tool' };
	for (const email of ['kim@example.com', 'lea@example.com']) {
		const signersJson = [{ name: 'Someone', email }];
		const call = bench.engine.tool(ACTION, parameters({ signersJson }), {
			credentials: bench.credentials,
			executionId: 'one execution',
		});
		await call(args);
	}
	expect(emailed()).toEqual(['kim@example.com', 'lea@example.com']);
});
