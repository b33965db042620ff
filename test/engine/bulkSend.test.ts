import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { clock } from '../../nodes/InSigner/api/clock';
import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

// The machine may be busy with other tests.
jest.setTimeout(60_000);

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	bench.sandbox.lagReads(0);
	// Every test has its own five minutes.
	await bench.sandbox.clock.advance(301_000);
	time = passTime(bench.sandbox);
});
afterEach(() => time.restore());

const parameters = (change: INodeParameters = {}): INodeParameters => ({
	templateId: byId(
		bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1)?.id ?? '',
	),
	name: 'Notice',
	recipientsFrom: 'items',
	recipientName: '={{ $json.name }}',
	recipientEmail: '={{ $json.email }}',
	recipientPhone: '',
	options: {},
	...change,
});

const people = (count: number) =>
	Array.from({ length: count }, (_, n) => ({
		json: { name: `Person ${n}`, email: `person${n}@example.com` },
	}));

const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

const posts = () =>
	bench.sandbox.journal.requests.filter(({ operationId }) => operationId === 'createBulkSend');

const invitations = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

it('emails 1,750 people in four bulk sends, once each, through a lost answer and a break-down', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 2,
		when: 'after',
		fault: { drop: true },
	});
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 3,
		when: 'before',
		fault: { status: 500 },
	});
	const { items, error } = await bench.act('bulkSend', 'create', parameters(), {
		items: people(1750),
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => [json.name, json.totalCount])).toEqual([
		['Notice (1/4)', 500],
		['Notice (2/4)', 500],
		['Notice (3/4)', 500],
		['Notice (4/4)', 250],
	]);
	expect(
		items.map(({ pairedItem }) => (Array.isArray(pairedItem) ? pairedItem.length : 0)),
	).toEqual([500, 500, 500, 250]);
	expect(invitations()).toHaveLength(1750);
	expect(new Set(invitations()).size).toBe(1750);
	expect(
		bench.sandbox.store.bulkSends.all().filter(({ name }) => name.startsWith('Notice (')),
	).toHaveLength(4);
	// Three waits of five minutes, and reading the list; no request was wasted on a refusal.
	expect(posts().filter(({ status }) => status === 429)).toHaveLength(0);
	expect(time.waitedMs()).toBeGreaterThanOrEqual(3 * 300_000 - 30_000);
}, 120_000);

it('reads the columns of a spreadsheet, and names its rows', async () => {
	const sheet = [
		{ row_number: 2, 'Full Name': 'Ann Ames', 'E-Mail': 'ann@example.com' },
		{ row_number: 3, 'Full Name': 'Bob Burns', 'E-Mail': 'bob@' },
		{ row_number: 7, 'Full Name': 'Ann Again', 'E-Mail': 'ANN@example.com' },
	].map((json) => ({ json }));
	const { recipientName, recipientEmail, ...rest } = parameters();
	expect([recipientName, recipientEmail]).not.toContain(undefined);
	const wrong = await bench.act('bulkSend', 'create', rest, { items: sheet });
	expect(wrong.error?.message).toMatch(/^"Notice" was not sent: Row 3: Email "bob@"/);
	expect(wrong.error?.description).toMatch(
		/Row 7: Email "ANN@example.com" is already used in row 2/,
	);

	const options = { skipInvalidRows: true };
	const { error, items } = await bench.act(
		...(['bulkSend', 'create', { ...rest, options }] as const),
		{ items: sheet },
	);
	expect(error).toBeUndefined();
	expect(invitations()).toEqual(['ann@example.com']);
	expect(items[1]?.json.skippedRows).toMatchObject([{ row: 3 }, { row: 7 }]);
});

it('does not take a column for an expression that gives nothing', async () => {
	const items = [{ json: { name: 'Ann', email: 'ann@example.com' } }];
	const change = { recipientName: '={{ $json.customer }}' };
	const { error } = await bench.act('bulkSend', 'create', parameters(change), { items });
	expect(error?.message).toBe('"Notice" was not sent: Item 1: Name is empty');
});

it('refuses a template that more than one person signs before anyone is emailed', async () => {
	const nda = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
	for (const options of [{}, { dryRun: true }]) {
		const change = { templateId: byId(nda?.id ?? ''), options };
		const { error } = await bench.act('bulkSend', 'create', parameters(change), {
			items: people(1),
		});
		expect(error?.message).toBe(
			'"Notice" was not sent: Template "Standard NDA" has 2 signer slots, but a bulk send needs exactly one. For more than one, use Document > Create and Send From Template',
		);
	}
	expect(requests()).toEqual(['getTemplate', 'getTemplate']);
});

