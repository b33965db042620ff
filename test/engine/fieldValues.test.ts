import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { addSalesOffer } from '../sandbox/seed';
import { FORM_NAMES, type FormName, type StoredDocument } from '../sandbox/sandbox';
import type { StoredTemplate } from '../sandbox/store';
import { ACTION, byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;
let offer: StoredTemplate;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	offer = await addSalesOffer(bench.sandbox.store, new Date(0).toISOString());
	bench.sandbox.journal.clear();
	time = passTime(bench.sandbox);
});
afterEach(() => {
	time.restore();
	bench.sandbox.faults.clear();
	bench.sandbox.lagReads(0);
	for (const name of FORM_NAMES) bench.sandbox.forms[name] = false;
});

const PEOPLE = ['sal', 'cus'].map((name) => ({ name, email: `${name}@example.com` }));

const parameters = (change: INodeParameters = {}): INodeParameters => ({
	templateId: byId(offer.id),
	name: 'Offer Acme',
	specifySigners: 'json',
	signersJson: PEOPLE,
	options: {},
	...change,
});

const inJson = (values: unknown, change: INodeParameters = {}): INodeParameters => ({
	specifyValues: 'json',
	valuesJson: values as INodeParameters,
	...change,
});

const inForm = (value: Record<string, unknown>, change: INodeParameters = {}): INodeParameters => ({
	specifyValues: 'form',
	values: { mappingMode: 'defineBelow', value: value as INodeParameters, ...change },
});

const send = async (change: INodeParameters, items: IDataObject[] = [{}]) =>
	await bench.act('document', 'createAndSendFromTemplate', parameters(change), {
		items: items.map((json) => ({ json })),
	});

const draft = async (change: INodeParameters) =>
	await bench.act('template', 'createDocument', {
		...parameters(change),
		afterCreating: 'keepDraft',
	});

type Done = Awaited<ReturnType<typeof send>>;

const requests = () =>
	bench.sandbox.journal.requests.flatMap(({ operationId }) => operationId ?? []);

const changing = () => requests().filter((name) => !/^(get|list)/.test(name));

const emailed = () => bench.sandbox.journal.emails.map(({ to }) => to);

const stored = ({ items }: Done): StoredDocument => {
	const document = bench.sandbox.store.documents.get(String(items[0]?.json.id));
	if (!document) throw new Error('There is no such document');
	return document;
};

/** What the fields that are not as in the template hold. */
const held = (document: StoredDocument): Record<string, unknown> =>
	Object.fromEntries<unknown>(
		document.fields
			.filter((field, index) => {
				const original = offer.fields[index];
				return (
					field.defaultValue !== original?.defaultValue || field.readOnly !== original?.readOnly
				);
			})
			.map(({ label, defaultValue, readOnly }) => [label ?? '', [defaultValue, readOnly]] as const),
	);

const idOf = (label: string, nth = 0) =>
	offer.fields.filter((field) => field.label === label)[nth]?.id ?? '';

/** All that is said. */
const said = ({ error }: Done) => `${error?.message}\n${error?.description}`;

/** Nothing was sent, and no draft is left. */
const expectNothingLeft = (done: Done) => {
	expect(emailed()).toEqual([]);
	expect(changing()).not.toContain('sendDocument');
	const left = bench.sandbox.store.documents.all().filter(({ name }) => name === 'Offer Acme');
	expect(left.filter(({ status }) => status === 'draft')).toEqual([]);
	expect(done.items.filter(({ json }) => json.error === undefined)).toEqual([]);
};

afterEach(() => {
	for (const { id, name } of bench.sandbox.store.documents.all()) {
		if (name === 'Offer Acme') bench.sandbox.store.documents.delete(id);
	}
	bench.sandbox.store.templates.delete(offer.id);
});

