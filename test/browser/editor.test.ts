import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { startBrowser, type Browser } from '../host/browser';
import { Editor } from '../host/editor';
import { readExample } from '../host/examples';
import { startRealN8n, type RealN8n } from '../host/realN8n';
import { inSignerNode, START, workflowOf } from '../host/workflows';
import { makePdf } from '../sandbox/samplePdf';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { addSalesOffer } from '../sandbox/seed';

const MINUTE = 60_000;
const examples = resolve(__dirname, '../../examples');

/** Who fills the two slots of the Standard NDA. */
const PARTIES = [
	{ name: 'Alice Ames', email: 'alice@example.com' },
	{ name: 'Bob Burns', email: 'bob@example.com' },
];

let sandbox: Sandbox;
let real: RealN8n;
let browser: Browser;
let editor: Editor;
/** Where n8n may write files. */
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-browser-'));
	sandbox = await startSandbox({ requestsPerMinute: 10_000, templates: 220 });
	sandbox.store.seedDocuments(300);
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`), {
		N8N_RESTRICT_FILE_ACCESS_TO: folder,
	});
	browser = await startBrowser();
	editor = await Editor.open(browser.context, real.client.url);
}, 30 * MINUTE);

afterAll(async () => {
	await browser?.close();
	await real?.stop();
	await sandbox?.stop();
	await rm(folder, { recursive: true, force: true });
}, MINUTE);

/** A test of the editor; when it does not pass, what the page showed is kept. The tests build on each other. */
function scenario(name: string, play: () => Promise<void>): void {
	it(
		name,
		async () => {
			try {
				await play();
			} catch (error) {
				await editor.keepEvidence(name);
				throw error;
			}
		},
		3 * MINUTE,
	);
}

const requestsTo = (path: RegExp) =>
	sandbox.journal.requests.filter((request) => path.test(request.path));

/** Tries until it holds: what the editor does arrives at the sandbox a moment later. */
async function until(what: string, holds: () => boolean): Promise<void> {
	const deadline = Date.now() + 30_000;
	while (!holds()) {
		if (Date.now() > deadline) throw new Error(`Waited 30 seconds in vain for ${what}`);
		await editor.page.waitForTimeout(100);
	}
}

scenario('logs in', async () => {
	await editor.login(real.owner);
	await editor.newWorkflow();
});

describe('the node panel', () => {
	for (const words of [
		...['send contract', 'send document', 'send for signature', 'sign pdf', 'document signed'],
		...['webhook signed', 'signed', 'reminder', 'template', 'approve', 'approval'],
		...['signature request', 'esign', 'e-signature', 'docusign', 'nda', 'contract'],
	]) {
		scenario(`finds inSigner by "${words}"`, async () => {
			await editor.searchNode(words);
		});
	}

	scenario('finds inSigner Trigger by its name', async () => {
		await (await editor.searchNode('insigner trigger')).click();
		await editor.page
			.getByText('On document signed by everyone', { exact: true })
			.first()
			.waitFor();
		await editor.newWorkflow();
	});

	scenario('shows actions and triggers', async () => {
		await (await editor.searchNode('e-signature')).click();
		await editor.part('node-creator-category-item').filter({ hasText: 'Actions' }).click();
		await editor.page.getByText('Create and send document', { exact: true }).waitFor();
		await editor.picture('node-panel');
		await editor.newWorkflow();
	});
});

scenario('a credential is made in the editor and tested', async () => {
	await editor.addNode('Actions', 'Create document from template');
	await editor.details.getByText('Connect to inSigner').click();
	await editor.part('parameter-input-apiKey').locator('input').fill(sandbox.apiKey);
	// As people see it, who leave the Base URL as it is.
	await editor.picture('credential');
	await editor.part('parameter-input-baseUrl').locator('input').fill(sandbox.apiUrl);
	await editor.part('credential-save-button').click();
	await editor.part('node-credentials-select').waitFor();
	await until('the test of the key', () =>
		requestsTo(/^\/org$/).some(({ status }) => status === 200),
	);

	await editor.part('credential-edit-button').click();
	await editor.part('credentials-config-container-test-success').waitFor();
	const key = editor.part('parameter-input-apiKey').locator('input');
	expect(await key.getAttribute('type')).toBe('password');
	expect(await key.inputValue()).not.toContain(sandbox.apiKey);
	await editor.closeCredential();
});

describe('Template: Create Document', () => {
	scenario('the list of templates is paged', async () => {
		const entries = await editor.openList('templateId');
		const first = await entries.count();
		expect(first).toBeGreaterThanOrEqual(50);
		await entries.last().scrollIntoViewIfNeeded();
		await entries.nth(first).waitFor({ state: 'attached' });
	});

	scenario('the list of templates is searched, and not for each letter', async () => {
		const before = requestsTo(/^\/templates$/).length;
		await editor.searchList('standard nda');
		const found = editor.part('rlc-item').filter({ hasText: 'Standard NDA' });
		await found.waitFor();
		await editor
			.part('rlc-item')
			.filter({ hasText: 'Template 1' })
			.first()
			.waitFor({ state: 'detached' });
		// n8n waits until no letter has come for a while; then it is one reading of the list.
		expect(requestsTo(/^\/templates$/).length - before).toBeLessThanOrEqual(2);
		await editor.picture('template-list');
		await found.click();
	});

	scenario('the slots are filled and the step runs', async () => {
		const before = sandbox.store.documents.size;
		for (const [slot, { name, email }] of PARTIES.entries()) {
			await editor.type(editor.slotInput(slot, 'name'), name);
			await editor.type(editor.slotInput(slot, 'email'), email);
		}
		await editor.picture('template-slots');
		await editor.execute();
		await until('the document', () => sandbox.store.documents.size === before + 1);
		await editor.outputShows('Standard NDA');
		await editor.picture('output');
		const made = sandbox.store.documents.all().at(-1);
		expect(made).toMatchObject({ name: 'Standard NDA', status: 'draft' });
		expect(made?.signers.map(({ name, email }) => ({ name, email }))).toEqual(PARTIES);
		expect(sandbox.journal.emails).toEqual([]);
	});

	scenario('an error is readable in the node panel', async () => {
		const before = sandbox.store.documents.size;
		await editor.type(editor.slotInput(1, 'email'), 'bob');
		await editor.execute();
		await editor.outputShows(/Party B: Email.*bob/);
		await editor.picture('error');
		expect(sandbox.store.documents.size).toBe(before);
		await editor.closeNode();
	});
});

scenario('the list of documents is searched', async () => {
	await editor.newWorkflow();
	await editor.addNode('Actions', 'Get document');
	await editor.openList('documentId');
	await editor.searchList('Document 299');
	const found = editor.part('rlc-item').filter({ hasText: 'Document 299 (draft)' });
	await found.click();
	await editor.execute();
	await editor.outputShows('Document 299');
	await editor.closeNode();
});

scenario('the list of signers follows the chosen document', async () => {
	const documents = ['First lease', 'Second lease'].map((name) => {
		const [document] = sandbox.store.seedDocuments(1, { name });
		const [signer] = document?.signers ?? [];
		if (!signer) throw new Error('No document was made');
		signer.email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
		return { name, email: signer.email };
	});
	await editor.newWorkflow();
	await editor.addNode('Actions', 'Remove signer');
	for (const { name, email } of documents) {
		await editor.openList('documentId');
		await editor.searchList(name);
		await editor.part('rlc-item').filter({ hasText: name, visible: true }).first().click();
		await editor.openList('signerId');
		await editor.part('rlc-item').filter({ hasText: email, visible: true }).first().click();
	}
	await editor.closeNode();
});

scenario('Create and Send shows its parameters', async () => {
	await editor.newWorkflow();
	await editor.addNode('Actions', 'Create and send document');
	// The name of the document comes first, then those of the signers.
	await editor.type(editor.input('name').nth(0), 'Sales Agreement');
	// As n8n Form names the file of the element "Contract PDF".
	await editor.type(editor.input('binaryPropertyName').first(), 'Contract_PDF');
	await editor.type(editor.input('name').nth(1), 'Jane Smith');
	await editor.type(editor.input('email').nth(0), 'jane@example.com');
	await editor.picture('create-and-send');
	await editor.closeNode();
});

describe('a contract in a minute', () => {
	const pdfFile = () => join(folder, 'Sales Agreement.pdf');
	const emailed = () =>
		sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

	/** A workflow of one node that gives something to send, and the panel that adds the next one to it. */
	const after = async (name: string, type: string, parameters: INodeParameters) => {
		const node = { name, type, typeVersion: 1, parameters };
		const { id } = await real.client.createWorkflow(workflowOf(name, [{}], [node]));
		await editor.openWorkflow(id);
		await editor.addAfter(name);
		sandbox.journal.clear();
	};

	scenario('one signer takes four clicks and four inputs', async () => {
		await writeFile(pdfFile(), await makePdf('Sales Agreement', ['Ten chairs.']));
		// The first click opens the panel.
		await after('Read contract', 'n8n-nodes-base.readWriteFile', { fileSelector: pdfFile() });
		// The first input is the search; two clicks.
		await editor.chooseAction('Create and send document');
		const shown = await editor.shownParameters();
		expect([shown, shown.length <= 11]).toEqual([shown, true]);
		await editor.type(editor.input('name').nth(0), 'Sales Agreement');
		await editor.type(editor.input('name').nth(1), 'Jane Smith');
		await editor.type(editor.input('email').nth(0), 'jane@example.com');
		await editor.execute();
		await until('the email', () => emailed().length > 0);
		expect(emailed()).toEqual(['jane@example.com']);
		await editor.outputShows('pending');
	});

	scenario('two signers are sent to without a refusal', async () => {
		sandbox.journal.clear();
		await editor.details.getByRole('button', { name: 'Add Signer' }).click();
		await editor.type(editor.input('name').nth(2), 'Sam Jones');
		await editor.type(editor.input('email').nth(1), 'sam@example.com');
		await editor.execute();
		await until('the email', () => emailed().length > 0);
		const document = sandbox.store.documents.all().at(-1);
		expect(document?.status).toBe('pending');
		expect(document?.fields.map(({ type, assignedTo }) => `${type} ${assignedTo}`).sort()).toEqual([
			...['signature 0', 'signature 1'],
		]);
		await editor.closeNode();
	});

	scenario('a template is sent to those who fill its slots', async () => {
		await after('Read contract', 'n8n-nodes-base.noOp', {});
		await editor.chooseAction('Create and send document from template');
		await editor.openList('templateId');
		await editor.searchList('nda');
		await editor.part('rlc-item').filter({ hasText: 'Standard NDA' }).click();
		for (const [slot, { name, email }] of PARTIES.entries()) {
			await editor.type(editor.slotInput(slot, 'name'), name);
			await editor.type(editor.slotInput(slot, 'email'), email);
		}
		await editor.execute();
		await until('the email', () => emailed().length > 0);
		expect(emailed()).toEqual([PARTIES[0]?.email]);
		await editor.closeNode();
	});

	scenario('two hundred people of a sheet get a document each', async () => {
		const rows = Array.from({ length: 200 }, (_, index) => ({
			row_number: index + 2,
			'Full Name': `Person ${index + 1}`,
			'E-Mail': `person${index + 1}@example.com`,
		}));
		const { id } = await real.client.createWorkflow(workflowOf('Sheet', rows, []));
		await editor.openWorkflow(id);
		await editor.addAfter(START);
		sandbox.journal.clear();
		await editor.chooseAction('Create bulk send');
		await editor.openList('templateId');
		await editor.searchList('employment');
		await editor.part('rlc-item').filter({ hasText: 'Employment Contract' }).click();
		await editor.type(editor.input('name').nth(0), 'Offers of May');
		await editor.execute();
		await until('the emails', () => emailed().length === rows.length);
		expect(emailed()).toEqual(rows.map((row) => row['E-Mail']));
		await editor.closeNode();
	});
});

scenario('a test event arrives at the listening trigger', async () => {
	await editor.newWorkflow();
	await editor.addNode('Triggers', 'On document signed by everyone');
	const [document] = sandbox.store.seedDocuments(1, { name: 'Sales Agreement' });
	if (!document) throw new Error('No document was made');
	await editor.execute();
	await editor.part('trigger-listening').waitFor();
	await until('the webhook', () => sandbox.store.webhooks.size === 1);
	const { email } = document.signers[0] ?? { email: '' };
	const answer = await fetch(`${sandbox.apiUrl}/documents/${document.id}/send`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.apiKey}` },
	});
	expect(answer.status).toBe(200);
	await sandbox.sign(document.id, email);
	await editor.outputShows('document.completed');
	await editor.picture('trigger-event');
	await until('the test webhook to be removed', () => sandbox.store.webhooks.size === 0);
	await editor.closeNode();
});

