import type { INodeParameters } from 'n8n-workflow';

import type { StoredDocument } from '../sandbox/store';
import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	time = passTime(bench.sandbox);
});
afterEach(() => {
	time.restore();
	bench.sandbox.lagReads(0);
});

const document = (status: StoredDocument['status'] = 'draft') =>
	bench.sandbox.store.seedDocuments(1, { status })[0] as StoredDocument;

/** A draft with Ann, Bob and Cem, in this order. */
const draftOfThree = (): StoredDocument => {
	const draft = document();
	const [first] = draft.signers;
	if (first) {
		draft.signers = ['Ann', 'Bob', 'Cem'].map((name, order) => ({
			...first,
			id: `sr_${name}_${draft.id}`,
			name,
			email: `${name.toLowerCase()}@example.com`,
			order,
		}));
	}
	return draft;
};
/** The same after the first of them was removed: the numbers of the others stay. */
const draftOfTwo = (): StoredDocument => {
	const draft = draftOfThree();
	draft.signers.shift();
	return draft;
};
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
		const draft = draftOfThree();
		const { items, error } = await update(draft, { signer: '2', y: 0 });
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id: fieldOf(draft), assignedTo: 1, y: 0, x: 100 });
		expect(bench.sandbox.journal.requests.map(({ body }) => body)).toContainEqual({
			assignedTo: 1,
			y: 0,
		});
		await update(draft, { label: '', required: false, options: ['Yes', '', 'No'] });
		expect(draft.fields[0]).toMatchObject({
			label: '',
			required: false,
			options: ['Yes', 'No'],
			type: 'signature',
		});
	}, 60_000);

	it('accepts millimeters, and a signer by email address', async () => {
		const draft = draftOfThree();
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
		['half a page', { page: 1.5 }, /^Page must be a whole number from 1, but is 1.5$/],
		['page 0', { page: 0 }, /^Page must be a whole number from 1, but is 0$/],
		['a place off the page', { x: -1 }, /^X must be a number from 0, but is -1$/],
		['no width', { width: 0 }, /^Width must be at least 1 point$/],
		['a width without a value', { width: '={{ null }}' }, /^Width: the expression gives nothing/],
		['a signer without a value', { signer: '={{ $json.who }}' }, /^Signer: the expression gives/],
		['a label without a value', { label: '={{ null }}' }, /^Label: the expression gives nothing/],
		['position 0', { signer: '0' }, /^Signer must be 1 for the first signer$/],
		['an empty signer', { signer: '={{ "" }}' }, /^Signer is empty$/],
		[
			'rules that are not rules',
			{ validation: '[1]' },
			/^Validation must be a JSON object, but is/,
		],
		['perhaps', { required: 'perhaps' }, /^Required must be true or false, but is "perhaps"$/],
		['a label that is an object', { label: '={{ {} }}' }, /^Label must be text, but is an object$/],
		['percent', { unit: 'percent', x: 1 }, /^Unit must be one of millimeters, points, but is/],
	])('refuses %s before anything is sent', async (_, fields, expected) => {
		expect((await update(document(), fields)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('accepts values whose meaning is plain', async () => {
		const draft = document();
		const { error } = await update(draft, {
			...{ required: 'no', readOnly: 'true', x: '72', page: '2', label: 4711, options: 'Yes, No' },
		});
		expect(error).toBeUndefined();
		expect(draft.fields[0]).toMatchObject({
			...{ required: false, readOnly: true, x: 72, page: 2, label: '4711' },
			options: ['Yes', 'No'],
		});
	});

	it('reads positions in the current order', async () => {
		const draft = draftOfTwo();
		await update(draft, { signer: '1' });
		expect(draft.fields[0]).toMatchObject({ assignedTo: 1 });
		const noOne = await update(draft, { signer: '3' });
		expect(noOne.error?.message).toBe('Signer is 3, but there are 2 signers');
	});

	it('refuses a place where another field is', async () => {
		const draft = document();
		const [first] = draft.fields;
		if (first) draft.fields.push({ ...first, id: `fld_2_${draft.id}`, y: 10 });
		const moved = await update(draft, { y: 640 }, `fld_2_${draft.id}`);
		expect(moved.error?.message).toBe(
			`Field overlaps the signature field ${fieldOf(draft)} on page 1`,
		);
		const beyond = await update(draft, { x: 1_006_012 });
		expect(beyond.error?.message).toMatch(/^Position puts it beyond page 1/);
		expect(requests()).not.toContain('updateField');
		// Its own place is allowed.
		expect((await update(draft, { y: 20 }, `fld_2_${draft.id}`)).error).toBeUndefined();
	});

	it('is refused once the document is sent, and for none', async () => {
		const pending = document('pending');
		const sent = await update(pending, { y: 1 });
		expect(sent.error?.message).toMatch(/pending; only a draft can be changed/);
		expect(sent.error?.message).toContain(
			`Field ${fieldOf(pending)} was not changed in document ${pending.id}: `,
		);
		const none = await update(document(), { y: 1 }, 'fld_none');
		expect(none.error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await update(document(), { y: 1 }, '={{ "" }}')).error?.message).toBe(
			'Field: the expression gives nothing for this item',
		);
	});
});

describe('Field: Add', () => {
	const add = async (to: StoredDocument, values: INodeParameters) =>
		await bench.act('field', 'add', {
			...{ documentId: byId(to.id), type: 'text', position: 'coordinates', page: 1, x: 10, y: 10 },
			...values,
		});
	const added = (draft: StoredDocument) => draft.fields.slice(1);

	it('reads positions in the current order', async () => {
		const draft = draftOfTwo();
		await add(draft, { signer: '1' });
		await add(draft, { signer: 2, y: 100 });
		expect(added(draft)).toMatchObject([{ assignedTo: 1 }, { assignedTo: 2 }]);
		const noOne = await add(draft, { signer: '3', y: 200 });
		expect(noOne.error?.message).toBe('Signer is 3, but there are 2 signers');
		expect(added(draft)).toHaveLength(2);
	});

	it('treats a position as the order as long as there are no signers', async () => {
		const draft = document();
		draft.signers = [];
		await add(draft, { signer: '2' });
		expect(added(draft)).toMatchObject([{ assignedTo: 1 }]);
		const noOne = await add(draft, { signer: 'ann@example.com', y: 100 });
		expect(noOne.error?.message).toMatch(/^Signer "ann@example.com" is none of the signers/);
	});

	it('looks again for a signer that does not show up yet', async () => {
		const draft = draftOfTwo();
		bench.sandbox.lagReads(5_000);
		const person = { name: 'Dee', email: 'dee@example.com', role: 'signer', phone: '', order: 4 };
		await bench.act('signer', 'add', { documentId: byId(draft.id), ...person });
		const { error } = await add(draft, { signer: 'DEE@example.com' });
		expect(error).toBeUndefined();
		expect(added(draft)).toMatchObject([{ assignedTo: 3 }]);
	});

	it('refuses a signer who shares an order with another', async () => {
		const draft = draftOfThree();
		for (const signer of draft.signers) signer.order = 0;
		const { error } = await add(draft, { signer: 'bob@example.com' });
		expect(error?.message).toMatch(/^Signer is bob@example.com, but .* share one Order/);
		expect(added(draft)).toEqual([]);
	});

	it('refuses a place where the draft already has a field', async () => {
		const draft = document();
		const { error } = await add(draft, { signer: '1', x: 110, y: 660 });
		expect(error?.message).toBe(`Field overlaps the signature field ${fieldOf(draft)} on page 1`);
		expect(added(draft)).toEqual([]);
	});

	it.each<[string, INodeParameters, RegExp]>([
		['a signer without a value', { signer: '={{ $json.who }}' }, /^Signer is empty$/],
		['a signer that is null', { signer: '={{ null }}' }, /^Signer is empty$/],
		['a signer that is an object', { signer: '={{ {} }}' }, /^Signer must be text, but is an/],
		[
			'a height of text',
			{ fieldOptions: { height: 'tall' } },
			/^Height must be a number from 0, but is "tall"$/,
		],
		[
			'an x without a value',
			{ x: '={{ undefined }}' },
			/^X must be a number from 0, but is empty$/,
		],
		['a page of text', { page: 'last' }, /^Page must be a whole number, but is "last"$/],
		['page 0', { page: 0 }, /^Page must be a whole number: 1 is the first page, -1 the last$/],
		['a place no page has', { y: 1_006_012 }, /^Position puts it beyond page 1/],
		['another type', { type: 'autograph' }, /^Type must be one of address, /],
		[
			'perhaps',
			{ fieldOptions: { required: 'perhaps' } },
			/^Required must be true or false, but is "perhaps"$/,
		],
		['a place that n8n considers hidden', { position: 'Coordinates' }, /^X is missing$/],
		['below none', { position: 'belowPrevious' }, /^Position must be one of atText, bottomLeft, /],
	])('refuses %s before anything is asked of inSigner', async (_, values, expected) => {
		const { error } = await add(document(), values);
		expect(error?.message).toMatch(expected);
		expect(error?.description).toMatch(/Nothing was sent to inSigner for item 1\.$/);
		expect(requests()).toEqual([]);
	});

	it('accepts values whose meaning is plain', async () => {
		const draft = document();
		const { error } = await add(draft, {
			...{ type: '={{ "Text" }}', page: '2', x: '72', signer: 1 },
			fieldOptions: {
				...{ height: '60', required: 'false', readOnly: 'yes' },
				...{ label: 4711, unit: 'Millimeters' },
			},
		});
		expect(error).toBeUndefined();
		expect(added(draft)).toMatchObject([
			{
				...{ type: 'text', page: 2, x: 204.09, height: 170.08, required: false, readOnly: true },
				...{ assignedTo: 0, label: '4711' },
			},
		]);
	});

	it('names the document and what did not happen', async () => {
		const pending = document('pending');
		const { error } = await add(pending, { signer: '1' });
		expect(error?.message).toMatch(
			new RegExp(`^Field text at \\(10, 10\\) on page 1 was not added to document ${pending.id}: `),
		);
	});
});

describe('Field: Get Many', () => {
	it('names the document that could not be read', async () => {
		const { error } = await bench.act('field', 'getMany', { documentId: byId('none') });
		expect(error?.message).toMatch(/^The list of fields was not read from document none: /);
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

	it('says that the API does not offer it, or that it is not there, or not chosen', async () => {
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
