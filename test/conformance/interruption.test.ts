import type { FaultRule } from '../sandbox/sandbox';
import { NO_TRACES, numbersOf, startScene, textOf, type Scene } from './sandboxRuns';

let scene: Scene;

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.stop();
});

describe('an interrupted run removes what it has created', () => {
	it.each([
		['createWebhook', 1],
		['createDocument', 1],
		['addSigner', 2],
		['useTemplate', 2],
		['addField', 9],
		['sendDocument', 1],
		['remindDocument', 2],
		['cancelDocument', 2],
	])('while %s is under way', async (operationId, nth) => {
		const interruption = new AbortController();
		scene.sandbox.faults.add({
			match: { operationId },
			nth,
			fault: { hangMs: 1 },
			onPlay: () => interruption.abort(),
		});
		const outcome = await scene.run({ interrupted: interruption.signal });
		expect(outcome.interrupted).toBe(true);
		expect(outcome.left).toEqual([]);
		expect(scene.traces()).toEqual(NO_TRACES);
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
	});

	it('while it only reads, it has nothing to remove', async () => {
		const interruption = new AbortController();
		const outcome = await scene.run({
			interrupted: interruption.signal,
			say: (text) => {
				if (text === 'Errors') interruption.abort();
			},
		});
		expect(outcome.interrupted).toBe(true);
		const changes = scene.sandbox.journal.requests.filter(({ method }) => method !== 'GET');
		expect(changes).toEqual([]);
	});

	it('and names what it could not remove if the person does not wait for that either', async () => {
		const interruption = new AbortController();
		const abandonment = new AbortController();
		scene.sandbox.faults.add({
			match: { operationId: 'addField' },
			nth: 5,
			fault: { hangMs: 1 },
			onPlay: () => interruption.abort(),
		});
		const outcome = await scene.run({
			interrupted: interruption.signal,
			abandoned: abandonment.signal,
			say: (text) => {
				if (text === 'Removing what was made') abandonment.abort();
			},
		});
		expect(outcome.left.join('\n')).toContain('removal was interrupted');
		expect(outcome.left).toHaveLength(scene.traces().documents.length);
		expect(scene.traces().strangers).toEqual([]);
	});
});

describe('a fault along the way leaves nothing behind', () => {
	const lost = { drop: true } as const;
	it.each<[string, FaultRule]>([
		[
			'a document is made, but the answer is lost',
			{ match: { operationId: 'createDocument' }, nth: 1, when: 'after', fault: lost },
		],
		[
			'the document to send is made, but the answer is lost',
			{ match: { operationId: 'createDocument' }, nth: 2, when: 'after', fault: lost },
		],
		[
			'a webhook is made, but the answer is lost',
			{ match: { operationId: 'createWebhook' }, nth: 1, when: 'after', fault: lost },
		],
		[
			'a template is used, but the answer is lost',
			{ match: { operationId: 'useTemplate' }, nth: 2, when: 'after', fault: lost },
		],
		[
			'it is sent, but the answer is lost',
			{ match: { operationId: 'sendDocument' }, nth: 1, when: 'after', fault: lost },
		],
		[
			'sending fails',
			{ match: { operationId: 'sendDocument' }, nth: 1, fault: { status: 502, byGateway: true } },
		],
		[
			'the storage refuses the file',
			{ match: { origin: 'storage' }, nth: 1, fault: { status: 403 } },
		],
		[
			'removing gets no answer at first',
			{ match: { operationId: 'deleteDocument' }, nth: 3, times: 2, fault: lost },
		],
	])('%s', async (_, rule) => {
		const played = scene.sandbox.faults.add(rule);
		const outcome = await scene.run();
		expect(played.hits).toBeGreaterThan(0);
		expect(outcome.left).toEqual([]);
		expect(scene.traces()).toEqual(NO_TRACES);
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
	});
});

it('sends nothing if the signers cannot be read before', async () => {
	// Three times in the draft that is changed, once each in the other two; the next read is the one before sending.
	const rule = scene.sandbox.faults.add({
		match: { operationId: 'listSigners' },
		nth: 6,
		fault: { status: 500, byGateway: true },
	});
	const outcome = await scene.run();
	expect(rule.hits).toBe(1);
	expect(textOf(outcome, 27)).toContain('its people could not be read');
	expect(scene.sandbox.journal.emails).toEqual([]);
	expect(scene.traces()).toEqual(NO_TRACES);
});

it('waits for the rate limit instead of running into it', async () => {
	await scene.stop();
	scene = await startScene({ requestsPerMinute: 120 });
	const outcome = await scene.run({ bulk: true });
	expect(outcome.exchanges.length).toBeGreaterThan(120);
	expect(outcome.exchanges.filter(({ answer }) => answer?.status === 429)).toEqual([]);
	expect(scene.traces()).toEqual(NO_TRACES);
});

it('waits for a bulk send that is only allowed later', async () => {
	scene.sandbox.faults.add({
		match: { operationId: 'createBulkSend' },
		nth: 1,
		fault: { status: 429, headers: { 'retry-after': '290' } },
	});
	const said: string[] = [];
	const outcome = await scene.run({ bulk: true, say: (text) => void said.push(text) });
	expect(said).toContain('  waiting 290 s for the rate limit');
	expect(numbersOf(outcome, 'refuted')).toEqual([]);
	expect(scene.traces()).toEqual(NO_TRACES);
});
