import type { INodeParameters } from 'n8n-workflow';

import { startBench, byId, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const ann = { name: "Ann O'Brien", email: 'ann@example.com', role: 'signer', phone: '' };
const bob = { name: 'Bob Zoë', email: 'bob@example.com', role: 'signer', phone: '+15551234567' };

const signature = { type: 'signature', position: 'coordinates' };

const contract = (change: INodeParameters = {}): INodeParameters => ({
	name: '={{ $json.title }}',
	binaryPropertyName: 'data',
	signers: { signer: [ann, bob] },
	fields: {
		field: [
			{ ...signature, signer: '1', page: 1, x: 72, y: 600, width: 180, height: 50 },
			{ ...signature, signer: '2', page: 1, x: 320, y: 600, width: 180, height: 50 },
		],
	},
	options: {},
	...change,
});

/** Method and path of every request, ids replaced. */
const requests = () =>
	bench.sandbox.journal.requests.map(
		({ origin, method, operationId, path }) => operationId ?? `${origin} ${method} ${path}`,
	);

const invitations = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

const template = (name: string) => {
	const found = bench.sandbox.store.templates.all().find((candidate) => candidate.name === name);
	if (!found) throw new Error(`The sandbox has no template "${name}"`);
	return found;
};

describe('Document: Create and Send', () => {
	it('turns a PDF into a sent contract with no request too many', async () => {
		const { items, error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Sales Agreement')],
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect(items[0]?.json).toMatchObject({ name: 'Sales Agreement', status: 'pending' });
		expect(requests().map((name) => (name.startsWith('storage PUT') ? 'put' : name))).toEqual([
			'createDocument',
			'requestUpload',
			'put',
			'addSigner',
			'addSigner',
			'addField',
			'addField',
			'getDocument',
			'sendDocument',
			'getDocument',
		]);
		// Sequential: the second signer is mailed when the first has signed.
		expect(invitations()).toEqual([ann.email]);
	});

	it('sends exactly the bytes and never the key to the storage', async () => {
		await bench.act('document', 'createAndSend', contract(), { items: [await bench.pdfItem()] });
		const put = bench.sandbox.journal.requests.find(({ origin }) => origin === 'storage');
		expect(put?.headers).toMatchObject({ 'content-type': 'application/pdf' });
		expect(put?.headers['content-length']).toBe(String(put?.body as number));
		expect(put?.authorizationOnStorage).toBeUndefined();
	});

	it('gives signing links only where they were asked for', async () => {
		const without = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(JSON.stringify(without.items)).not.toContain('/sign/');
		const including = await bench.act(
			'document',
			'createAndSend',
			contract({ options: { includeSigningLinks: true, signingType: 'parallel' } }),
			{ items: [await bench.pdfItem()] },
		);
		expect(JSON.stringify(including.items).match(/\/sign\//g)).toHaveLength(2);
	});

	it('handles every item, and with Continue On Fail names the one that did not work', async () => {
		const items = [
			await bench.pdfItem('First'),
			{ json: { title: 'No file' } },
			await bench.pdfItem('Third'),
		];
		const { items: output } = await bench.act('document', 'createAndSend', contract(), {
			items,
			node: { onError: 'continueRegularOutput' },
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output.map(({ json }) => json.status ?? 'not sent')).toEqual([
			'pending',
			'not sent',
			'pending',
		]);
		expect(output[1]?.json.error).toMatch(/binary/i);
	});

	it('deletes the draft when a step does not work, and says which', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'addField' },
			nth: 2,
			fault: { status: 422, body: { title: 'Not like that', status: 422 } },
		});
		const before = bench.sandbox.store.documents.size;
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Half')],
		});
		expect(error?.message).toBe(
			'"Half" was not sent, could not add field 2 (signature): Not like that',
		);
		expect(error?.description).toMatch(/The draft \S+ was deleted\./);
		expect(bench.sandbox.store.documents.size).toBe(before);
		expect(invitations()).toEqual([]);
	});

	it('keeps the draft where the option says so', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'sendDocument' }, fault: { status: 409 } });
		const { error } = await bench.act(
			'document',
			'createAndSend',
			contract({ options: { ifNotSent: 'keepDraft' } }),
			{ items: [await bench.pdfItem('Kept')] },
		);
		const id = /The draft was kept: (\S+)\./.exec(String(error?.description))?.[1] ?? '';
		expect(bench.sandbox.store.documents.get(id)?.status).toBe('draft');
	});

	it('says the truth when the draft cannot be deleted', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'addSigner' }, fault: { status: 409 } });
		bench.sandbox.faults.add({ match: { operationId: 'deleteDocument' }, fault: { status: 405 } });
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error?.description).toMatch(/could not be deleted .* and may still be there/);
	});

	it('does not send twice when the answer to Send gets lost', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { drop: true },
		});
		const { items, error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('pending');
		expect(invitations()).toEqual([ann.email]);
		expect(requests().filter((name) => name === 'sendDocument')).toHaveLength(1);
	});

	it('leaves a document alone that may have been sent and cannot be deleted', async () => {
		const time = passTime(bench.sandbox);
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { drop: true },
		});
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			nth: 2,
			times: 99,
			fault: { status: 404, body: { title: 'Not Found', status: 404 } },
		});
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Unclear')],
		});
		time.restore();
		expect(error?.message).toMatch(
			/^"Unclear" may or may not have been sent: .*Do not send it again; look at document \S+ in inSigner first$/,
		);
		expect(error?.description).toMatch(/could not be deleted .* and may still be there\./);
		expect(invitations()).toHaveLength(1);
	});

	it('asks for a fresh upload URL once when the first has expired', async () => {
		bench.sandbox.faults.add({ match: { origin: 'storage' }, times: 1, fault: { status: 403 } });
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error).toBeUndefined();
		expect(requests().filter((name) => name === 'requestUpload')).toHaveLength(2);
	});

	it.each<[string, INodeParameters, RegExp]>([
		['a name of 201 characters', { name: 'x'.repeat(201) }, /Document Name has 201 characters/],
		[
			'a date in the past',
			{ options: { expiresAt: '2020-01-01T00:00:00' } },
			/Expires At must be in the future/,
		],
		[
			'no date at all',
			{ options: { expiresAt: 'soon' } },
			/^Expires At must be a date, .* but is "soon"$/,
		],
		['a year', { options: { expiresAt: '2031' } }, /^Expires At must be a date, .* is "2031"$/],
		[
			'another file than the item has',
			{ binaryPropertyName: 'pdf' },
			/^Input Binary Field is "pdf", but this item has files only in "data"$/,
		],
		['no file', { binaryPropertyName: '={{ "" }}' }, /^Input Binary Field is empty$/],
		[
			'what to do with the draft in other words',
			{ options: { ifNotSent: 'keep' } },
			/^If It Can't Be Sent must be one of deleteDraft, keepDraft, but is "keep"$/,
		],
		['nobody to sign', { signers: { signer: [] } }, /Signers is empty/],
		[
			'a bad address',
			{ signers: { signer: [{ ...ann, email: 'ann@' }] } },
			/"ann@" isn't a valid email address/,
		],
		[
			'a field for nobody',
			{ fields: { field: [{ ...signature, signer: '3' }] } },
			/Field 1: Signer is 3, but there are 2 signers/,
		],
		[
			'a signer without a field',
			{ fields: { field: [{ ...signature, signer: '1' }] } },
			/Fields has none for signer 2 \(bob@example.com\)/,
		],
	])('refuses %s before anything is sent', async (_, change, expected) => {
		const { error } = await bench.act('document', 'createAndSend', contract(change), {
			items: [await bench.pdfItem()],
		});
		expect(error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it.each<[string, Buffer, RegExp]>([
		['an empty file', Buffer.alloc(0), /The file in "data" is empty/],
		['a file that is no PDF', Buffer.from('<html>This is a page'), /is not a PDF/],
		['a file shorter than the mark', Buffer.from('%PD'), /is not a PDF/],
	])('refuses %s before anything is sent', async (_, bytes, expected) => {
		const data = await bench.engine.binary.put(bytes, 'a.pdf', 'application/pdf');
		const { error } = await bench.act('document', 'createAndSend', contract({ name: 'x' }), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});
});

describe('a contract built step by step', () => {
	it('is created, filled, sent, signed and downloaded', async () => {
		const created = await bench.act('document', 'create', {
			name: 'Step by step',
			options: {
				signingType: 'parallel',
				message: 'Please sign',
				expiresAt: '2030-01-01T12:00:00',
			},
		});
		const documentId = String(created.items[0]?.json.id);
		const stored = () => bench.sandbox.store.documents.get(documentId);
		expect(stored()).toMatchObject({ status: 'draft', message: 'Please sign' });

		const uploaded = await bench.act(
			'document',
			'uploadFile',
			{ documentId: byId(documentId), binaryPropertyName: 'data' },
			{ items: [await bench.pdfItem()] },
		);
		expect(uploaded.error).toBeUndefined();
		expect(uploaded.items[0]?.json.fileSize).toBe(stored()?.pdf?.length);

		for (const [index, signer] of [ann, bob].entries()) {
			const { error } = await bench.act('signer', 'add', {
				documentId: byId(documentId),
				...signer,
				order: index + 1,
			});
			expect(error).toBeUndefined();
			const field = await bench.act('field', 'add', {
				documentId: byId(documentId),
				type: 'signature',
				signer: index === 0 ? '1' : bob.email,
				position: 'coordinates',
				page: 1,
				x: 72 + 220 * index,
				y: 600,
				width: 180,
				height: 50,
				label: '',
				required: true,
				readOnly: false,
				placeholder: '',
				defaultValue: '',
			});
			expect(field.error).toBeUndefined();
			expect(field.items[0]?.json).toMatchObject({ assignedTo: index, required: true });
		}
		const signers = await bench.act('signer', 'getMany', {
			documentId: byId(documentId),
			returnAll: true,
		});
		expect(signers.items.map(({ json }) => json.name)).toEqual([ann.name, bob.name]);
		const fields = await bench.act('field', 'getMany', {
			documentId: byId(documentId),
			returnAll: false,
			limit: 1,
		});
		expect(fields.items).toHaveLength(1);

		const early = await bench.act('document', 'download', {
			documentId: byId(documentId),
			outputBinaryField: 'pdf',
			options: {},
		});
		expect(early.error?.message).toMatch(
			/is draft; there is a signed PDF only once it is completed/,
		);

		const sent = await bench.act('document', 'send', { documentId: byId(documentId), options: {} });
		expect(sent.items[0]?.json.status).toBe('pending');
		expect(invitations().sort()).toEqual([ann.email, bob.email]);
		await bench.sandbox.sign(documentId, ann.email);
		await bench.sandbox.sign(documentId, bob.email);

		const downloaded = await bench.act('document', 'download', {
			documentId: byId(documentId),
			outputBinaryField: 'pdf',
			options: {},
		});
		expect(downloaded.error).toBeUndefined();
		const [item] = downloaded.items;
		expect(item?.json).toMatchObject({ id: documentId, status: 'completed' });
		const pdf = item?.binary?.pdf;
		expect(pdf).toMatchObject({ fileName: 'Step by step.pdf', mimeType: 'application/pdf' });
		expect(pdf?.id).toMatch(/^filesystem/);
		const bytes = pdf && (await bench.engine.binary.read(pdf));
		expect(bytes?.subarray(0, 5).toString()).toBe('%PDF-');
		expect(JSON.stringify(item?.json)).not.toMatch(/JVBERi|\/sign\//);
	});

	it('is read with Get', async () => {
		const sent = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('To read')],
		});
		const id = String(sent.items[0]?.json.id);
		const plain = await bench.act('document', 'get', { documentId: byId(id), options: {} });
		expect(plain.items[0]?.json).toMatchObject({ name: 'To read', signers: [{}, {}] });
		expect(JSON.stringify(plain.items)).not.toContain('/sign/');
		const linked = await bench.act('document', 'get', {
			documentId: byId(id),
			options: { includeSigningLinks: true },
		});
		expect(JSON.stringify(linked.items)).toContain('/sign/');
	});
});