it('stops and says so when no one can know, and Retry On Fail does not send again', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 1,
		when: 'before',
		fault: { drop: true },
	});
	const { error } = await bench.act('bulkSend', 'create', parameters({ name: 'Unknown' }), {
		items: people(600),
		node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
	});
	expect(error?.message).toMatch(
		/^"Unknown \(1\/2\)" may or may not have been sent: inSigner at \S+ gave no answer\. Do not send it again before you have looked for it in inSigner(\. Not sent: items 501 to 600)?$/,
	);
	expect(error?.description).toMatch(
		/^May or may not have been sent: "Unknown \(1\/2\)" \(items 1 to 500\)\.\nNot sent: "Unknown \(2\/2\)" \(items 501 to 600\)\./,
	);
	expect(posts()).toHaveLength(1);
	expect(invitations()).toEqual([]);
}, 60_000);

it('with Continue On Fail outputs what was sent before what was not', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 2,
		times: 9,
		fault: { status: 403 },
	});
	const { items } = await bench.act('bulkSend', 'create', parameters({ name: 'Half' }), {
		items: people(501),
		node: { onError: 'continueRegularOutput' },
	});
	expect(items.map(({ json }) => json.name ?? json.error)).toEqual([
		'Half (1/2)',
		expect.any(String),
	]);
	expect(items[1]?.json.error).toMatch(
		/^"Half \(2\/2\)" was not sent: .*\. Items 1 to 500 were sent before; do not send them again$/,
	);
	expect(items[1]?.json.details).toMatch(
		/^Sent: "Half \(1\/2\)" \(items 1 to 500\)\.\nNot sent: "Half \(2\/2\)" \(item 501\)\./,
	);
	expect(items[1]?.pairedItem).toEqual([{ item: 500 }]);
}, 60_000);

it('with Retry On Fail sends only what was not sent', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 2,
		fault: { status: 403 },
	});
	const { items, error } = await bench.act('bulkSend', 'create', parameters({ name: 'Again' }), {
		items: people(501),
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.name)).toEqual(['Again (1/2)', 'Again (2/2)']);
	expect(invitations()).toHaveLength(501);
	expect(new Set(invitations()).size).toBe(501);
	// The template is the same for all parts, so each try reads it once.
	expect(requests().filter((name) => name === 'getTemplate')).toHaveLength(2);
}, 60_000);

it('reports exactly what was sent when it is cancelled between two bulk sends', async () => {
	const execution = new AbortController();
	// The first one was sent when the wait for the second begins.
	const wait = jest
		.spyOn(bench.sandbox.clock, 'advance')
		.mockImplementation(async () => execution.abort());
	const { status } = await bench.act('bulkSend', 'create', parameters({ name: 'Cancelled' }), {
		items: people(501),
		signal: execution.signal,
	});
	wait.mockRestore();
	expect(status).toBe('canceled');
	expect(invitations()).toHaveLength(500);
	expect(bench.engine.logText()).toMatch(
		/Sent: "Cancelled \(1\/2\)" \(items 1 to 500\)\. Not sent: "Cancelled \(2\/2\)" \(item 501\)\./,
	);
}, 60_000);

it('shows progress while it waits', async () => {
	await bench.act('bulkSend', 'create', parameters({ name: 'Shown' }), { items: people(501) });
	const text = bench.engine.logText();
	expect(text).toMatch(/bulk send 1 of 2 \("Shown \(1\/2\)"\): emailing 500 people/);
	expect(text).toMatch(/bulk send 2 of 2 \("Shown \(2\/2\)"\): waiting 2\d\d more seconds/);
}, 60_000);

it('does not wait longer than it may', async () => {
	const { error } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: 'Hurry', options: { maxWaitMinutes: 4 } }),
		{ items: people(501) },
	);
	expect(error?.message).toMatch(
		/^"Hurry \(2\/2\)" was not sent: the maximum wait is used up, and inSigner asks to wait \d+ more seconds\. Items 1 to 500 were sent before; do not send them again$/,
	);
	expect(error?.description).toMatch(/Sent: "Hurry \(1\/2\)"/);
	expect(invitations()).toHaveLength(500);
}, 60_000);

