import type { INodeParameters } from 'n8n-workflow';

import type { StoredDocument } from '../sandbox/store';
import { byId, startBench, type Bench } from './insigner';
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

const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);
const emailed = (kind: string) =>
	bench.sandbox.journal.emails.filter((email) => email.kind === kind).map(({ to }) => to);
const reminders = () => emailed('reminder');
const invitations = () => emailed('invitation');

/** A document that was sent to Ann and Bob. */
const sent = async (signingType: 'sequential' | 'parallel' = 'parallel') => {
	const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
	const people = ['Ann', 'Bob'].map((name) => ({ name, email: `${name}@example.com`, phone: '' }));
	const { items, error } = await bench.act('template', 'createDocument', {
		templateId: byId(template?.id ?? ''),
		name: 'Contract',
		specifySigners: 'json',
		signersJson: people,
		afterCreating: 'send',
		options: { signingType },
	});
	expect(error).toBeUndefined();
	const document = bench.sandbox.store.documents.get(String(items[0]?.json.id)) as StoredDocument;
	bench.sandbox.journal.clear();
	return { document, id: document.id, ann: document.signers[0], bob: document.signers[1] };
};
const draft = () => bench.sandbox.store.seedDocuments(1)[0]?.id ?? '';

describe('Document: Get Signing Links', () => {
	const get = async (documentId: string, options: INodeParameters = {}) =>
		await bench.act('document', 'getSigningLinks', { documentId: byId(documentId), options });

	it('gives the link of each person who still has to sign', async () => {
		const { id } = await sent();
		const all = await get(id);
		expect(all.error).toBeUndefined();
		expect(all.items.map(({ json, pairedItem }) => ({ ...json, pairedItem }))).toMatchObject(
			['Ann', 'Bob'].map((name) => ({
				name,
				documentId: id,
				signingUrl: expect.stringContaining('/sign/') as string,
				pairedItem: { item: 0 },
			})),
		);
		await bench.sandbox.sign(id, 'Ann@example.com');
		expect((await get(id)).items.map(({ json }) => json.name)).toEqual(['Bob']);
	});

	it('leaves out those whose turn it is not, or gives them null', async () => {
		const { id } = await sent('sequential');
		expect((await get(id)).items.map(({ json }) => json.name)).toEqual(['Ann']);
		const { items } = await get(id, { includeWithoutLink: true });
		expect(items.map(({ json }) => [json.name, json.signingUrl === null])).toEqual([
			['Ann', false],
			['Bob', true],
		]);
	});

	it('gives the link of one signer, and says why there is none', async () => {
		const { id } = await sent('sequential');
		const ann = await get(id, { signerEmail: ' ann@EXAMPLE.com' });
		expect(ann.items.map(({ json }) => json.name)).toEqual(['Ann']);
		const bob = await get(id, { signerEmail: 'bob@example.com' });
		expect(bob.error?.message).toMatch(/no signing link for bob@example.com now/);
		expect(bob.error?.description).toMatch(/Bob@example.com pending\..*signer's turn/);
		const carl = await get(id, { signerEmail: 'carl@example.com' });
		expect(carl.error?.message).toMatch(/has no signer with the address carl@example.com/);
		expect(carl.error?.description).toMatch(/Ann@example.com, Bob@example.com/);
	});

	it('does not give the links of everyone when an expression gives no address', async () => {
		const { id } = await sent();
		for (const noOne of ['={{ $json.missing }}', '={{ "" }}', ' ']) {
			const { items, error } = await get(id, { signerEmail: noOne });
			expect(items).toEqual([]);
			expect(error?.message).toMatch(/^Signer Email(: the expression gives nothing.*| is empty)$/);
		}
		const plain = await get(id, { includeWithoutLink: 'false' });
		expect(plain.items).toHaveLength(2);
	});

	it('gives them if the status is unknown', async () => {
		const { id } = await sent();
		bench.sandbox.forms.statusesNobodyKnows = true;
		const { items, error } = await get(id);
		bench.sandbox.forms.statusesNobodyKnows = false;
		expect(error).toBeUndefined();
		expect(items).toHaveLength(2);
	});

	it('says that a draft has none, and that there is no such document', async () => {
		expect((await get(draft())).error?.message).toMatch(/is draft/);
		expect((await get('none')).error).toMatchObject({ httpCode: '404' });
		expect((await get('={{ "" }}')).error?.message).toBe(
			'Document: the expression gives nothing for this item',
		);
	});
});

describe('Document: Upload File', () => {
	it('sends the headers that the service names with the upload URL, and never one that is not up to the service', async () => {
		const { apiUrl, apiKey, faults, journal } = bench.sandbox;
		const id = draft();
		const item = await bench.pdfItem();
		const granted = await fetch(`${apiUrl}/documents/${id}/upload`, {
			method: 'POST',
			headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify({
				filename: 'a.pdf',
				contentType: 'application/pdf',
				fileSize: Number(item.binary?.data?.bytes),
			}),
		});
		const { data } = (await granted.json()) as { data: object };
		const headers = {
			'x-amz-server-side-encryption': 'AES256',
			Authorization: 'Bearer other',
			Cookie: 'a=b',
			Host: 'elsewhere.example',
			'content-type': 'text/html',
			'Content-Length': '1',
			'not a name': 'x',
			'x-lines': 'a\r\nx-more: b',
			'x-number': 5,
		};
		faults.add({
			match: { operationId: 'requestUpload' },
			fault: { status: 200, contentType: 'application/json', body: { data: { ...data, headers } } },
		});
		bench.sandbox.forms.uploadNeedsHeaders = true;
		const { error } = await bench.act(
			'document',
			'uploadFile',
			{ documentId: byId(id), binaryPropertyName: 'data' },
			{ items: [item] },
		);
		bench.sandbox.forms.uploadNeedsHeaders = false;
		expect(error).toBeUndefined();
		expect(journal.requests.some((one) => one.authorizationOnStorage)).toBe(false);
	});
});

describe('Document: Send Reminder', () => {
	const remind = async (
		documentId: string,
		signerId?: string,
		options: Parameters<Bench['act']>[3] = {},
	) =>
		await bench.act(
			'document',
			'sendReminder',
			{
				documentId: byId(documentId),
				...(signerId === undefined
					? { remind: 'inTurn' }
					: { remind: 'oneSigner', signerId: byId(signerId) }),
			},
			options,
		);

	it('emails all whose turn it is', async () => {
		const { id } = await sent();
		const { items, error } = await remind(id);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, status: 'pending', reminded: true });
		expect(reminders()).toEqual(['Ann@example.com', 'Bob@example.com']);
	});

	it('emails one signer', async () => {
		const { id, bob } = await sent();
		const { items } = await remind(id, bob?.id);
		expect(items[0]?.json).toMatchObject({ id, reminded: true, signerId: bob?.id });
		expect(reminders()).toEqual(['Bob@example.com']);
	});

	it('is refused before anything is sent if there is no one to remind', async () => {
		const { id, ann } = await sent();
		await bench.sandbox.sign(id, 'Ann@example.com');
		expect((await remind(id, ann?.id)).error?.message).toMatch(
			/Ann@example.com is completed and needs none/,
		);
		expect((await remind(id, 'sr_none')).error?.message).toMatch(/it has no signer sr_none/);
		expect((await remind(draft())).error?.message).toMatch(/it is draft, and only a pending one/);
		expect((await remind(id, '={{ "" }}')).error?.message).toBe(
			'Signer: the expression gives nothing for this item',
		);
		expect(requests()).not.toContain('remindDocument');
	});

	it('keeps the words of inSigner if it is not the turn of this signer', async () => {
		const { id, bob } = await sent('sequential');
		const { error } = await remind(id, bob?.id);
		expect(error).toMatchObject({ httpCode: '409' });
		expect(error?.message).toMatch(/not the turn of this signer/);
	});

	it('says that the API does not offer it', async () => {
		const { id } = await sent();
		bench.sandbox.faults.add({ match: { operationId: 'remindDocument' }, fault: { status: 404 } });
		expect((await remind(id)).error?.description).toMatch(/The object exists.*web app/);
	});

	it.each<[string, { status: number } | { drop: true }]>([
		['a 502', { status: 502 }],
		['a lost answer', { drop: true }],
	])('is not repeated after %s, by itself or by Retry On Fail', async (_, fault) => {
		const { id } = await sent();
		bench.sandbox.faults.add({
			match: { operationId: 'remindDocument' },
			when: 'after',
			times: 1,
			fault,
		});
		const { error } = await remind(id, undefined, {
			node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
		});
		expect(error?.message).toMatch(/^A reminder for document .* may or may not have been sent/);
		expect(reminders()).toEqual(['Ann@example.com', 'Bob@example.com']);
	});

	it('emails each once under Retry On Fail', async () => {
		const documents = [await sent(), await sent()];
		bench.sandbox.journal.clear();
		bench.sandbox.faults.add({
			match: { operationId: 'remindDocument' },
			nth: 2,
			fault: { status: 409 },
		});
		const { items, error } = await bench.act(
			'document',
			'sendReminder',
			{ documentId: byId('={{ $json.id }}'), remind: 'inTurn' },
			{
				items: documents.map(({ id }) => ({ json: { id } })),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			},
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.id)).toEqual(documents.map(({ id }) => id));
		expect(reminders()).toHaveLength(4);
	});
});

