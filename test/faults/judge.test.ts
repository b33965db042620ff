import type { JournalEmail, StoredDocument } from '../sandbox/sandbox';
import { cover, pairsOf } from './coverage';
import { judge } from './judge';
import type { Traces } from './play';
import type { PreparedRun } from './sendings';

const prepared: PreparedRun = {
	parameters: {},
	items: [{ json: {} }, { json: {} }],
	contracts: [{ item: 0, name: 'NDA', due: ['Ann@example.com'] }],
};

const ANN = 'ann@example.com';
const ID = 'cm0123456789abcdef01';
const OTHER = 'cm0123456789abcdef02';

const email = (to: string, documentId = ID): JournalEmail => ({
	at: 0,
	to,
	name: to,
	kind: 'invitation',
	documentId,
});

const document = (status: StoredDocument['status'], id = ID): StoredDocument => ({
	id,
	organizationId: 'org',
	name: 'NDA',
	status,
	signingType: 'sequential',
	message: null,
	expiresAt: null,
	completedAt: null,
	createdAt: '',
	updatedAt: '',
	templateId: null,
	campaignId: null,
	bulkSendId: null,
	folderId: null,
	pdf: null,
	signedPdf: null,
	signers: [],
	fields: [],
});

const sent: Traces = {
	requests: [],
	emails: [email(ANN)],
	documents: [document('pending')],
	cancelled: false,
	items: [{ json: { id: ID, status: 'pending' }, pairedItem: { item: 0 } }],
	warnings: '',
	keyShown: false,
	allPlayed: true,
};

/** Emailed, and then this is thrown. */
const thrown = (message: string, description?: string): Partial<Traces> => ({
	items: [],
	error: { message, description, item: 0 },
});

const failed: Traces = {
	...sent,
	emails: [],
	documents: [],
	...thrown('"NDA" was not sent: Refused'),
};

const verdict = (traces: Partial<Traces>, of: Traces = sent) =>
	judge(prepared, { ...of, ...traces }).map(({ wrong }) => wrong);

it('finds nothing wrong with a contract that was sent or refused', () => {
	expect(verdict({})).toEqual([]);
	expect(verdict({}, failed)).toEqual([]);
	expect(verdict({ cancelled: true, error: undefined }, failed)).toEqual([]);
});

it.each<[string, Partial<Traces>, string[]]>([
	[
		'someone emailed twice by two documents',
		{ emails: [email(ANN), email('ANN@example.com', OTHER)], items: [{ json: { id: ID } }] },
		['TWICE', 'LOST'],
	],
	['a contract reported as sent that was not', { emails: [], documents: [] }, ['FALSE']],
	['another document reported', { emails: [email(ANN, OTHER)] }, ['FALSE']],
	['a stranger emailed', { emails: [...sent.emails, email('eve@x.test')] }, ['PERSON']],
	['nothing said about what was sent', { items: [] }, ['LOST']],
	['nothing said when it was cancelled', { ...thrown('Stopped'), cancelled: true }, ['LOST']],
	['a failure that denies the email', thrown('"NDA" was not sent'), ['FALSE']],
	[
		'a failure that denies it and leaves it open',
		thrown('"NDA" may or may not have been sent', 'No one was emailed.'),
		['FALSE'],
	],
	['a failure that does not mention it', thrown('"NDA": Bad Gateway'), ['FALSE']],
	['an open question without a name', thrown('It may or may not have been sent'), ['LOST']],
	[
		'input items mistaken for output',
		{ items: [{ json: {}, pairedItem: { item: 0 } }], cancelled: true },
		['LOST'],
	],
	[
		'a claim about the whole run',
		{ ...thrown('"NDA" may have been sent', 'Nothing was sent to inSigner.') },
		['FALSE', 'FALSE'],
	],
	['a second draft', { documents: [document('pending'), document('draft', OTHER)] }, ['DRAFT']],
	['a draft that is said to be deleted', { warnings: `The draft ${ID} was deleted.` }, ['FALSE']],
	['a draft that is said to be there', { warnings: `The draft was kept: ${OTHER}.` }, ['FALSE']],
	['the key in the log', { keyShown: true }, ['KEY']],
])('finds %s', (_, traces, expected) => {
	expect(verdict(traces)).toEqual(expected);
});

describe('a document that was to hold a value', () => {
	const wanted: PreparedRun = {
		...prepared,
		contracts: prepared.contracts.map((contract) => ({
			...contract,
			values: [{ label: 'Price', value: '1200' }],
		})),
	};
	const request: Traces['requests'][number] = {
		...{ seq: 1, at: 0, origin: 'api', method: 'POST', path: '/', query: {}, requestId: 'req_1' },
		...{ headers: {}, body: undefined },
	};
	const price: StoredDocument['fields'][number] = {
		...{ id: 'fld_1', documentId: ID, type: 'number', label: 'Price', page: 1 },
		...{ x: 72, y: 72, width: 200, height: 24, assignedTo: 0, required: true, readOnly: true },
		...{ placeholder: null, defaultValue: null, options: null },
		...{ validation: null, group: null, format: null },
	};
	const holding = (field: Partial<typeof price>, operationId = 'sendDocument') => {
		const pending = document('pending');
		const requests = [{ ...request, operationId }];
		const fields = [{ ...price, ...field }];
		return judge(wanted, { ...sent, requests, documents: [{ ...pending, fields }] });
	};

	it.each([
		[{ defaultValue: '1200', readOnly: true }, []],
		[{ defaultValue: '120', readOnly: true }, ['VALUE']],
		[{ defaultValue: '1200', readOnly: false }, ['VALUE']],
	])('%j', (field, expected) => {
		expect(holding(field).map(({ wrong }) => wrong)).toEqual(expected);
	});

	it('is not to blame on the node if using the template sent it', () => {
		expect(holding({ defaultValue: null }, 'useTemplate')).toEqual([]);
	});
});