describe('lists', () => {
	beforeAll(async () => {
		for (let n = 0; n < 7; n++) {
			await bench.act('document', 'create', { name: `Paged ${n}`, options: {} });
		}
	});

	it('takes no more than the limit and asks for no more', async () => {
		const { items } = await bench.act('document', 'getMany', {
			returnAll: false,
			limit: 5,
			filters: { search: 'paged', status: 'draft' },
		});
		expect(items.map(({ json }) => json.name)).toEqual([6, 5, 4, 3, 2].map((n) => `Paged ${n}`));
		expect(bench.sandbox.journal.requests.map(({ query }) => query.limit)).toEqual(['5']);
	});

	it('returns all', async () => {
		const { items } = await bench.act('document', 'getMany', {
			returnAll: true,
			filters: { search: 'PAGED' },
		});
		expect(items).toHaveLength(7);
	});

	it('stops when the service repeats a cursor', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'listDocuments' },
			fault: {
				status: 200,
				contentType: 'application/json',
				body: { data: [{ id: 'cm1' }], meta: { count: 1, hasMore: true, nextCursor: 'again' } },
			},
		});
		const { error } = await bench.act('document', 'getMany', { returnAll: true, filters: {} });
		expect(error?.message).toMatch(/returned the same page twice/);
		expect(requests()).toHaveLength(2);
	});

	it('fills the pickers, searchable and paged', async () => {
		const options = { parameters: {}, credentials: bench.credentials };
		const type = 'n8n-nodes-insigner.inSigner';
		const documents = await bench.engine.listSearch(type, 'searchDocuments', {
			...options,
			filter: 'Paged 3',
		});
		expect(documents.results).toEqual([
			{ name: 'Paged 3 (draft)', value: expect.any(String) as string },
		]);
		const templates = await bench.engine.listSearch(type, 'searchTemplates', options);
		expect(templates.results.map(({ name }) => name)).toContain('Standard NDA');
		const bulkSends = await bench.engine.listSearch(type, 'searchBulkSends', {
			...options,
			filter: 'nothing like it',
		});
		expect(bulkSends.results).toEqual([]);
	});
});