describe('the workflows of the README, step by step', () => {
	const signer = { name: 'Jane Smith', email: 'jane@example.com' };
	const credential = 'inSigner account';
	const published: string[] = [];

	scenario('the first: a PDF in the form becomes an email to its signer', async () => {
		await editor.newWorkflow();
		await editor.importFromFile(join(examples, 'send-contract.json'));
		// n8n chooses a credential by itself where there is only one.
		await editor.openNode('Create and send');
		expect(await editor.chosenCredential()).toBe(credential);
		await editor.closeNode();
		published.push(await editor.publish());
		await editor.openNode('Contract form');
		const formUrl = await editor.productionUrl();
		await editor.closeNode();

		const form = await browser.context.newPage();
		await form.goto(formUrl);
		const pdf = Buffer.from(await makePdf('Lease', ['Rent is due on the first.']));
		await form
			.locator('input[type="file"]')
			.setInputFiles({ name: 'lease.pdf', mimeType: 'application/pdf', buffer: pdf });
		const texts = form.locator('input[type="text"], input[type="email"]');
		for (const [index, text] of ['Lease', signer.name, signer.email].entries()) {
			await texts.nth(index).fill(text);
		}
		await form.locator('button[type="submit"], #submit-btn').first().click();
		await form.getByText(`Sent to ${signer.email}`).waitFor();
		expect(sandbox.journal.emails.filter(({ to }) => to === signer.email)).toHaveLength(1);
		await form.close();
	});

	scenario('the second: the signed PDF is filed', async () => {
		await editor.newWorkflow();
		await editor.importFromFile(join(examples, 'file-signed-contract.json'));
		for (const name of ['Contract signed', 'Get signed PDF']) {
			await editor.openNode(name);
			expect(await editor.chosenCredential()).toBe(credential);
			await editor.closeNode();
		}
		// Instead of replacing Write file, it gets a folder of this machine.
		const file = join(folder, 'signed.pdf');
		await editor.openNode('Write file');
		await editor.typeExpression('fileName', file);
		await editor.closeNode();
		published.push(await editor.publish());
		await until('the webhook', () => sandbox.store.webhooks.size === 1);

		const mail = sandbox.journal.emails.find(({ to }) => to === signer.email);
		const signingPage = await browser.context.newPage();
		await signingPage.goto(mail?.signingUrl ?? '');
		await signingPage.click('#sign');
		await signingPage.waitForSelector('#signed');
		await signingPage.close();
		await until('the file', () => existsSync(file));
		expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
		for (const id of published) await real.client.deactivate(id);
		expect(sandbox.store.webhooks.size).toBe(0);
	});
});

