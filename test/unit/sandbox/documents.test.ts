import { request } from 'undici';
import type { components } from '../../../nodes/InSigner/api/schema';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { readPdfText } from '../../sandbox/pdfText';
import { makePdf } from '../../sandbox/samplePdf';
import { call, readyDraft, statusOf } from './calling';

type Detail = components['schemas']['DocumentDetail'];

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 1000 });
});
beforeEach(() => sandbox.journal.clear());
afterAll(() => sandbox.stop());

const emailed = (): string[] =>
	sandbox.journal.emails.map((email) => `${email.kind} ${email.to.split('@')[0]}`);

async function urlsOf(id: string): Promise<(string | null | undefined)[]> {
	const { data } = await call<Detail>(sandbox, 'GET', `/documents/${id}`);
	return data.signers.map((signer) => signer.signingUrl);
}

async function send(id: string): Promise<number> {
	return (await call(sandbox, 'POST', `/documents/${id}/send`)).status;
}

describe('states', () => {
	it('goes from draft over pending to completed', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test']);
		expect(await send(id)).toBe(200);
		expect(await statusOf(sandbox, id)).toBe('pending');
		await sandbox.sign(id, 'ann@x.test');
		expect(await statusOf(sandbox, id)).toBe('completed');
	});

	it('refuses with 409 what the state does not allow', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test']);
		const status = async (
			method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
			path: string,
			body?: object,
		) => (await call(sandbox, method, `/documents/${id}${path}`, body)).status;
		expect(await status('POST', '/cancel')).toBe(409);
		expect(await status('POST', '/remind')).toBe(409);
		expect(await status('GET', '/download')).toBe(409);
		await send(id);
		expect(await send(id)).toBe(409);
		expect(await status('DELETE', '')).toBe(409);
		expect(await status('PATCH', '', { name: 'B' })).toBe(409);
		expect(await status('POST', '/signers', { name: 'B', email: 'b@x.test' })).toBe(409);
		expect(await status('POST', '/cancel')).toBe(200);
		expect(await status('DELETE', '')).toBe(200);
	});

	it('says with 422 what is missing for sending', async () => {
		const { data } = await call<Detail>(sandbox, 'POST', '/documents', { name: 'Empty' });
		const { status, problem } = await call(sandbox, 'POST', `/documents/${data.id}/send`);
		expect(status).toBe(422);
		expect(problem.errors?.map((error) => error.field)).toEqual(['file', 'signers']);
		const body = { name: 'A', email: 'a@x.test', order: 3 };
		await call(sandbox, 'POST', `/documents/${data.id}/signers`, body);
		const second = await call(sandbox, 'POST', `/documents/${data.id}/send`);
		expect(second.problem.errors?.map((error) => error.field)).toEqual(['file', 'fields']);
	});

	it('accepts 50 signers and no more', async () => {
		const addresses = Array.from({ length: 50 }, (_, index) => `p${index}@x.test`);
		const id = await readyDraft(sandbox, addresses);
		const body = { name: 'One more', email: 'more@x.test' };
		expect((await call(sandbox, 'POST', `/documents/${id}/signers`, body)).status).toBe(409);
	});

	it('expires when the clock says so', async () => {
		const expiresAt = new Date(sandbox.clock.now() + 3_600_000).toISOString();
		const id = await readyDraft(sandbox, ['ann@x.test'], { expiresAt });
		await send(id);
		await sandbox.clock.advance(3_600_000);
		expect(await statusOf(sandbox, id)).toBe('expired');
	});

	it('is pending although the email failed with 502', async () => {
		const id = await readyDraft(sandbox, ['ann@bounce.test']);
		expect(await send(id)).toBe(502);
		expect(await statusOf(sandbox, id)).toBe('pending');
	});
});

