import type { INodeParameters } from 'n8n-workflow';

import type { StoredDocument } from '../sandbox/store';
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

const document = (status: StoredDocument['status'] = 'draft') =>
	bench.sandbox.store.seedDocuments(1, { status })[0] as StoredDocument;
const signerOf = (of: StoredDocument) => of.signers[0]?.id ?? '';
const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

describe('Signer: Update', () => {
	const update = async (of: StoredDocument, updateFields: INodeParameters, signer = signerOf(of)) =>
		await bench.act('signer', 'update', {
			documentId: byId(of.id),
			signerId: byId(signer),
			updateFields,
		});

	it('changes only what was chosen, positions from 1', async () => {
		const draft = document();
		const { items, error } = await update(draft, { email: ' new@example.com', order: 3 });
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id: signerOf(draft), email: 'new@example.com' });
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toEqual([
			{ email: 'new@example.com', order: 2 },
		]);
		await update(draft, { name: "Ann O'Brien", role: 'approver', phone: '' });
		expect(draft.signers[0]).toMatchObject({ name: "Ann O'Brien", role: 'approver', phone: '' });
	}, 60_000);

	it.each<[string, INodeParameters, RegExp]>([
		['nothing', {}, /^Update Fields is empty/],
		['an empty name', { name: ' ' }, /^Name is empty$/],
		[
			'a bad address',
			{ email: 'ann@' },
			/^Email "ann@" isn't a valid email address: it has no domain/,
		],
		['position 0', { order: 0 }, /^Order must be a whole number from 1 up to 50, but is 0$/],
		['a long phone', { phone: '+'.repeat(21) }, /^Phone has 21 characters/],
		['a name that is an object', { name: '={{ { first: "Ann" } }}' }, /^Name must be text, but is/],
		['a name that is true', { name: '={{ true }}' }, /^Name must be text, but is true$/],
		['half an order', { order: 1.5 }, /^Order must be a whole number from 1 up to 50, but is 1.5$/],
		['an order without a value', { order: '={{ null }}' }, /^Order: the expression gives nothing/],
		['another role', { role: 'witness' }, /^Role must be one of approver, signer, viewer, but is/],
	])('refuses %s before anything is sent', async (_, fields, expected) => {
		expect((await update(document(), fields)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('accepts values whose meaning is plain', async () => {
		const draft = document();
		const { error } = await update(draft, {
			...{ name: 4711, order: '2', role: 'Viewer', phone: 49123 },
		});
		expect(error).toBeUndefined();
		expect(draft.signers[0]).toMatchObject({
			...{ name: '4711', order: 1, role: 'viewer', phone: '49123' },
		});
	});

	it('is refused once the document is sent, and without a signer', async () => {
		const name = { name: 'x' };
		const pending = document('pending');
		const sent = await update(pending, name);
		expect(sent.error?.message).toMatch(/pending; only a draft can be changed/);
		expect(sent.error?.message).toContain(
			`Signer ${signerOf(pending)} was not changed in document ${pending.id}: `,
		);
		const none = await update(document(), name, 'sr_none');
		expect(none.error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await update(document(), name, '={{ "" }}')).error?.message).toBe(
			'Signer: the expression gives nothing for this item',
		);
	});
});

describe('Signer: Add', () => {
	const add = async (to: StoredDocument, values: INodeParameters) =>
		await bench.act('signer', 'add', {
			...{ documentId: byId(to.id), name: 'Ann', email: 'ann@example.com', order: 2 },
			...{ role: 'signer', phone: '' },
			...values,
		});

	it('accepts values whose meaning is plain', async () => {
		const draft = document();
		const values = { name: 4711, order: '3', role: 'Approver', phone: '={{ null }}' };
		expect((await add(draft, values)).error).toBeUndefined();
		expect(draft.signers[1]).toMatchObject({ name: '4711', order: 2, role: 'approver' });
	});

	it.each<[string, INodeParameters, RegExp]>([
		['a name that is an object', { name: '={{ { first: "Ann" } }}' }, /^Name must be text, but is/],
		['a name that is true', { name: '={{ true }}' }, /^Name must be text, but is true$/],
		['a name without a value', { name: '={{ $json.who }}' }, /^Signer: Name is empty$/],
		['an address without a value', { email: '={{ null }}' }, /^Signer: Email is empty$/],
		['position 0', { order: 0 }, /^Order must be a whole number from 1 up to 50, but is 0$/],
		[
			'an order without a value',
			{ order: '={{ null }}' },
			/^Order must be a whole number from 1 up to 50, but is empty$/,
		],
		['another role', { role: 'witness' }, /^Role must be one of approver, signer, viewer, but is/],
	])('refuses %s before anything is asked of inSigner', async (_, values, expected) => {
		expect((await add(document(), values)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('refuses the order of another signer: fields name their signer by it', async () => {
		const draft = document();
		const { error } = await add(draft, { order: 1 });
		expect(error?.message).toBe(
			`Order is 1, which is that of ${draft.signers[0]?.email}: each signer needs a different number. 2 is free`,
		);
		expect(draft.signers).toHaveLength(1);
		expect((await add(draft, { order: 2 })).error).toBeUndefined();
	});

	it('names the document and what did not happen', async () => {
		const pending = document('pending');
		const { error } = await add(pending, {});
		expect(error?.message).toMatch(
			new RegExp(`^Signer ann@example.com was not added to document ${pending.id}: `),
		);
	});
});

describe('Signer: Get Many', () => {
	it('filters by status, and refuses an empty or unknown one', async () => {
		const draft = document();
		const getMany = async (status: string) =>
			await bench.act('signer', 'getMany', {
				...{ documentId: byId(draft.id), returnAll: true, filters: { status } },
			});
		expect((await getMany('Pending')).items).toHaveLength(1);
		expect((await getMany('completed')).items).toEqual([]);
		expect((await getMany('={{ null }}')).error?.message).toMatch(/^Status: the expression gives/);
		expect((await getMany('asleep')).error?.message).toMatch(/^Status must be one of completed, /);
	});
});

describe('Signer: Remove', () => {
	it('removes each once under Retry On Fail', async () => {
		const drafts = [document(), document()];
		bench.sandbox.faults.add({
			match: { operationId: 'removeSigner' },
			nth: 2,
			fault: { status: 409 },
		});
		const { items, error } = await bench.act(
			'signer',
			'remove',
			{ documentId: byId('={{ $json.id }}'), signerId: byId('={{ $json.signerId }}') },
			{
				items: drafts.map((draft) => ({ json: { id: draft.id, signerId: signerOf(draft) } })),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			},
		);
		expect(error).toBeUndefined();
		expect(items.every(({ json }) => json.deleted === true)).toBe(true);
		expect(drafts.map(({ signers }) => signers)).toEqual([[], []]);
		expect(requests()).toHaveLength(3);
	});

	it('says that the API does not offer it, or that it is not there, or not chosen', async () => {
		const draft = document();
		const remove = async (signerId: string) =>
			await bench.act('signer', 'remove', {
				documentId: byId(draft.id),
				signerId: byId(signerId),
			});
		expect((await remove('sr_none')).error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await remove('={{ "" }}')).error?.message).toBe(
			'Signer: the expression gives nothing for this item',
		);
		bench.sandbox.faults.add({ match: { operationId: 'removeSigner' }, fault: { status: 404 } });
		const notOffered = await remove(signerOf(draft));
		expect(notOffered.error?.description).toMatch(/The object exists.*web app/);
	});
});