it('skips invalid rows if asked to, and reports them', async () => {
	const { items } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: 'Skipping', options: { skipInvalidRows: true } }),
		{
			items: [
				...people(3),
				{ json: { name: 'Twice', email: 'PERSON1@example.com' } },
				{ json: {} },
			],
		},
	);
	expect(items).toHaveLength(2);
	expect(items[0]?.json).toMatchObject({ name: 'Skipping', totalCount: 3 });
	expect(items[1]?.json).toEqual({
		skippedCount: 2,
		skippedRows: [
			{
				row: 4,
				name: 'Twice',
				email: 'PERSON1@example.com',
				reasons: ['Email "PERSON1@example.com" is already used in item 2'],
			},
			{ row: 5, name: '', email: '', reasons: ['Name is empty', 'Email is empty'] },
		],
	});
	expect(items[1]?.pairedItem).toEqual([{ item: 3 }, { item: 4 }]);
});

it('sends nothing in a dry run and shows what would be sent', async () => {
	const { items } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: 'Dry', options: { dryRun: true, skipInvalidRows: true } }),
		{ items: [...people(501), { json: {} }] },
	);
	expect(
		items.map(({ json }) => [json.name ?? json.skippedCount, json.firstRow, json.lastRow]),
	).toEqual([
		['Dry (1/2)', 1, 500],
		['Dry (2/2)', 501, 501],
		[1, undefined, undefined],
	]);
	expect(requests()).toEqual(['getTemplate']);
});

it('accepts the lines of a CSV file', async () => {
	const csv =
		'\uFEFFName;E-Mail;email;Phone\r\n"O\'Brien, Zoë";;zoe@example.com;+1555\r\nBob;;bob@example.com;\r\n';
	const data = await bench.engine.binary.put(Buffer.from(csv), 'people.csv', 'text/csv');
	const fromCsv = parameters({ name: 'CSV', recipientsFrom: 'csv', binaryPropertyName: 'data' });
	const { error } = await bench.act('bulkSend', 'create', fromCsv, {
		items: [{ json: {}, binary: { data } }],
	});
	expect(error).toBeUndefined();
	expect(posts()[0]?.body).toMatchObject({
		signers: [
			{ name: "O'Brien, Zoë", email: 'zoe@example.com', phone: '+1555' },
			{ name: 'Bob', email: 'bob@example.com' },
		],
	});
});

/** The answer of a gateway that stopped waiting for inSigner. */
const gateway = (status: number) => ({
	status,
	byGateway: true as const,
	contentType: 'text/html',
	body: '<html><h1>Gateway</h1></html>',
});

const breakdown = (status: number) => ({
	status,
	body: { type: 'https://docs.insigner.com/errors/internal-error', title: 'Broke down', status },
});

/** How the answer to a bulk send goes wrong. */
const spoil = (
	fault: Parameters<Bench['sandbox']['faults']['add']>[0]['fault'],
	when: 'before' | 'after' | { lateMs: number },
	rule: { nth?: number; times?: number } = { nth: 1 },
) =>
	bench.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		...rule,
		when,
		fault,
	});

const emailed = () => [...invitations()].sort();
const everyone = (count: number) => people(count).map(({ json }) => json.email);

describe('an answer that leaves it open', () => {
	const html: Array<[string, Parameters<typeof spoil>[0]]> = [
		['a gateway (502)', gateway(502)],
		['a gateway (503)', gateway(503)],
		['a gateway (504)', gateway(504)],
		['a gateway (524)', gateway(524)],
		['nothing', { drop: true }],
	];

	it.each(
		html.flatMap(([who, fault]) => [500, 8_000, 30_000].map((lateMs) => ({ who, fault, lateMs }))),
	)('$who, and inSigner is done $lateMs ms later: emailed once', async ({ fault, lateMs }) => {
		spoil(fault, { lateMs });
		const { items, error } = await bench.act('bulkSend', 'create', parameters(), {
			items: people(3),
			node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.name, json.id])).toEqual([
			['Notice', expect.stringMatching(/^bs_/)],
		]);
		expect(posts()).toHaveLength(1);
		expect(emailed()).toEqual(everyone(3));
	});

	it('done after every look: it says that no one knows, and no try posts again', async () => {
		spoil(gateway(504), { lateMs: 200_000 });
		const { error } = await bench.act('bulkSend', 'create', parameters(), {
			items: people(3),
			node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
		});
		await bench.sandbox.clock.advance(200_000);
		expect(error?.message).toMatch(
			/^"Notice" may or may not have been sent: inSigner at \S+ gave no clear answer \(HTTP status 504\)\. Do not send it again/,
		);
		expect(error?.description).not.toMatch(/^Not sent|Nothing was sent/m);
		expect(posts()).toHaveLength(1);
		expect(emailed()).toEqual(everyone(3));
	});

	it('a gateway answers three times and nothing was done: it stops after the first', async () => {
		spoil(gateway(503), 'before', { times: 9 });
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error?.message).toMatch(/^"Notice" may or may not have been sent/);
		expect(posts()).toHaveLength(1);
	});

	it('half an answer: it is found', async () => {
		spoil({ status: 201, body: '{"data":{"id":"bs_', brokenOff: true }, 'after');
		const { items, error } = await bench.act('bulkSend', 'create', parameters(), {
			items: people(3),
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(posts()).toHaveLength(1);
	});
});

