import type { INodeParameters } from 'n8n-workflow';

import type { FormName } from '../sandbox/sandbox';
import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

/**
 * What a proxy, a late effect, a lagging read and another form of the service do to the operations that email people.
 * The mailbox shows whether it went well.
 */
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
	bench.sandbox.processFiles(0);
	for (const form of Object.keys(bench.sandbox.forms))
		bench.sandbox.forms[form as FormName] = false;
});

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };

/** A gateway's page while the service behind it continues. */
const gateway = (status: number) => ({
	status,
	contentType: 'text/html',
	body: '<html><h1>Gateway Time-out</h1></html>',
});

const contract = (options: INodeParameters = {}): INodeParameters => ({
	name: 'Lease',
	binaryPropertyName: 'data',
	signers: {
		signer: ['ann', 'bob'].map((name) => ({ name, email: `${name}@example.com`, role: 'signer' })),
	},
	specifyFields: 'form',
	fields: {
		field: ['1', '2'].map((signer, index) => ({
			...{ type: 'signature', position: 'coordinates', page: 1, x: 72, y: 500 + 100 * index },
			...{ signer, fieldOptions: { width: 180, height: 50 } },
		})),
	},
	options: { signingType: 'parallel', ...options },
});

const template = (slots: number) =>
	bench.sandbox.store.templates.all().find((one) => one.slots.length === slots)?.id ?? '';

const fromTemplate = (options: INodeParameters = {}): INodeParameters => ({
	templateId: byId(template(2)),
	name: 'NDA',
	specifySigners: 'json',
	signersJson: ['ann', 'bob'].map((name) => ({ name, email: `${name}@example.com` })),
	afterCreating: 'send',
	options: { signingType: 'parallel', ...options },
});

/** Emails per person once everything that was begun is done. */
const mailbox = async () => {
	await bench.sandbox.clock.advance(600_000);
	const counts: Record<string, number> = {};
	for (const { to, kind } of bench.sandbox.journal.emails) {
		if (kind === 'invitation') counts[to] = (counts[to] ?? 0) + 1;
	}
	return counts;
};

const BOTH_ONCE = { 'ann@example.com': 1, 'bob@example.com': 1 };

const createAndSend = async (options: INodeParameters = {}, node = {}) =>
	await bench.act('document', 'createAndSend', contract(options), {
		items: [await bench.pdfItem('Lease')],
		node,
	});

const useTemplate = async (options: INodeParameters = {}, node = {}) =>
	await bench.act('template', 'createDocument', fromTemplate(options), { node });

describe('a gateway gives up and the service sends later', () => {
	it.each([600, 8_000, 30_000, 200_000])(
		'after %d ms: with Keep Draft and Retry On Fail no one is emailed twice',
		async (lateMs) => {
			bench.sandbox.faults.add({
				match: { operationId: 'sendDocument' },
				times: 1,
				when: { lateMs },
				fault: gateway(504),
			});
			const { error, items } = await createAndSend({ ifNotSent: 'keepDraft' }, RETRY);
			expect(await mailbox()).toEqual(BOTH_ONCE);
			if (error) expect(error.message).toMatch(/^"Lease" may or may not have been sent: /);
			else expect(items[0]?.json).toMatchObject({ status: 'pending' });
		},
	);

	it('with Delete Draft the draft that could be deleted was not sent, and is not sent later', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: { lateMs: 30_000 },
			fault: gateway(504),
		});
		const { error } = await createAndSend();
		expect(error?.message).toMatch(/^"Lease" was not sent, could not send it: /);
		expect(error?.description).toMatch(/The draft \S+ was deleted\./);
		expect(await mailbox()).toEqual({});
	});

	it('Send: the message itself says that what is still a draft may have been sent', async () => {
		const [draft] = bench.sandbox.store.seedDocuments(1, { name: 'Draft' });
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: { lateMs: 60_000 },
			fault: { drop: true },
		});
		const { error } = await bench.act(
			'document',
			'send',
			{ documentId: byId(draft?.id ?? ''), options: {} },
			{ node: RETRY },
		);
		expect(error?.message).toMatch(
			/^Document \S+ may or may not have been sent: .*Do not send it again; look at its status in inSigner first$/,
		);
		expect(Object.values(await mailbox()).every((count) => count === 1)).toBe(true);
	});

	it('a 429 is only answered with another try when the document was not sent', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			times: 1,
			when: 'after',
			fault: { status: 429, headers: { 'retry-after': '2', 'ratelimit-remaining': '0' }, body: {} },
		});
		const { error } = await createAndSend({}, RETRY);
		expect(error).toBeUndefined();
		expect(await mailbox()).toEqual(BOTH_ONCE);
		expect(
			bench.sandbox.journal.requests.filter(({ operationId }) => operationId === 'sendDocument'),
		).toHaveLength(1);
	});
});

