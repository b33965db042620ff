import { request } from 'undici';
import { FORM_NAMES, startSandbox, type FormName, type Sandbox } from '../../sandbox/sandbox';
import { call, readyDraft } from './calling';
import { startReceiver } from './receiver';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 10_000 });
});
afterEach(() => {
	for (const name of FORM_NAMES) sandbox.forms[name] = false;
});
afterAll(() => sandbox.stop());

type Read = Record<string, unknown> & {
	signers: Array<Record<string, unknown>>;
	fields: Array<Record<string, unknown>>;
};

const read = async (id: string): Promise<Read> =>
	(await call<Read>(sandbox, 'GET', `/documents/${id}`)).data;

const draft = (values = {}): Promise<string> =>
	readyDraft(sandbox, ['Ann@x.test', 'bob@x.test'], values);

const on = (name: FormName): void => {
	sandbox.forms[name] = true;
};

/** A POST as sent over the wire. */
const post = async (path: string, body?: object): Promise<{ status: number; text: string }> => {
	const { statusCode, body: answer } = await request(sandbox.apiUrl + path, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
		body: body && JSON.stringify(body),
	});
	return { status: statusCode, text: await answer.text() };
};

const use = (body: object): ReturnType<typeof post> => {
	const template = sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
	return post(`/templates/${template?.id}/use`, body);
};

const SIGNERS = ['ann', 'bob'].map((name) => ({ name, email: `${name}@x.test` }));

const used = async (): Promise<ReturnType<typeof sandbox.store.documents.all>[number]> => {
	expect((await use({ name: 'Used', signers: SIGNERS })).status).toBe(201);
	const document = sandbox.store.documents.all().at(-1);
	if (!document) throw new Error('Nothing was made');
	return document;
};

