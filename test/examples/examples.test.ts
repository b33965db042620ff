import type { StoredWorkflow } from '../host/client';
import { choose, exampleFiles, nodeOf, readExample, type Example } from '../host/examples';
import { itemsOf, jsonOf, runsOf } from '../host/execution';
import { formUrlOf, showLastPage, submitForm, type PickedFile } from '../host/formPages';
import type { CredentialReference, RealN8n } from '../host/realN8n';
import { templateNamed } from '../host/workflows';
import { makePdf } from '../sandbox/samplePdf';
import type { Sandbox, StoredDocument } from '../sandbox/sandbox';
import { eventually, signerOf, startScene, type Scene } from './exampleScene';
import { makeWorkbook, XLSX_TYPE } from './workbook';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let scene: Scene;
let sandbox: Sandbox;
let real: RealN8n;
let credentials: CredentialReference;

beforeAll(async () => {
	scene = await startScene();
	({ sandbox, real, credentials } = scene);
}, 30 * MINUTE);

afterAll(async () => await scene?.stop(), MINUTE);

it('n8n knows the types of all nodes in all examples', async () => {
	const known = new Set(await real.client.nodeTypes());
	const examples = await Promise.all(
		(await exampleFiles()).map(async (file) => await readExample(file)),
	);
	const types = examples.flatMap(({ nodes }) => nodes.map(({ type }) => type));
	expect(types.length).toBeGreaterThan(40);
	expect(types.filter((type) => !known.has(type))).toEqual([]);
});

it('n8n finds nothing in them that version 3 breaks', async () => {
	const stored = [];
	for (const file of await exampleFiles()) {
		stored.push(await real.client.createWorkflow(await readExample(file)));
	}
	expect(await real.client.migrationIssues('v3')).toEqual({});
	// What it would report otherwise.
	const outdated = await real.client.createWorkflow({
		name: 'Outdated',
		nodes: [
			{
				id: 'each',
				name: 'Call for each',
				type: 'n8n-nodes-base.executeWorkflow',
				typeVersion: 1.2,
				position: [0, 0],
				parameters: { mode: 'each' },
			},
		],
		connections: {},
	});
	expect(Object.values(await real.client.migrationIssues('v3'))).toEqual([1]);
	for (const { id } of [...stored, outdated]) await real.client.archiveAndDelete(id);
});

it(
	'contracts-from-sheet: sends a contract for each row, once for each deal, and writes back what went wrong',
	async () => {
		const example = await readExample('contracts-from-sheet.json', credentials);
		const template = templateNamed(sandbox, 'Employment Contract');
		choose(example, 'Send contract', { templateId: { __rl: true, mode: 'list', value: template } });
		const rows = [
			{ 'Deal ID': 41, Name: 'Jane Smith', Email: 'jane.sheet@example.com' },
			{ 'Deal ID': 42, Name: 'Sean', Email: 'not an address' },
			{ 'Deal ID': 41, Name: 'Jane Smith', Email: 'jane.sheet@example.com' },
			{ 'Deal ID': '', Name: 'Kim Lee', Email: 'kim.sheet@example.com' },
		].map((json) => ({ json }));
		// Google is not asked: its nodes have pinned data, as after a first run in the editor.
		const { id } = await real.client.createWorkflow({
			...example,
			pinData: {
				'Read rows': rows,
				'Write what was sent': [{ json: {} }],
				'Write what went wrong': [{ json: {} }],
			},
		});
		const emailed = () =>
			sandbox.journal.emails.filter(({ to }) => to.endsWith('.sheet@example.com')).length;
		for (const sentBefore of [undefined, true]) {
			const triggerNode = 'Every 15 minutes';
			const execution = await real.client.waitForExecution(
				await real.client.run(id, { triggerNode }),
			);
			expect(execution.status).toBe('success');
			const [sent = [], failed = []] = runsOf(execution, 'Send contract')[0]?.data?.main ?? [];
			expect(sent?.map(({ json }) => [json.status, json.alreadySent])).toEqual([
				['pending', sentBefore],
				['pending', true],
			]);
			expect(failed?.map(({ json }) => json.error)).toEqual([
				expect.stringContaining('"not an address" isn\'t a valid email address'),
				expect.stringContaining('Send Only Once For is empty for this item'),
			]);
			expect(emailed()).toBe(1);
		}
	},
	3 * MINUTE,
);