scenario('values are filled into the fields of a template', async () => {
	const offer = await addSalesOffer(sandbox.store, new Date().toISOString());
	const node = inSignerNode('Offer', await real.credentialFor(sandbox), {
		resource: 'template',
		operation: 'createDocument',
		templateId: { __rl: true, mode: 'list', value: offer.id, cachedResultName: offer.name },
		specifySigners: 'json',
		signersJson: JSON.stringify(PARTIES),
		specifyValues: 'form',
		values: { mappingMode: 'defineBelow', value: null },
	});
	const { id } = await real.client.createWorkflow(workflowOf('Offer', [{}], [node]));
	await editor.openWorkflow(id);
	await editor.openNode('Offer');
	for (const [field, value] of [
		['Price (page 2, Customer)', '1200'],
		['Remarks (page 2, Customer)', 'Delivered in May.'],
	] as const) {
		await editor.type(await editor.addMappedField(field), value);
	}
	await editor.picture('field-values');
	await editor.execute();
	await editor.outputShows('Sales Offer');
	const made = sandbox.store.documents.all().at(-1);
	const held = (label: string) => made?.fields.find((field) => field.label === label);
	expect(held('Price')).toMatchObject({ defaultValue: '1200', readOnly: true });
	expect(held('Remarks')).toMatchObject({ defaultValue: 'Delivered in May.', readOnly: true });
	expect(made?.status).toBe('draft');
	await editor.closeNode();
});

describe('the examples stand on the canvas', () => {
	for (const file of readdirSync(examples)) {
		scenario(`${file}, with notes that fit their boxes`, async () => {
			const credentials = await real.credentialFor(sandbox, 'inSigner account');
			const { id } = await real.client.createWorkflow(await readExample(file, credentials));
			await editor.goToWorkflow(id);
			await editor.part('sticky').first().waitFor();
			await editor.part('zoom-to-fit').click();
			expect(await editor.cutNotes()).toEqual([]);
			await editor.picture(`example-${file.replace('.json', '')}`);
		});
	}
});