describe('Template', () => {
	it('is listed and read', async () => {
		const listed = await bench.act('template', 'getMany', {
			returnAll: true,
			filters: { search: 'nda' },
		});
		expect(listed.items.map(({ json }) => json.name)).toEqual(['Standard NDA']);
		const { id } = template('Standard NDA');
		const read = await bench.act('template', 'get', { templateId: byId(id) });
		expect(read.items[0]?.json).toMatchObject({
			signers: [{ label: 'Party A' }, { label: 'Party B' }],
		});
	});

	it('becomes a draft, and is sent where that is wanted', async () => {
		const parameters = {
			templateId: byId(template('Standard NDA').id),
			name: 'NDA Acme',
			specifySigners: 'json',
			signersJson: [ann, bob],
			options: {},
		};
		const draft = await bench.act('template', 'createDocument', { ...parameters, send: false });
		expect(draft.error).toBeUndefined();
		expect(draft.items[0]?.json).toMatchObject({ name: 'NDA Acme', status: 'draft' });
		expect(invitations()).toEqual([]);

		const sent = await bench.act('template', 'createDocument', { ...parameters, send: true });
		expect(sent.items[0]?.json.status).toBe('pending');
		expect(invitations()).toEqual([ann.email]);
	});

	it('needs a person for each slot, and says which slots there are', async () => {
		const { error } = await bench.act('template', 'createDocument', {
			templateId: byId(template('Standard NDA').id),
			name: '',
			specifySigners: 'json',
			signersJson: [ann],
			send: true,
			options: {},
		});
		expect(error?.message).toMatch(/has 1 person, but the template has 2 slots: Party A, Party B/);
		expect(requests()).toEqual(['getTemplate']);
	});
});

