import type { INodeParameters } from 'n8n-workflow';

import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const COUNT = 20;

const items = () =>
	Array.from({ length: COUNT }, (_, n) => ({
		json: { name: `Person ${n}`, email: `person${n}@example.com` },
	}));

const parameters = (): INodeParameters => ({
	templateId: byId(
		bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1)?.id ?? '',
	),
	name: '=Contract of {{ $json.name }}',
	specifySigners: 'json',
	signersJson: '={{ [{ name: $json.name, email: $json.email }] }}',
	afterCreating: 'send',
	options: {},
});

const mailsPerPerson = () => {
	const counts = new Map<string, number>();
	for (const { to, kind } of bench.sandbox.journal.emails) {
		if (kind === 'invitation') counts.set(to, (counts.get(to) ?? 0) + 1);
	}
	return items().map(({ json }) => counts.get(json.email) ?? 0);
};

const once = Array.from({ length: COUNT }, () => 1);

/** A template is used once per item, so the nth use is the nth item; a refused one emails no one. */
const failItem = (item: number) =>
	bench.sandbox.faults.add({
		match: { operationId: 'useTemplate' },
		nth: item + 1,
		fault: { status: 409 },
	});

describe.each([
	['the first', 0],
	['a middle', 9],
	['the last', COUNT - 1],
])('with Retry On Fail, %s of 20 items failing once', (_, item) => {
	it('emails everyone exactly once', async () => {
		failItem(item);
		const { items: output, error } = await bench.act('template', 'createDocument', parameters(), {
			items: items(),
			node: { retryOnFail: true, maxTries: 5, waitBetweenTries: 10 },
		});
		expect(error).toBeUndefined();
		expect(output).toHaveLength(COUNT);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			items().map((__, index) => ({ item: index })),
		);
		expect(mailsPerPerson()).toEqual(once);
	}, 60_000);

	it('emails no one twice with Continue On Fail too', async () => {
		failItem(item);
		const { items: output } = await bench.act('template', 'createDocument', parameters(), {
			items: items(),
			node: {
				retryOnFail: true,
				maxTries: 5,
				waitBetweenTries: 10,
				onError: 'continueRegularOutput',
			},
		});
		expect(output).toHaveLength(COUNT);
		// n8n tries again when the first item carries an error; any other stays in the output.
		const failed = output.findIndex(({ json }) => json.error !== undefined);
		expect(failed).toBe(item === 0 ? -1 : item);
		expect(mailsPerPerson()).toEqual(once.map((n, index) => (index === failed ? 0 : n)));
	}, 60_000);
});

it('leaves no draft of a failed try behind', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'sendDocument' },
		nth: 2,
		fault: { status: 409 },
	});
	const before = new Set(bench.sandbox.store.documents.all().map(({ id }) => id));
	const { error } = await bench.act('template', 'createDocument', parameters(), {
		items: items().slice(0, 3),
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
	});
	expect(error).toBeUndefined();
	const made = bench.sandbox.store.documents.all().filter(({ id }) => !before.has(id));
	expect(made.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
	expect(mailsPerPerson().slice(0, 3)).toEqual([1, 1, 1]);
});

it('does not send again when no one knows whether it was sent', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'sendDocument' },
		nth: 1,
		when: 'after',
		fault: { drop: true },
	});
	// The document cannot be read back either.
	bench.sandbox.faults.add({
		match: { operationId: 'getDocument' },
		nth: 2,
		times: 99,
		fault: { status: 404 },
	});
	const time = passTime(bench.sandbox);
	const { error } = await bench.act('template', 'createDocument', parameters(), {
		items: items().slice(0, 1),
		node: { retryOnFail: true, maxTries: 5, waitBetweenTries: 10 },
	});
	time.restore();
	expect(error?.message).toMatch(/^"Contract of Person 0" may or may not have been sent/);
	expect(mailsPerPerson()[0]).toBe(1);
}, 60_000);

it('sends again in another execution, and for another item of an agent in the same run', async () => {
	const [item] = items();
	for (const executionId of ['a', 'b']) {
		await bench.act('template', 'createDocument', parameters(), {
			items: item ? [item] : [],
			executionId,
		});
	}
	expect(mailsPerPerson()[0]).toBe(2);
	await bench.act('template', 'createDocument', parameters(), {
		items: items().slice(1, 2),
		executionId: 'b',
	});
	expect(mailsPerPerson().slice(0, 2)).toEqual([2, 1]);
});