describe('inSigner says itself that it broke down', () => {
	it.each([500, 502])('and did nothing (%i): it is sent again', async (status) => {
		spoil(breakdown(status), 'before');
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error).toBeUndefined();
		expect(posts()).toHaveLength(2);
		expect(emailed()).toEqual(everyone(3));
	});

	it.each([0, 8_000])('and did it, while reads lag by %i ms: it is found', async (behind) => {
		bench.sandbox.lagReads(behind);
		spoil(breakdown(500), 'after');
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error).toBeUndefined();
		expect(posts()).toHaveLength(1);
		expect(emailed()).toEqual(everyone(3));
	});

	it('each time: it says that inSigner holds none', async () => {
		spoil(breakdown(500), 'before', { times: 9 });
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error?.message).toBe(
			'"Notice" was not sent: Broke down; inSigner holds no such bulk send',
		);
		expect(error?.description).toMatch(/^Not sent: "Notice" \(items 1 to 3\)\.\ninSigner request/);
		expect(posts()).toHaveLength(3);
		expect(emailed()).toEqual([]);
	});

	it.each([
		['be read', { status: 403 }],
		[
			'be understood',
			{
				status: 200,
				contentType: 'application/json',
				body: { data: [{ id: 'bs_new', name: 4711, totalCount: 3 }] },
			},
		],
	])('and the list cannot %s afterwards: no one knows', async (_, fault) => {
		spoil(breakdown(500), 'before');
		bench.sandbox.faults.add({
			match: { operationId: 'listBulkSends' },
			nth: 2,
			times: 99,
			fault,
		});
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error?.message).toMatch(/^"Notice" may or may not have been sent: Broke down/);
		expect(posts()).toHaveLength(1);
	});
});

describe('another execution with the same template, name and number of people', () => {
	const others = people(3).map(({ json }) => ({
		json: { ...json, email: String(json.email).replace('person', 'other') },
	}));
	const otherEmails = others.map(({ json }) => json.email);
	const both = async (first = people(3), second = others) =>
		await Promise.all(
			[first, second].map(
				async (items) => await bench.act('bulkSend', 'create', parameters(), { items }),
			),
		);

	it('one of them is refused for five minutes, and is not mistaken for the other', async () => {
		const results = await both();
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(new Set(results.map(({ items }) => items[0]?.json.id)).size).toBe(2);
		expect(emailed()).toEqual([...otherEmails, ...everyone(3)].sort());
	});

	it('one of them has no answer while the other is created: no one knows, and the other is named', async () => {
		spoil({ drop: true }, 'before', { nth: 2 });
		const results = await both();
		const [failed, ...others] = results.filter(({ error }) => error);
		expect(others).toEqual([]);
		const made = String(results.find(({ error }) => !error)?.items[0]?.json.id);
		expect(failed?.error?.message).toMatch(
			new RegExp(
				`^"Notice" may or may not have been sent: .*; ${made}, made meanwhile, may be it\\. Do not send it again`,
			),
		);
		expect(emailed()).toHaveLength(3);
	});

	it('one of them has no answer but was created five minutes after the other: each has its own', async () => {
		spoil({ drop: true }, 'after', { nth: 3 });
		const results = await both();
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(new Set(results.map(({ items }) => items[0]?.json.id)).size).toBe(2);
		expect(emailed()).toEqual([...otherEmails, ...everyone(3)].sort());
	});

	it('inSigner breaks down on one of them after the wait: it is sent again', async () => {
		spoil(breakdown(500), 'before', { nth: 3 });
		const results = await both();
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(emailed()).toEqual([...otherEmails, ...everyone(3)].sort());
	});

	it('without documents.read the people cannot be compared: no one knows', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['bulk_sends.*', 'templates.read'] });
		spoil({ drop: true }, 'after');
		const { error } = await bench.act('bulkSend', 'create', parameters(), {
			items: people(3),
			credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } },
		});
		expect(error?.message).toMatch(/may or may not have been sent: .*bs_\w+, made meanwhile/);
		expect(posts()).toHaveLength(1);
	});
});