describe('Bulk Send', () => {
	const people = Array.from({ length: 20 }, (_, n) => ({
		json: {
			name: `Person ${n}`,
			email: `p${n}@example.com`,
			phone: n === 0 ? 15550000000 : undefined,
		},
	}));
	const parameters = (change: INodeParameters = {}): INodeParameters => ({
		templateId: byId(template('Employment Contract').id),
		name: 'Q3',
		recipientsFrom: 'items',
		recipientName: '={{ $json.name }}',
		recipientEmail: '={{ $json.email }}',
		recipientPhone: '={{ $json.phone }}',
		options: { emailMessage: 'Please sign' },
		...change,
	});
	const fiveMinutesLater = async () => await bench.sandbox.clock.advance(301_000);

	it('mails every input item once, in one bulk send', async () => {
		const { items, error } = await bench.act('bulkSend', 'create', parameters(), { items: people });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ name: 'Q3', totalCount: 20, sentCount: 20 });
		expect(items[0]?.pairedItem).toHaveLength(20);
		expect(invitations().sort()).toEqual(people.map(({ json }) => json.email).sort());
	});

	it('takes a list too, and is read and listed', async () => {
		await fiveMinutesLater();
		const created = await bench.act(
			'bulkSend',
			'create',
			parameters({ recipientsFrom: 'list', name: 'Listed', recipients: { recipient: [ann, bob] } }),
		);
		expect(created.error).toBeUndefined();
		const id = String(created.items[0]?.json.id);
		const read = await bench.act('bulkSend', 'get', { bulkSendId: byId(id) });
		expect(read.items[0]?.json).toMatchObject({ id, totalCount: 2 });
		const listed = await bench.act('bulkSend', 'getMany', {
			returnAll: false,
			limit: 1,
			filters: { status: 'completed' },
		});
		expect(listed.items.map(({ json }) => json.id)).toEqual([id]);
	});

	it('names every bad row before anything is sent', async () => {
		const { error } = await bench.act('bulkSend', 'create', parameters(), {
			items: [...people, { json: { name: '', email: 'P1@example.com', phone: undefined } }],
		});
		expect(error?.message).toBe('"Q3" was not sent: Row 21: Name is empty');
		expect(error?.description).toMatch(/is already used in row 2/);
		expect(requests()).toEqual([]);
	});

	it('is found in the list, not repeated, when the answer gets lost', async () => {
		await fiveMinutesLater();
		bench.sandbox.faults.add({
			match: { operationId: 'createBulkSend' },
			when: 'after',
			fault: { drop: true },
		});
		const { items, error } = await bench.act('bulkSend', 'create', parameters({ name: 'Lost' }), {
			items: people,
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ name: 'Lost', totalCount: 20, sentCount: 20 });
		expect(requests().filter((name) => name === 'createBulkSend')).toHaveLength(1);
		expect(invitations()).toHaveLength(20);
	});
});