describe('lagging reads', () => {
	it.each([1_000, 5_000, 9_000])('by %d ms stop no contract', async (lagMs) => {
		bench.sandbox.lagReads(lagMs);
		const { error, items } = await createAndSend();
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ status: 'pending' });
		expect(await mailbox()).toEqual(BOTH_ONCE);
	});

	it.each([1_000, 5_000, 9_000])('by %d ms add no one twice to a template', async (lagMs) => {
		bench.sandbox.lagReads(lagMs);
		const { error } = await useTemplate();
		expect(error).toBeUndefined();
		expect(await mailbox()).toEqual(BOTH_ONCE);
	});
});

describe('a PDF that is still processed', () => {
	it.each([409, 422] as const)('is waited for when sending answers %d', async (status) => {
		bench.sandbox.processFiles(6_000, status);
		const { error } = await createAndSend();
		expect(error).toBeUndefined();
		expect(await mailbox()).toEqual(BOTH_ONCE);
	});

	it('for too long ends in what inSigner said', async () => {
		bench.sandbox.processFiles(120_000);
		const { error } = await createAndSend();
		expect(error?.message).toMatch(/^"Lease" was not sent, could not send it: /);
		expect(await mailbox()).toEqual({});
	});
});

describe('a template in another form', () => {
	it.each<FormName>([
		'useTakesOnlyName',
		'useIgnoresSigners',
		'useSendsAtOnce',
		'ordersFromOne',
		'extraViewer',
		'numbersAsText',
	])('%s: each is emailed once', async (form) => {
		bench.sandbox.forms[form] = true;
		const { error } = await useTemplate({}, RETRY);
		expect(error).toBeUndefined();
		const counts = await mailbox();
		expect(counts['ann@example.com']).toBe(1);
		expect(counts['bob@example.com']).toBe(1);
	});

	it('is sent at once with orders from 1 and Retry On Fail: each is emailed once', async () => {
		bench.sandbox.forms.useSendsAtOnce = true;
		bench.sandbox.forms.ordersFromOne = true;
		await useTemplate({}, RETRY);
		expect(await mailbox()).toEqual(BOTH_ONCE);
	});

	it('is sent at once with an unknown status: each is emailed once, and it is left open', async () => {
		bench.sandbox.forms.useSendsAtOnce = true;
		bench.sandbox.forms.statusesNobodyKnows = true;
		const { error } = await useTemplate({}, RETRY);
		expect(error?.message).toMatch(
			/^"NDA" may or may not have been sent: it is in_progress, which is no draft/,
		);
		expect(await mailbox()).toEqual(BOTH_ONCE);
	});

	it('an answer without an id makes one document and says that it may have been sent', async () => {
		bench.sandbox.forms.useAnswersWithoutId = true;
		const before = bench.sandbox.store.documents.size;
		const { error } = await useTemplate({}, RETRY);
		expect(error?.message).toMatch(
			/^"NDA" may or may not have been sent: .*look at document "NDA"/,
		);
		expect(bench.sandbox.store.documents.size).toBe(before + 1);
	});

	it.each<FormName>(['extraSigner', 'extraApprover'])(
		'%s: refused before sending',
		async (form) => {
			bench.sandbox.forms[form] = true;
			const { error } = await useTemplate({}, RETRY);
			expect(error?.message).toMatch(/^"NDA" was not sent, could not compare its signers/);
			expect(error?.description).toMatch(/who was not asked for\./);
			expect(await mailbox()).toEqual({});
		},
	);
});

describe('messages', () => {
	it('begin with the contract and contain the first problem of a field', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'useTemplate' },
			fault: {
				status: 422,
				body: {
					title: 'Validation Error',
					status: 422,
					detail: 'The request body contains invalid fields',
					errors: [{ field: 'signers.0.email', message: 'Domain does not exist' }],
				},
			},
		});
		const { error } = await useTemplate();
		expect(error?.message).toBe(
			'"NDA" was not sent, could not create it from the template: The request body contains invalid fields (signers.0.email: Domain does not exist)',
		);
	});

	it('name the document that was not sent', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			fault: {
				status: 403,
				body: { title: 'Forbidden', status: 403, detail: 'Monthly quota reached' },
			},
		});
		const [draft] = bench.sandbox.store.seedDocuments(1, { name: 'Draft' });
		const { error } = await bench.act('document', 'send', {
			documentId: byId(draft?.id ?? ''),
			options: {},
		});
		expect(error?.message).toBe(`Document ${draft?.id} was not sent: Monthly quota reached`);
	});

	it('say so if a proxy answered', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			fault: { status: 403, contentType: 'text/html', body: '<html>Blocked</html>' },
		});
		const { error } = await bench.act('document', 'get', {
			documentId: byId('cm1'),
			simplify: true,
		});
		expect(error?.message).toMatch(/is not one of inSigner's API: HTTP status 403/);
		expect(error?.description).toMatch(/proxy or firewall/);
		expect(error?.description).not.toMatch(/permission/);
	});
});