describe('Document: Cancel', () => {
	const cancel = async (documentId: string, reason = '') =>
		await bench.act('document', 'cancel', { documentId: byId(documentId), reason });

	it('cancels a pending document, with a reason', async () => {
		const { id, document } = await sent();
		const { items, error } = await cancel(id, 'Replaced');
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, status: 'cancelled' });
		expect(document.status).toBe('cancelled');
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toEqual([
			{ reason: 'Replaced' },
		]);
	});

	it('is refused for a draft, for none, and without one', async () => {
		expect((await cancel(draft())).error).toMatchObject({ httpCode: '409' });
		expect((await cancel('none')).error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await cancel('={{ "" }}')).error?.message).toBe(
			'Document: the expression gives nothing for this item',
		);
	});

	it.each<[string, { status: number } | { drop: true }]>([
		['a 500', { status: 500 }],
		['a lost answer', { drop: true }],
	])('is done if the document is cancelled after %s', async (_, fault) => {
		const { id } = await sent();
		bench.sandbox.faults.add({ match: { operationId: 'cancelDocument' }, when: 'after', fault });
		const { items, error } = await cancel(id);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, status: 'cancelled' });
		expect(JSON.stringify(items)).not.toContain('/sign/');
		expect(requests()).toEqual(['cancelDocument', 'getDocument']);
	});

	it('says so when it is not, and when no one can know', async () => {
		const { id } = await sent();
		bench.sandbox.faults.add({
			match: { operationId: 'cancelDocument' },
			fault: { drop: true },
		});
		const time = passTime(bench.sandbox);
		const pending = await cancel(id);
		expect(pending.error?.message).toMatch(/^Document \S+ may or may not be cancelled/);
		expect(time.waitedMs()).toBe(10_000);
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, fault: { status: 404 } });
		const unknown = await cancel(id);
		time.restore();
		expect(unknown.error?.message).toMatch(/may or may not be cancelled/);
		expect(requests().filter((name) => name === 'cancelDocument')).toHaveLength(2);
	});
});

