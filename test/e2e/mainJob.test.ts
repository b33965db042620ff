import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { request } from 'undici';

import { itemsOf, jsonOf } from '../host/execution';
import { installN8n } from '../host/install';
import { startMainJob, type Contract, type MainJob } from '../host/mainJob';
import { packTarball } from '../host/pack';
import { nodeTypeNames } from '../packageNodes';
import { findings } from '../release/packedPackage';
import { readPdfText } from '../sandbox/pdfText';
import { makePdf } from '../sandbox/samplePdf';

const MINUTE = 60_000;

jest.setTimeout(MINUTE);

let job: MainJob;
let outputFolder: string;
let tarballFolder: string;
let tarballFile: string;

beforeAll(async () => {
	const say = (line: string) => process.stderr.write(`${line}\n`);
	const installed = await installN8n(say);
	const tarball = await packTarball();
	tarballFolder = resolve(tarball.file, '..');
	tarballFile = tarball.file;
	outputFolder = await mkdtemp(join(tmpdir(), 'n8n-insigner-e2e-'));
	job = await startMainJob({
		installed,
		tarball: tarball.file,
		outputFolder,
		sandbox: { requestsPerMinute: 10_000 },
		onProgress: say,
	});
}, 30 * MINUTE);

afterAll(async () => {
	await job?.stop();
	for (const folder of [outputFolder, tarballFolder]) {
		if (folder) await rm(folder, { recursive: true, force: true });
	}
}, MINUTE);

const contractFor = async (signerName: string): Promise<Contract> => ({
	pdf: await makePdf('Lease', ['Two rooms and a kitchen.']),
	fileName: 'lease.pdf',
	documentName: `Lease for ${signerName}`,
	signerName,
	signerEmail: `${signerName.toLowerCase().replace(/\W+/g, '.')}@example.com`,
});

const webhook = () => {
	const [registered] = job.sandbox.store.webhooks.all();
	if (!registered) throw new Error('No webhook is registered');
	return registered;
};

const executionsOf = async (workflowId: string) => await job.client.executions({ workflowId });

/** Posts to n8n's production URL of the trigger, as anyone could. */
const post = async (body: string, signature?: string) => {
	const { statusCode, body: answer } = await request(webhook().url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-insigner-timestamp': String(Math.floor(Date.now() / 1000)),
			...(signature !== undefined && { 'x-insigner-signature': signature }),
		},
		body,
	});
	return { statusCode, text: await answer.text() };
};

