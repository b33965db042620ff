import type { INodeParameters } from 'n8n-workflow';

import { ACTION, byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => bench.sandbox.journal.clear());

const nda = () => {
	const template = bench.sandbox.store.templates.all().find(({ name }) => name === 'Standard NDA');
	if (!template) throw new Error('The sandbox has no Standard NDA');
	return template;
};

const slotsOf = async (templateId: string) =>
	await bench.engine.resourceMapping(ACTION, 'templateSlots', {
		credentials: bench.credentials,
		parameters: { resource: 'template', operation: 'createDocument', templateId: byId(templateId) },
	});

const createDocument = async (value: Record<string, unknown> | null) =>
	await bench.act('template', 'createDocument', {
		templateId: byId(nda().id),
		specifySigners: 'slots',
		slots: { mappingMode: 'defineBelow', value: value as INodeParameters },
		afterCreating: 'keepDraft',
		name: '',
		options: {},
	});

it('the form has name, email and phone of each slot, in signing order', async () => {
	const { fields } = await slotsOf(nda().id);
	expect(fields.map(({ displayName, required }) => [displayName, required])).toEqual([
		['Party A: Name', true],
		['Party A: Email', true],
		['Party A: Phone', false],
		['Party B: Name', true],
		['Party B: Email', true],
		['Party B: Phone', false],
	]);
	for (const { id } of fields) expect(id).toMatch(/^[A-Za-z0-9_]+$/);
});

it('the form asks for a template first', async () => {
	expect(await slotsOf('')).toEqual({
		fields: [],
		emptyFieldsNotice: 'Choose a template to see its signer slots.',
	});
	expect(bench.sandbox.journal.requests).toEqual([]);
});

it('the people are put into the slots', async () => {
	const { fields } = await slotsOf(nda().id);
	const entered = ['Ann', 'ann@example.com', '', 'Bob', 'bob@example.com', '+15551234567'];
	const value = Object.fromEntries(fields.map(({ id }, index) => [id, entered[index] ?? '']));
	const { items, error } = await createDocument(value);
	expect(error).toBeUndefined();
	expect(items[0]?.json).toMatchObject({ name: 'Standard NDA', status: 'draft' });
	const stored = bench.sandbox.store.documents.get(String(items[0]?.json.id));
	expect(stored?.signers).toMatchObject([
		{ name: 'Ann', email: 'ann@example.com', order: 0 },
		{ name: 'Bob', email: 'bob@example.com', order: 1, phone: '+15551234567' },
	]);
});

it('a slot without a person is named, and nothing is created', async () => {
	const { fields } = await slotsOf(nda().id);
	const [name, email] = fields.map(({ id }) => id);
	const { error } = await createDocument({
		[name ?? '']: 'Ann',
		[email ?? '']: 'ann@example.com',
	});
	expect(error?.message).toBe('Party B: Name is empty');
	expect(error?.description).toContain('Party B: Email is empty');
	const nothing = await createDocument(null);
	expect(nothing.error?.message).toBe('Party A: Name is empty');
	expect(bench.sandbox.journal.requests.map(({ operationId }) => operationId)).not.toContain(
		'useTemplate',
	);
});

it('people for slots that the template no longer has are not skipped', async () => {
	const { fields } = await slotsOf(nda().id);
	const full = Object.fromEntries(
		fields.map(({ id }) => [id, id.endsWith('email') ? 'a@example.com' : 'Ann']),
	);
	const left = await createDocument({ ...full, ts_gone_name: 'Carl' });
	expect(left.error?.message).toMatch(
		/^Signers holds people for slots that this template does not/,
	);
});

it('a form value that is not a text is refused by name, a number is read as a text', async () => {
	const { fields } = await slotsOf(nda().id);
	const [name = '', email = '', phone = ''] = fields.map(({ id }) => id);
	const full = Object.fromEntries(
		fields
			.filter(({ id }) => !id.endsWith('phone'))
			.map(({ id }, index) => [id, id.endsWith('email') ? `a${index}@example.com` : 'Ann']),
	);
	const refused = await createDocument({ ...full, [name]: '={{ ({ first: "Ann" }) }}' });
	expect(refused.error?.message).toBe('Party A: Name must be text, but is an object');
	const noOne = await createDocument({ ...full, [email]: '={{ $json.missing }}' });
	expect(noOne.error?.message).toBe('Party A: Email is empty');
	const { items, error } = await createDocument({ ...full, [phone]: '={{ 436641234567 }}' });
	expect(error).toBeUndefined();
	const stored = bench.sandbox.store.documents.get(String(items[0]?.json.id));
	expect(stored?.signers[0]).toMatchObject({ name: 'Ann', phone: '436641234567' });
});

describe('Signers (JSON)', () => {
	const ann = { name: 'Ann', email: 'ann@example.com' };
	const bob = { name: 'Bob', email: 'bob@example.com' };
	const create = async (signers: object[]) => {
		bench.sandbox.journal.clear();
		const { items, error } = await bench.act('template', 'createDocument', {
			templateId: byId(nda().id),
			specifySigners: 'json',
			signersJson: JSON.stringify(signers),
			afterCreating: 'keepDraft',
			name: '',
			options: {},
		});
		if (error) {
			const asked = bench.sandbox.journal.requests.map(({ operationId }) => operationId);
			expect(asked).not.toContain('useTemplate');
			return error.message;
		}
		const stored = bench.sandbox.store.documents.get(String(items[0]?.json.id));
		return [...(stored?.signers ?? [])]
			.sort((one, other) => one.order - other.order)
			.map(({ name }) => name);
	};

	it('puts people into the slots in the order of the list, or in their own order', async () => {
		expect(await create([ann, bob])).toEqual(['Ann', 'Bob']);
		expect(
			await create([
				{ ...ann, order: 1 },
				{ ...bob, order: 0 },
			]),
		).toEqual(['Bob', 'Ann']);
		expect(
			await create([
				{ ...ann, order: '2' },
				{ ...bob, order: '1' },
			]),
		).toEqual(['Bob', 'Ann']);
		expect(await create([{ ...ann, role: 'Signer' }, bob])).toEqual(['Ann', 'Bob']);
	});

	it.each<[string, object[], RegExp]>([
		[
			'the same order twice',
			[
				{ ...ann, order: 1 },
				{ ...bob, order: 1 },
			],
			/^Signers must have a diff/,
		],
		['an order for one only', [{ ...ann, order: 1 }, bob], /Party A, Party B in that order$/],
		['an invalid order', [{ ...ann, order: 'last' }, bob], /^Signer 1: Order must be a whole/],
		[
			'another role than the slot',
			[ann, { ...bob, role: 'viewer' }],
			/^Party B has the role signer, but Bob is entered with the role viewer$/,
		],
		['a name that is an object', [ann, { ...bob, name: {} }], /^Signer 2: Name must be text/],
		['a phone that is a list', [{ ...ann, phone: [1] }, bob], /^Signer 1: Phone must be text/],
		['no email', [ann, { ...bob, email: null }], /^Party B: Email is empty$/],
	])('refuses %s', async (_, signers, expected) => {
		expect(await create(signers)).toMatch(expected);
	});
});