describe('errors', () => {
	it('keeps the words of inSigner, the hint and the request id', async () => {
		const { error } = await bench.act('document', 'get', { documentId: byId('none'), options: {} });
		expect(error?.name).toBe('NodeApiError');
		expect(error).toMatchObject({ httpCode: '404', context: { itemIndex: 0 } });
		expect(error?.description).toMatch(
			/belongs to another organization.*\ninSigner request ID: req_/s,
		);
	});

	it('keeps a message in which n8n would see an error code', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			fault: { status: 404, body: { detail: 'TemplateNotFound: EACCES', status: 404 } },
		});
		const { error } = await bench.act('document', 'get', { documentId: byId('x'), options: {} });
		expect(error?.message).toBe('TemplateNotFound: EACCES');
	});

	it('names the scope a key lacks', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['templates.read'] });
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } } },
		);
		expect(error?.description).toMatch(/missing the permission documents\.create/);
	});

	it.each([
		['a page of a proxy', { status: 200, contentType: 'text/html', body: '<html>Login</html>' }],
		['half a body', { status: 200, contentType: 'application/json', body: '{"data":{"id":' }],
		['a redirect', { status: 302, headers: { location: 'https://evil.example/' }, body: '' }],
	])('does not take %s for success', async (_, fault) => {
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, fault });
		const { error } = await bench.act('document', 'get', { documentId: byId('x'), options: {} });
		expect(error?.message).toMatch(/is not one of inSigner's API/);
	});

	it('repeats a read that hit a fault, and says it when that did not help', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'listTemplates' },
			times: 2,
			fault: { drop: true },
		});
		const read = await bench.act('template', 'getMany', { returnAll: true, filters: {} });
		expect(read.error).toBeUndefined();
		expect(requests()).toHaveLength(3);

		bench.sandbox.faults.add({ match: { operationId: 'listTemplates' }, fault: { status: 500 } });
		const failed = await bench.act('template', 'getMany', { returnAll: true, filters: {} });
		expect(failed.error).toMatchObject({ httpCode: '500' });
		expect(requests()).toHaveLength(3 + 4);
	}, 20_000);

	it('waits as long as a 429 says, then goes on', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createDocument' },
			times: 1,
			fault: { status: 429, headers: { 'retry-after': '1', 'ratelimit-remaining': '0' } },
		});
		const startedAt = Date.now();
		const { error } = await bench.act('document', 'create', { name: 'Patient', options: {} });
		expect(error).toBeUndefined();
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1000);
		expect(requests()).toEqual(['createDocument', 'createDocument']);
	});

	it('says that nothing was sent when inSigner cannot be reached', async () => {
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{
				credentials: {
					inSignerApi: { ...bench.credentials.inSignerApi, baseUrl: 'http://127.0.0.1:9/api/v1' },
				},
			},
		);
		expect(error?.message).toBe('inSigner could not be reached at 127.0.0.1:9');
		expect(error?.description).toMatch(/Nothing was sent/);
	}, 20_000);
});