it.each<[string, Partial<Traces>]>([
	['an open question', thrown('"NDA" may or may not have been sent: no answer')],
	[
		'that nothing was done again',
		thrown('"NDA" may or may not have been sent', 'It was not sent again.'),
	],
	[
		'a line of the log',
		{ items: [], cancelled: true, warnings: `"NDA" (${ID}) may have been sent` },
	],
	[
		'a line of the log after one about an earlier try',
		{
			items: [],
			cancelled: true,
			warnings: `"NDA" was not sent.\n"NDA" (${ID}) may have been sent.`,
		},
	],
	[
		'an item that was done before another one failed',
		{
			items: [],
			error: { message: 'Refused', description: `Done before in this run: ${ID}.`, item: 1 },
		},
	],
	[
		'a denial of another item',
		{
			items: [],
			error: {
				message: 'Item 2: "Lease" was not sent',
				description: `Nothing of item 2 was sent to inSigner.\nDone before in this run: ${ID}.`,
				item: 1,
			},
		},
	],
	[
		'a draft that may be there, next to others of its name',
		{
			documents: [document('pending'), document('draft', OTHER)],
			warnings: 'An empty draft may be left in inSigner. Drafts named "NDA": cm1.',
		},
	],
	[
		'a draft named by id',
		{
			documents: [document('pending'), document('draft', OTHER)],
			warnings: `Draft ${OTHER} is still there.`,
		},
	],
])('accepts %s', (_, traces) => {
	expect(verdict(traces)).toEqual([]);
});

it('finds a field that belongs to someone else', () => {
	const owners = [{ x: 72, y: 500, email: ANN }];
	const [contract] = prepared.contracts;
	const signer = (email: string, order: number): StoredDocument['signers'][number] => ({
		id: email,
		email,
		name: email,
		phone: null,
		role: 'signer',
		status: 'pending',
		order,
		signedAt: null,
		createdAt: '',
		updatedAt: '',
		token: null,
	});
	const field: StoredDocument['fields'][number] = {
		id: 'f',
		documentId: ID,
		type: 'signature',
		label: null,
		page: 1,
		x: 72.4,
		y: 500,
		width: 1,
		height: 1,
		required: true,
		readOnly: false,
		assignedTo: 0,
		placeholder: null,
		defaultValue: null,
		options: null,
		validation: null,
		group: null,
		format: null,
	};
	const held = (assignedTo: number, orders: number[]) =>
		judge(
			{ ...prepared, contracts: contract ? [{ ...contract, owners }] : [] },
			{
				...sent,
				documents: [
					{
						...document('pending'),
						signers: orders.map((order, index) => signer(index === 0 ? ANN : 'bob@x.test', order)),
						fields: [{ ...field, assignedTo }],
					},
				],
			},
		).map(({ wrong }) => wrong);
	expect(held(0, [0, 1])).toEqual([]);
	expect(held(1, [0, 1])).toEqual(['PERSON']);
	expect(held(0, [0, 0])).toEqual(['PERSON']);
	expect(held(2, [0, 1])).toEqual(['PERSON']);
});

it.each<[string, Partial<Traces>]>([
	['without a name', thrown('Bad Gateway', '"NDA" is not there')],
	['without a word', { error: undefined, items: [] }],
])('finds a contract lost %s', (_, traces) => {
	expect(verdict(traces, failed)).toEqual(['LOST']);
});

describe('of bulk sends', () => {
	const chunk = (number: number, due: string, from: number): PreparedRun['contracts'][number] => ({
		item: from - 1,
		name: `Bulk (${number}/2)`,
		due: [due],
		rows: { from, to: from },
	});
	const bulk: PreparedRun = {
		...prepared,
		contracts: [chunk(1, 'a@x.test', 1), chunk(2, 'b@x.test', 2)],
	};
	const of = (emails: string[], message: string, description?: string) =>
		judge(bulk, {
			...sent,
			emails: emails.map((to) => email(to)),
			...thrown(message, description),
		}).map(({ wrong, detail }) => `${wrong} ${detail.slice(0, 11)}`);

	it.each([
		['Not sent: "Bulk (2/2)" (rows 2 to 2).', []],
		['"Bulk (2/2)" may or may not have been sent.', []],
		['Rows 2 to 2 were not sent.', []],
		['Something else.', ['LOST "Bulk (2/2)']],
	])('after the first of two: %s', (line, expected) => {
		expect(of(['a@x.test'], line, 'Sent: "Bulk (1/2)".')).toEqual(expected);
	});

	it('finds a claim that is not true', () => {
		const said = of(
			['a@x.test', 'b@x.test'],
			'Stopped',
			'Sent: "Bulk (1/2)".\nNot sent: rows 2 to 2.',
		);
		expect(said).toEqual(['FALSE "Bulk (2/2)']);
	});
});

it('covers every pair of values with few combinations', () => {
	const values = [0, 1, 2, 3];
	const all = values.flatMap((a) =>
		values.flatMap((b) => values.filter((c) => c !== a).map((c) => [a, b, c].map(String))),
	);
	const chosen = cover(all, pairsOf);
	const pairs = (some: string[][]) =>
		new Set(some.flatMap(([a, b, c]) => [`${a}${b}-`, `${a}-${c}`, `-${b}${c}`]));
	expect(pairs(chosen)).toEqual(pairs(all));
	expect(chosen.length).toBeLessThan(all.length / 2);
});
