import { DateTime } from 'luxon';
import { request } from 'undici';

import { choose, nodeOf, readExample, type Example } from '../host/examples';
import { itemsOf, jsonOf, runsOf, type Execution } from '../host/execution';
import { formUrlOf, showLastPage, submitForm } from '../host/formPages';
import type { CredentialReference, RealN8n } from '../host/realN8n';
import { startSmtpStandIn, type SmtpStandIn } from '../host/smtpStandIn';
import { inSignerNode, templateNamed, workflowOf } from '../host/workflows';
import { addSalesOffer } from '../sandbox/seed';
import type { Sandbox, StoredDocument } from '../sandbox/sandbox';
import { eventually, startScene, type Scene } from './exampleScene';
import { readZip } from './zip';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let scene: Scene;
let sandbox: Sandbox;
let real: RealN8n;
let credentials: CredentialReference;
let smtp: SmtpStandIn;
let mayEmail: { smtp: { id: string; name: string } };

beforeAll(async () => {
	smtp = await startSmtpStandIn();
	scene = await startScene();
	({ sandbox, real, credentials } = scene);
	const { id, name } = await real.client.createCredential({
		name: 'Mail server',
		type: 'smtp',
		data: {
			...{ host: '127.0.0.1', port: smtp.port, secure: false, disableStartTls: true },
			...{ user: '', password: '', hostName: '' },
		},
	});
	mayEmail = { smtp: { id, name } };
}, 30 * MINUTE);

afterAll(async () => {
	await scene?.stop();
	await smtp?.stop();
}, MINUTE);

beforeEach(() => {
	sandbox.journal.clear();
	smtp.emails.length = 0;
});

const fromList = (value: string) => ({ __rl: true, mode: 'list', value });
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

async function run(id: string, triggerNode: string): Promise<Execution> {
	const execution = await real.client.waitForExecution(await real.client.run(id, { triggerNode }));
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return execution;
}