describe('the form', () => {
	const shown = async (templateId: string) =>
		await bench.engine.resourceMapping(ACTION, 'templateFields', {
			credentials: bench.credentials,
			parameters: {
				...{ resource: 'template', operation: 'createDocument', specifyValues: 'form' },
				templateId: byId(templateId),
			},
		});

	it('has every field that holds a value, by label, page and slot, and tells two apart', async () => {
		const { fields } = await shown(offer.id);
		expect(fields.map(({ displayName, type }) => [displayName, type])).toEqual([
			['Seller Name (page 1, Seller)', 'string'],
			['Customer Name (page 1, Customer)', 'string'],
			['Order Number (page 2, Seller)', 'string'],
			['Price (page 2, Customer)', 'number'],
			['Phone (page 2, Seller)', 'string'],
			['Start Date (page 2, Customer)', 'dateTime'],
			['Note (page 2, Seller)', 'string'],
			['Plan (page 2, Customer)', 'options'],
			['Billing (page 2, Customer)', 'options'],
			['Support (page 2, Customer)', 'boolean'],
			['Discount (page 2, Customer, 1 of 2)', 'number'],
			['Discount (page 2, Customer, 2 of 2)', 'number'],
			['Remarks (page 2, Customer)', 'string'],
		]);
		expect(fields.find(({ displayName }) => displayName.startsWith('Plan'))?.options).toEqual([
			{ name: 'Basic', value: 'Basic' },
			{ name: 'Pro', value: 'Pro' },
		]);
		expect(fields.filter(({ required }) => required)).toEqual([]);
		for (const { id } of fields) expect(id).toMatch(/^[A-Za-z0-9_]+$/);
	});

	it('asks for a template first', async () => {
		expect(await shown('')).toEqual({
			fields: [],
			emptyFieldsNotice: 'Choose a template to see its fields.',
		});
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it.each<FormName>(['optionsAsJson', 'assignedToAsText', 'numbersAsText', 'idsAsNumbers'])(
		'is the same in the form %s',
		async (form) => {
			const plain = await shown(offer.id);
			bench.sandbox.forms[form] = true;
			const { fields } = await shown(offer.id);
			const withoutId = (all: typeof fields) => all.map((field) => ({ ...field, id: '' }));
			expect(withoutId(fields)).toEqual(withoutId(plain.fields));
		},
	);

	it('fills in what has a value, of every type, locked, and leaves the rest as in the template', async () => {
		const done = await send(
			inForm({
				[idOf('Price')]: 1200,
				[idOf('Start Date')]: '2031-03-31T00:00:00',
				[idOf('Plan')]: 'Pro',
				[idOf('Billing')]: null,
				[idOf('Support')]: true,
				[idOf('Discount', 1)]: '={{ $json.discount }}',
				[idOf('Remarks')]: 'Two\r\nlines ',
				[idOf('Order Number')]: '',
				[idOf('Phone')]: '+43 664 1234567',
				[idOf('Customer Name')]: 'Cus Tomer',
				[idOf('Note')]: 'Valid for 30 days',
			}),
			[{ discount: '50.50' }],
		);
		expect(done.error).toBeUndefined();
		expect(done.items[0]?.json).toMatchObject({ name: 'Offer Acme', status: 'pending' });
		expect(emailed()).toEqual(['sal@example.com']);
		expect(held(stored(done))).toEqual({
			Price: ['1200', true],
			'Start Date': ['2031-03-31', true],
			Plan: ['Pro', true],
			Support: ['true', true],
			Discount: ['50.50', true],
			Remarks: ['Two\nlines', true],
			Phone: ['+43 664 1234567', true],
			'Customer Name': ['Cus Tomer', true],
			// Signers only read it anyhow.
			Note: ['Valid for 30 days', false],
		});
		const discounts = stored(done).fields.filter(({ label }) => label === 'Discount');
		expect(discounts.map(({ defaultValue }) => defaultValue)).toEqual([null, '50.50']);
	});

	it('leaves it to the signers to change the values if they are not locked', async () => {
		const done = await draft({ ...inForm({ [idOf('Price')]: 1200 }), lockValues: 'false' });
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['1200', false] });
		expect(done.items[0]?.json.status).toBe('draft');
		expect(emailed()).toEqual([]);
	});

	it('changes nothing if nothing is filled in', async () => {
		const done = await send(inForm({ [idOf('Price')]: null }));
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({});
		expect(requests()).not.toContain('updateField');
		expect((await send({ specifyValues: 'form' })).error).toBeUndefined();
	});

	it('refuses an expression that gives nothing, and values of fields that the template lacks', async () => {
		const done = await send(
			inForm({
				[idOf('Price')]: '={{ $json.missing }}',
				[idOf('Order Number')]: '={{ $json.empty }}',
				tf_gone: 'What?',
			}),
			[{ empty: '' }],
		);
		expect(said(done)).toBe(
			[
				'Values holds values for fields that this template does not have. Open the node and refresh its list of fields.',
				'Order Number (page 2, Seller): the expression gives nothing for this item.',
				'Price (page 2, Customer): the expression gives nothing for this item.',
				'Nothing was sent to inSigner for item 1.',
			].join('\n'),
		);
		expect(requests()).toEqual(['getTemplate']);
	});

	it('passes over what someone took out of it', async () => {
		const schema = [
			{ id: idOf('Support'), removed: true },
			{ id: 'tf_gone', removed: true },
			{ id: idOf('Price'), removed: false },
		];
		const done = await draft(
			inForm({ [idOf('Support')]: false, tf_gone: 1, [idOf('Price')]: 7 }, { schema }),
		);
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['7', true] });
	});
});

