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
	bench.sandbox.faults.clear();
	// One bulk send in five minutes is allowed.
	await bench.sandbox.clock.advance(301_000);
	time = passTime(bench.sandbox);
});
afterEach(() => time.restore());

type Run = Awaited<ReturnType<Bench['act']>>;

const hintsOf = ({ tasks }: Run) => tasks[0]?.hints?.map(({ message }) => message) ?? [];

const person = (name: string, phone = '', role = 'signer') => ({
	...{ name, email: `${name}@example.com`, phone, role },
});

const createAndSend = async (
	signers: Array<ReturnType<typeof person>>,
	options: INodeParameters = {},
	count = 1,
) => {
	const items = await Promise.all(Array.from({ length: count }, () => bench.pdfItem()));
	const run = await bench.act(
		'document',
		'createAndSend',
		{ name: 'Lease', binaryPropertyName: 'data', signers: { signer: signers }, options },
		{ items },
	);
	expect(run.error).toBeUndefined();
	return run;
};

const template = (slots: number) =>
	byId(bench.sandbox.store.templates.all().find((one) => one.slots.length === slots)?.id ?? '');

const bulkSend = async (
	recipients: Array<{ name: string; email: string; phone: string }>,
	options: INodeParameters = {},
) => {
	const run = await bench.act('bulkSend', 'create', {
		...{ templateId: template(1), name: 'Notice', recipientsFrom: 'list', options },
		recipients: { recipient: recipients },
	});
	expect(run.error).toBeUndefined();
	return run;
};

const lostAnswer = (operationId: string) =>
	bench.sandbox.faults.add({ match: { operationId }, when: 'after', fault: { drop: true } });

describe('a hint', () => {
	it('is given once where nothing is sent for many items, and no other', async () => {
		const run = await createAndSend([person('ann')], { draftOnly: true }, 3);
		expect(hintsOf(run)).toEqual(['Draft Only is on: no one is emailed.']);
		expect(hintsOf(await bulkSend([person('ann')], { dryRun: true }))).toEqual([
			'Dry Run is on: no one is emailed.',
		]);
	});

	it('is not given where there is nothing to say', async () => {
		expect(hintsOf(await createAndSend([person('ann'), person('bob')]))).toEqual([]);
		expect(hintsOf(await bulkSend([person('ann', '+15551234567')]))).toEqual([]);
	});

	it('names signers without a phone number where others have one', async () => {
		const mixed = [person('ann', '+15551234567'), person('bob'), person('carl')];
		const expected =
			"2 signers have no phone number and can't be verified by SMS: bob@example.com, carl@example.com.";
		expect(hintsOf(await createAndSend(mixed))).toEqual([expected]);
		expect(hintsOf(await bulkSend(mixed))).toEqual([expected]);
		const fromTemplate = await bench.act('document', 'createAndSendFromTemplate', {
			...{ templateId: template(2), specifySigners: 'json', options: {} },
			signersJson: mixed.slice(0, 2),
		});
		expect(hintsOf(fromTemplate)).toEqual([
			"1 signer has no phone number and can't be verified by SMS: bob@example.com.",
		]);
	});

	it('does not ask for the phone number of a viewer, and counts where it would name many', async () => {
		const ann = person('ann', '+15551234567');
		expect(hintsOf(await createAndSend([ann, person('vic', '', 'viewer')]))).toEqual([]);
		const others = ['bob', 'carl', 'dora', 'eve', 'fred'].map((name) => person(name));
		expect(hintsOf(await bulkSend([ann, ...others]))).toEqual([
			"5 signers have no phone number and can't be verified by SMS: bob@example.com, carl@example.com, dora@example.com and 2 more.",
		]);
	});

	it('says that a document was sent although no answer came', async () => {
		lostAnswer('sendDocument');
		const run = await createAndSend([person('ann')]);
		expect(hintsOf(run)).toEqual([
			`Document ${String(run.items[0]?.json.id)} was sent, although no answer said so.`,
		]);
	});

	it('says the same of a document that turned out to be sent when it was to be deleted', async () => {
		lostAnswer('sendDocument');
		// What was sent is not shown at first.
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			nth: 2,
			times: 5,
			fault: { status: 404 },
		});
		const run = await createAndSend([person('ann')]);
		expect(hintsOf(run)).toEqual([
			`Document ${String(run.items[0]?.json.id)} was sent, although no answer said so.`,
		]);
	});

	it('says the same of a bulk send and of cancelling', async () => {
		lostAnswer('createBulkSend');
		const run = await bulkSend([person('ann')]);
		expect(hintsOf(run)).toEqual([
			`Bulk send ${String(run.items[0]?.json.id)} was created, although no answer said so.`,
		]);
		const { id = '' } = bench.sandbox.store.seedDocuments(1, { status: 'pending' })[0] ?? {};
		lostAnswer('cancelDocument');
		const cancelled = await bench.act('document', 'cancel', { documentId: byId(id) });
		expect(hintsOf(cancelled)).toEqual([
			`Document ${id} was cancelled, although no answer said so.`,
		]);
	});

	it('is one of ten at most; the rest is in the log', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			times: 12,
			fault: { drop: true },
		});
		const run = await createAndSend([person('ann')], {}, 12);
		const hints = hintsOf(run);
		expect(hints).toHaveLength(11);
		expect(hints.at(-1)).toBe("There are more of these: see n8n's log.");
		const logged = bench.engine.logs.filter((entry) =>
			JSON.stringify(entry).includes(String(run.items[11]?.json.id)),
		);
		expect(JSON.stringify(logged)).toContain('was sent, although no answer said so');
	});
});