describe('the key', () => {
	it('is refused kindly when it has not the form of one, and never repeated', async () => {
		const { error } = await bench.act(
			'document',
			'create',
			{ name: 'x', options: {} },
			{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey: 'sk_live_123' } } },
		);
		expect(error?.message).toMatch(/starts with "isk_"/);
		expect(JSON.stringify(error)).not.toContain('sk_live_123');
	});

	it('is in no output, error or log of all these tests', async () => {
		const { error } = await bench.act('document', 'get', { documentId: byId('none'), options: {} });
		expect(JSON.stringify(error)).not.toContain(bench.sandbox.apiKey);
		expect(bench.engine.logText()).not.toContain(bench.sandbox.apiKey);
	});
});

describe('a cancelled execution', () => {
	const cancelWhile = async (operationId: string, when: 'before' | 'after', title: string) => {
		const execution = new AbortController();
		bench.sandbox.faults.add({ match: { operationId }, when, fault: { hangMs: 300 } });
		const run = bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem(title)],
			signal: execution.signal,
		});
		await until(() => requests().includes(operationId));
		if (when === 'after') await until(() => invitations().length > 0);
		execution.abort();
		return await run;
	};

	it('leaves no draft behind', async () => {
		const documents = bench.sandbox.store.documents.size;
		const { status } = await cancelWhile('addSigner', 'before', 'Cancelled');
		expect(status).toBe('canceled');
		await until(() => /"Cancelled" was not sent.*was deleted/.test(bench.engine.logText()));
		expect(bench.sandbox.store.documents.size).toBe(documents);
		expect(invitations()).toEqual([]);
	}, 20_000);

	it.each([
		['is on its way out', 'before'],
		['has just gone out', 'after'],
	] as const)(
		'does not delete a contract that %s',
		async (_, when) => {
			await cancelWhile('sendDocument', when, `Cancelled ${when}`);
			await until(() => requests().filter((name) => name === 'getDocument').length >= 2);
			await until(() => invitations().length > 0);
			await new Promise((resolve) => setTimeout(resolve, 3_000));
			expect(requests()).not.toContain('deleteDocument');
			expect(invitations()).toEqual([ann.email]);
		},
		20_000,
	);
});

async function until(condition: () => boolean): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		if (condition()) return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	throw new Error('It did not happen within 5 seconds');
}