describe('forms of documents', () => {
	const at = (index: number, values: object): unknown =>
		expect.arrayContaining([
			...Array.from({ length: index }, () => expect.anything() as unknown),
			expect.objectContaining(values),
		]);

	it.each<[FormName, object]>([
		['numbersAsText', { fields: at(0, { page: '1', x: '100', assignedTo: '0' }) }],
		['ordersFromOne', { signers: at(1, { order: 2 }), fields: at(1, { assignedTo: 1 }) }],
		['assignedToFromOne', { signers: at(1, { order: 2 }), fields: at(1, { assignedTo: 2 }) }],
		['signersReversed', { signers: at(0, { email: 'bob@x.test', order: 1 }) }],
		['pagesFromZero', { fields: at(0, { page: 0 }) }],
		['assignedToAsText', { fields: at(1, { assignedTo: '1' }) }],
		['coordinatesInPercent', { fields: at(0, { x: 16.3399, y: 12.6263 }) }],
		['coordinatesInPixels', { fields: at(0, { x: 133.3333, width: 266.6667 }) }],
		['lowerCaseAddresses', { signers: at(0, { email: 'ann@x.test' }) }],
		['trimmedNames', { name: 'Two words' }],
		['statusInCapitals', { status: 'DRAFT' }],
		['statusesNobodyKnows', { status: 'draft', signers: at(0, { status: 'invited' }) }],
		['documentWrapped', { document: expect.objectContaining({ status: 'draft' }) as unknown }],
		['recipientsForSigners', { recipients: at(0, { email: 'Ann@x.test' }) }],
	])('%s', async (name, expected) => {
		const id = await draft({ name: ' Two  words ' });
		on(name);
		expect(await read(id)).toMatchObject(expected);
	});

	it('roundedCoordinates', async () => {
		const id = await draft();
		const [field] = sandbox.store.documents.get(id)?.fields ?? [];
		if (field) field.x = 72.6;
		on('roundedCoordinates');
		expect((await read(id)).fields[0]?.x).toBe(73);
	});

	it('optionsAsJson', async () => {
		const id = await draft();
		const [field] = sandbox.store.documents.get(id)?.fields ?? [];
		if (field) field.options = ['a', 'b'];
		on('optionsAsJson');
		expect((await read(id)).fields[0]?.options).toBe('["a","b"]');
	});

	it('assignedToAsSignerId', async () => {
		const id = await draft();
		on('assignedToAsSignerId');
		const { signers, fields } = await read(id);
		expect(fields[1]?.assignedTo).toBe(signers[1]?.id);
	});

	it('orderNullInParallel', async () => {
		on('orderNullInParallel');
		const orders = async (signingType: string) =>
			(await read(await draft({ signingType }))).signers.map(({ order }) => order);
		expect(await orders('parallel')).toEqual([null, null]);
		expect(await orders('sequential')).toEqual([0, 1]);
	});

	it('bareDocument', async () => {
		const id = await draft();
		on('bareDocument');
		const data = await read(id);
		expect(data).toMatchObject({ id });
		expect(data).not.toHaveProperty('signers');
		expect(data).not.toHaveProperty('fields');
	});

	it('documentedKeysOnly', async () => {
		const id = await draft();
		on('documentedKeysOnly');
		const data = await read(id);
		expect(data).toMatchObject({ id, status: 'draft' });
		for (const key of ['message', 'fields']) expect(data).not.toHaveProperty(key);
		const { text } = await post(`/documents/${id}/send`);
		expect(JSON.parse(text)).toEqual({ data: { id } });
		expect((await call(sandbox, 'DELETE', `/documents/${await draft()}`)).data).toEqual({});
	});

	it('americanCanceled', async () => {
		const id = await draft({ status: 'cancelled' });
		on('americanCanceled');
		expect(await read(id)).toMatchObject({ status: 'canceled' });
	});

	it('idsAsNumbers, understood again in requests', async () => {
		const id = await draft();
		on('idsAsNumbers');
		const data = await read(id);
		expect(data.id).toEqual(expect.any(Number));
		expect(sandbox.ids.restoreText(`Document ${String(data.id)}.`)).toBe(`Document ${id}.`);
		expect(await read(String(data.id))).toMatchObject({ id: data.id });
		const signer = `/documents/${String(data.id)}/signers/${String(data.signers[0]?.id)}`;
		expect((await call(sandbox, 'DELETE', signer)).status).toBe(200);
		expect(sandbox.store.documents.get(id)?.signers).toHaveLength(1);
	});
});