/**
 * Submits the form of a bulk send. Showing its last page ends the execution.
 *
 * @returns the text of that page
 */
async function bulkSendByForm(example: Example, file: PickedFile, name: string): Promise<string> {
	choose(example, 'Send to everyone', {
		templateId: { __rl: true, mode: 'list', value: templateNamed(sandbox, 'Employment Contract') },
	});
	const { id } = await scene.publish(example);
	const { formWaitingUrl } = await submitForm(
		formUrlOf(real.client.url, nodeOf(example, 'Upload recipients')),
		[file, name],
	);
	const page = await showLastPage(String(formWaitingUrl));
	const [execution] = await real.client.waitForExecutions(id, 1);
	expect(execution?.status).toBe('success');
	return page ?? '';
}

const invitedAt = (domain: string) =>
	sandbox.journal.emails
		.map(({ to }) => to)
		.filter((to) => to.includes(domain))
		.sort();

it(
	'contract-from-google-doc: the fields are where the tags of the document are, for both signers',
	async () => {
		const example = await readExample('contract-from-google-doc.json', credentials);
		const pdf = await makePdf('Contract', [
			'Buyer: {{signature:1}}',
			'Date: {{date_signed:1}}',
			'Seller: {{signature:2}}',
		]);
		// Google is not asked: its nodes have pinned data, the last of them a PDF with tags.
		const data = { data: Buffer.from(pdf).toString('base64'), mimeType: 'application/pdf' };
		const { id } = await real.client.createWorkflow({
			...example,
			pinData: {
				'New contract': [
					{
						json: {
							...{ 'Buyer Name': 'Bea Buyer', 'Buyer Email': 'bea.doc@example.com' },
							...{ 'Seller Name': 'Sam Seller', 'Seller Email': 'sam.doc@example.com' },
						},
					},
				],
				'Copy template': [{ json: { id: 'copy' } }],
				'Fill in': [{ json: {} }],
				'Download as PDF': [{ json: {}, binary: { data: { ...data, fileName: 'contract.pdf' } } }],
			},
		});
		const execution = await real.client.waitForExecution(
			await real.client.run(id, { triggerNode: 'New contract' }),
		);
		expect(execution.status).toBe('success');
		const [sent] = itemsOf(execution, 'Create and send');
		expect(sent?.json).toMatchObject({ status: 'pending', name: 'Contract with Bea Buyer' });
		const stored = sandbox.store.documents.get(String(sent?.json.id));
		expect(stored?.signers.map(({ email }) => email)).toEqual([
			...['bea.doc@example.com', 'sam.doc@example.com'],
		]);
		// Several are added at the same time, so they come in any order.
		expect(stored?.fields.map(({ type, assignedTo }) => `${type} ${assignedTo}`).sort()).toEqual([
			...['date_signed 0', 'signature 0', 'signature 1'],
		]);
	},
	3 * MINUTE,
);

it(
	'bulk-send-from-csv: emails all good rows of the file and shows the others',
	async () => {
		const example = await readExample('bulk-send-from-csv.json', credentials);
		const csv = [
			'Name;Email;Phone',
			'"Smith, Jane";jane.bulk@example.com;',
			"Sean O'Brien;sean.bulk@example.com;+353 1 234",
			'No One;not an address;',
			'Jane again;JANE.BULK@example.com;',
		].join('\r\n');
		const file = { name: 'people.csv', mimeType: 'text/csv', content: `\uFEFF${csv}` };
		const page = await bulkSendByForm(example, file, 'Offers of May');
		expect(page).toContain('Sent to 2 people');
		expect(page).toMatch(/Line 4 was left out.*not an address/s);
		expect(page).toMatch(/Line 5 was left out.*JANE\.BULK@example\.com/s);
		expect(sandbox.store.bulkSends.all()).toMatchObject([{ name: 'Offers of May', totalCount: 2 }]);
		expect(invitedAt('.bulk@')).toEqual(['jane.bulk@example.com', 'sean.bulk@example.com']);
	},
	2 * MINUTE,
);

