import type { INodeParameters } from 'n8n-workflow';
import { PDFDocument } from 'pdf-lib';

import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => bench.sandbox.journal.clear());

const ann = { name: 'Ann', email: 'ann@example.com', role: 'signer', phone: '' };
const bob = { name: 'Bob', email: 'bob@example.com', role: 'signer', phone: '' };

const contract = (change: INodeParameters): INodeParameters => ({
	name: 'Placed',
	binaryPropertyName: 'data',
	signers: { signer: [ann, bob] },
	options: {},
	...change,
});

/** An A4 page in portrait, then one in landscape. */
async function twoPages(): Promise<Awaited<ReturnType<Bench['pdfItem']>>> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]);
	pdf.addPage([842, 595]);
	const bytes = Buffer.from(await pdf.save());
	const data = await bench.engine.binary.put(bytes, 'two.pdf', 'application/pdf');
	return { json: {}, binary: { data } };
}

const create = async (change: INodeParameters) =>
	await bench.act('document', 'createAndSend', contract(change), { items: [await twoPages()] });

const placed = (documentId: unknown) =>
	bench.sandbox.store.documents
		.get(String(documentId))
		?.fields.map(({ type, page, x, y, width, height, assignedTo }) => ({
			type,
			page,
			box: [x, y, width, height],
			assignedTo,
		}));

