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
const fieldOf = (of: StoredDocument) => of.fields[0]?.id ?? '';
const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

describe('Field: Update', () => {
	const update = async (of: StoredDocument, updateFields: INodeParameters, field = fieldOf(of)) =>
		await bench.act('field', 'update', {
			documentId: byId(of.id),
			fieldId: byId(field),
			updateFields,
		});

	it('changes only what was chosen', async () => {
		const draft = document();
		const { items, error } = await update(draft, { signer: '2', y: 0 });
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id: fieldOf(draft), assignedTo: 1, y: 0, x: 100 });
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toEqual([
			{ assignedTo: 1, y: 0 },
		]);
		await update(draft, { label: '', required: false, options: ['Yes', '', 'No'] });
		expect(draft.fields[0]).toMatchObject({
			label: '',
			required: false,
			options: ['Yes', 'No'],
			type: 'signature',
		});
	});

	it('takes millimeters, and a signer by email address', async () => {
		const draft = document();
		await update(draft, { signer: '2' });
		const { error } = await update(draft, {
			unit: 'millimeters',
			x: 25.4,
			width: 50.8,
			signer: draft.signers[0]?.email.toUpperCase() ?? '',
			validation: '{ "minLength": 2 }',
		});
		expect(error).toBeUndefined();
		expect(draft.fields[0]).toMatchObject({ x: 72, width: 144, y: 650, assignedTo: 0 });
		expect(draft.fields[0]?.validation).toEqual({ minLength: 2 });
	});

	it.each<[string, INodeParameters, RegExp]>([
		['nothing', {}, /^Update Fields is empty/],
		['half a page', { page: 1.5 }, /^Field: Page must be a whole number/],
		['a place off the page', { x: -1 }, /^Field: X must be a number from 0$/],
		['no width', { width: 0 }, /^Field: Width must be more than 0$/],
		['position 0', { signer: '0' }, /^Field: Signer must be 1 for the first signer$/],
		['rules that are none', { validation: '[1]' }, /^Field: Validation is not a JSON object$/],
	])('refuses %s before anything is sent', async (_, fields, expected) => {
		expect((await update(document(), fields)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('is refused once the document is sent, and for none', async () => {
		const sent = await update(document('pending'), { y: 1 });
		expect(sent.error?.message).toMatch(/pending; only a draft can be changed/);
		const none = await update(document(), { y: 1 }, 'fld_none');
		expect(none.error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await update(document(), { y: 1 }, '={{ "" }}')).error?.message).toBe(
			'Field: the expression gives nothing for this item',
		);
	});
});

describe('Field: Remove', () => {
	it('removes each once under Retry On Fail', async () => {
		const drafts = [document(), document()];
		bench.sandbox.faults.add({
			match: { operationId: 'removeField' },
			nth: 2,
			fault: { status: 409 },
		});
		const { items, error } = await bench.act(
			'field',
			'remove',
			{ documentId: byId('={{ $json.id }}'), fieldId: byId('={{ $json.fieldId }}') },
			{
				items: drafts.map((draft) => ({ json: { id: draft.id, fieldId: fieldOf(draft) } })),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			},
		);
		expect(error).toBeUndefined();
		expect(items.every(({ json }) => json.deleted === true)).toBe(true);
		expect(drafts.map(({ fields }) => fields)).toEqual([[], []]);
		expect(requests()).toHaveLength(3);
	});

	it('tells that the API does not offer it, or that it is not there, or not chosen', async () => {
		const draft = document();
		const remove = async (fieldId: string) =>
			await bench.act('field', 'remove', { documentId: byId(draft.id), fieldId: byId(fieldId) });
		expect((await remove('fld_none')).error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await remove('={{ "" }}')).error?.message).toBe(
			'Field: the expression gives nothing for this item',
		);
		bench.sandbox.faults.add({ match: { operationId: 'removeField' }, fault: { status: 404 } });
		const notOffered = await remove(fieldOf(draft));
		expect(notOffered.error?.description).toMatch(/The object exists.*web app/);
	});
});