describe('forms of lists and answers', () => {
	it('noMeta', async () => {
		on('noMeta');
		expect((await call(sandbox, 'GET', '/documents')).meta).toBeUndefined();
	});

	it('emptyLastPage', async () => {
		on('emptyLastPage');
		const first = await call<unknown[]>(sandbox, 'GET', '/templates');
		expect(first.meta.hasMore).toBe(true);
		const path = `/templates?cursor=${first.meta.nextCursor}`;
		const last = await call<unknown[]>(sandbox, 'GET', path);
		expect(last.data).toEqual([]);
		expect(last.meta.hasMore).toBe(true);
	});

	it('emptyCursor', async () => {
		on('emptyCursor');
		const { meta } = await call(sandbox, 'GET', '/templates');
		expect(meta).toMatchObject({ hasMore: false, nextCursor: '' });
	});

	it('pagesByNumber', async () => {
		sandbox.store.seedDocuments(3, (number) => ({ name: `Numbered ${number}` }));
		on('pagesByNumber');
		const page = async (number: number) =>
			await call<Array<{ name: string }>>(
				sandbox,
				'GET',
				`/documents?search=Numbered&limit=2&page=${number}`,
			);
		const [first, second] = [await page(1), await page(2)];
		expect(first.meta).toEqual({ page: 1, totalPages: 2, count: 2 });
		expect(second.meta).toEqual({ page: 2, totalPages: 2, count: 1 });
		expect([...first.data, ...second.data].map(({ name }) => name)).toEqual([
			'Numbered 3',
			'Numbered 2',
			'Numbered 1',
		]);
	});

	it('webhookEventsAsList', async () => {
		on('webhookEventsAsList');
		const { data } = await call<{ events: unknown }>(sandbox, 'POST', '/webhooks', {
			url: sandbox.webUrl,
			events: ['document.sent'],
		});
		expect(data.events).toEqual(['document.sent']);
	});

	it.each<[FormName, number]>([
		['webhookDeletionUnknown', 404],
		['webhookDeletionRefused', 405],
	])('%s', async (name, status) => {
		const [{ id } = { id: '' }] = sandbox.store.webhooks.all();
		on(name);
		expect((await call(sandbox, 'DELETE', `/webhooks/${id}`)).status).toBe(status);
		expect(sandbox.store.webhooks.get(id)).toBeDefined();
	});

	it.each<[FormName, number]>([
		['fieldUpdateUnknown', 404],
		['fieldUpdateRefused', 405],
	])('%s', async (name, status) => {
		const id = await draft();
		const [field] = (await read(id)).fields;
		on(name);
		const path = `/documents/${id}/fields/${String(field?.id)}`;
		expect((await call(sandbox, 'PATCH', path, { label: 'Changed' })).status).toBe(status);
		expect((await read(id)).fields[0]).toEqual(field);
	});

	it('readOnlyIgnored', async () => {
		const id = await draft();
		const [field] = (await read(id)).fields;
		on('readOnlyIgnored');
		const path = `/documents/${id}/fields/${String(field?.id)}`;
		await call(sandbox, 'PATCH', path, { label: 'Changed', readOnly: true });
		expect((await read(id)).fields[0]).toMatchObject({ label: 'Changed', readOnly: false });
	});

	it.each<[FormName, { status: number; text?: string }]>([
		['status201', { status: 201 }],
		['status202', { status: 202 }],
		['status204', { status: 204, text: '' }],
		['emptyBody', { status: 200, text: '' }],
	])('%s', async (name, expected) => {
		const id = await draft();
		on(name);
		expect(await post(`/documents/${id}/send`)).toMatchObject(expected);
		expect(sandbox.store.documents.get(id)?.status).toBe('pending');
	});

	it('errorsAsText', async () => {
		on('errorsAsText');
		expect(await post('/documents', { name: '' })).toMatchObject({
			status: 422,
			text: expect.stringMatching(/^The request body.*\nname: must NOT/) as string,
		});
	});

	it('errorsInEnvelope', async () => {
		on('errorsInEnvelope');
		const { text } = await post('/documents/nothing/send');
		expect(JSON.parse(text)).toEqual({
			error: { code: 'not-found', message: 'Document not found' },
		});
	});
});

