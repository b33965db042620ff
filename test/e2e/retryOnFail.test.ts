import { invitationsOf, people } from '../host/people';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import {
	inSignerNode,
	RETRY_ON_FAIL,
	sendFromTemplate,
	templateNamed,
	workflowOf,
	type NodeInRow,
	type NodeSettings,
} from '../host/workflows';
import { itemsOf, type Execution } from '../host/execution';
import { makePdf } from '../sandbox/samplePdf';
import { startSandbox, type FaultRule, type Sandbox } from '../sandbox/sandbox';

const MINUTE = 60_000;
const COUNT = 20;
const SEND = 'Send';

let sandbox: Sandbox;
let real: RealN8n;
let credentials: CredentialReference;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 100_000, templates: 1 });
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

const everyone = people(COUNT);
const invitations = () => invitationsOf(sandbox, everyone);
const run = async (row: NodeInRow[], items: Array<Record<string, string>>): Promise<Execution> => {
	const { id } = await real.client.createWorkflow(workflowOf('Send 20 contracts', items, row));
	return await real.client.waitForExecution(await real.client.run(id));
};

/** One item has a different template, so that a fault can hit its requests only. */
const sendAll = async (special: number, settings: NodeSettings): Promise<Execution> => {
	const usual = templateNamed(sandbox, 'Employment Contract');
	const other = templateNamed(sandbox, 'Template 1');
	return await run(
		[
			inSignerNode(SEND, credentials, sendFromTemplate('={{ $json.templateId }}'), {
				...RETRY_ON_FAIL,
				...settings,
			}),
		],
		everyone.map((person, index) => ({
			...person,
			templateId: index === special ? other : usual,
		})),
	);
};

/** Using the other template fails: one item, and nothing was done for it. */
const refuseSpecial = (times: number) =>
	sandbox.faults.add({
		match: { path: `/templates/${templateNamed(sandbox, 'Template 1')}/use` },
		times,
		fault: { status: 409 },
	});

/** The items are sent one after the other, so the nth request to send is that of the nth item. */
const troubleSending = (item: number, rule: Pick<FaultRule, 'fault' | 'when'>) =>
	sandbox.faults.add({ match: { operationId: 'sendDocument' }, nth: item + 1, ...rule });

const pairedItems = (execution: Execution) =>
	itemsOf(execution, SEND).map(({ pairedItem }) => pairedItem);
const ownItems = everyone.map((_, item) => ({ item }));

/** Who the output items are about; an item with an error is about no one. */
const recipients = (execution: Execution) =>
	itemsOf(execution, SEND).map(({ json }) =>
		Array.isArray(json.signers) ? (json.signers as Array<{ email: string }>)[0]?.email : undefined,
	);
const failedItems = (execution: Execution) =>
	itemsOf(execution, SEND).flatMap(({ json }, index) => (json.error === undefined ? [] : [index]));

const positions: Array<[string, number]> = [
	['the first', 0],
	['the 10th', 9],
	['the last', COUNT - 1],
];

const expectAllSentOnce = (execution: Execution) => {
	expect(execution.status).toBe('success');
	expect(invitations()).toEqual(everyone.map(() => 1));
	expect(pairedItems(execution)).toEqual(ownItems);
	expect(recipients(execution)).toEqual(everyone.map(({ email }) => email));
};

/** With continue on fail: these items carry an error and no one was emailed for them. */
const expectAllSentOnceBut = (failed: number[], execution: Execution) => {
	expect(execution.status).toBe('success');
	expect(failedItems(execution)).toEqual(failed);
	expect(invitations()).toEqual(everyone.map((_, index) => (failed.includes(index) ? 0 : 1)));
	expect(pairedItems(execution)).toEqual(ownItems);
	expect(recipients(execution)).toEqual(
		everyone.map(({ email }, index) => (failed.includes(index) ? undefined : email)),
	);
};