describe('JSON', () => {
	it.each([
		['an object', { Price: 1200 }],
		['a text', '{ "Price": "1200" }'],
		['the label in another case', { ' price ': 1200 }],
		['what the form calls it', { 'Price (page 2, Customer)': 1200 }],
	])('names fields by label: %s', async (_, values) => {
		const done = await send(inJson(values));
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['1200', true] });
	});

	it('names fields by ID, and null leaves them as they are', async () => {
		const done = await send(
			inJson({ [idOf('Discount')]: 5, Price: null, Plan: 'pro', Support: 'no' }),
		);
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({
			Discount: ['5', true],
			Plan: ['Pro', true],
			Support: ['false', true],
		});
	});

	it('works where an expression chooses the template and gives the values', async () => {
		const done = await send(
			inJson('={{ $json.values }}', { templateId: byId('={{ $json.template }}') }),
			[{ template: offer.id, values: { Price: 99.9 } }],
		);
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['99.9', true] });
	});

	it('refuses keys by name, with all that is wrong at the same time, before anything is changed', async () => {
		const done = await send(
			inJson({
				Prize: 1,
				Discount: 5,
				'Seller Signature': 'x',
				Total: 3,
				Plan: '',
				Price: 'a lot',
				[idOf('Price')]: 2,
				'Start Date': '31.03.2031',
			}),
		);
		const discounts = [0, 1].map(
			(nth) => `${idOf('Discount', nth)} for Discount (page 2, Customer, ${nth + 1} of 2)`,
		);
		expect(said(done).split('\n')).toEqual([
			expect.stringMatching(
				/^"Prize" fits no field of this template\. It has Seller Name \(page 1, Seller\), Customer .*, Billing \(page 2, Customer\), 4 more$/,
			),
			`"Discount" fits 2 fields. Use their IDs instead: ${discounts.join(', ')}.`,
			`"Seller Signature" is a field of type signature, which can't be filled in here.`,
			`"Total" is a field of type formula, which can't be filled in here.`,
			'"Plan" is empty: leave it out or use null to keep what the template has.',
			`"${idOf('Price')}" is the same field as another key: Price (page 2, Customer).`,
			'Price (page 2, Customer) must be a number, but is "a lot".',
			'Start Date (page 2, Customer) must be a date, such as 2031-03-31, but is "31.03.2031".',
			'Nothing was sent to inSigner for item 1.',
		]);
		expect(requests()).toEqual(['getTemplate']);
	});

	it.each([
		['nothing', '', 'Values (JSON) is empty'],
		['a list', '[]', 'Values (JSON) must be a JSON object, but is "[]"'],
		[
			'a choice that is none',
			{ Plan: 'Gold' },
			'Plan (page 2, Customer) must be one of Basic, Pro, but is "Gold"',
		],
		[
			'a checkbox that is neither',
			{ Support: 'maybe' },
			'Support (page 2, Customer) must be true or false, but is "maybe"',
		],
		[
			'a number with two meanings',
			{ Price: '1,200' },
			'Price (page 2, Customer) must be a number, but is "1,200"',
		],
		[
			'a number that lost digits',
			{ Price: 12345678901234567890 },
			'Price (page 2, Customer) has more digits than a number can hold: enter 12345678901234567000 as text',
		],
		[
			'a list where a text belongs',
			{ Phone: [1] },
			'Phone (page 2, Seller) must be text, but is a list',
		],
		[
			'an object as a choice',
			{ Plan: {} },
			'Plan (page 2, Customer) must be text, but is an object',
		],
		[
			'a phone number that is none',
			{ Phone: '4.9E+11' },
			`Phone (page 2, Seller) "4.9E+11" isn't a phone number: use digits, perhaps with spaces and + ( ) - . /`,
		],
		['an object', { Remarks: {} }, 'Remarks (page 2, Customer) must be text, but is an object'],
	])('refuses %s', async (_, values, message) => {
		const done = await send(inJson(values));
		expect(done.error?.message).toBe(message);
		expect(requests()).toEqual(['getTemplate']);
	});

	it('takes a choice by its value or its label, and one that is written exactly like it first', async () => {
		const plan = offer.fields.find(({ label }) => label === 'Plan');
		if (!plan) throw new Error('The offer has no plan');
		plan.options = [
			{ value: 'pro', label: 'Professional' },
			{ value: 'a', label: 'Small' },
			{ value: 'A', label: 'Large' },
		];
		const written = async (choice: string) =>
			stored(await draft(inJson({ Plan: choice }))).fields.find(({ label }) => label === 'Plan')
				?.defaultValue;
		expect(await written('professional')).toBe('pro');
		expect(await written('Small')).toBe('a');
		expect(await written('A')).toBe('A');
	});

	it('checks an email address like that of a signer', async () => {
		const phone = offer.fields.find(({ label }) => label === 'Phone');
		if (phone) phone.type = 'email';
		const done = await send(inJson({ Phone: 'ann@' }));
		expect(done.error?.message).toMatch(/^Phone \(page 2, Seller\) "ann@" isn't a valid email add/);
	});

	it('names a field without a label by its type', async () => {
		const note = offer.fields.find(({ label }) => label === 'Note');
		if (note) note.label = null;
		const done = await send(inJson({ 'Field of type note (page 2, Seller)': {} }));
		expect(done.error?.message).toMatch(/^Field of type note \(page 2, Seller\) must be text/);
	});

	it('refuses a choice where the template has none, and a label that fits nothing at all', async () => {
		const plan = offer.fields.find(({ label }) => label === 'Plan');
		if (plan) plan.options = null;
		expect((await send(inJson({ Plan: 'Pro' }))).error?.message).toBe(
			'Plan (page 2, Customer) has no choices in the template to choose from',
		);
		offer.fields = offer.fields.filter(({ type }) => type === 'signature');
		expect((await send(inJson({ Plan: 'Pro' }))).error?.message).toBe(
			'"Plan" fits no field: this template has none that hold a value',
		);
	});

	it('writes dates in the time zone of the workflow, and numbers with the digits they have', async () => {
		const written = async (values: string) => held(stored(await draft(inJson(values))));
		// n8n's default is New York.
		expect(await written('={{ { "Start Date": "2031-04-01T02:00:00Z" } }}')).toEqual({
			'Start Date': ['2031-03-31', true],
		});
		expect(await written('={{ { "Start Date": new Date("2031-04-01T02:00:00Z") } }}')).toEqual({
			'Start Date': ['2031-03-31', true],
		});
		expect(await written('={{ { Price: 0.1 + 0.2 } }}')).toEqual({ Price: ['0.3', true] });
		expect(await written('{ "Price": "+1200.50" }')).toEqual({ Price: ['1200.50', true] });
	});
});

