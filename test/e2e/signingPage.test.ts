import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { request } from 'undici';

import { startBrowser, type Browser } from '../host/browser';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';

/** What a person would have seen; kept for inspection. */
const screenshots = resolve(__dirname, '../../test-results/screenshots');

let sandbox: Sandbox;
let browser: Browser;

beforeAll(async () => {
	await mkdir(screenshots, { recursive: true });
	sandbox = await startSandbox();
	browser = await startBrowser();
}, 60_000);

afterAll(async () => {
	await browser?.close();
	await sandbox?.stop();
}, 30_000);

/** Sends the seeded contract with one slot. @returns its id and the link emailed to the signer */
async function sentContract(email: string): Promise<{ documentId: string; signingUrl: string }> {
	const template = sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
	const post = async (path: string, body?: object) => {
		const answer = await request(`${sandbox.apiUrl}${path}`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${sandbox.apiKey}`,
				...(body && { 'content-type': 'application/json' }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		return ((await answer.body.json()) as { data: { id: string } }).data;
	};
	const { id } = await post(`/templates/${template?.id}/use`, {
		name: 'Employment Contract',
		signers: [{ name: 'Jane Smith', email }],
	});
	await post(`/documents/${id}/send`);
	const mail = sandbox.journal.emails.find(({ to }) => to === email);
	return { documentId: id, signingUrl: mail?.signingUrl ?? '' };
}

it('shows the PDF, and a click on Sign completes the document', async () => {
	const { documentId, signingUrl } = await sentContract('jane@example.com');
	const page = await browser.context.newPage();
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await page.goto(signingUrl);
	await page.waitForSelector('#pdf[data-state="shown"]');
	// Visible means painted: the canvas of the first page holds something darker than paper.
	const dark = await page
		.locator('#pdf canvas')
		.first()
		.evaluate((canvas: HTMLCanvasElement) => {
			const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
				data: new Uint8ClampedArray(),
			};
			return data.filter((value, index) => index % 4 === 0 && value < 100).length;
		});
	expect(dark).toBeGreaterThan(500);
	await page.screenshot({ path: join(screenshots, 'signing-page.png'), fullPage: true });

	await page.click('#sign');
	await page.waitForSelector('#signed');
	await page.screenshot({ path: join(screenshots, 'signed.png') });
	expect(sandbox.store.documents.get(documentId)?.status).toBe('completed');
	expect(problems).toEqual([]);
}, 60_000);

it('lets the signer decline', async () => {
	const { documentId, signingUrl } = await sentContract('john@example.com');
	const page = await browser.context.newPage();
	await page.goto(signingUrl);
	await page.click('#decline');
	await page.waitForSelector('#declined');
	expect(sandbox.store.documents.get(documentId)?.status).toBe('declined');
}, 60_000);
