import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import { thisProcess } from '../../nodes/InSigner/polling/polling';
import type { PollerHandle, PollerOptions } from './harness';
import { byId, POLLING_TRIGGER, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

const HOUR_MS = 3_600_000;

const EVENTS = [
	'document.sent',
	'signer.completed',
	'document.completed',
	'document.declined',
	'document.cancelled',
	'document.expired',
	'bulk_send.completed',
	'bulk_send.failed',
];

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeEach(async () => {
	bench = await startBench();
	time = passTime(bench.sandbox);
	// What the sandbox was seeded with is in the past, as in any organization.
	await bench.sandbox.clock.advance(HOUR_MS);
}, 60_000);
afterEach(async () => {
	time.restore();
	jest.restoreAllMocks();
	await bench.stop();
});

const poller = (parameters: INodeParameters = {}, options: PollerOptions = {}): PollerHandle =>
	bench.engine.poller(
		POLLING_TRIGGER,
		{ events: EVENTS, ...parameters },
		{ credentials: bench.credentials, workflowId: randomUUID(), ...options },
	);

/** `event of name` for each item; a signer by name. */
const told = (items: INodeExecutionData[] | null): string[] =>
	(items ?? []).map(({ json: { event, data } }) => `${String(event)} ${nameIn(data)}`);
const nameIn = (data: unknown): string => String((data as { name?: string }).name);

/** A contract with one signer each, from a template; not sent if `send` is false. */
const contract = async (name: string, people = ['Ann'], send = true): Promise<string> => {
	const template = bench.sandbox.store.templates
		.all()
		.find(({ slots }) => slots.length === people.length);
	const { items } = await bench.act('template', 'createDocument', {
		templateId: byId(template?.id ?? ''),
		name,
		specifySigners: 'json',
		signersJson: people.map((person) => ({ name: person, email: mailOf(person) })),
		afterCreating: send ? 'send' : 'keepDraft',
		options: {},
	});
	return String(items[0]?.json.id);
};
const mailOf = (person: string) => `${person.toLowerCase()}@example.com`;
const minute = async () => await bench.sandbox.clock.advance(60_000);

/** Another process: the previous one has ended, cleanly or not. */
const restart = async (handle: PollerHandle) => {
	jest.replaceProperty(thisProcess, 'id', randomUUID());
	return await handle.start();
};

describe('the first poll', () => {
	it('reports nothing and says what it took as the starting point', async () => {
		const id = await contract('Old');
		await bench.sandbox.sign(id, mailOf('Ann'));
		await contract('Open');
		const handle = poller();
		expect(await handle.start()).toBeNull();
		expect(bench.engine.logs).toContainEqual(
			expect.objectContaining({
				level: 'info',
				message: expect.stringMatching(
					/^Trigger: starting point taken: \d+ open documents, the last change at 2/,
				) as string,
			}),
		);
		await minute();
		expect(await handle.poll()).toBeNull();
	});

	it('is not needed again after a restart: what happened while n8n was down is reported', async () => {
		const id = await contract('Lease');
		const handle = poller();
		await handle.start();
		await bench.sandbox.sign(id, mailOf('Ann'));
		await minute();
		expect(told(await restart(handle))).toEqual([
			'signer.completed Ann',
			'document.completed Lease',
		]);
		expect(await handle.poll()).toBeNull();
	});
});

it('polls in versions of n8n that do not say how long a poll may take', async () => {
	const handle = poller({}, { pollBudgetMs: 'none' });
	await handle.start();
	const id = await contract('Lease');
	await bench.sandbox.sign(id, mailOf('Ann'));
	expect(told(await handle.poll())).toContain('document.completed Lease');
});

describe('what happens between two polls', () => {
	it('is reported step by step, once', async () => {
		const handle = poller();
		await handle.start();
		const id = await contract('Lease', ['Ann', 'Ben']);
		expect(told(await handle.poll())).toEqual(['document.sent Lease']);
		await minute();
		await bench.sandbox.sign(id, mailOf('Ann'));
		expect(told(await handle.poll())).toEqual(['signer.completed Ann']);
		expect(await handle.poll()).toBeNull();
		await minute();
		await bench.sandbox.sign(id, mailOf('Ben'));
		expect(told(await handle.poll())).toEqual(['signer.completed Ben', 'document.completed Lease']);
		expect(await handle.poll()).toBeNull();
	});

	it('is reported for documents that were created, sent and ended in between', async () => {
		const handle = poller();
		await handle.start();
		const id = await contract('Quick');
		await bench.sandbox.sign(id, mailOf('Ann'));
		expect(told(await handle.poll())).toEqual([
			'document.sent Quick',
			'signer.completed Ann',
			'document.completed Quick',
		]);
		expect(await handle.poll()).toBeNull();
	});

	it('is reported for a draft from long ago that was sent and ended in between', async () => {
		const id = await contract('Draft', ['Ann'], false);
		await bench.sandbox.clock.advance(30 * 24 * HOUR_MS);
		const handle = poller({ events: ['document.completed'] });
		await handle.start();
		await bench.act('document', 'send', { documentId: byId(id) });
		await bench.sandbox.sign(id, mailOf('Ann'));
		expect(told(await handle.poll())).toEqual(['document.completed Draft']);
	});

	it('is reported for the other ends: declined, cancelled, expired', async () => {
		const [declined, cancelled, expired] = [
			await contract('Declined'),
			await contract('Cancelled'),
			await contract('Expired'),
		];
		const handle = poller();
		await handle.start();
		await bench.sandbox.decline(declined, mailOf('Ann'));
		const store = bench.sandbox.store.documents;
		for (const [id, status] of [
			[cancelled, 'cancelled'],
			[expired, 'expired'],
		] as const) {
			Object.assign(store.get(id) ?? {}, { status, updatedAt: new Date().toISOString() });
		}
		expect(told(await handle.poll()).sort()).toEqual([
			'document.cancelled Cancelled',
			'document.declined Declined',
			'document.expired Expired',
		]);
	});

	it('is reported for bulk sends and their documents', async () => {
		const handle = poller();
		await handle.start();
		const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
		await bench.act(
			'bulkSend',
			'create',
			{
				templateId: byId(template?.id ?? ''),
				name: 'Q3',
				recipientsFrom: 'items',
				recipientName: '={{ $json.name }}',
				recipientEmail: '={{ $json.email }}',
				options: {},
			},
			{
				items: ['Ann', 'Ben'].map((name) => ({ json: { name, email: mailOf(name) } })),
			},
		);
		expect(told(await handle.poll()).sort()).toEqual([
			'bulk_send.completed Q3',
			'document.sent Q3 - Ann',
			'document.sent Q3 - Ben',
		]);
		expect(await handle.poll()).toBeNull();
	});

	it('is reported with the output of inSigner Trigger, without signing links, marked as polled', async () => {
		const handle = poller({ events: ['document.completed'] });
		await handle.start();
		const id = await contract('Lease');
		await bench.sandbox.sign(id, mailOf('Ann'));
		const items = await handle.poll();
		expect(items).toEqual([
			{
				json: {
					event: 'document.completed',
					timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
					data: expect.objectContaining({ id, status: 'completed', name: 'Lease' }) as object,
					fingerprint: expect.stringMatching(/^[\w-]{43}$/) as string,
					source: 'poll',
				},
			},
		]);
		expect(JSON.stringify(items)).not.toContain('/sign/');
	});

	it('is reported for the chosen events and filters only', async () => {
		const handle = poller({ events: ['document.completed'], filters: { documentId: 'cm_other' } });
		await handle.start();
		await bench.sandbox.sign(await contract('Lease'), mailOf('Ann'));
		expect(await handle.poll()).toBeNull();
	});
});

describe('a poll that fails', () => {
	it('changes nothing, and the next one reports what it would have reported', async () => {
		const handle = poller();
		await handle.start();
		const id = await contract('Lease');
		await bench.sandbox.sign(id, mailOf('Ann'));
		bench.sandbox.faults.add({ match: { operationId: 'getDocument' }, fault: { status: 403 } });
		const before = handle.staticData;
		await expect(handle.poll()).rejects.toThrow();
		expect(handle.staticData).toEqual(before);
		bench.sandbox.faults.clear();
		expect(told(await handle.poll())).toHaveLength(3);
	});

	it('leaves a document that cannot be read for the next one, and reports the others', async () => {
		const handle = poller({ events: ['document.completed'] });
		const [broken, fine] = [await contract('Broken'), await contract('Fine')];
		await handle.start();
		for (const id of [broken, fine]) await bench.sandbox.sign(id, mailOf('Ann'));
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument', path: new RegExp(broken) },
			fault: { status: 500 },
		});
		expect(told(await handle.poll())).toEqual(['document.completed Fine']);
		// Nor does it hold up the polls that follow.
		await bench.sandbox.sign(await contract('Later'), mailOf('Ann'));
		expect(told(await handle.poll())).toEqual(['document.completed Later']);
		expect(await handle.poll()).toBeNull();
		bench.sandbox.faults.clear();
		expect(told(await handle.poll())).toEqual(['document.completed Broken']);
	});

	it('does not run twice at a time', async () => {
		const handle = poller();
		await handle.start();
		await bench.sandbox.sign(await contract('Lease'), mailOf('Ann'));
		const both = await Promise.all([handle.poll(), handle.poll()]);
		expect(both.filter((items) => items !== null)).toHaveLength(1);
	});
});