it('the document is read again after the last value, and then sent', async () => {
	await send(inJson({ Price: 1, Plan: 'Pro', Support: true }));
	expect(requests()).toEqual([
		...['getTemplate', 'useTemplate', 'getDocument'],
		...['updateField', 'updateField', 'updateField'],
		...['getDocument', 'sendDocument'],
	]);
});

describe('nothing is sent without the values', () => {
	it.each<[FormName, string, RegExp]>([
		[
			'fieldUpdateRefused',
			'Endpoint not found',
			/^inSigner may not offer this through its API yet/m,
		],
		['fieldUpdateUnknown', 'Endpoint not found', /^The object exists, so inSigner does not offer/m],
	])('%s: the error says how to go on', async (form, detail, hint) => {
		bench.sandbox.forms[form] = true;
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error?.message).toBe(
			`"Offer Acme" was not sent, could not fill in its values: Price (page 2, Customer): ${detail}`,
		);
		expect(done.error?.description).toMatch(hint);
		expect(done.error?.description).toMatch(/^The draft cm\w+ was deleted\.$/m);
		expect(done.error?.description).toMatch(
			/^To go on without it, use Template > Create Document with Field Values set to Leave as in the Template/m,
		);
		expectNothingLeft(done);
	});

	it('nor is a draft left that was to stay one, unless it is to be kept', async () => {
		bench.sandbox.forms.fieldUpdateRefused = true;
		const done = await draft(inJson({ Price: 1200 }));
		expect(done.error?.message).toMatch(/^"Offer Acme" was not created, could not fill in its v/);
		expectNothingLeft(done);
		const kept = await draft(inJson({ Price: 1200 }, { options: { ifNotSent: 'keepDraft' } }));
		expect(kept.error?.description).toMatch(/^The draft was kept: cm\w+\.$/m);
		expect(emailed()).toEqual([]);
	});

	it('if inSigner refuses a value, the field is named', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'updateField' },
			nth: 2,
			fault: {
				status: 422,
				body: {
					title: 'Validation Error',
					status: 422,
					detail: 'Too long',
					errors: [{ field: 'defaultValue', message: 'Max 3' }],
				},
			},
		});
		const done = await send(inJson({ Price: 1200, Plan: 'Pro' }));
		expect(done.error?.message).toMatch(
			/could not fill in its values: (Price|Plan) \(page 2, Customer\): Too long \(defaultValue: Max 3\)$/,
		);
		expect(done.error?.description).not.toMatch(/To go on without it/);
		expectNothingLeft(done);
	});

	it('if a value does not come back as it was written', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'updateField' },
			fault: { status: 200, body: { data: { id: 'fld' } } },
		});
		const done = await send(inJson({ Price: 1200, Remarks: 'a'.repeat(70) }));
		expect(done.error?.message).toBe(
			'"Offer Acme" was not sent, could not fill in its values: inSigner does not hold the values that were filled in',
		);
		expect(done.error?.description?.split('\n').slice(1, 5)).toEqual([
			'Price (page 2, Customer) holds "100" instead of "1200".',
			'Price (page 2, Customer) can still be changed by its signer.',
			`Remarks (page 2, Customer) holds nothing instead of "${'a'.repeat(60)}…".`,
			'Remarks (page 2, Customer) can still be changed by its signer.',
		]);
		expectNothingLeft(done);
	});

	it('if a field belongs to someone else afterwards', async () => {
		// The answer is held while inSigner gives the field to another signer.
		time.restore();
		bench.sandbox.faults.add({
			match: { operationId: 'updateField' },
			when: 'after',
			fault: { hangMs: 300 },
		});
		const sending = send(inJson({ Price: 1200 }));
		const changed = () =>
			bench.sandbox.store.documents
				.all()
				.filter(({ status }) => status === 'draft')
				.flatMap(({ fields }) => fields)
				.find(({ label, defaultValue }) => label === 'Price' && defaultValue === '1200');
		while (!changed()) await new Promise((resolve) => setTimeout(resolve, 5));
		Object.assign(changed() ?? {}, { assignedTo: 0 });
		time = passTime(bench.sandbox);
		const done = await sending;
		expect(done.error?.description).toMatch(
			/^Price \(page 2\) has another assignedTo than before\.$/m,
		);
		expectNothingLeft(done);
	});

	it('if a value cannot be locked, unless it need not be', async () => {
		bench.sandbox.forms.readOnlyIgnored = true;
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error?.description).toMatch(
			/^Price \(page 2, Customer\) can still be changed by its signer\.$/m,
		);
		expectNothingLeft(done);
		expect((await send(inJson({ Price: 1200 }, { lockValues: false }))).error).toBeUndefined();
	});

	it('if no answer says whether a value was filled in, what is read back counts', async () => {
		const lose = (when: 'before' | 'after') =>
			bench.sandbox.faults.add({
				match: { operationId: 'updateField' },
				when,
				fault: { drop: true },
			});
		lose('after');
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['1200', true] });
		expect(emailed()).toEqual(['sal@example.com']);

		bench.sandbox.journal.clear();
		bench.sandbox.store.documents.delete(stored(done).id);
		bench.sandbox.faults.clear();
		lose('before');
		const lost = await send(inJson({ Price: 1200 }));
		expect(said(lost)).toMatch(/inSigner does not hold the values that were filled in\n/);
		expect(said(lost)).toMatch(/^Price \(page 2, Customer\): inSigner at \S+ gave no answer\.$/m);
		expectNothingLeft(lost);
	});

	it('if the document cannot be read back', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			nth: 2,
			times: 99,
			fault: { status: 404 },
		});
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error?.message).toMatch(/: what was filled in could not be read back$/);
		expect(said(done)).toMatch(/deleted\.\nTo go on without it/);
		expectNothingLeft(done);
	});

	it.each([500, 3_000, 8_000])('reads %d ms behind are waited for', async (ms) => {
		bench.sandbox.lagReads(ms);
		const done = await send(inJson({ Price: 1200, Plan: 'Pro' }));
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['1200', true], Plan: ['Pro', true] });
	});

	it('a field that does not show yet is looked for again', async () => {
		const answer = {
			status: 200,
			get body() {
				const [document] = bench.sandbox.store.documents.all().slice(-1);
				return { data: { ...document, fields: [] } };
			},
		};
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, times: 1, fault: answer });
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error).toBeUndefined();
		expect(held(stored(done))).toEqual({ Price: ['1200', true] });
	});

	it('if the template was changed in between', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'useTemplate' },
			times: 1,
			fault: { hangMs: 0 },
			onPlay: () => {
				const price = offer.fields.find(({ label }) => label === 'Price');
				if (price) price.y += 100;
			},
		});
		const done = await send(inJson({ Price: 1200 }));
		expect(said(done)).toMatch(
			/could not fill in its values: its fields are not those of the template\n/,
		);
		expect(said(done)).toMatch(/^Price \(page 2, Customer\) is missing among its fields\.$/m);
		expect(requests()).not.toContain('updateField');
		expectNothingLeft(done);
	});

	it('if two fields cannot be told apart in the document', async () => {
		const price = offer.fields.find(({ label }) => label === 'Price');
		if (price) offer.fields.push({ ...price, id: 'tf_twin' });
		const done = await send(inJson({ [idOf('Price')]: 1200 }));
		expect(said(done)).toMatch(
			/^Several fields are alike at the place of Price \(page 2, Customer, 1 of 2\)\.$/m,
		);
		expectNothingLeft(done);
	});

	it('if using the template sent it, the error says so', async () => {
		bench.sandbox.forms.useSendsAtOnce = true;
		const done = await send(inJson({ Price: 1200 }));
		expect(done.error?.message).toMatch(
			/^"Offer Acme" may or may not have been sent: it is pending, which isn't a draft, so its values can't be filled in\./,
		);
		expect(requests()).not.toContain('updateField');
	});
});

it('is sent once for a key, with its values', async () => {
	const change = inJson({ Price: 1200 }, { options: { sendOnceFor: 'deal 7' } });
	const done = await send(change);
	const again = await send(change);
	expect(again.error).toBeUndefined();
	expect(again.items[0]?.json).toMatchObject({ id: done.items[0]?.json.id, alreadySent: true });
	expect(held(stored(again))).toEqual({ Price: ['1200', true] });
	expect(emailed()).toEqual(['sal@example.com']);
});

it.each(['{ "Price": "1200", "Support": "true" }', { Price: 1200, Support: true }])(
	'an agent fills in values as its model writes them: %j',
	async (values) => {
		const call = bench.engine.tool(
			ACTION,
			{
				...{ resource: 'template', operation: 'createDocument', afterCreating: 'keepDraft' },
				...parameters(inJson("={{ $fromAI('values', 'Values by label', 'json') }}")),
			},
			{ credentials: bench.credentials },
		);
		await call({ values });
		const [document] = bench.sandbox.store.documents
			.all()
			.filter(({ name }) => name === 'Offer Acme');
		expect(document && held(document)).toEqual({
			Price: ['1200', true],
			Support: ['true', true],
		});
	},
);