const hmac = (body: string, secret: string) =>
	`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

it('n8n loads every node from the packed package', async () => {
	const types = await job.client.nodeTypes();
	expect(types).toEqual(expect.arrayContaining(nodeTypeNames()));
});

describe('the credential in n8n', () => {
	const test = async (data: { apiKey?: string; baseUrl?: string }) =>
		await job.client.testCredential({
			name: 'Tried',
			type: 'inSignerApi',
			data: { apiKey: job.sandbox.apiKey, baseUrl: job.sandbox.apiUrl, ...data },
		});

	it('is tested with the buttons of the editor', async () => {
		expect(await test({})).toMatchObject({ status: 'OK' });
		const revoked = job.sandbox.createKey({ scopes: ['*'], state: 'revoked' });
		expect(await test({ apiKey: revoked })).toMatchObject({ status: 'Error' });
		const narrow = job.sandbox.createKey({ scopes: ['documents.read'] });
		expect(await test({ apiKey: narrow })).toMatchObject({ status: 'OK' });
		expect((await test({ apiKey: 'typo' })).message).toMatch(/starts with "isk_"/);
	});

	it(
		'works with the HTTP Request node, for the host of its base URL only',
		async () => {
			const httpRequest = (id: string, name: string, url: string, x: number) => ({
				id,
				name,
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [x, 0],
				onError: 'continueRegularOutput',
				parameters: {
					url,
					authentication: 'predefinedCredentialType',
					nodeCredentialType: 'inSignerApi',
					options: {},
				},
				credentials: { inSignerApi: { id: job.credentialId, name: 'inSigner sandbox' } },
			});
			const link = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
			const { id } = await job.client.createWorkflow({
				name: 'HTTP Request',
				nodes: [
					{
						id: 'start',
						name: 'Start',
						type: 'n8n-nodes-base.manualTrigger',
						typeVersion: 1,
						position: [0, 0],
						parameters: {},
					},
					httpRequest('own', 'Own host', `${job.sandbox.apiUrl}/org`, 200),
					httpRequest('other', 'Other host', `${job.sandbox.storageUrl}/anything`, 400),
				],
				connections: { Start: link('Own host'), 'Own host': link('Other host') },
			});
			const execution = await job.client.waitForExecution(await job.client.run(id));
			expect(jsonOf(execution, 'Own host')).toMatchObject([
				{ data: { name: expect.any(String) as string } },
			]);
			expect(JSON.stringify(jsonOf(execution, 'Other host'))).toMatch(/only sent to/);
			expect(
				job.sandbox.journal.requests.filter(({ authorizationOnStorage }) => authorizationOnStorage),
			).toEqual([]);
		},
		MINUTE,
	);
});

describe('registration', () => {
	it('has registered the production URL on activation', () => {
		const node = job.fileSigned.nodes.find(({ name }) => name === 'Contract signed');
		expect(webhook()).toMatchObject({
			url: `${job.n8n.url}/webhook/${node?.webhookId}/webhook`,
			events: ['document.completed'],
			status: 'active',
		});
	});

	it(
		'deregisters on deactivation and registers again on activation',
		async () => {
			const { id } = webhook();
			await job.client.deactivate(job.fileSigned.id);
			expect(job.sandbox.store.webhooks.all()).toEqual([]);
			await job.client.activate(job.fileSigned.id);
			expect(job.sandbox.store.webhooks.all()).toHaveLength(1);
			expect(webhook().id).not.toBe(id);
		},
		MINUTE,
	);
});

describe('forged deliveries', () => {
	const body = '{"event":"document.completed","data":{"id":"cm1"}}';

	it.each<[string, () => string | undefined]>([
		['no signature', () => undefined],
		['a wrong signature', () => hmac(body, 'guess')],
		['the signature of another body', () => hmac(`${body} `, webhook().secret)],
		['a right signature in capitals', () => hmac(body, webhook().secret).toUpperCase()],
	])('with %s get a real 401 and start nothing', async (_, signature) => {
		const before = await executionsOf(job.fileSigned.id);
		expect((await post(body, signature())).statusCode).toBe(401);
		expect(await executionsOf(job.fileSigned.id)).toHaveLength(before.length);
	});

	it('are treated unlike a genuine one for an event no one asked for: 200, nothing started', async () => {
		const other = '{"event":"document.declined","data":{}}';
		const before = await executionsOf(job.fileSigned.id);
		expect((await post(other, hmac(other, webhook().secret))).statusCode).toBe(200);
		expect(await executionsOf(job.fileSigned.id)).toHaveLength(before.length);
	});
});

describe('the main job', () => {
	it(
		'turns a PDF into a sent contract, and files the signed PDF when it is signed',
		async () => {
			const contract = await contractFor("Zoë O'Brien");
			const before = await executionsOf(job.fileSigned.id);
			expect(await job.submit(contract)).toContain(`Sent to ${contract.signerEmail}`);
			const [sending] = await job.client.waitForExecutions(job.sendContract.id, 1);
			expect(sending?.status).toBe('success');
			const [item] = sending ? itemsOf(sending, 'Create and send') : [];
			expect(item?.pairedItem).toEqual({ item: 0 });
			expect(item?.json).toMatchObject({
				name: contract.documentName,
				status: 'pending',
				signers: [{ name: contract.signerName, email: contract.signerEmail, status: 'pending' }],
			});
			// Execution data is stored: no link, no key and no file in it.
			const stored = JSON.stringify(sending?.data);
			expect(stored).not.toContain('/sign/');
			expect(stored).not.toContain(job.sandbox.apiKey);
			expect(stored).not.toContain(Buffer.from(contract.pdf).toString('base64').slice(0, 40));

			const documentId = String(item?.json.id);
			await job.sandbox.sign(documentId, contract.signerEmail);
			const filing = await job.client.waitForExecutions(job.fileSigned.id, before.length + 1);
			const last = filing.find((execution) =>
				jsonOf(execution, 'Contract signed').some(({ data }) =>
					JSON.stringify(data).includes(documentId),
				),
			);
			expect(last?.status).toBe('success');
			const delivery = job.sandbox.journal.deliveries.at(-1);
			expect(delivery).toMatchObject({ event: 'document.completed', attempt: 1, status: 200 });
			expect(delivery?.headers['x-insigner-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);

			const names = await readdir(outputFolder);
			expect(names).toEqual([`${documentId} ${contract.documentName}.pdf`]);
			const pages = await readPdfText(await readFile(join(outputFolder, names[0] ?? '')));
			const texts = pages.flat().map(({ text }) => text);
			expect(texts.join('\n')).toContain(contract.signerName);
			expect(job.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation')).toHaveLength(
				1,
			);
		},
		2 * MINUTE,
	);
});

describe('an event delivered more than once', () => {
	it(
		'starts one execution',
		async () => {
			const timestamp = new Date().toISOString();
			const body = `{"event":"document.completed","data":{"id":"cm-none"},"timestamp":"${timestamp}"}`;
			const before = (await executionsOf(job.fileSigned.id)).length;
			const deliver = async () => await post(body, hmac(body, webhook().secret));
			expect((await deliver()).statusCode).toBe(200);
			expect((await deliver()).statusCode).toBe(200);
			// Nothing started if a genuine one sent afterwards has the only execution.
			const next = body.replace('cm-none', 'cm-next');
			await post(next, hmac(next, webhook().secret));
			await job.client.waitForExecutions(job.fileSigned.id, before + 2);
			expect(await executionsOf(job.fileSigned.id)).toHaveLength(before + 2);
		},
		3 * MINUTE,
	);
});

it('the packed package holds all that is needed, and nothing else', async () => {
	await promisify(execFile)('tar', ['-xzf', tarballFile, '-C', tarballFolder]);
	expect(await findings(join(tarballFolder, 'package'), resolve(__dirname, '../..'))).toEqual([]);
});
