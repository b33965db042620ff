import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { startBrowser, type Browser } from '../host/browser';
import { errorOf, itemsOf } from '../host/execution';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { START, workflowOf } from '../host/workflows';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import type { StoredField } from '../sandbox/store';

const MINUTE = 60_000;
const SEND = 'Create and send';

/** What a person would have seen; kept for inspection. */
const screenshots = resolve(__dirname, '../../test-results/screenshots');

let sandbox: Sandbox;
let browser: Browser;
let real: RealN8n;
let credentials: CredentialReference;

beforeAll(async () => {
	await mkdir(screenshots, { recursive: true });
	sandbox = await startSandbox();
	browser = await startBrowser();
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`));
	credentials = await real.credentialFor(sandbox);
}, 30 * MINUTE);

afterAll(async () => {
	await real?.stop();
	await browser?.close();
	await sandbox?.stop();
}, MINUTE);

/** In CSS pixels, of which 96 are an inch. */
const PAGE = { width: 800, height: 1000 };
const POINTS = 72 / 96;

interface Placed {
	tag: string;
	page: number;
	x: number;
	baseLine: number;
}

/** A contract of two pages with tags in white: DocuSign's on the first, Documenso's on the second. */
const HTML = `<!DOCTYPE html><meta charset="utf-8"><style>
	* { margin: 0; box-sizing: border-box }
	body { font: 16px sans-serif }
	section { position: relative; width: ${PAGE.width}px; height: ${PAGE.height}px; padding: 80px; break-after: page }
	b { color: white; font-weight: normal; print-color-adjust: exact }
	i { display: inline-block }
	div { position: absolute; left: 80px; bottom: 120px }
	div + div { left: 430px }
</style>
<section><h1>Lease</h1><p>${'Two rooms and a kitchen, with all that belongs to them. '.repeat(12)}</p>
	<div>Landlord <i></i><b>\\s1\\</b></div><div>Tenant <i></i><b>\\i2\\</b></div></section>
<section><p>${'The rent is paid at the beginning of each month. '.repeat(8)}</p>
	<div>Tenant <i></i><b>{{SIGNATURE, r2}}</b></div><div><i></i><b>{{DATE, r2}}</b></div></section>`;

/** Prints the contract, and asks the browser where it drew the tags. */
async function printed(): Promise<{ pdf: Buffer; tags: Placed[] }> {
	const page = await browser.context.newPage();
	await page.setContent(HTML);
	await page.emulateMedia({ media: 'print' });
	// An empty element in the line stands on its base line.
	const marks = await page.locator('i').evaluateAll((elements) =>
		elements.map((element) => ({
			tag: element.nextElementSibling?.textContent ?? '',
			left: element.getBoundingClientRect().left,
			bottom: element.getBoundingClientRect().bottom,
		})),
	);
	const pdf = await page.pdf({ width: `${PAGE.width}px`, height: `${PAGE.height}px` });
	await page.close();
	return {
		pdf,
		tags: marks.map(({ tag, left, bottom }) => ({
			tag,
			page: Math.ceil(bottom / PAGE.height),
			x: left * POINTS,
			baseLine: (bottom % PAGE.height) * POINTS,
		})),
	};
}

it(
	'a contract printed by Chromium is sent, with its fields where the tags of two other services are',
	async () => {
		const { pdf, tags } = await printed();
		const people = ['Lara Landlord', 'Tina Tenant'].map((name) => ({
			...{ name, email: `${name.toLowerCase().replace(' ', '.')}@example.com` },
			...{ role: 'signer', phone: '' },
		}));
		const workflow = workflowOf(
			'Lease',
			[],
			[
				{
					name: SEND,
					type: 'n8n-nodes-insigner.inSigner',
					typeVersion: 1,
					parameters: {
						resource: 'document',
						operation: 'createAndSend',
						name: 'Lease',
						binaryPropertyName: 'data',
						signers: { signer: people },
						specifyFields: 'tags',
						options: { signingType: 'parallel' },
					},
					credentials: { ...credentials },
				},
			],
		);
		const data = { data: pdf.toString('base64'), mimeType: 'application/pdf' };
		const { id } = await real.client.createWorkflow({
			...workflow,
			pinData: {
				[START]: [{ json: {}, binary: { data: { ...data, fileName: 'lease.pdf' } } }],
			},
		});
		const execution = await real.client.waitForExecution(
			await real.client.run(id, { triggerNode: START }),
		);
		expect([execution.status, errorOf(execution)]).toEqual(['success', undefined]);
		const [sent] = itemsOf(execution, SEND);
		expect(sent?.json.status).toBe('pending');

		const fields = sandbox.store.documents.get(String(sent?.json.id))?.fields ?? [];
		// Several are added at the same time, so they come in any order.
		expect(
			fields.map(({ type, page, assignedTo }) => `${type} ${page} ${assignedTo}`).sort(),
		).toEqual(['date_signed 2 1', 'initials 1 1', 'signature 1 0', 'signature 2 1']);
		expect(tags).toHaveLength(fields.length);
		const isAt = (field: StoredField, { page, x, baseLine }: (typeof tags)[number]) =>
			field.page === page &&
			Math.abs(field.x - x) < 1 &&
			Math.abs(field.y + field.height - baseLine) < 1;
		expect(tags.filter((tag) => !fields.some((field) => isAt(field, tag)))).toEqual([]);

		const invited = sandbox.journal.emails.find(({ to }) => to === 'tina.tenant@example.com');
		const page = await browser.context.newPage();
		await page.goto(invited?.signingUrl ?? '');
		await page.waitForSelector('#pdf[data-state="shown"]');
		await page.screenshot({ path: join(screenshots, 'fields-at-tags.png'), fullPage: true });
	},
	3 * MINUTE,
);