describe.each([
	['right', 0],
	['10 minutes ahead', 600_000],
	['2 hours behind', -7_200_000],
])('the clock of n8n is %s', (_, offset) => {
	let now: jest.SpyInstance;
	beforeEach(async () => {
		now = jest.spyOn(clock, 'now').mockImplementation(() => bench.sandbox.clock.now() + offset);
		// One from an hour ago that looks like the new one.
		await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		await bench.sandbox.clock.advance(3_600_000);
		bench.sandbox.journal.clear();
	});
	afterEach(() => now.mockRestore());

	it('a lost answer: the new one is found', async () => {
		spoil({ drop: true }, 'after');
		const { items, error } = await bench.act('bulkSend', 'create', parameters(), {
			items: people(3),
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json.id).toBe(bench.sandbox.store.bulkSends.all().at(-1)?.id);
		expect(posts()).toHaveLength(1);
		expect(emailed()).toEqual(everyone(3));
	});

	it('nothing was done: the old one is not mistaken for the new one', async () => {
		spoil(breakdown(500), 'before');
		const { error } = await bench.act('bulkSend', 'create', parameters(), { items: people(3) });
		expect(error).toBeUndefined();
		expect(posts()).toHaveLength(2);
		expect(emailed()).toEqual(everyone(3));
	});
});

it('finds a bulk send in a list of many pages, even if it is not in order of time', async () => {
	bench.sandbox.store.seedBulkSends(250);
	spoil({ drop: true }, 'after', { nth: 1 });
	const first = await bench.act('bulkSend', 'create', parameters({ name: 'Many' }), {
		items: people(3),
	});
	expect(first.error).toBeUndefined();

	await bench.sandbox.clock.advance(301_000);
	const all = bench.sandbox.store.bulkSends.all();
	// As in a list that is sorted by last change: an old one first, and one like the new one after it.
	const newest = all.at(-1);
	if (newest) newest.createdAt = '2020-01-01T00:00:00.000Z';
	bench.sandbox.journal.clear();
	spoil(breakdown(500), 'before', { nth: 1 });
	const second = await bench.act('bulkSend', 'create', parameters({ name: 'Many' }), {
		items: people(3),
	});
	expect(second.error).toBeUndefined();
	expect(second.items[0]?.json.id).not.toBe(first.items[0]?.json.id);
	expect(emailed()).toEqual(everyone(3));
});

it('an answer without an id: it is looked for, and what was sent stays sent', async () => {
	spoil(
		{ status: 201, contentType: 'application/json', body: { data: { sentCount: 3 } } },
		'after',
	);
	const { items, error } = await bench.act('bulkSend', 'create', parameters(), {
		items: people(3),
	});
	expect(error).toBeUndefined();
	expect(items[0]?.json).toMatchObject({
		id: expect.stringMatching(/^bs_/) as string,
		name: 'Notice',
		totalCount: 3,
		sentCount: 3,
	});
	expect(posts()).toHaveLength(1);
});

it.each(['numbersAsText', 'idsAsNumbers', 'lowerCaseAddresses', 'trimmedNames'] as const)(
	'finds a bulk send whose answer was lost in the form %s',
	async (form) => {
		bench.sandbox.forms[form] = true;
		try {
			spoil({ drop: true }, 'after');
			const items = people(3).map(({ json }) => ({
				json: { ...json, email: String(json.email).toUpperCase() },
			}));
			const { error } = await bench.act('bulkSend', 'create', parameters({ name: 'A  b' }), {
				items,
			});
			expect(error).toBeUndefined();
			expect(posts()).toHaveLength(1);
		} finally {
			bench.sandbox.forms[form] = false;
		}
	},
);

it('a name that contains the time does not turn a repeat into another bulk send', async () => {
	spoil({ status: 403 }, 'before', { nth: 2 });
	const { error } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: '=Notice of {{ $now.toMillis() }} {{ Math.random() }}' }),
		{ items: people(501), node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 } },
	);
	expect(error).toBeUndefined();
	expect(posts()).toHaveLength(3);
	expect(invitations()).toHaveLength(501);
	expect(new Set(invitations()).size).toBe(501);
}, 60_000);