it.each(['getSigningLinks', 'sendReminder', 'cancel'])(
	'Document: %s continues after an item that fails',
	async (operation) => {
		const ids = [(await sent()).id, 'none', (await sent()).id];
		const { items } = await bench.act(
			'document',
			operation,
			{ documentId: byId('={{ $json.id }}'), remind: 'inTurn', reason: '', options: {} },
			{
				items: ids.map((id) => ({ json: { id } })),
				node: { onError: 'continueRegularOutput' },
			},
		);
		const failed = items.filter(({ json }) => json.error !== undefined);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		const paired = items.map(({ pairedItem }) => (pairedItem as { item: number }).item);
		expect([...new Set(paired)]).toEqual([0, 1, 2]);
	},
);

describe('Document: Update', () => {
	const update = async (documentId: string, updateFields: INodeParameters) =>
		await bench.act('document', 'update', { documentId: byId(documentId), updateFields });

	it('changes only what was chosen', async () => {
		const id = draft();
		const { error } = await update(id, { name: 'Renamed' });
		expect(error).toBeUndefined();
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toEqual([{ name: 'Renamed' }]);
		expect(bench.sandbox.store.documents.get(id)?.name).toBe('Renamed');
	});

	it('changes message, folder, signing type and expiry, the time in UTC', async () => {
		const id = draft();
		const settings = { message: 'Please sign', folderId: 'fol_1', signingType: 'parallel' };
		const { error } = await update(id, { ...settings, expiresAt: '2036-01-01T12:00:00+02:00' });
		expect(error).toBeUndefined();
		const changes = { ...settings, expiresAt: '2036-01-01T10:00:00.000Z' };
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toEqual([changes]);
		expect(bench.sandbox.store.documents.get(id)).toMatchObject(changes);
		await update(id, { message: '' });
		expect(bench.sandbox.store.documents.get(id)?.message).toBe('');
	});

	it('reads a date as the end of that day, and a choice by its name', async () => {
		const id = draft();
		const { error } = await bench.act(
			'document',
			'update',
			{
				documentId: byId(id),
				updateFields: { expiresAt: '2036-03-31', signingType: 'Parallel', name: '={{ 4711 }}' },
			},
			{ settings: { timezone: 'Europe/Vienna' } },
		);
		expect(error).toBeUndefined();
		expect(bench.sandbox.store.documents.get(id)).toMatchObject({
			name: '4711',
			signingType: 'parallel',
			expiresAt: '2036-03-31T21:59:59.999Z',
		});
	});

	it.each<[string, INodeParameters, RegExp]>([
		['nothing', {}, /Update Fields is empty/],
		['a long message', { message: 'x'.repeat(5001) }, /Message has 5001 characters/],
		['an empty expiry', { expiresAt: '' }, /Expires At is empty/],
		['an empty name', { name: ' ' }, /Document Name is empty/],
		['a time without a day', { expiresAt: '23:30' }, /^Expires At must be a date, .* is "23:30"$/],
		[
			'to empty the message because an expression gives nothing',
			{ message: '={{ $json.missing }}' },
			/^Message: the expression gives nothing for this item$/,
		],
		['a message that is an object', { message: '={{ ({}) }}' }, /^Message must be text/],
		['an unknown signing type', { signingType: 'random' }, /^Signing Type must be one of parallel/],
		['a past expiry', { expiresAt: '2020-01-01T00:00:00' }, /Expires At must be in the future/],
	])('refuses %s before anything is sent', async (_, fields, expected) => {
		expect((await update('any', fields)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('tells an operation that the API does not offer from a document that does not exist', async () => {
		const none = await update('none', { name: 'x' });
		expect(none.error?.description).toMatch(/does not exist.*Check the ID/);
		bench.sandbox.faults.add({ match: { operationId: 'updateDocument' }, fault: { status: 404 } });
		const notOffered = await update(draft(), { name: 'x' });
		expect(notOffered.error?.description).toMatch(/The object exists.*web app/);
	});
});

describe('Document: Delete', () => {
	it('deletes each once under Retry On Fail', async () => {
		const ids = [draft(), draft()];
		bench.sandbox.faults.add({
			match: { operationId: 'deleteDocument' },
			nth: 2,
			fault: { status: 409 },
		});
		const { items, error } = await bench.act(
			'document',
			'delete',
			{ documentId: byId('={{ $json.id }}') },
			{
				items: ids.map((id) => ({ json: { id } })),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			},
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json)).toEqual(ids.map((id) => ({ id, deleted: true })));
		expect(requests()).toEqual(['deleteDocument', 'deleteDocument', 'deleteDocument']);
	});

	it('is refused for a pending document, and without one', async () => {
		const [pending] = bench.sandbox.store.seedDocuments(1, { status: 'pending' });
		const refused = await bench.act('document', 'delete', { documentId: byId(pending?.id ?? '') });
		expect(refused.error?.message).toMatch(/pending document cannot be deleted/);
		const none = await bench.act('document', 'delete', { documentId: byId('={{ "" }}') });
		expect(none.error?.message).toMatch(/^Document: the expression gives nothing/);
	});
});

describe('Document: Get', () => {
	it('is read with Get', async () => {
		const { id } = await sent();
		const plain = await bench.act('document', 'get', { documentId: byId(id), options: {} });
		expect(plain.items[0]?.json).toMatchObject({ name: 'Contract', signers: [{}, {}] });
		expect(JSON.stringify(plain.items)).not.toContain('/sign/');
		const linked = await bench.act('document', 'get', {
			documentId: byId(id),
			options: { includeSigningLinks: true },
		});
		expect(JSON.stringify(linked.items)).toContain('/sign/');
	});
});

describe('a contract built step by step', () => {
	const people = ['Ann', 'Bob'].map((name) => ({
		...{ name, email: `${name}@example.com` },
		...{ role: 'signer', phone: '' },
	}));

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

		for (const [index, signer] of people.entries()) {
			const { error } = await bench.act('signer', 'add', {
				documentId: byId(documentId),
				...signer,
				order: index + 1,
			});
			expect(error).toBeUndefined();
			const field = await bench.act('field', 'add', {
				documentId: byId(documentId),
				type: 'signature',
				signer: index === 0 ? '1' : signer.email,
				position: 'coordinates',
				page: 1,
				x: 72 + 220 * index,
				y: 600,
				fieldOptions: { width: 180, height: 50, label: '', required: true, readOnly: false },
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
		expect(signers.items.map(({ json }) => json.name)).toEqual(['Ann', 'Bob']);
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
		expect(invitations().sort()).toEqual(people.map(({ email }) => email));
		for (const { email } of people) await bench.sandbox.sign(documentId, email);

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
});