describe('what the service does', () => {
	it.each<[FormName, string]>([
		['extraViewer', 'viewer@service.test'],
		['extraSigner', 'signer@service.test'],
		['extraApprover', 'approver@service.test'],
		['extraOwner', 'owner@service.test'],
	])('%s', async (name, email) => {
		on(name);
		expect((await used()).signers.map((signer) => signer.email)).toContain(email);
		await post('/documents', { name: 'Created' });
		const created = sandbox.store.documents.all().at(-1);
		expect(created?.signers.map((signer) => signer.email)).toEqual([email]);
	});

	it('useTakesOnlyName', async () => {
		on('useTakesOnlyName');
		const refused = await use({ name: 'Used', signers: SIGNERS });
		expect(refused.status).toBe(422);
		expect(refused.text).toContain('"field":"signers"');
		expect((await use({ name: 'Used' })).status).toBe(201);
		expect(sandbox.store.documents.all().at(-1)?.signers).toEqual([]);
	});

	it('useIgnoresSigners', async () => {
		on('useIgnoresSigners');
		expect((await used()).signers).toEqual([]);
	});

	it('useGivesOrderZero', async () => {
		on('useGivesOrderZero');
		expect((await used()).signers.map(({ order }) => order)).toEqual([0, 0]);
	});

	it('useSendsAtOnce', async () => {
		on('useSendsAtOnce');
		const { id, status } = await used();
		expect(status).toBe('pending');
		expect(sandbox.journal.emails.at(-1)).toMatchObject({ to: 'ann@x.test', documentId: id });
	});

	it('useAnswersWithoutId', async () => {
		on('useAnswersWithoutId');
		const { text } = await use({ name: 'Used', signers: SIGNERS });
		expect(JSON.parse(text)).toEqual({
			data: expect.not.objectContaining({ id: expect.anything() as unknown }) as unknown,
		});
	});

	it('extraOwner is shown as the owner', async () => {
		on('extraOwner');
		const { id } = await used();
		const roles = (await read(id)).signers.map(({ role }) => role);
		expect(roles.sort()).toEqual(['owner', 'signer', 'signer']);
	});

	it('uploadNeedsHeaders', async () => {
		const id = await draft({ pdf: null });
		on('uploadNeedsHeaders');
		expect(await upload(id)).toBe(403);
		expect(await upload(id, { 'x-amz-server-side-encryption': 'AES256' })).toBe(200);
	});

	it('downloadUnderAnotherKey', async () => {
		const id = await draft({ status: 'completed' });
		on('downloadUnderAnotherKey');
		const { data } = await call(sandbox, 'GET', `/documents/${id}/download`);
		expect(data).toEqual({ file: expect.stringContaining(sandbox.storageUrl) as string });
	});

	it('uploadNeedsConfirming', async () => {
		const id = await draft({ pdf: null });
		on('uploadNeedsConfirming');
		expect(await upload(id)).toBe(200);
		expect((await post(`/documents/${id}/send`)).text).toContain('A PDF must be uploaded first');
	});
});

async function upload(id: string, headers: Record<string, string> = {}): Promise<number> {
	const { data } = await call<{ uploadUrl: string }>(sandbox, 'POST', `/documents/${id}/upload`, {
		filename: 'a.pdf',
		contentType: 'application/pdf',
		fileSize: 5,
	});
	const { statusCode } = await request(data.uploadUrl, {
		method: 'PUT',
		headers: { 'content-type': 'application/pdf', ...headers },
		body: '%PDF-',
	});
	return statusCode;
}

describe('events', () => {
	const told = async (
		name: FormName | undefined,
		kind: 'document' | 'signer',
	): Promise<unknown> => {
		const receiver = await startReceiver();
		const events = ['document.completed', 'signer.completed'];
		await call(sandbox, 'POST', '/webhooks', { url: receiver.url, events });
		const id = await readyDraft(sandbox, ['ann@x.test']);
		await post(`/documents/${id}/send`);
		if (name) on(name);
		await sandbox.sign(id, 'ann@x.test');
		await sandbox.settled();
		await receiver.stop();
		const body = receiver.received
			.map((one) => one.body)
			.find((text) => new RegExp(`"event":"${kind}`, 'i').test(text));
		return JSON.parse(body ?? 'null');
	};
	const anything = (): unknown => expect.anything();
	afterEach(async () => {
		for (const { id } of sandbox.store.webhooks.all()) sandbox.store.webhooks.delete(id);
		await sandbox.clock.advance(3_600_000);
	});
	const time = { timestamp: expect.any(String) as unknown };

	it.each<[FormName | undefined, 'document' | 'signer', unknown]>([
		[
			undefined,
			'document',
			{
				event: 'document.completed',
				...time,
				data: expect.objectContaining({ status: 'completed' }) as unknown,
			},
		],
		[
			'eventsNested',
			'document',
			{ event: 'document.completed', ...time, data: { document: anything() } },
		],
		[
			'eventsNested',
			'signer',
			{
				event: 'signer.completed',
				...time,
				data: { document: { id: anything() }, signer: anything() },
			},
		],
		['eventsBare', 'document', { event: 'document.completed', ...time, data: { id: anything() } }],
		[
			'eventsBare',
			'signer',
			{
				event: 'signer.completed',
				...time,
				data: { id: anything(), signerId: anything(), documentId: anything() },
			},
		],
		['eventsEmpty', 'document', { event: 'document.completed', ...time, data: {} }],
		[
			'eventsFlat',
			'document',
			expect.objectContaining({ event: 'document.completed', status: 'completed' }),
		],
		['eventsInList', 'document', [expect.objectContaining({ event: 'document.completed' })]],
		['eventNamesUnderscored', 'document', expect.objectContaining({ event: 'document_completed' })],
		['eventNamesDashed', 'document', expect.objectContaining({ event: 'document-completed' })],
		['eventNamesCamelCased', 'document', expect.objectContaining({ event: 'documentCompleted' })],
		['eventNamesInCapitals', 'document', expect.objectContaining({ event: 'DOCUMENT.COMPLETED' })],
		['documentedKeysOnly', 'document', { event: 'document.completed', data: anything() }],
		[
			'idsAsNumbers',
			'signer',
			{
				event: 'signer.completed',
				...time,
				data: expect.objectContaining({ documentId: expect.any(Number) as unknown }) as unknown,
			},
		],
	])('%s of a %s', async (name, kind, expected) => {
		expect(await told(name, kind)).toEqual(expected);
	});
});