it('says what earlier tries sent when a later one does not even begin', async () => {
	spoil({ status: 403 }, 'before', { nth: 2 });
	const lines = people(501).map(({ json }) => `${json.name},${json.email}`);
	const content = Buffer.from(['name,email', ...lines].join('\n'));
	const file = await bench.engine.binary.put(content, 'people.csv', 'text/csv');
	// The second time it is empty.
	const reading = jest
		.spyOn(BinaryDataService.prototype, 'getAsBuffer')
		.mockResolvedValueOnce(content)
		.mockResolvedValueOnce(Buffer.alloc(0));
	const { error } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: 'Changed', recipientsFrom: 'csv', binaryPropertyName: 'data' }),
		{
			items: [{ json: {}, binary: { data: file } }],
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
		},
	);
	reading.mockRestore();
	expect(error?.message).toBe(
		'The rest of "Changed" was not sent: The CSV file in "data" is empty',
	);
	expect(error?.description).toMatch(/^Sent before in this execution: "Changed \(1\/2\)"\.$/m);
	expect(error?.description).not.toMatch(/Nothing was sent/);
	expect(invitations()).toHaveLength(500);
}, 60_000);

it('puts the first field that inSigner refuses into the message, by the number of its row', async () => {
	spoil(
		{
			status: 422,
			body: {
				type: 'https://docs.insigner.com/errors/validation-error',
				title: 'Validation Error',
				status: 422,
				detail: 'The request body contains invalid fields',
				errors: [{ field: 'signers.1.email', message: 'Invalid email' }],
			},
		},
		'before',
	);
	const { error } = await bench.act(
		'bulkSend',
		'create',
		parameters({ options: { skipInvalidRows: true } }),
		{ items: [{ json: {} }, ...people(2)] },
	);
	expect(error?.message).toBe(
		'"Notice" was not sent: The request body contains invalid fields (item 3, email: Invalid email)',
	);
	expect(error?.description).toMatch(
		/^Not sent: "Notice" \(items 2 to 3\)\.\nLeft out: item 1\.$/m,
	);
});