it(
	'bulk-send-from-excel: emails all good rows of the first sheet and shows the others',
	async () => {
		// One bulk send in five minutes is allowed.
		await sandbox.clock.advance(6 * MINUTE);
		const example = await readExample('bulk-send-from-excel.json', credentials);
		const content = makeWorkbook([
			['Full Name', 'Email', 'Phone'],
			['Smith, Jane', 'jane.excel@example.com', ''],
			["Sean O'Brien", 'sean.excel@example.com', '+353 1 234'],
			['No One', 'not an address', ''],
		]);
		const page = await bulkSendByForm(
			example,
			{ name: 'people.xlsx', mimeType: XLSX_TYPE, content },
			'Offers of June',
		);
		expect(page).toContain('Sent to 2 people');
		expect(page).toMatch(/Recipient 3 was left out.*not an address/s);
		expect(sandbox.store.bulkSends.all().at(-1)).toMatchObject({
			name: 'Offers of June',
			totalCount: 2,
		});
		expect(invitedAt('.excel@')).toEqual(['jane.excel@example.com', 'sean.excel@example.com']);
	},
	2 * MINUTE,
);

describe('wait-for-signature', () => {
	const TABLE = 'Contracts waiting for signature';
	let example: Example;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		example = await readExample('wait-for-signature.json', credentials);
		workflow = await scene.publish(example);
	}, 3 * MINUTE);

	const executions = async () => await real.client.executions({ workflowId: workflow.id });

	/** Sends a contract through the form. @returns the id of the execution that now waits, and the document */
	async function startWaiting(email: string): Promise<{ id: string; document: StoredDocument }> {
		const known = new Set((await executions()).map(({ id }) => id));
		const contract = {
			name: 'lease.pdf',
			mimeType: 'application/pdf',
			content: await makePdf('Lease', ['Two rooms.']),
		};
		const formUrl = formUrlOf(real.client.url, nodeOf(example, 'Contract form'));
		await submitForm(formUrl, [contract, 'Lease', 'Tina Tenant', email]);
		const id = await eventually('an execution that waits', async () => {
			const waiting = (await executions()).find(
				(execution) => execution.status === 'waiting' && !known.has(execution.id),
			);
			return waiting?.id;
		});
		const document = sandbox.store.documents
			.all()
			.find((candidate) => signerOf(candidate) === email);
		if (document?.status !== 'pending') throw new Error('No contract was sent');
		return { id, document };
	}

	it(
		'continues with the signed PDF, even across a restart of n8n, and leaves others alone',
		async () => {
			const other = await startWaiting('other.tenant@example.com');
			const { id, document } = await startWaiting('tina@example.com');
			expect((await scene.rowsOf(TABLE)).map(({ documentId }) => documentId).sort()).toEqual(
				[other.document.id, document.id].sort(),
			);
			await real.n8n.restart();
			await scene.signed(document);

			// While it starts, n8n calls an execution that waits crashed for a moment.
			const execution = await eventually('the execution to go on', async () => {
				const found = await real.client.execution(id);
				return found.status === 'success' ? found : undefined;
			});
			const [item] = itemsOf(execution, 'Get signed PDF');
			expect(item?.binary?.data?.mimeType).toBe('application/pdf');
			expect(item?.json).toMatchObject({ id: document.id, status: 'completed' });
			expect(runsOf(execution, 'Declined')).toEqual([]);
			expect((await scene.rowsOf(TABLE)).map(({ documentId }) => documentId)).toEqual([
				other.document.id,
			]);

			await scene.declined(other.document);
			const ended = await real.client.waitForExecution(other.id);
			expect(jsonOf(ended, 'Declined')).toMatchObject([
				{ body: { event: 'document.declined', documentId: other.document.id } },
			]);
			expect(runsOf(ended, 'Get signed PDF')).toEqual([]);
			expect(await scene.rowsOf(TABLE)).toEqual([]);
		},
		4 * MINUTE,
	);

	it(
		'ignores documents that no one waits for',
		async () => {
			const before = (await executions()).filter(({ status }) => status !== 'waiting').length;
			await scene.signed(await scene.sentDocument());
			const [last] = (await real.client.waitForExecutions(workflow.id, before + 1)).slice(-1);
			expect(last?.status).toBe('success');
			expect(last && jsonOf(last, 'Signed or declined')).toHaveLength(1);
			expect(last && runsOf(last, 'Wake up')).toEqual([]);
		},
		2 * MINUTE,
	);

	afterAll(async () => {
		await real.client.deactivate(workflow.id);
	}, MINUTE);
});