describe('a crash after n8n saved what is remembered, before it stored the execution', () => {
	it('loses nothing: the next start reports it again', async () => {
		const id = await contract('Lease');
		const handle = poller();
		await handle.start();
		await bench.sandbox.sign(id, mailOf('Ann'));
		const lost = await handle.poll();
		const again = await restart(handle);
		expect(told(again)).toEqual(told(lost));
		expect(again).toEqual(lost);
		expect(await handle.poll()).toBeNull();
	});

	it('repeats nothing that an execution had begun with', async () => {
		const id = await contract('Lease');
		const handle = poller();
		await handle.start();
		await bench.sandbox.sign(id, mailOf('Ann'));
		const items = (await handle.poll()) ?? [];
		expect((await handle.execute(items)).items('Trigger')).toHaveLength(2);
		const again = (await restart(handle)) ?? [];
		expect((await handle.execute(again)).items('Trigger')).toEqual([]);
		// A start without anything new no longer repeats it once it was saved.
		expect(await handle.poll()).toBeNull();
	});
});

describe('another API key', () => {
	type Key = Parameters<Bench['sandbox']['createKey']>[0];
	const WITHOUT_ORG = { scopes: ['documents.read', 'bulk_sends.read'] };

	const credentialsWith = (key: Key) => ({
		inSignerApi: { ...bench.credentials.inSignerApi, apiKey: bench.sandbox.createKey(key) },
	});
	/** The key is changed while n8n is down, or while it runs. */
	const changes: Array<
		[string, (handle: PollerHandle, key: Key) => Promise<INodeExecutionData[] | null>]
	> = [
		[
			'while n8n was down',
			async (handle, key) => {
				await handle.saveCredentials(credentialsWith(key));
				return await restart(handle);
			},
		],
		[
			'while n8n runs',
			async (handle, key) => {
				await handle.saveCredentials(credentialsWith(key));
				return await handle.poll();
			},
		],
	];
	/** What the other organization has: open, and signed a moment ago. */
	const seedOther = async () => {
		await minute();
		const { id: organizationId } = bench.sandbox.store.organizations.other;
		const createdAt = new Date(bench.sandbox.clock.now()).toISOString();
		for (const status of ['pending', 'completed'] as const) {
			bench.sandbox.store.seedDocuments(3, { organizationId, status, createdAt });
		}
	};
	/** Nothing is open, including the sandbox's own documents. */
	const endAll = () => {
		for (const document of bench.sandbox.store.documents.all()) {
			if (document.status === 'draft' || document.status === 'pending') {
				Object.assign(document, { status: 'cancelled' });
			}
		}
	};

	describe.each(changes)('%s', (_, change) => {
		it.each<[string, Key]>([
			['that may read its organization', { scopes: ['*'] }],
			['that may not', WITHOUT_ORG],
		])(
			'of the same organization continues where the previous one stopped: one %s',
			async (_name, key) => {
				const id = await contract('Lease');
				const handle = poller();
				await handle.start();
				await bench.sandbox.sign(id, mailOf('Ann'));
				expect(told(await change(handle, key))).toEqual([
					'signer.completed Ann',
					'document.completed Lease',
				]);
				expect(await handle.poll()).toBeNull();
			},
		);

		it.each<[string, Key]>([
			['that may read its organization', { scopes: ['*'] }],
			['that may not', WITHOUT_ORG],
		])(
			'of the same organization continues although nothing is open: one %s',
			async (_name, key) => {
				const old = await contract('Old');
				await bench.sandbox.sign(old, mailOf('Ann'));
				endAll();
				const handle = poller();
				await handle.start();
				const { known } = handle.staticData.documents as { known: string };
				expect(known).not.toMatch(/^\S+ [do]/m);
				await bench.sandbox.clock.advance(24 * HOUR_MS);
				await bench.sandbox.sign(await contract('Lease'), mailOf('Ann'));
				expect(told(await change(handle, key))).toEqual([
					'document.sent Lease',
					'signer.completed Ann',
					'document.completed Lease',
				]);
			},
		);

		it.each<[string, Key, RegExp]>([
			['that may read its organization', { scopes: ['*'] }, /one of another organization/],
			['that may not', WITHOUT_ORG, /none of the known documents is found/],
		])('of another organization starts over: one %s', async (_name, key, reason) => {
			await contract('Lease');
			const handle = poller();
			await handle.start();
			await seedOther();
			expect(told(await change(handle, { ...key, organization: 'other' }))).toEqual([]);
			expect(bench.engine.logText()).toMatch(reason);
			expect(bench.engine.logText()).toMatch(/a new starting point is taken/);
			expect(told(await handle.poll())).toEqual([]);
			// And from then on what happens there is reported.
			const [open] = bench.sandbox.store.documents
				.all()
				.filter(
					({ organizationId, status }) =>
						organizationId === bench.sandbox.store.organizations.other.id && status === 'pending',
				);
			await minute();
			Object.assign(open ?? {}, { status: 'declined', updatedAt: new Date().toISOString() });
			expect(told(await handle.poll())).toEqual([`document.declined ${open?.name}`]);
		});
	});

	it('is asked for its organization once, and the same key not again', async () => {
		const handle = poller();
		await handle.start();
		await handle.poll();
		await restart(handle);
		await handle.saveCredentials(credentialsWith({ scopes: ['*'] }));
		await handle.poll();
		await handle.poll();
		const questions = bench.sandbox.journal.requests.filter(
			({ operationId }) => operationId === 'getOrganization',
		);
		expect(questions).toHaveLength(2);
	});

	it('changes nothing as long as its organization cannot be determined', async () => {
		const id = await contract('Lease');
		const handle = poller();
		await handle.start();
		await bench.sandbox.sign(id, mailOf('Ann'));
		await handle.saveCredentials(credentialsWith({ scopes: ['*'] }));
		bench.sandbox.faults.add({ match: { operationId: 'getOrganization' }, fault: { status: 503 } });
		await expect(handle.poll()).rejects.toThrow();
		bench.sandbox.faults.clear();
		expect(told(await handle.poll())).toEqual(['signer.completed Ann', 'document.completed Lease']);
	});

	it('that comes in the middle of a poll spoils nothing', async () => {
		const id = await contract('Lease');
		const handle = poller();
		await handle.start();
		await seedOther();
		await bench.sandbox.sign(id, mailOf('Ann'));
		const before = handle.staticData;
		const rule = bench.sandbox.faults.add({
			match: { operationId: 'listDocuments' },
			times: 1,
			fault: { hangMs: 500 },
		});
		const polled = handle.poll();
		while (rule.hits === 0) await new Promise((resolve) => setTimeout(resolve, 10));
		await handle.saveCredentials(credentialsWith({ scopes: ['*'], organization: 'other' }));
		expect(await polled).toBeNull();
		expect(handle.staticData).toEqual(before);
		expect(bench.engine.logText()).toMatch(/was changed during this poll/);
		await handle.saveCredentials(bench.credentials);
		expect(told(await handle.poll())).toEqual(['signer.completed Ann', 'document.completed Lease']);
	});
});