describe('sign-now', () => {
	/** Fills in the form. @returns where the browser is sent */
	async function redirected(example: Example, name: string, email: string): Promise<string> {
		await scene.publish(example);
		const formUrl = formUrlOf(real.client.url, nodeOf(example, 'Sign form'));
		const { formWaitingUrl } = await submitForm(formUrl, [name, email]);
		const page = await showLastPage(String(formWaitingUrl));
		return /https?:\/\/[^"'\s]+\/sign\/[^"'\s<]+/.exec(page ?? '')?.[0] ?? `No link in: ${page}`;
	}

	const linkOf = (email: string) =>
		sandbox.journal.emails.find(({ to }) => to.toLowerCase() === email)?.signingUrl;

	it(
		'whoever fills in the form comes to the signing page of their own agreement',
		async () => {
			const example = await readExample('sign-now.json', credentials);
			const template = templateNamed(sandbox, 'Employment Contract');
			choose(example, 'Send agreement', { templateId: fromList(template) });
			const link = await redirected(example, 'Pia Parker', 'Pia@now.example.com');
			expect(link).toBe(linkOf('pia@now.example.com'));
			const page = await request(link);
			expect(await page.body.text()).toContain('Pia Parker');
			expect(page.statusCode).toBe(200);
		},
		2 * MINUTE,
	);

	it(
		'of two signers, the link is that of the one who filled in the form',
		async () => {
			const example = await readExample('sign-now.json', credentials);
			// A second form must not have the address of the first.
			for (const node of example.nodes) if (node.webhookId) node.webhookId = crypto.randomUUID();
			choose(example, 'Send agreement', {
				templateId: fromList(templateNamed(sandbox, 'Standard NDA')),
				signersJson:
					"={{ [{ name: 'Cora Company', email: 'cora@now.example.com' }, { name: $json['Your Name'], email: $json['Your Email'] }] }}",
				options: { includeSigningLinks: true, signingType: 'parallel' },
			});
			const link = await redirected(example, 'Paul Parker', 'paul@now.example.com');
			expect(link).toBe(linkOf('paul@now.example.com'));
			expect(link).not.toBe(linkOf('cora@now.example.com'));
		},
		2 * MINUTE,
	);
});

describe('prefilled-from-sheet', () => {
	/** Instead of writing into the sheet, the node gives out what it would write, found by the same expressions. */
	function writeNowhere(example: Example, ...names: string[]): void {
		for (const name of names) {
			const node = nodeOf(example, name);
			const { value } = node.parameters.columns as { value: Record<string, string> };
			const assignments = Object.entries(value).map(([column, expression]) => ({
				...{ id: column, name: column, type: 'string', value: expression },
			}));
			Object.assign(node, { type: 'n8n-nodes-base.set', typeVersion: 3.4 });
			node.parameters = { assignments: { assignments }, options: {} };
		}
	}

	it(
		'fills price and date of each row into its contract, and writes back what was sent, what was not, and how it ended',
		async () => {
			const example = await readExample('prefilled-from-sheet.json', credentials);
			writeNowhere(example, 'Write what was sent', 'Write what went wrong', 'Write status');
			const offer = await addSalesOffer(sandbox.store, new Date(0).toISOString());
			choose(example, 'Send contract', {
				templateId: fromList(offer.id),
				signersJson:
					"={{ [{ name: 'Sal', email: 'sal@sheet.example.com' }, { name: $json.Name, email: $json.Email }] }}",
				options: { sendOnceFor: "={{ $json['Deal ID'] }}", signingType: 'parallel' },
			});
			const rows = [
				{ Name: 'Jane', Email: 'jane@sheet.example.com', Price: 1200, 'Start Date': '2031-03-31' },
				{
					Name: 'Sean',
					Email: 'sean@sheet.example.com',
					Price: 'a lot',
					'Start Date': '2031-03-31',
				},
				{ Name: 'Kim', Email: 'kim@sheet.example.com', Price: '80.5', 'Start Date': '' },
				{ Name: 'Done', Email: 'done@sheet.example.com', 'Document ID': 'cm1', Price: 1 },
				{ Name: 'Empty row', Email: '' },
			].map((row, index) => ({ json: { 'Deal ID': 71 + index, ...row } }));
			const { id } = await real.client.createWorkflow({
				...example,
				// Google is not asked: the node that reads has pinned data, as after a first run in the editor.
				pinData: { 'Read rows': rows },
			});
			const execution = await run(id, 'Every 15 minutes');
			const [jane, kim, ...more] = jsonOf(execution, 'Write what was sent');
			expect([jane, kim, more]).toEqual([
				{ 'Deal ID': '71', 'Document ID': expect.any(String) as string, Status: 'pending' },
				{ 'Deal ID': '73', 'Document ID': expect.any(String) as string, Status: 'pending' },
				[],
			]);
			expect(jsonOf(execution, 'Write what went wrong')).toEqual([
				{ 'Deal ID': '72', Status: expect.stringMatching(/Price.*"a lot"/s) as string },
			]);
			const filledIn = (row: typeof jane) =>
				sandbox.store.documents
					.get(String(row?.['Document ID']))
					?.fields.filter(({ label }) => ['Price', 'Start Date'].includes(label ?? ''))
					.map(({ label, defaultValue, readOnly }) => [label, defaultValue, readOnly]);
			expect(filledIn(jane)).toEqual([
				['Price', '1200', true],
				['Start Date', '2031-03-31', true],
			]);
			expect(filledIn(kim)).toEqual([
				['Price', '80.5', true],
				['Start Date', null, false],
			]);
			const emailed = sandbox.journal.emails.map(({ to }) => to).filter((to) => !/^sal@/.test(to));
			expect(emailed.sort()).toEqual(['jane@sheet.example.com', 'kim@sheet.example.com']);

			const sent = sandbox.store.documents.get(String(jane?.['Document ID']));
			if (!sent) throw new Error('Nothing was sent to Jane');
			await real.client.listen(id, { triggerNode: 'Signed or declined' });
			await scene.declined(sent, 'jane@sheet.example.com');
			const [, told] = await real.client.waitForExecutions(id, 2);
			expect(told && jsonOf(told, 'Write status')).toEqual([
				{ 'Document ID': sent.id, Status: 'declined' },
			]);
		},
		2 * MINUTE,
	);
});

it(
	'signed-to-drive: the trigger hands the signed PDF to the node of Google Drive',
	async () => {
		const example = await readExample('signed-to-drive.json', credentials);
		// Google is not asked: its node has pinned data, as after a first run in the editor.
		const pinData = { 'Upload to Drive': [{ json: { id: 'file of Drive' } }] };
		const { id } = await real.client.createWorkflow({ ...example, pinData });
		const document = await scene.sentDocument({ name: 'Lease of Drive' });
		await real.client.listen(id, { triggerNode: 'Contract signed' });
		await scene.signed(document);
		const [execution] = await real.client.waitForExecutions(id, 1);
		expect(execution?.status).toBe('success');
		expect(execution && jsonOf(execution, 'Upload to Drive')).toEqual([{ id: 'file of Drive' }]);

		const upload = nodeOf(example, 'Upload to Drive').parameters;
		const [item] = execution ? itemsOf(execution, 'Contract signed') : [];
		const pdf = item?.binary?.[String(upload.inputDataFieldName)];
		expect(pdf).toMatchObject({ mimeType: 'application/pdf', fileName: 'Lease of Drive.pdf' });
		expect(await real.client.file(pdf ?? {})).toEqual(Buffer.from(document.signedPdf ?? []));
		expect(upload.name).toBe('={{ $binary.data.fileName }}');
	},
	2 * MINUTE,
);

it(
	'zip-last-month: all PDFs signed last month and no others, two of one name among them',
	async () => {
		const lastMonth = DateTime.utc().startOf('month').minus({ months: 1 });
		const signedAt = async (name: string, time: DateTime): Promise<StoredDocument> => {
			const document = await scene.sentDocument({ name });
			await scene.signed(document);
			document.completedAt = time.toJSDate().toISOString();
			return document;
		};
		const wanted = [
			await signedAt('Lease', lastMonth.plus({ days: 14 })),
			await signedAt('Lease', lastMonth.plus({ days: 14 })),
			await signedAt('Offer', lastMonth.plus({ days: 2 })),
		];
		await signedAt('Too old', lastMonth.minus({ days: 2 }));
		await signedAt('Too new', lastMonth.plus({ months: 1, days: 2 }));
		await scene.sentDocument({ name: 'Not signed' });

		const example = await readExample('zip-last-month.json', credentials);
		example.settings = { ...example.settings, timezone: 'UTC' };
		const { id } = await real.client.createWorkflow(example);
		const execution = await run(id, 'Every month');
		const [item, ...more] = itemsOf(execution, 'ZIP');
		expect(more).toEqual([]);
		const ids = wanted.map((document) => document.id).sort();
		const listed = item?.json.contracts as Array<{ id: string }>;
		expect(listed.map((contract) => contract.id).sort()).toEqual(ids);
		const zip = item?.binary?.data;
		const month = DateTime.utc().minus({ months: 1 }).toFormat('yyyy-MM');
		expect(zip?.fileName).toBe(`Contracts signed in ${month}.zip`);
		const files = readZip(await real.client.file(zip ?? {}));
		expect(files.size).toBe(3);
		for (const document of wanted) {
			const [name, pdf] = [...files].find(([file]) => file.includes(document.id)) ?? [];
			expect(name).toContain(document.name);
			expect(pdf).toEqual(Buffer.from(document.signedPdf ?? []));
		}
	},
	2 * MINUTE,
);

it(
	'remind-three-times: reminds every three days, three times in all, and then tells someone once',
	async () => {
		const TABLE = 'Contract reminders';
		for (const { id } of sandbox.store.documents.all()) sandbox.store.documents.delete(id);
		const late = await scene.sentDocument({ createdAt: ago(4) });
		const stuck = await scene.sentDocument({ createdAt: ago(5) });
		await scene.sentDocument({ createdAt: ago(2) });
		sandbox.faults.add({
			match: { path: new RegExp(`/documents/${stuck.id}/remind$`) },
			fault: { status: 409 },
		});
		const { id } = await scene.publish(await readExample('remind-three-times.json', credentials));
		const days = await real.client.createWorkflow(
			workflowOf(
				'Days pass',
				[{}],
				[
					{
						name: 'Set back',
						type: 'n8n-nodes-base.dataTable',
						typeVersion: 1.1,
						parameters: {
							...{ resource: 'row', operation: 'update', matchType: 'allConditions' },
							dataTableId: { __rl: true, mode: 'name', value: TABLE },
							filters: { conditions: [{ keyName: 'reminders', condition: 'gte', keyValue: 0 }] },
							columns: {
								mappingMode: 'defineBelow',
								value: { lastReminder: '={{ $now.minus({ days: 3 }).toISO() }}' },
								schema: [{ id: 'lastReminder', type: 'dateTime', display: true }],
							},
						},
					},
				],
			),
		);
		const reminded = () =>
			sandbox.journal.emails.filter(({ kind }) => kind === 'reminder').map((one) => one.documentId);
		const told = (execution: Execution) =>
			jsonOf(execution, 'Tell someone').map(({ documentId }) => documentId);

		for (let reminder = 1; reminder <= 3; reminder++) {
			const first = await run(id, 'Every morning');
			expect(jsonOf(first, 'Reminded').map((json) => json.id)).toEqual([late.id]);
			expect(jsonOf(first, 'Not reminded')).toMatchObject([
				{ error: expect.any(String) as string },
			]);
			expect(told(first)).toEqual([]);
			// The next morning is too early.
			const next = await run(id, 'Every morning');
			expect([...runsOf(next, 'Remind'), ...told(next)]).toEqual([]);
			expect(reminded()).toEqual(Array(reminder).fill(late.id));
			await run(days.id, 'Start');
		}
		expect(told(await run(id, 'Every morning')).sort()).toEqual([late.id, stuck.id].sort());
		await run(days.id, 'Start');
		expect(told(await run(id, 'Every morning'))).toEqual([]);
		expect(reminded()).toHaveLength(3);
		expect(await scene.rowsOf(TABLE)).toHaveLength(2);
		sandbox.faults.clear();
	},
	3 * MINUTE,
);

it(
	'tell-of-decline: emails those who had signed before, and no one else',
	async () => {
		const example = await readExample('tell-of-decline.json', credentials);
		nodeOf(example, 'Tell them').credentials = mayEmail;
		choose(example, 'Tell them', { fromEmail: 'contracts@example.com' });
		const { id } = await scene.publish(example);
		const people = [
			{ name: 'Ann Ämes', email: 'ann@decline.example.com' },
			{ name: 'Bob Burns', email: 'bob@decline.example.com' },
		];
		const atOnce = await scene.sentFromTemplate('Standard NDA', people);
		await scene.declined(atOnce, 'ann@decline.example.com');
		const late = await scene.sentFromTemplate('Standard NDA', people);
		await scene.signed(late, 'ann@decline.example.com');
		await scene.declined(late, 'bob@decline.example.com');

		const executions = await real.client.waitForExecutions(id, 2);
		expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(smtp.emails).toMatchObject([
			{
				from: 'contracts@example.com',
				to: ['ann@decline.example.com'],
				subject: 'Standard NDA will not be signed by everyone',
				text: expect.stringMatching(/^Hello Ann Ämes,\n\nyou have signed "Standard NDA"/) as string,
			},
		]);
		await real.client.deactivate(id);
	},
	2 * MINUTE,
);

it(
	'status-board: one row for each contract, as it stands',
	async () => {
		const BOARD = 'Contract status board';
		const { id } = await scene.publish(await readExample('status-board.json', credentials));
		const rowOf = async ({ id: documentId }: StoredDocument) =>
			(await scene.rowsOf(BOARD)).filter((row) => row.documentId === documentId);
		const shows = async (document: StoredDocument, wanted: object) => {
			await eventually(`the row of ${document.name}`, async () => {
				const [row] = await rowOf(document);
				const shown = row && Object.entries(wanted).every(([key, value]) => row[key] === value);
				return shown ? row : undefined;
			});
			expect(await rowOf(document)).toHaveLength(1);
		};
		const people = ['ann', 'bob'].map((name) => ({ name, email: `${name}@board.example.com` }));
		const both = await scene.sentFromTemplate('Standard NDA', people);
		await scene.signed(both, 'ann@board.example.com');
		await shows(both, { status: 'pending', signed: '1 of 2', name: 'Standard NDA' });
		await scene.signed(both, 'bob@board.example.com');
		await shows(both, { status: 'completed', signed: '2 of 2' });
		const refused = await scene.sentDocument();
		await scene.declined(refused);
		await shows(refused, { status: 'declined', signed: '0 of 1', lastEvent: 'document.declined' });
		// Two events at once.
		const quick = await scene.sentDocument();
		await scene.signed(quick);
		await shows(quick, { status: 'completed', signed: '1 of 1' });

		const sent = await scene.sentDocument();
		expect(await rowOf(sent)).toEqual([]);
		await run(id, 'Every night');
		await shows(sent, { status: 'pending' });
		await shows(both, { status: 'completed', signed: '2 of 2' });
		await real.client.deactivate(id);
	},
	3 * MINUTE,
);

it(
	'error-workflow: one email says what was sent, where it stopped and why',
	async () => {
		const example = await readExample('error-workflow.json', credentials);
		nodeOf(example, 'Tell someone').credentials = mayEmail;
		choose(example, 'Tell someone', { fromEmail: 'n8n@example.com', toEmail: 'ops@example.com' });
		const { id: errorWorkflow } = await scene.publish(example);

		const sending = workflowOf(
			'Offers of May',
			[],
			[
				{
					name: 'Each',
					type: 'n8n-nodes-base.splitOut',
					typeVersion: 1,
					parameters: { fieldToSplitOut: 'body.people', options: {} },
				},
				inSignerNode('Send offer', credentials, {
					resource: 'document',
					operation: 'createAndSendFromTemplate',
					templateId: fromList(templateNamed(sandbox, 'Employment Contract')),
					name: '=Offer to {{ $json.name }}',
					specifySigners: 'json',
					signersJson: '={{ [{ name: $json.name, email: $json.email }] }}',
					options: {},
				}),
			],
		);
		const { id } = await real.client.createWorkflow({
			...sending,
			nodes: sending.nodes.map((node, index) =>
				index > 0
					? node
					: {
							...node,
							type: 'n8n-nodes-base.webhook',
							typeVersion: 2,
							webhookId: '6d1f2c9a-0000-4c58-9f0e-1a2b3c4d5e99',
							parameters: { httpMethod: 'POST', path: 'offers-of-may', options: {} },
						},
			),
			pinData: {},
			settings: { executionOrder: 'v1', errorWorkflow },
		});
		await real.client.activate(id);
		const people = [
			{ name: 'Ann', email: 'ann@offer.example.com' },
			{ name: 'Bob', email: 'not an address' },
			{ name: 'Carl', email: 'carl@offer.example.com' },
		];
		const { body } = await request(`${real.client.url}/webhook/offers-of-may`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ people }),
		});
		await body.dump();
		const [failed] = await real.client.waitForExecutions(id, 1);
		expect(failed?.status).toBe('error');
		const [told] = await real.client.waitForExecutions(errorWorkflow, 1);
		expect(told?.status).toBe('success');

		const sent = sandbox.journal.emails.map(({ to, documentId }) => [to, documentId]);
		expect(sent).toEqual([['ann@offer.example.com', expect.any(String)]]);
		const [email, ...more] = smtp.emails;
		expect(more).toEqual([]);
		expect(email).toMatchObject({
			to: ['ops@example.com'],
			subject: 'Offers of May stopped at item 2',
		});
		const parts = (email?.text ?? '').split('\n\n').map((part) => part.trim());
		expect(parts).toEqual([
			expect.stringMatching(
				/^What happened\n.*"not an address" isn't a valid email address.*item 2/s,
			),
			`Sent before that\n${sent[0]?.[1]}`,
			'Not sent\nItem 2, unless it says above that it may have been sent, and all items after it.',
			`Node: Send offer\nExecution: ${real.client.url}/workflow/${id}/executions/${failed?.id}`,
		]);
	},
	2 * MINUTE,
);