it(
	'fan-out: hands each event to the workflows chosen for it',
	async () => {
		const called = async (name: string) =>
			await scene.publish({
				name,
				nodes: [
					{
						id: 'start',
						name: 'When Executed by Another Workflow',
						type: 'n8n-nodes-base.executeWorkflowTrigger',
						typeVersion: 1.1,
						position: [0, 0],
						parameters: { inputSource: 'passthrough' },
					},
				],
				connections: {},
			});
		const [file, sales, followUp] = [
			await called('File contract'),
			await called('Tell sales'),
			await called('Follow up'),
		];
		const example = await readExample('fan-out.json', credentials);
		for (const { id, name } of [file, sales, followUp]) {
			choose(example, name, { workflowId: { __rl: true, mode: 'list', value: id } });
		}
		await scene.publish(example);
		expect(sandbox.store.webhooks.all()).toHaveLength(1);

		const [yes, no] = [await scene.sentDocument(), await scene.sentDocument()];
		await scene.signed(yes);
		await scene.declined(no);
		for (const [workflow, document, event] of [
			[file, yes, 'document.completed'],
			[sales, yes, 'document.completed'],
			[followUp, no, 'document.declined'],
		] as const) {
			const executions = await real.client.waitForExecutions(workflow.id, 1);
			const started = executions.map((execution) =>
				jsonOf(execution, 'When Executed by Another Workflow'),
			);
			expect(started).toMatchObject([[{ event, data: { id: document.id } }]]);
		}
	},
	3 * MINUTE,
);

it(
	'chase-unsigned: reminds those who have not signed for a week, and continues past one that cannot be reminded',
	async () => {
		sandbox.journal.clear();
		const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();
		const [late, later, stuck, recent] = [
			await scene.sentDocument({ createdAt: ago(8) }),
			await scene.sentDocument({ createdAt: ago(30) }),
			await scene.sentDocument({ createdAt: ago(9) }),
			await scene.sentDocument({ createdAt: ago(6) }),
		];
		const done = await scene.sentDocument({ createdAt: ago(9) });
		await scene.signed(done);
		sandbox.faults.add({
			match: { path: new RegExp(`/documents/${stuck.id}/remind$`) },
			fault: { status: 409 },
		});

		const { id } = await scene.publish(await readExample('chase-unsigned.json', credentials));
		const run = await real.client.run(id, { triggerNode: 'Every Monday' });
		const execution = await real.client.waitForExecution(run);
		expect(execution.status).toBe('success');
		const ids = (node: string) => jsonOf(execution, node).map((json) => json.id);
		expect(ids('Reminded').sort()).toEqual([late.id, later.id].sort());
		expect(itemsOf(execution, 'Not reminded')).toMatchObject([
			{ json: { error: expect.any(String) as string } },
		]);
		const reminded = sandbox.journal.emails.filter(({ kind }) => kind === 'reminder');
		expect(reminded.map(({ documentId }) => documentId).sort()).toEqual([late.id, later.id].sort());
		expect(recent.status).toBe('pending');
		sandbox.faults.clear();
	},
	2 * MINUTE,
);

it(
	'campaign-signups: adds a row for each document signed in the campaign, and not a second one when it runs again',
	async () => {
		const example = await readExample('campaign-signups.json', credentials);
		const campaignId = { __rl: true, mode: 'id', value: 'cmp_newsletter' };
		choose(example, 'Campaign signed', { filters: { campaignId: [{ campaignId }] } });
		const { id } = await scene.publish(example);
		const inCampaign = await scene.sentDocument({ campaignId: 'cmp_newsletter' });
		const another = await scene.sentDocument({ campaignId: 'cmp_other' });
		await scene.signed(another);
		await scene.signed(inCampaign);
		const [execution, ...more] = await real.client.waitForExecutions(id, 1);
		expect([execution?.status, more]).toEqual(['success', []]);

		const row = {
			documentId: inCampaign.id,
			campaignId: 'cmp_newsletter',
			name: inCampaign.signers[0]?.name,
			email: signerOf(inCampaign),
		};
		expect(await scene.rowsOf('Campaign sign-ups')).toMatchObject([row]);

		const event = execution ? itemsOf(execution, 'Campaign signed') : [];
		const pinData = { 'Campaign signed': event };
		const again = await real.client.run(id, { triggerNode: 'Campaign signed', pinData });
		expect((await real.client.waitForExecution(again)).status).toBe('success');
		expect(await scene.rowsOf('Campaign sign-ups')).toMatchObject([row]);
	},
	2 * MINUTE,
);
