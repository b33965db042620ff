import type { INodeParameters } from 'n8n-workflow';

import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const draft = () => bench.sandbox.store.seedDocuments(1)[0]?.id ?? '';
const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

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

	it('takes a date for the end of that day, and a choice by its name', async () => {
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

	it('tells that the API does not offer it from that there is no such document', async () => {
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

describe('Bulk Send: Delete', () => {
	it('deletes the record and no document', async () => {
		const { store } = bench.sandbox;
		const id = store.seedBulkSends(1)[0]?.id ?? '';
		const { items } = await bench.act('bulkSend', 'delete', { bulkSendId: byId(id) });
		expect(items.map(({ json }) => json)).toEqual([{ id, deleted: true }]);
		expect(store.bulkSends.get(id)).toBeUndefined();
		expect(requests()).toEqual(['deleteBulkSend']);
	});

	it('is refused without one before anything is sent', async () => {
		const { error } = await bench.act('bulkSend', 'delete', { bulkSendId: byId('={{ "" }}') });
		expect(error?.message).toBe('Bulk Send: the expression gives nothing for this item');
		expect(requests()).toEqual([]);
	});

	it('says when there is no such bulk send', async () => {
		const { error } = await bench.act('bulkSend', 'delete', { bulkSendId: byId('none') });
		expect(error?.description).toMatch(/does not exist.*Check the ID/);
	});
});

describe('Organization', () => {
	it('is read, with its members', async () => {
		const read = await bench.act('organization', 'get', {});
		expect(read.items[0]?.json).toMatchObject({ name: 'Acme Corporation' });
		const members = await bench.act('organization', 'getMembers', { returnAll: false, limit: 2 });
		expect(members.items.map(({ json }) => json.role)).toEqual(['owner', 'admin']);
	});

	it('names the scope a key lacks', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['templates.read'] });
		const credentials = { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } };
		for (const operation of ['get', 'getMembers']) {
			const parameters = { returnAll: true };
			const { error } = await bench.act('organization', operation, parameters, { credentials });
			expect(error?.description).toMatch(/missing the permission org\.read/);
		}
	});
});
