import type { INodeParameters } from 'n8n-workflow';

import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
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

const posts = () =>
	bench.sandbox.journal.requests.filter(({ operationId }) => operationId === 'createBulkSend');

const invitations = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

it('mails 1,750 people in four bulk sends, once each, through a lost answer and a break-down', async () => {
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
	// Three waits of five minutes, and the looks at the list; no request was wasted on a refusal.
	expect(posts().filter(({ status }) => status === 429)).toHaveLength(0);
	expect(time.waitedMs()).toBeGreaterThanOrEqual(3 * 300_000 - 30_000);
}, 120_000);

it('stops and says so when nobody can know, and Retry On Fail does not send again', async () => {
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
	expect(error?.description).toMatch(
		/Nobody knows whether "Unknown \(1\/2\)" \(rows 1 to 500\) was sent/,
	);
	expect(error?.description).toMatch(/Not sent: rows 501 to 600/);
	expect(posts()).toHaveLength(1);
	expect(invitations()).toEqual([]);
}, 60_000);

it('with Continue On Fail hands out what was sent before what was not', async () => {
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
	expect(items[1]?.json.details).toMatch(
		/Sent: "Half \(1\/2\)"\nNot sent: "Half \(2\/2\)" \(rows 501 to 501\)/,
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
}, 60_000);

it('reports exactly what went out when it is cancelled between two bulk sends', async () => {
	const execution = new AbortController();
	// The first one is out when the wait for the second begins.
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
		/Sent: "Cancelled \(1\/2\)"; Not sent: "Cancelled \(2\/2\)" \(rows 501 to 501\)/,
	);
}, 60_000);

it('shows progress while it waits', async () => {
	await bench.act('bulkSend', 'create', parameters({ name: 'Shown' }), { items: people(501) });
	const text = bench.engine.logText();
	expect(text).toMatch(/bulk send 1 of 2 \("Shown \(1\/2\)"\): mailing 500 people/);
	expect(text).toMatch(/bulk send 2 of 2 \("Shown \(2\/2\)"\): waiting 2\d\d more seconds/);
}, 60_000);

it('does not wait longer than it may', async () => {
	const { error } = await bench.act(
		'bulkSend',
		'create',
		parameters({ name: 'Hurry', options: { maxWaitMinutes: 4 } }),
		{ items: people(501) },
	);
	expect(error?.message).toMatch(/maximum wait .* is used up/);
	expect(error?.description).toMatch(/Sent: "Hurry \(1\/2\)"/);
	expect(invitations()).toHaveLength(500);
}, 60_000);

it('skips invalid rows where that is wanted, and reports them', async () => {
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
				reasons: ['Email "PERSON1@example.com" is the same as of row 2 and would be mailed twice'],
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
	expect(bench.sandbox.journal.requests).toEqual([]);
});

it('takes the lines of a CSV file', async () => {
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

	const other = await bench.engine.binary.put(Buffer.from('a,b\n1,2'), 'x.csv', 'text/csv');
	const refused = await bench.act('bulkSend', 'create', fromCsv, {
		items: [{ json: {}, binary: { data: other } }],
	});
	expect(refused.error?.message).toBe(
		'The CSV file in "data" has no column "name"; its columns are a, b',
	);
});