describe('values that are not of the type the form shows', () => {
	const run = async (change: INodeParameters, items: INodeExecutionData[] = people(2)) =>
		await bench.act('bulkSend', 'create', parameters(change), { items });

	it.each([
		['the text "no"', 'no'],
		['the text "false"', 'false'],
		['0', 0],
	])('Skip Invalid Rows as %s skips none', async (_, skipInvalidRows) => {
		const { error } = await run({ options: { skipInvalidRows } }, [...people(2), { json: {} }]);
		expect(error?.message).toBe('"Notice" was not sent: Item 3: Name is empty; Email is empty');
		expect(error?.description).toBe('Nothing was sent to inSigner.');
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('Dry Run as the text "no" sends, and as "yes" it does not', async () => {
		expect((await run({ options: { dryRun: 'yes' } })).items[0]?.json.dryRun).toBe(true);
		expect(emailed()).toEqual([]);
		expect((await run({ options: { dryRun: 'no' } })).error).toBeUndefined();
		expect(emailed()).toEqual(everyone(2));
	});

	it.each<[INodeParameters, string]>([
		[
			{ options: { maxWaitMinutes: 'abc' } },
			'Maximum Wait (Minutes) must be a number from 0, but is "abc"',
		],
		[
			{ options: { maxWaitMinutes: '={{ null }}' } },
			'Maximum Wait (Minutes) must be a number from 0, but is empty',
		],
		[
			{ options: { maxWaitMinutes: -1 } },
			'Maximum Wait (Minutes) must be a number from 0, but is -1',
		],
		[{ options: { dryRun: 'perhaps' } }, 'Dry Run must be true or false, but is "perhaps"'],
		[{ options: { emailMessage: '={{ ["a"] }}' } }, 'Email Message must be text, but is a list'],
		[
			{ recipientsFrom: 'somewhere' },
			'Recipients From must be one of csv, items, list, but is "somewhere"',
		],
		[{ recipientName: '={{ { first: "Ann" } }}' }, 'Item 1: Name must be text, but is an object'],
		[{ recipientEmail: '={{ true }}' }, 'Item 1: Email must be text, but is true'],
		[
			{ recipientsFrom: 'list', recipients: { recipient: [] } },
			'Recipients is empty: there is no one to send to',
		],
		[{ templateId: byId('={{ null }}') }, 'Template: the expression gives nothing for this item'],
	])('%j is refused', async (change, message) => {
		const { error } = await run(change);
		expect(error?.message).toBe(`"Notice" was not sent: ${message}`);
		expect(error?.description).toMatch(/^Nothing was sent to inSigner\.(\n|$)/);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it.each<[INodeParameters[string], string]>([
		['={{ null }}', 'The bulk send was not sent: Bulk Send Name is empty'],
		['={{ {} }}', 'The bulk send was not sent: Bulk Send Name must be text, but is an object'],
	])('the name %j is refused', async (name, message) => {
		expect((await run({ name })).error?.message).toBe(message);
	});

	it('accepts a number as a name and a message', async () => {
		const { items } = await run({ name: '={{ 4711 }}', options: { emailMessage: 5 } });
		expect(items[0]?.json.name).toBe('4711');
		expect(posts()[0]?.body).toMatchObject({ name: '4711', emailMessage: '5' });
	});

	it('names ten rows and counts the others', async () => {
		const { error } = await run({}, [
			...people(1),
			...Array.from({ length: 14 }, () => ({ json: {} })),
		]);
		expect(error?.message).toBe('"Notice" was not sent: Item 2: Name is empty; Email is empty');
		expect(error?.description).toMatch(
			/\nItem 11: Name is empty; Email is empty\.\n4 more problems not listed\.$/,
		);
	});

	it('a status filter that gives nothing does not list everything', async () => {
		const list = async (filters: INodeParameters) =>
			await bench.act('bulkSend', 'getMany', { returnAll: true, filters });
		expect((await list({})).error).toBeUndefined();
		expect((await list({ status: '={{ null }}' })).error?.message).toMatch(/^Status/);
		expect((await list({ status: '={{ {} }}' })).error?.message).toMatch(/^Status must be one of/);
	});
});

describe('a CSV file', () => {
	const send = async (content: string | Buffer, options: INodeParameters = {}) => {
		const data = await bench.engine.binary.put(Buffer.from(content), 'people.csv', 'text/csv');
		const from = { recipientsFrom: 'csv', binaryPropertyName: 'data', options };
		return await bench.act('bulkSend', 'create', parameters(from), {
			items: [{ json: {}, binary: { data } }],
		});
	};

	it.each<[string, string | Buffer, RegExp]>([
		[
			'a quote inside a cell',
			'name,email\nAnn,a@b.de\nCarl "CJ" Jones,c@d.de',
			/has a quote in line 3/,
		],
		[
			'a quote that nothing closes',
			'name,email,x\nAnn,a@b.de,"called\nBob,b@c.de,',
			/has a quote in line 2/,
		],
		['Windows-1252', Buffer.from('name,email\nJürgen,j@b.de', 'latin1'), /is not UTF-8 in line 2/],
		['an Excel workbook', Buffer.from('PK\u0003\u0004...'), /is an Excel workbook/],
		['a header only', 'name,email\n', /has no line below the names of its columns/],
		['nothing', '', /is empty/],
		['two columns', 'name,email,email\n1,2,3', /has two columns "email"/],
		['other columns', 'a,b\n1,2', /has no column "name" and "email"; its columns are a, b/],
	])('with %s is refused', async (_, content, message) => {
		const { error } = await send(content, { skipInvalidRows: true });
		expect(error?.message).toMatch(/^"Notice" was not sent: The CSV file in "data" /);
		expect(error?.message).toMatch(message);
		expect(error?.description).toBe('Nothing was sent to inSigner.');
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('that is too large is not even read', async () => {
		const { error } = await send(Buffer.alloc(16 * 1024 * 1024 + 1, 'a'));
		expect(error?.message).toMatch(/is larger than 16 MB: split it$/);
	});

	it('names its lines as the file counts them', async () => {
		const content = 'sep=;\rname;email;notes\r\rAnn;ann@b.de;\rSmith; John;john@b.de\rBob;bob@;\r';
		const stopped = await send(content);
		expect(stopped.error?.message).toBe(
			'"Notice" was not sent: Line 5: Email "John" isn\'t a valid email address: it has no @',
		);
		expect(stopped.error?.description).toMatch(
			/^Line 6: Email "bob@" isn't a valid email address/m,
		);

		const { items } = await send(content, { skipInvalidRows: true });
		expect(emailed()).toEqual(['ann@b.de']);
		expect(items[1]?.json.skippedRows).toMatchObject([{ row: 5 }, { row: 6 }]);
	});

	it('does not cut a name in two', async () => {
		const { error } = await send('name,email\nann@b.de,c@d.de\nSmith,s@b.de,John\n');
		expect(error?.message).toMatch(/Line 3: has 3 cells for 2 columns/);
	});

	it('in UTF-16 is read', async () => {
		await send(Buffer.from('\uFEFFname\temail\r\nJürgen 山田\tj@b.de', 'utf16le'));
		expect(posts()[0]?.body).toMatchObject({ signers: [{ name: 'Jürgen 山田', email: 'j@b.de' }] });
	});
});

it('a name is at most as long as inSigner allows, with the numbers that tell bulk sends apart', async () => {
	const run = async (length: number, count: number) =>
		await bench.act(
			'bulkSend',
			'create',
			parameters({ name: 'n'.repeat(length), options: { dryRun: true } }),
			{ items: people(count) },
		);
	expect((await run(200, 500)).error).toBeUndefined();
	expect((await run(194, 501)).error).toBeUndefined();
	expect((await run(195, 501)).error?.message).toMatch(
		/Bulk Send Name with its number has 201 characters; inSigner allows 200$/,
	);
});

describe('Bulk Send', () => {
	const twenty = Array.from({ length: 20 }, (_, n) => ({
		json: {
			name: `Person ${n}`,
			email: `p${n}@example.com`,
			phone: n === 0 ? 15550000000 : undefined,
		},
	}));
	const quarterly = (change: INodeParameters = {}): INodeParameters =>
		parameters({
			name: 'Q3',
			recipientPhone: '={{ $json.phone }}',
			options: { emailMessage: 'Please sign' },
			...change,
		});

	it('emails every input item once, in one bulk send', async () => {
		const { items, error } = await bench.act('bulkSend', 'create', quarterly(), { items: twenty });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ name: 'Q3', totalCount: 20, sentCount: 20 });
		expect(items[0]?.pairedItem).toHaveLength(20);
		expect(invitations().sort()).toEqual(twenty.map(({ json }) => json.email).sort());
	});

	it('accepts a list too, and is read and listed', async () => {
		const created = await bench.act(
			'bulkSend',
			'create',
			quarterly({
				recipientsFrom: 'list',
				name: 'Listed',
				recipients: {
					recipient: twenty.slice(0, 2).map(({ json: { name, email } }) => ({ name, email })),
				},
			}),
		);
		expect(created.error).toBeUndefined();
		const id = String(created.items[0]?.json.id);
		const read = await bench.act('bulkSend', 'get', { bulkSendId: byId(id) });
		expect(read.items[0]?.json).toMatchObject({ id, totalCount: 2 });
		const listed = await bench.act('bulkSend', 'getMany', {
			returnAll: false,
			limit: 1,
			filters: { status: 'completed' },
		});
		expect(listed.items.map(({ json }) => json.id)).toEqual([id]);
	});

	it('names every bad row before anything is sent', async () => {
		const { error } = await bench.act('bulkSend', 'create', quarterly(), {
			items: [...twenty, { json: { name: '', email: 'P1@example.com', phone: undefined } }],
		});
		expect(error?.message).toBe(
			'"Q3" was not sent: Item 21: Name is empty; Email "P1@example.com" is already used in item 2',
		);
		expect(requests()).toEqual([]);
	});

	it('is found in the list, not repeated, if the answer gets lost', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createBulkSend' },
			when: 'after',
			fault: { drop: true },
		});
		const { items, error } = await bench.act('bulkSend', 'create', quarterly({ name: 'Lost' }), {
			items: twenty,
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ name: 'Lost', totalCount: 20, sentCount: 20 });
		expect(posts()).toHaveLength(1);
		expect(invitations()).toHaveLength(20);
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