describe('turns', () => {
	it('emails one signer after the other in a sequential document', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test', 'bob@x.test']);
		await send(id);
		expect(emailed()).toEqual(['invitation ann']);
		const [first, second] = await urlsOf(id);
		expect(first).toContain(`${sandbox.webUrl}/sign/`);
		expect(second).toBeNull();
		await expect(sandbox.sign(id, 'bob@x.test')).rejects.toThrow('not the turn');
		await sandbox.sign(id, 'ann@x.test');
		expect(emailed()).toEqual(['invitation ann', 'invitation bob']);
		expect((await request(String(first))).statusCode).toBe(409);
		await sandbox.sign(id, 'bob@x.test');
		expect(emailed().slice(2)).toEqual(['completed ann', 'completed bob']);
	});

	it('emails all at once in a parallel one', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test', 'bob@x.test'], { signingType: 'parallel' });
		await send(id);
		expect(emailed()).toEqual(['invitation ann', 'invitation bob']);
		await sandbox.sign(id, 'bob@x.test');
		await sandbox.sign(id, 'ann@x.test');
		expect(await statusOf(sandbox, id)).toBe('completed');
	});

	it('puts approvers first and gives viewers a copy', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test'], { signingType: 'parallel' });
		for (const role of ['approver', 'viewer']) {
			const body = { name: role, email: `${role}@x.test`, role, order: 5 };
			await call(sandbox, 'POST', `/documents/${id}/signers`, body);
		}
		await send(id);
		expect(emailed()).toEqual(['invitation approver']);
		const approverUrl = (await urlsOf(id)).find((url) => typeof url === 'string');
		expect(await (await request(String(approverUrl))).body.text()).toContain('>Approve</button>');
		await sandbox.sign(id, 'approver@x.test');
		await sandbox.sign(id, 'ann@x.test');
		expect(emailed().slice(1)).toEqual([
			'invitation ann',
			'completed ann',
			'completed approver',
			'copy viewer',
		]);
	});

	it('ends for everyone when one declines', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test', 'bob@x.test'], { signingType: 'parallel' });
		await send(id);
		await sandbox.decline(id, 'bob@x.test');
		expect(await statusOf(sandbox, id)).toBe('declined');
		await expect(sandbox.sign(id, 'ann@x.test')).rejects.toThrow('not the turn');
	});

	it('reminds only those whose turn it is', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test', 'bob@x.test']);
		await send(id);
		await call(sandbox, 'POST', `/documents/${id}/remind`);
		expect(emailed()).toEqual(['invitation ann', 'reminder ann']);
		const signers = sandbox.store.documents.get(id)?.signers;
		const body = { signerId: signers?.[1]?.id };
		expect((await call(sandbox, 'POST', `/documents/${id}/remind`, body)).status).toBe(409);
	});
});

describe('files', () => {
	const pdf = Buffer.from('%PDF-1.7 a file of my own');

	async function uploadUrl(id: string, fileSize = pdf.length): Promise<string> {
		const body = { filename: 'a.pdf', contentType: 'application/pdf', fileSize };
		const path = `/documents/${id}/upload`;
		return (await call<{ uploadUrl: string }>(sandbox, 'POST', path, body)).data.uploadUrl;
	}

	async function put(url: string, headers: Record<string, string> = {}): Promise<number> {
		const response = await request(url, {
			method: 'PUT',
			body: pdf,
			headers: { 'content-type': 'application/pdf', ...headers },
		});
		await response.body.dump();
		return response.statusCode;
	}

	async function draft(): Promise<string> {
		return (await call<Detail>(sandbox, 'POST', '/documents', { name: 'A' })).data.id;
	}

	it('accepts the bytes on another origin', async () => {
		const id = await draft();
		const url = await uploadUrl(id);
		expect(new URL(url).origin).toBe(sandbox.storageUrl);
		expect(await put(url)).toBe(200);
		const { data } = await call<Detail>(sandbox, 'GET', `/documents/${id}`);
		expect(data.fileSize).toBe(pdf.length);
		expect(sandbox.journal.requests.some((entry) => entry.origin === 'storage')).toBe(true);
	});

	it('refuses an Authorization header there and marks it in the journal', async () => {
		const url = await uploadUrl(await draft());
		expect(await put(url, { authorization: `Bearer ${sandbox.apiKey}` })).toBe(400);
		expect(sandbox.journal.requests.at(-1)?.authorizationOnStorage).toBe(true);
	});

	it('refuses what was not declared, and a URL that is too old', async () => {
		const id = await draft();
		expect(await put(await uploadUrl(id), { 'content-type': 'image/png' })).toBe(403);
		expect(await put(await uploadUrl(id, 3))).toBe(403);
		expect(await put(`${await uploadUrl(id)}x`)).toBe(403);
		const url = await uploadUrl(id);
		await sandbox.clock.advance(16 * 60_000);
		expect(await put(url)).toBe(403);
	});

	it('returns the signed PDF with the signature at its place and a certificate', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test']);
		const document = sandbox.store.documents.get(id);
		if (document) document.pdf = await makePdf('Loan', ['Text of the loan']);
		await send(id);
		await sandbox.sign(id, 'ann@x.test');
		const { data } = await call<{ downloadUrl: string }>(
			sandbox,
			'GET',
			`/documents/${id}/download`,
		);
		expect(new URL(data.downloadUrl).origin).toBe(sandbox.storageUrl);
		const response = await request(data.downloadUrl);
		expect(response.headers['content-type']).toBe('application/pdf');
		const [page, certificate] = await readPdfText(
			new Uint8Array(await response.body.arrayBuffer()),
		);
		const mark = page?.find((item) => item.text === 'Signed by Person 0');
		// The field is at x 100, y 100 from the top, 60 high, on a page of 792 points.
		expect(mark?.x).toBeGreaterThan(100);
		expect(mark?.y).toBeGreaterThan(792 - 160);
		expect(mark?.y).toBeLessThan(792 - 100);
		const words = certificate?.map((item) => item.text).join('\n');
		for (const part of ['Signature certificate', id, 'Person 0', 'ann@x.test']) {
			expect(words).toContain(part);
		}
	});

	it.each(['downloadByRedirect', 'downloadAsBytes'] as const)('%s', async (form) => {
		const other = await startSandbox({ forms: [form] });
		try {
			const [document] = other.store.seedDocuments(1, { status: 'completed' });
			const url = `${other.apiUrl}/documents/${document?.id}/download`;
			const response = await request(url, { headers: { authorization: `Bearer ${other.apiKey}` } });
			const bytes = Buffer.from(await response.body.arrayBuffer());
			if (form === 'downloadAsBytes') expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
			else expect(response.headers.location).toContain(other.storageUrl);
			expect(response.statusCode).toBe(form === 'downloadAsBytes' ? 200 : 302);
		} finally {
			await other.stop();
		}
	});

	it('completes a document whose file cannot be read or whose signer has non-western letters', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test']);
		const document = sandbox.store.documents.get(id);
		if (document?.signers[0]) document.signers[0].name = 'Łukasz 李';
		await send(id);
		await sandbox.sign(id, 'ann@x.test');
		if (document) document.pdf = pdf;
		expect((await call(sandbox, 'GET', `/documents/${id}/download`)).status).toBe(200);
	});
});