describe.each(positions)('%s of 20 items is refused once', (_, item) => {
	it(
		'emails everyone exactly once',
		async () => {
			const fault = refuseSpecial(1);
			const execution = await sendAll(item, {});
			expect(fault.hits).toBe(1);
			expectAllSentOnce(execution);
		},
		MINUTE,
	);

	it(
		'emails no one twice with continue on fail',
		async () => {
			const fault = refuseSpecial(1);
			const execution = await sendAll(item, { onError: 'continueRegularOutput' });
			expect(fault.hits).toBe(1);
			// n8n runs the node again when the first item carries an error; any other stays in the output.
			expectAllSentOnceBut(item === 0 ? [] : [item], execution);
		},
		MINUTE,
	);
});

describe('one of 20 items is refused every time', () => {
	it(
		'ends with the error after five tries, and no one was emailed twice',
		async () => {
			const fault = refuseSpecial(99);
			const execution = await sendAll(9, {});
			expect(fault.hits).toBe(5);
			expect(execution.status).toBe('error');
			expect(invitations()).toEqual(everyone.map((_, index) => (index < 9 ? 1 : 0)));
			expect(itemsOf(execution, SEND)).toEqual([]);
		},
		MINUTE,
	);

	it(
		'continues with the others with continue on fail, and emails no one twice',
		async () => {
			// The first, because that one makes n8n run the node all five times.
			const fault = refuseSpecial(99);
			const execution = await sendAll(0, { onError: 'continueRegularOutput' });
			expect(fault.hits).toBe(5);
			expectAllSentOnceBut([0], execution);
		},
		MINUTE,
	);

	it(
		'leaves by the error output, and the others were emailed once',
		async () => {
			refuseSpecial(99);
			const execution = await sendAll(9, { onError: 'continueErrorOutput' });
			expect(execution.status).toBe('success');
			expect(invitations()).toEqual(everyone.map((_, index) => (index === 9 ? 0 : 1)));
			expect(pairedItems(execution)).toEqual(ownItems.filter(({ item }) => item !== 9));
			expect(itemsOf(execution, SEND, 1).map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 9 },
			]);
		},
		MINUTE,
	);
});

describe('sending one of 20 items is answered with 500', () => {
	it.each(['before', 'after'] as const)(
		'%s it was sent: emails everyone exactly once',
		async (when) => {
			const fault = troubleSending(9, { when, fault: { status: 500 } });
			const execution = await sendAll(9, {});
			expect(fault.hits).toBe(1);
			expectAllSentOnce(execution);
		},
		MINUTE,
	);
});

it(
	'contracts created from a PDF are emailed exactly once too, and no draft is left',
	async () => {
		const before = sandbox.store.documents.all().length;
		troubleSending(9, { fault: { status: 409 } });
		const pdf = Buffer.from(await makePdf('Contract', ['To be signed.'])).toString('base64');
		const toFile: NodeInRow = {
			name: 'PDF',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			parameters: {
				operation: 'toBinary',
				sourceProperty: 'pdf',
				options: { fileName: 'contract.pdf', mimeType: 'application/pdf' },
			},
		};
		// The node before outputs only the file.
		const person = "$('Start').item.json";
		const send = inSignerNode(
			SEND,
			credentials,
			{
				resource: 'document',
				operation: 'createAndSend',
				name: `=Contract of {{ ${person}.name }}`,
				binaryPropertyName: 'data',
				signers: {
					signer: [{ name: `={{ ${person}.name }}`, email: `={{ ${person}.email }}` }],
				},
				specifyFields: 'form',
				fields: {
					field: [
						{ type: 'signature', signer: '1', position: 'coordinates', page: 1, x: 72, y: 640 },
					],
				},
				options: {},
			},
			RETRY_ON_FAIL,
		);
		const items = everyone.map((each) => ({ ...each, pdf }));
		expectAllSentOnce(await run([toFile, send], items));
		const made = sandbox.store.documents.all().slice(before);
		expect(made.map(({ status }) => status)).toEqual(everyone.map(() => 'pending'));
	},
	MINUTE,
);
