import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import { ACTION, byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

/** The option Send Only Once For: each call of `act` is an execution of its own, as after n8n's Retry. */
let bench: Bench;
let key: string;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	bench.engine.deduplication.down = undefined;
	key = randomUUID();
});

const people = [{ name: 'Ann', email: 'ann@example.com' }];
const emailed = (kind = 'invitation') =>
	bench.sandbox.journal.emails.filter((email) => email.kind === kind).map(({ to }) => to);

const withOneSlot = () =>
	byId(bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1)?.id ?? '');

const contract = (sendOnceFor: unknown, options: INodeParameters = {}): INodeParameters => ({
	name: 'Order 4711',
	binaryPropertyName: 'data',
	specifySigners: 'json',
	signersJson: people,
	specifyFields: 'automatic',
	options: { sendOnceFor: sendOnceFor as string, ...options },
});

const fromTemplate = (sendOnceFor: string, options: INodeParameters = {}): INodeParameters => ({
	templateId: withOneSlot(),
	name: 'Order 4711',
	specifySigners: 'json',
	signersJson: people,
	options: { sendOnceFor, ...options },
});

const createAndSend = async (sendOnceFor: unknown, options?: INodeParameters) =>
	await bench.act('document', 'createAndSend', contract(sendOnceFor, options), {
		items: [await bench.pdfItem()],
	});

const createFromTemplate = async (change: INodeParameters = {}, options: INodeParameters = {}) =>
	await bench.act('document', 'createAndSendFromTemplate', {
		...fromTemplate(key, options),
		...change,
	});

/** Sending is not answered, and the document cannot be looked at then: no one knows. */
const loseTheAnswer = (when: 'before' | 'after') => {
	const { faults } = bench.sandbox;
	faults.add({
		match: { operationId: 'sendDocument' },
		when,
		fault: { status: 504 },
		onPlay: () => faults.add({ match: { operationId: 'getDocument' }, fault: { status: 404 } }),
	});
};

/** Lets what a run waits for pass at once. */
const quickly = async <T>(run: () => Promise<T>): Promise<T> => {
	const time = passTime(bench.sandbox);
	try {
		return await run();
	} finally {
		time.restore();
	}
};