describe('templates', () => {
	it('creates a draft with fields, PDF and signers', async () => {
		const nda = sandbox.store.templates.all().find((one) => one.name === 'Standard NDA');
		const signers = ['a', 'b'].map((name) => ({ name, email: `${name}@x.test` }));
		const path = `/templates/${nda?.id}/use`;
		const { data } = await call<Detail>(sandbox, 'POST', path, { signers });
		const detail = await call<Detail>(sandbox, 'GET', `/documents/${data.id}`);
		expect(detail.data).toMatchObject({ status: 'draft', templateId: nda?.id });
		expect(detail.data.signers.map((signer) => signer.order)).toEqual([0, 1]);
		expect(detail.data.fields).toHaveLength(6);
		expect(await send(data.id)).toBe(200);
		expect((await call(sandbox, 'POST', path, { signers: [] })).status).toBe(422);
	});

	it('can leave the signers to the caller', async () => {
		const other = await startSandbox({ forms: ['useIgnoresSigners'], templates: 30 });
		try {
			const list = await call<{ id: string }[]>(other, 'GET', '/templates?limit=100');
			expect(list.meta.count).toBe(32);
			const path = `/templates/${list.data[0]?.id}/use`;
			const { data } = await call<Detail>(other, 'POST', path, { name: 'Mine' });
			expect(other.store.documents.get(data.id)?.signers).toEqual([]);
		} finally {
			await other.stop();
		}
	});
});

describe('signing page', () => {
	it('shows name, message, the fields of this person and the file, and works by forms', async () => {
		const id = await readyDraft(sandbox, ['ann@x.test', 'bob@x.test'], {
			name: 'A & <B>',
			message: 'Please',
		});
		await send(id);
		const [url] = await urlsOf(id);
		const page = await (await request(String(url))).body.text();
		expect(page).toContain('A &amp; &lt;B&gt;');
		expect(page).toContain('Please');
		expect(page).toContain('<button id="sign" type="submit">Sign</button>');
		expect(page).toContain('<button id="decline" type="submit">Decline</button>');
		expect(page.match(/"page":1/g)).toHaveLength(1);
		expect(page).not.toMatch(/https?:\/\//);
		const file = await request(`${String(url)}/document.pdf`);
		expect(file.headers['content-type']).toBe('application/pdf');
		const script = await request(`${sandbox.webUrl}/sign/pdfjs/build/pdf.min.mjs`);
		expect(script.headers['content-type']).toContain('javascript');
		const signed = await request(`${String(url)}/sign`, { method: 'POST' });
		expect(await signed.body.text()).toContain('id="signed"');
	});
});