describe('processing of files', () => {
	afterEach(() => sandbox.processFiles(0));

	it.each([409, 422] as const)(
		'has no file at first, and answers %i to sending',
		async (status) => {
			const id = await draft({ pdf: null });
			sandbox.processFiles(5_000, status);
			expect(await upload(id)).toBe(200);
			expect((await read(id)).fileSize).toBeNull();
			const refused = await post(`/documents/${id}/send`);
			expect(refused.status).toBe(status);
			expect(refused.text).toContain('still being processed');
			await sandbox.clock.advance(5_000);
			expect((await read(id)).fileSize).toBe(5);
			expect((await post(`/documents/${id}/send`)).status).toBe(200);
		},
	);
});

describe('reads that lag', () => {
	afterEach(() => sandbox.lagReads(0));

	it('see documents, signers and fields as they were', async () => {
		const old = await draft();
		sandbox.lagReads(1_000);
		const made = await call<{ id: string }>(sandbox, 'POST', '/documents', { name: 'Lagging' });
		const path = `/documents/${made.data.id}`;
		expect(made.status).toBe(201);
		expect((await call(sandbox, 'GET', path)).status).toBe(404);
		expect((await call(sandbox, 'GET', `${path}/signers`)).status).toBe(404);
		const sent = await post(`/documents/${old}/send`);
		expect(sent.text).toContain('"status":"pending"');
		expect((await read(old)).status).toBe('draft');
		const search = async () =>
			(await call<unknown[]>(sandbox, 'GET', '/documents?search=Lagging')).data;
		expect(await search()).toEqual([]);

		await sandbox.clock.advance(1_000);
		expect((await call(sandbox, 'GET', `${path}/fields`)).status).toBe(200);
		expect((await read(old)).status).toBe('pending');
		expect(await search()).toHaveLength(1);
	});

	it('see bulk sends as they were', async () => {
		const template = sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
		sandbox.lagReads(1_000);
		const body = { templateId: template?.id, name: 'All', signers: SIGNERS };
		const { data } = await call<{ id: string }>(sandbox, 'POST', '/bulk-sends', body);
		const read = () => call<unknown[]>(sandbox, 'GET', '/bulk-sends');
		expect((await read()).data).toEqual([]);
		expect((await call(sandbox, 'GET', `/bulk-sends/${data.id}`)).status).toBe(404);
		await sandbox.clock.advance(1_000);
		expect((await read()).data).toHaveLength(1);
	});
});