describe('a second execution with the same key', () => {
	it('emails no one and returns the document that was sent', async () => {
		const first = await createAndSend(key);
		expect(first.error).toBeUndefined();
		expect(first.items[0]?.json).not.toHaveProperty('alreadySent');
		const second = await createAndSend(key);
		expect(second.items[0]?.json).toMatchObject({
			...{ id: first.items[0]?.json.id, status: 'pending' },
			...{ alreadySent: true, sendOnceFor: key },
		});
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it('is told by the key alone, not by the content', async () => {
		await createFromTemplate();
		const second = await createFromTemplate({
			name: 'Another name',
			signersJson: [{ name: 'Bob', email: 'bob@example.com' }],
		});
		// It is looked for by the name that it would have now.
		expect(second.items[0]?.json).toEqual({
			...{ name: 'Another name', alreadySent: true, sendOnceFor: key },
		});
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it('returns what can be said where the document cannot be found', async () => {
		await createAndSend(key);
		bench.sandbox.faults.add({ match: { operationId: 'listDocuments' }, fault: { status: 403 } });
		const { items } = await createAndSend(key);
		expect(items[0]?.json).toEqual({ name: 'Order 4711', alreadySent: true, sendOnceFor: key });
	});

	it('returns what the list says where the document cannot be read', async () => {
		const first = await createAndSend(key);
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, fault: { status: 403 } });
		const { items } = await createAndSend(key);
		const id = first.items[0]?.json.id;
		expect(items[0]?.json).toMatchObject({ id, name: 'Order 4711', alreadySent: true });
	});

	it('at the same moment waits for the first', async () => {
		const both = await Promise.all([createAndSend(key), createAndSend(key)]);
		const ids = both.map(({ items }) => items[0]?.json.id);
		expect(ids[0]).toBe(ids[1]);
		expect(both.filter(({ items }) => items[0]?.json.alreadySent)).toHaveLength(1);
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it('of twenty, one emails', async () => {
		const runs = await Promise.all(
			Array.from({ length: 20 }, async () => await createFromTemplate()),
		);
		expect(runs.filter(({ error }) => error)).toEqual([]);
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it('sends where the first sent nothing', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			times: 1,
			fault: { status: 409 },
		});
		expect((await createAndSend(key)).error?.message).toMatch(/^"Order 4711" was not sent/);
		expect((await createAndSend(key)).items[0]?.json).toMatchObject({ status: 'pending' });
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it.each(['before', 'after'] as const)(
		'sends nothing where the answer was lost %s it was done, and names the document',
		async (when) => {
			loseTheAnswer(when);
			const first = await quickly(
				async () => await createFromTemplate({}, { ifNotSent: 'keepDraft' }),
			);
			expect(first.error?.description).toContain(`use another key than "${key}"`);
			bench.sandbox.faults.clear();
			const { error, items } = await quickly(async () => await createFromTemplate());
			if (when === 'after') {
				expect(items[0]?.json).toMatchObject({ alreadySent: true, status: 'pending' });
			} else {
				expect(error?.message).toBe(
					`A document for "${key}" is being sent or may have been sent already`,
				);
				expect(error?.description).toMatch(
					/Look at document \S+: it is draft\.\nIt was not sent now\.\nIf it was not sent, use another key/,
				);
				expect(error?.context.possiblyMailed).toBe(true);
			}
			expect(emailed()).toHaveLength(when === 'after' ? 1 : 0);
		},
	);

	it('says so when the first takes longer than it waits', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'addSigner' },
			times: 1,
			fault: { hangMs: 2_000 },
		});
		const first = createAndSend(key);
		await new Promise((resolve) => setTimeout(resolve, 500));
		const second = await quickly(async () => await createAndSend(key));
		expect(second.error?.message).toMatch(/is being sent or may have been sent already/);
		expect((await first).items[0]?.json).toMatchObject({ status: 'pending' });
		expect((await createAndSend(key)).items[0]?.json).toMatchObject({ alreadySent: true });
		expect(emailed()).toEqual(['ann@example.com']);
	});

	it.each([
		['before', 'addSigner', undefined],
		['after', 'sendDocument', true],
	] as const)(
		'knows of one that was cancelled %s it was sent',
		async (_, operationId, alreadySent) => {
			const execution = new AbortController();
			const { journal, faults } = bench.sandbox;
			faults.add({ match: { operationId }, when: 'after', times: 1, fault: { hangMs: 300 } });
			const run = bench.act('document', 'createAndSend', contract(key), {
				items: [await bench.pdfItem()],
				signal: execution.signal,
			});
			while (!journal.requests.some((request) => request.operationId === operationId))
				await new Promise((resolve) => setTimeout(resolve, 10));
			await new Promise((resolve) => setTimeout(resolve, 100));
			execution.abort();
			expect((await run).status).toBe('canceled');
			const next = await createAndSend(key);
			expect(next.items[0]?.json).toMatchObject({ status: 'pending' });
			expect(next.items[0]?.json.alreadySent).toBe(alreadySent);
			expect(emailed()).toHaveLength(1);
		},
		60_000,
	);

	it('is another one in another workflow, another node, or at another address', async () => {
		await createFromTemplate();
		const parameters = {
			resource: 'document',
			operation: 'createAndSendFromTemplate',
			...fromTemplate(key),
		};
		const copy = { credentials: bench.credentials, node: { id: 'another' } };
		await bench.engine.runNode(ACTION, parameters, copy);
		const { apiKey, baseUrl } = bench.credentials.inSignerApi;
		const elsewhere = { apiKey, baseUrl: baseUrl.replace('127.0.0.1', 'localhost') };
		const { error } = await bench.engine.runNode(ACTION, parameters, {
			credentials: { inSignerApi: elsewhere },
		});
		expect(error).toBeUndefined();
		expect(emailed()).toHaveLength(3);
	});
});

describe('the key', () => {
	it('is one for two items of one execution', async () => {
		const items = [await bench.pdfItem('One'), await bench.pdfItem('Two')];
		const run = await bench.act('document', 'createAndSend', contract(key), { items });
		expect(run.items.map(({ json }) => json.alreadySent)).toEqual([undefined, true]);
		expect(emailed()).toHaveLength(1);
	});

	it.each([0, 42, 'deal 42'])('may be %p', async (value) => {
		const first = await createAndSend(value);
		expect(first.error).toBeUndefined();
		expect((await createAndSend(value)).items[0]?.json).toMatchObject({
			sendOnceFor: String(value),
		});
		expect(emailed()).toHaveLength(1);
	});

	it.each([
		['', 'is empty for this item'],
		['   ', 'is empty for this item'],
		['={{ null }}', 'the expression gives nothing for this item'],
		['={{ $json.no }}', 'the expression gives nothing for this item'],
		['={{ { id: 1 } }}', 'must be text'],
		['={{ true }}', 'must be text'],
	])('is refused where it is %p', async (value, why) => {
		const { error } = await createAndSend(value);
		expect(error?.message).toContain('Send Only Once For');
		expect(error?.message).toContain(why);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('does nothing for drafts', async () => {
		const drafts = [
			await createAndSend(key, { draftOnly: true }),
			await createAndSend(key, { draftOnly: true }),
		];
		expect(drafts.map(({ items }) => items[0]?.json.status)).toEqual(['draft', 'draft']);
		expect((await createAndSend(key)).items[0]?.json).toMatchObject({ status: 'pending' });
	});
});

describe('the database of n8n', () => {
	it('that is down keeps it from being sent', async () => {
		bench.engine.deduplication.down = new Error('SQLITE_BUSY');
		const { error } = await createAndSend(key);
		expect(error?.message).toMatch(
			/^n8n could not tell whether it was sent for ".+" before: SQLITE_BUSY/,
		);
		expect(error?.description).toContain('It was not sent now.');
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it('that puts everything into one row keeps it from being sent, and leaves nothing behind', async () => {
		const clear = jest.spyOn(bench.engine.deduplication, 'clearAllProcessedItems');
		const count = jest
			.spyOn(bench.engine.deduplication, 'getProcessedDataCount')
			.mockResolvedValueOnce(0)
			.mockResolvedValueOnce(0)
			.mockResolvedValueOnce(1);
		const { error } = await createAndSend(key);
		count.mockRestore();
		expect(error?.message).toContain('keeps no record that can be relied on');
		expect(clear).toHaveBeenCalledTimes(1);
		clear.mockRestore();
		expect((await createAndSend(key)).items[0]?.json).toMatchObject({ status: 'pending' });
		expect(emailed()).toHaveLength(1);
	});

	it('that goes down while it is sent keeps it from being sent again', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			times: 1,
			fault: { hangMs: 500 },
		});
		const first = createAndSend(key);
		while (
			!bench.sandbox.journal.requests.some(({ operationId }) => operationId === 'sendDocument')
		)
			await new Promise((resolve) => setTimeout(resolve, 10));
		bench.engine.deduplication.down = new Error('SQLITE_FULL');
		expect((await first).items[0]?.json).toMatchObject({ status: 'pending' });
		bench.engine.deduplication.down = undefined;
		// It is found by what was remembered when it was created.
		const again = await quickly(async () => await createAndSend(key));
		expect(again.items[0]?.json).toMatchObject({ alreadySent: true });
		expect(emailed()).toHaveLength(1);
	});
});

it('a database that goes down before a refusal leaves the key to be settled by a person', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'createDocument' },
		times: 1,
		when: 'after',
		fault: { status: 409 },
		onPlay: () => (bench.engine.deduplication.down = new Error('SQLITE_FULL')),
	});
	expect((await createAndSend(key)).error?.message).toMatch(/^"Order 4711" was not sent/);
	expect(bench.engine.logText()).toContain('but the next run will not know: SQLITE_FULL');
	bench.engine.deduplication.down = undefined;
	const { error } = await quickly(async () => await createAndSend(key));
	expect(error?.message).toMatch(/may have been sent already/);
	expect(error?.description).toContain('Look for the document "Order 4711" in inSigner.');
	expect(emailed()).toEqual([]);
});