describe('Create and Send', () => {
	it('places fields by corner, below each other, in millimeters and in percent', async () => {
		const { items, error } = await create({
			specifyFields: 'form',
			fields: {
				field: [
					{ type: 'signature', signer: 'ann@example.com', position: 'bottomLeft', page: -1 },
					{ type: 'signature', signer: 'Bob', position: 'bottomRight', page: -1 },
					{ type: 'text', signer: 1, position: 'topLeft', page: 1 },
					{ type: 'initials', signer: '1', position: 'belowPrevious' },
					{
						type: 'checkbox',
						signer: '2',
						position: 'coordinates',
						page: 1,
						x: 25.4,
						y: 127,
						fieldOptions: { unit: 'millimeters', width: 5, height: 5 },
					},
					{
						type: 'note',
						signer: '2',
						position: 'coordinates',
						page: 2,
						x: 50,
						y: 10,
						fieldOptions: { unit: 'percent', width: 25, height: 10 },
					},
				],
			},
		});
		expect(error).toBeUndefined();
		expect(placed(items[0]?.json.id)).toEqual([
			{ type: 'signature', page: 2, box: [50, 485, 200, 60], assignedTo: 0 },
			{ type: 'signature', page: 2, box: [592, 485, 200, 60], assignedTo: 1 },
			{ type: 'text', page: 1, box: [50, 50, 200, 24], assignedTo: 0 },
			{ type: 'initials', page: 1, box: [50, 86, 80, 40], assignedTo: 0 },
			{ type: 'checkbox', page: 1, box: [72, 360, 14.17, 14.17], assignedTo: 1 },
			{ type: 'note', page: 2, box: [421, 59.5, 210.5, 59.5], assignedTo: 1 },
		]);
	}, 60_000);

	it('accepts the fields of another document as JSON', async () => {
		const first = await create({
			specifyFields: 'form',
			fields: {
				field: [
					{ type: 'signature', signer: '1', position: 'bottomLeft', page: -1 },
					{ type: 'dropdown', signer: '2', position: 'topLeft', page: 1, options: ['Red', 'Blue'] },
					{ type: 'signature', signer: '2', position: 'bottomRight', page: -1 },
				],
			},
		});
		const fields = await bench.act('field', 'getMany', {
			documentId: byId(String(first.items[0]?.json.id)),
			returnAll: true,
		});
		const second = await create({
			specifyFields: 'json',
			fieldsJson: fields.items.map(({ json }) => ({ ...json })) as INodeParameters[],
		});
		expect(second.error).toBeUndefined();
		const byPlace = (documentId: unknown) =>
			placed(documentId)?.sort((a, b) => a.box.join().localeCompare(b.box.join()));
		expect(byPlace(second.items[0]?.json.id)).toEqual(byPlace(first.items[0]?.json.id));
		const [dropdown] =
			bench.sandbox.store.documents
				.all()
				.at(-1)
				?.fields.filter(({ type }) => type === 'dropdown') ?? [];
		expect(dropdown?.options).toEqual(['Red', 'Blue']);
	});

	it('accepts any number of signers as JSON', async () => {
		const people = [ann, bob, { name: 'Vic', email: 'vic@example.com', role: 'viewer' }];
		const { items, error } = await create({
			specifySigners: 'json',
			signersJson: JSON.stringify(people),
			specifyFields: 'form',
			fields: {
				field: [
					{ type: 'signature', signer: '1', position: 'bottomLeft' },
					{ type: 'signature', signer: '2', position: 'bottomRight' },
				],
			},
		});
		expect(error).toBeUndefined();
		expect(bench.sandbox.store.documents.get(String(items[0]?.json.id))?.signers).toMatchObject(
			people.map(({ email, role }, order) => ({ email, role, order })),
		);
	});

	it('uses the signing order from JSON, counted as Signer: Get Many does', async () => {
		const { items, error } = await create({
			specifySigners: 'json',
			signersJson: [
				{ ...ann, order: 1 },
				{ ...bob, order: '0', phone: null },
			],
			specifyFields: 'json',
			fieldsJson: [
				{ type: 'signature', assignedTo: 0, page: 1, x: 10, y: 10 },
				{ type: 'signature', signer: 2, page: 1, x: 10, y: 100 },
				{ type: 'text', signer: 'ann@example.com', assignedTo: 1, page: 1, x: 10, y: 200 },
			],
		});
		expect(error).toBeUndefined();
		const { signers, fields } = bench.sandbox.store.documents.get(String(items[0]?.json.id)) ?? {};
		expect(signers).toMatchObject([
			{ email: bob.email, order: 0 },
			{ email: ann.email, order: 1 },
		]);
		expect(fields?.map(({ assignedTo }) => assignedTo)).toEqual([0, 1, 1]);
	});

	it('stops at a draft if asked to: no one is emailed', async () => {
		const { items, error } = await create({
			specifyFields: 'form',
			fields: {
				field: [
					{ type: 'signature', signer: '1', position: 'bottomLeft' },
					{ type: 'signature', signer: '2', position: 'bottomRight' },
				],
			},
			options: { draftOnly: true },
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ status: 'draft', signers: [{}, {}], fields: [{}, {}] });
		expect(bench.sandbox.journal.emails).toEqual([]);
	});

	it.each<[string, INodeParameters, RegExp]>([
		[
			'a page that the PDF does not have',
			{
				specifyFields: 'form',
				fields: { field: [{ type: 'signature', signer: '1', position: 'topLeft', page: 3 }] },
			},
			/^Field 1: Page is 3, but the PDF has 2 pages/,
		],
		[
			'a field beyond the page',
			{
				specifyFields: 'form',
				fields: {
					field: [
						{
							type: 'signature',
							signer: '1',
							position: 'coordinates',
							page: 1,
							x: 90,
							y: 0,
							fieldOptions: { unit: 'percent' },
						},
					],
				},
			},
			/^Field 1: Position puts it beyond page 1/,
		],
		[
			'fields that lie on each other',
			{
				specifyFields: 'form',
				fields: {
					field: ['signature', 'initials'].map((type) => ({
						...{ type, position: 'coordinates', page: 2, x: 72, y: 72 },
					})),
				},
			},
			/^Field 2 overlaps Field 1 on page 2$/,
		],
		[
			'a Signer whose expression has no value',
			{
				specifyFields: 'form',
				fields: { field: [{ type: 'signature', signer: '={{ $json.who }}' }] },
			},
			/^Field 1: Signer is empty$/,
		],
		[
			'a Width whose expression has no value',
			{
				specifyFields: 'form',
				fields: {
					field: [{ type: 'signature', signer: '1', fieldOptions: { width: '={{ $json.wide }}' } }],
				},
			},
			/^Field 1: Width must be a number from 0, but is empty$/,
		],
		[
			'a switch that says neither yes nor no',
			{
				specifyFields: 'form',
				fields: {
					field: [
						{ type: 'signature', signer: '1', fieldOptions: { required: '={{ "perhaps" }}' } },
					],
				},
			},
			/^Field 1: Required must be true or false, but is "perhaps"$/,
		],
		[
			'a name that is an object',
			{ signers: { signer: [ann, { ...bob, name: '={{ { first: "Bob" } }}' }] } },
			/^Signer 2: Name must be text, but is an object$/,
		],
		[
			'a signer and assignedTo that are two people',
			{
				specifyFields: 'json',
				fieldsJson: [{ type: 'signature', signer: 1, assignedTo: 1, page: 1, x: 0, y: 0 }],
			},
			/^Field 1: Signer is 1, but assignedTo, which counts from 0, is 1/,
		],
		['signers as JSON of which none was entered', { specifySigners: 'json' }, /is empty$/],
		[
			'an order that could be counted from 1',
			{ specifySigners: 'json', signersJson: [1, 2].map((order) => ({ ...ann, order })) },
			/^Signers \(JSON\) must give each signer an order of its own from 0 to 1, .* now they are 1, 2$/,
		],
		[
			'an order that two share',
			{ specifySigners: 'json', signersJson: [0, 0].map((order) => ({ ...ann, order })) },
			/now they are 0, 0$/,
		],
		[
			'an order that only one has',
			{ specifySigners: 'json', signersJson: [{ ...ann, order: 1 }, bob] },
			/^Signer 2: order must be a whole number, but is empty$/,
		],
		[
			'an order under another name',
			{ specifySigners: 'json', signersJson: [{ ...ann, signingOrder: 2 }, bob] },
			/^Signer 1: "signingOrder" is not read here: use "order"$/,
		],
		[
			'an unknown role',
			{ specifySigners: 'json', signersJson: [{ ...ann, role: 'witness' }] },
			/^Signer 1: Role must be one of approver, signer, viewer, but is "witness"$/,
		],
		[
			'JSON that is none',
			{ specifyFields: 'json', fieldsJson: '[{' },
			/^Fields \(JSON\) must be a JSON list of objects$/,
		],
	])('refuses %s before anything is sent', async (_, change, expected) => {
		const { error } = await create(change);
		expect(error?.message).toMatch(expected);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('says how to do without if the pages cannot be measured', async () => {
		const bytes = Buffer.from('%PDF-1.7\nnothing that anybody could read');
		const data = await bench.engine.binary.put(bytes, 'odd.pdf', 'application/pdf');
		const fields = { field: [{ type: 'signature', signer: '1', position: 'topLeft', page: 1 }] };
		const { error } = await bench.act(
			'document',
			'createAndSend',
			contract({ fields, signers: { signer: [ann] } }),
			{ items: [{ json: {}, binary: { data } }] },
		);
		expect(error?.message).toMatch(/pages of the PDF cannot be measured/);
		expect(error?.description).toMatch(/Coordinates does without/);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});
});

describe('Field: Add', () => {
	const draft = async () => {
		const { items } = await bench.act('document', 'create', { name: 'A draft', options: {} });
		return String(items[0]?.json.id);
	};

	it('needs the PDF only for corners, percent and pages from the end', async () => {
		const documentId = await draft();
		const field = { documentId: byId(documentId), type: 'stamp', signer: '1' };
		const plain = await bench.act('field', 'add', { ...field, position: 'coordinates', x: 10 });
		expect(plain.error).toBeUndefined();
		expect(plain.items[0]?.json).toMatchObject({ page: 1, x: 10, y: 650, width: 120 });

		const parameters = { ...field, position: 'bottomRight', page: -1 };
		const items = [await twoPages()];
		const corner = await bench.act('field', 'add', parameters, { items });
		expect(corner.error).toBeUndefined();
		expect(corner.items[0]?.json).toMatchObject({ page: 2, x: 672, y: 425 });

		const without = await bench.act('field', 'add', parameters);
		expect(without.error?.message).toMatch(/has no files/);
	});

	it('finds the signer by name or email address', async () => {
		const documentId = await draft();
		for (const [index, person] of [ann, bob].entries()) {
			await bench.act('signer', 'add', {
				documentId: byId(documentId),
				...person,
				order: index + 1,
			});
		}
		const field = { documentId: byId(documentId), type: 'signature', position: 'coordinates' };
		const found = await bench.act('field', 'add', { ...field, signer: 'BOB@example.com' });
		expect(found.items[0]?.json).toMatchObject({ assignedTo: 1 });
	});
});