it('follows the base URL of its credential while n8n runs', async () => {
	const handle = poller();
	await handle.start();
	const { apiKey, baseUrl } = bench.credentials.inSignerApi;
	const moved = baseUrl.replace('127.0.0.1', 'localhost');
	expect(moved).not.toBe(baseUrl);
	await handle.saveCredentials({ inSignerApi: { apiKey, baseUrl: moved } });
	await bench.sandbox.sign(await contract('Lease'), mailOf('Ann'));
	expect(told(await handle.poll())).toContain('document.completed Lease');
});

it('keeps no signing link in what it remembers', async () => {
	const handle = poller();
	await handle.start();
	await contract('Lease');
	await handle.poll();
	expect(JSON.stringify(handle.staticData)).not.toMatch(/https?:|sign\//);
});

describe('the share of the rate limit', () => {
	it('is kept, and what does not fit is reported by the next polls', async () => {
		time.restore();
		await bench.stop();
		bench = await startBench({ requestsPerMinute: 120 });
		time = passTime(bench.sandbox);
		const documents = bench.sandbox.store.seedDocuments(150, { status: 'pending' });
		const handle = poller({ events: ['document.completed'] });
		await handle.start();
		for (const document of documents) {
			Object.assign(document, { status: 'completed', updatedAt: new Date().toISOString() });
		}
		// The first poll of a process does not wait.
		bench.sandbox.journal.clear();
		const first = told(await restart(handle));
		expect(bench.sandbox.journal.requests.length).toBeLessThanOrEqual(60);
		expect(first.length).toBeGreaterThan(40);
		await minute();
		const rest = told(await handle.poll());
		expect([...first, ...rest].sort()).toEqual(
			documents.map(({ name }) => `document.completed ${name}`).sort(),
		);
		expect(bench.sandbox.journal.requests.filter(({ status }) => status === 429)).toEqual([]);
	}, 60_000);

	it('takes a large starting point over several polls, and says so', async () => {
		time.restore();
		await bench.stop();
		bench = await startBench({ requestsPerMinute: 20 });
		time = passTime(bench.sandbox);
		await bench.act('document', 'getMany', { returnAll: false, limit: 1, filters: {} });
		const [first] = bench.sandbox.store.seedDocuments(2_000, { status: 'pending' });
		const handle = poller({ events: ['document.completed'] }, { pollBudgetMs: 30_000 });
		expect(await handle.start()).toBeNull();
		expect(bench.engine.logText()).toMatch(/starting point is not complete/);
		const polls = [];
		for (let n = 0; n < 6; n++) {
			await minute();
			polls.push(await handle.poll());
		}
		// One execution without items: without it n8n would not save the starting point.
		expect(polls.filter((items) => items !== null)).toEqual([[]]);
		const { items, status } = await handle.execute([]).then((result) => ({
			items: result.items('Trigger'),
			status: result.status,
		}));
		expect({ items, status }).toEqual({ items: [], status: 'success' });
		await restart(handle);
		expect(bench.engine.logText()).toMatch(/starting point taken: 2,?0\d\d open documents/);
		Object.assign(first ?? {}, { status: 'completed', updatedAt: new Date().toISOString() });
		const all: string[] = [];
		for (let n = 0; n < 6; n++) {
			await minute();
			all.push(...told(await handle.poll()));
		}
		expect(all).toEqual([`document.completed ${first?.name}`]);
	}, 60_000);

	it('refuses more documents than n8n should keep, with advice', async () => {
		time.restore();
		await bench.stop();
		bench = await startBench({ requestsPerMinute: 20 });
		time = passTime(bench.sandbox);
		await bench.act('document', 'getMany', { returnAll: false, limit: 1, filters: {} });
		const known = Array.from({ length: 20_100 }, (_, n) => `cm${n} o 1 ?`).join('\n');
		const documents = { createdUpTo: 1, latest: 1, known, told: '' };
		const staticData = { version: 2, documents };
		const handle = poller({}, { staticData });
		await expect(handle.start()).rejects.toMatchObject({
			message: 'There are more than 20,000 open documents to watch',
			description: expect.stringMatching(/inSigner Trigger/) as string,
		});
		expect(handle.staticData).toEqual(staticData);
	}, 60_000);

	it('does not count what has ended', async () => {
		time.restore();
		await bench.stop();
		bench = await startBench({ requestsPerMinute: 20 });
		time = passTime(bench.sandbox);
		await bench.act('document', 'getMany', { returnAll: false, limit: 1, filters: {} });
		const at = (Date.now() + HOUR_MS).toString(36);
		const line = (n: number) => `cm${n} ${n < 10_100 ? 'o' : 'e'} ${at} ?`;
		const known = Array.from({ length: 20_050 }, (_, n) => line(n)).join('\n');
		const documents = { createdUpTo: 1, latest: 1, known, told: '' };
		expect(await poller({}, { staticData: { version: 2, documents } }).start()).toBeNull();
	}, 60_000);
});

describe('a test run', () => {
	it('shows the latest matching document with what was asked for', async () => {
		await bench.sandbox.sign(await contract('Older'), mailOf('Ann'));
		await minute();
		const id = await contract('Latest');
		await bench.sandbox.sign(id, mailOf('Ann'));
		const handle = poller({
			events: ['document.completed'],
			options: { includeDocument: true, downloadPdf: true },
		});
		const result = await handle.execute();
		const [item] = result.items('Trigger');
		expect(item?.json).toMatchObject({
			event: 'document.completed',
			source: 'poll',
			data: { id },
			document: { name: 'Latest' },
		});
		expect(item?.binary?.data?.mimeType).toBe('application/pdf');
		expect(result.tasks('Trigger')[0]?.hints?.[0]?.message).toMatch(
			/as an example.*starting point/,
		);
		expect(handle.staticData).toEqual({});
	});

	it('says that there is none', async () => {
		const result = await poller({ events: ['document.expired'] }).execute();
		expect(result.items('Trigger')).toEqual([]);
		expect(result.tasks('Trigger')[0]?.hints?.[0]?.message).toMatch(/no example/);
	});
});

it('wants an event', async () => {
	await expect(poller({ events: [] }).start()).rejects.toThrow('No event is chosen');
});