it('Retry On Fail keeps saying what was sent before', async () => {
	await createFromTemplate();
	bench.sandbox.faults.add({
		match: { operationId: 'useTemplate' },
		times: 1,
		fault: { status: 409 },
	});
	const items = [{ json: { key } }, { json: { key: randomUUID() } }];
	const run = await bench.act(
		'document',
		'createAndSendFromTemplate',
		fromTemplate('={{ $json.key }}'),
		{ items, node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
	);
	expect(run.items.map(({ json }) => json.alreadySent)).toEqual([true, undefined]);
	expect(emailed()).toHaveLength(2);
});

it('as a tool of an agent it is the memory of the tool, over all executions', async () => {
	const parameters = {
		resource: 'document',
		operation: 'createAndSendFromTemplate',
		...fromTemplate("={{ $fromAI('deal', '', 'string') }}"),
	};
	const call = () => bench.engine.tool(ACTION, parameters, { credentials: bench.credentials });
	await call()({ deal: key });
	expect(await call()({ deal: key })).toContain('"alreadySent":true');
	expect(emailed()).toEqual(['ann@example.com']);
});

it('Template: Create Document sends once, and creates drafts as often as it is run', async () => {
	const create = async (afterCreating: string) =>
		await bench.act('template', 'createDocument', { ...fromTemplate(key), afterCreating });
	await create('send');
	expect((await create('send')).items[0]?.json).toMatchObject({ alreadySent: true });
	expect((await create('keepDraft')).items[0]?.json).toMatchObject({ status: 'draft' });
	expect(emailed()).toHaveLength(1);
});

it('a reminder is sent once', async () => {
	const [{ id = '' } = {}] = bench.sandbox.store.seedDocuments(1);
	await bench.act('document', 'send', { documentId: byId(id) });
	const remind = async () =>
		await bench.act('document', 'sendReminder', {
			...{ documentId: byId(id), remind: 'inTurn', options: { sendOnceFor: `${key} week 3` } },
		});
	expect((await remind()).items[0]?.json).toMatchObject({ reminded: true });
	const again = await remind();
	expect(again.items[0]?.json).toMatchObject({ id, alreadySent: true, status: 'pending' });
	expect(again.items[0]?.json).not.toHaveProperty('reminded');
	expect(new Set(emailed('reminder')).size).toBe(emailed('reminder').length);
});

describe('a bulk send', () => {
	const recipients = (count: number, from = 0) =>
		Array.from({ length: count }, (_, index) => ({
			json: { name: `Person ${from + index}`, email: `person${from + index}@example.com` },
		}));

	const send = async (items: Array<{ json: IDataObject }>) =>
		await quickly(async () => {
			// The last one of the organization is five minutes ago.
			await bench.sandbox.clock.advance(300_000);
			return await bench.act(
				'bulkSend',
				'create',
				{
					templateId: withOneSlot(),
					name: 'Round',
					recipientsFrom: 'items',
					recipientName: '={{ $json.name }}',
					recipientEmail: '={{ $json.email }}',
					recipientPhone: '',
					options: { sendOnceFor: key, maxWaitMinutes: 600 },
				},
				{ items },
			);
		});

	it('is sent once, whoever is in its list', async () => {
		expect((await send(recipients(3))).items[0]?.json).toMatchObject({ totalCount: 3 });
		const second = await send(recipients(4, 100));
		expect(second.items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ name: 'Round', alreadySent: true, sendOnceFor: key }),
		]);
		expect(emailed()).toHaveLength(3);
	});

	it('of several parts goes on where it stopped', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createBulkSend' },
			nth: 2,
			fault: { status: 409 },
		});
		expect((await send(recipients(600))).error?.message).toMatch(/"Round \(2\/2\)" was not sent/);
		bench.sandbox.faults.clear();
		const { items, error } = await send(recipients(600));
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.name, json.alreadySent])).toEqual([
			['Round (1/2)', true],
			['Round (2/2)', undefined],
		]);
		expect(emailed()).toHaveLength(600);
		expect(new Set(emailed()).size).toBe(600);
	});

	it('whose whole is known to be sent reads no template, and one that n8n cannot tell of is not called unsent', async () => {
		await send(recipients(3));
		bench.sandbox.journal.clear();
		expect((await send(recipients(3))).items[0]?.json).toMatchObject({ alreadySent: true });
		expect(bench.sandbox.journal.requests).toEqual([]);
		bench.engine.deduplication.down = new Error('SQLITE_BUSY');
		const { error } = await send(recipients(3));
		expect(error?.message).toMatch(
			/^"Round" may or may not have been sent: n8n could not tell what was sent for ".+" before: SQLITE_BUSY/,
		);
		expect(error?.description).toContain('It was not sent now.');
	});

	it('of several parts stops where its list is another one than was begun', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createBulkSend' },
			nth: 2,
			fault: { status: 409 },
		});
		await send(recipients(600));
		bench.sandbox.faults.clear();
		const { error } = await send(recipients(600, 7));
		expect(error?.message).toMatch(
			/"Round \(1\/2\)" may or may not have been sent: part 1 for ".+" went to other people before/,
		);
		expect(emailed()).toHaveLength(500);
	});
});
