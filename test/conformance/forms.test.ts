import type { FormName } from '../sandbox/sandbox';
import { isAnythingRefuted, planOf } from './conformance';
import type { FaultRule } from '../sandbox/sandbox';
import { NO_TRACES, numbersOf, startScene, textOf, YOU, type Scene } from './sandboxRuns';

let scene: Scene | undefined;

afterEach(async () => {
	await scene?.stop();
	scene = undefined;
});

/** What the sandbox cannot show with only a template. */
const NEVER = [14, 16, 20, 21, 26];

describe('the service as documented', () => {
	it('confirms everything that can be tested, and leaves nothing behind', async () => {
		scene = await startScene();
		const outcome = await scene.run();
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
		expect(numbersOf(outcome, 'not tested')).toEqual(NEVER);
		expect(outcome.differences).toEqual([]);
		expect(outcome.news).toEqual([]);
		expect(outcome.remarks).toEqual([]);
		expect(outcome.left).toEqual([]);
		expect(isAnythingRefuted(outcome)).toBe(false);
		expect(scene.traces()).toEqual(NO_TRACES);
		expect(scene.sandbox.journal.emails.map(({ to, kind }) => [to, kind])).toEqual([
			[YOU, 'invitation'],
			[YOU, 'reminder'],
		]);
		// The key goes only to the API.
		const leaks = scene.sandbox.journal.requests.filter((one) => one.authorizationOnStorage);
		expect(leaks).toEqual([]);
	});

	it('confirms what only a person and an account with history can show', async () => {
		scene = await startScene();
		const { sandbox } = scene;
		const [declined, completed] = sandbox.store.seedDocuments(2, (number) => ({
			status: number === 1 ? 'declined' : 'completed',
		}));
		if (declined?.signers[0]) declined.signers[0].status = 'declined';
		sandbox.store.campaigns.add({
			id: 'cmp_1',
			organizationId: sandbox.store.organizations.own.id,
			...{ name: 'Public', slug: 'public-1', status: 'active', submissionCount: 0 },
			...{ maxSubmissions: null, collectPhone: true, requireOtp: false, expiresAt: null },
			...{ brandColor: null, templateId: 'tpl_1' },
			createdAt: new Date().toISOString(),
			updatedAt: new Date().toISOString(),
		});
		const questions: string[] = [];
		const outcome = await scene.run({
			bulk: true,
			ask: async (question) => {
				questions.push(question);
				const link = sandbox.journal.emails.at(-1)?.signingUrl ?? '';
				expect((await fetch(link)).status).toBe(200);
				return 'Y';
			},
		});
		expect(questions).toHaveLength(3);
		expect(numbersOf(outcome, 'not tested')).toEqual([14, 20, 26]);
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
		const whole = outcome.verdicts.filter(({ verdict }) => verdict.open === undefined);
		expect(whole.map(({ inference }) => inference.number)).toEqual([
			...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27],
		]);
		expect(textOf(outcome, 21)).toBe('Seen: viewed, declined.');
		expect(textOf(outcome, 5)).toBe('It answers JSON with the address of the PDF.');
		expect(completed?.status).toBe('completed');
		expect(outcome.left).toEqual([]);
		expect(scene.traces().strangers).toEqual([]);
		expect(scene.traces().webhooks).toEqual([]);
		expect(scene.traces().bulkSends).toEqual([]);
		expect(scene.traces().documents).toEqual(['Document 1', 'Document 2']);
	});

	it('believes a person who sees something else', async () => {
		scene = await startScene();
		const outcome = await scene.run({ ask: async () => 'no, 20 points lower' });
		expect(numbersOf(outcome, 'refuted')).toEqual([9, 10, 21, 27]);
		expect(textOf(outcome, 9)).toContain('do not show on their frames (seen: 20 points lower)');
	});

	it('only reads without an address, and changes nothing', async () => {
		scene = await startScene();
		const outcome = await scene.run({ sendTo: undefined });
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
		expect(numbersOf(outcome, 'confirmed')).toEqual([1, 2, 3, 4, 5, 8, 15, 17, 18, 22, 24]);
		const carriedOut = scene.sandbox.journal.requests.filter(
			({ method, status = 0 }) => method !== 'GET' && status < 400,
		);
		expect(carriedOut).toEqual([]);
		expect(scene.sandbox.journal.emails).toEqual([]);
	});

	it('creates nothing if the person does not agree, and says beforehand what it would do', async () => {
		scene = await startScene();
		let plan = '';
		await scene.run({
			consent: async (text) => {
				plan = text;
				return false;
			},
		});
		expect(plan).toContain(`two emails to ${YOU}`);
		expect(plan).toContain('three documents');
		expect(scene.sandbox.journal.emails).toEqual([]);
		expect(scene.sandbox.store.documents.size).toBe(1);
	});

	it('takes as many requests as it says', async () => {
		scene = await startScene();
		let before = 0;
		const { sandbox } = scene;
		const outcome = await scene.run({
			consent: async (plan) => {
				before = sandbox.journal.requests.length;
				expect(plan).toBe(planOf(YOU, { templates: [{ _count: { signers: 2 } }] }, false));
				return true;
			},
		});
		const [, told] = /about (\d+) requests/.exec(planOf(YOU, { templates: [] }, false)) ?? [];
		expect(Math.abs(Number(told) - (outcome.exchanges.length - before))).toBeLessThanOrEqual(5);
	});
});

/** Each form, what it refutes, and in which words. */
const FORMS: ReadonlyArray<[FormName, Record<number, RegExp>]> = [
	['ordersFromOne', { 10: /order of a signer is read back otherwise: 0 as 1, 1 as 2/ }],
	['assignedToFromOne', { 10: /assignedTo is read back otherwise: 0 as 1, 1 as 2/ }],
	['orderNullInParallel', { 10: /in a parallel document .*: 0 as null, 1 as null/i }],
	['assignedToAsText', { 10: /assignedTo is read back otherwise: 0 as "0", 1 as "1"/ }],
	['assignedToAsSignerId', { 10: /read back as the id of the signer with that order/ }],
	['roundedCoordinates', { 9: /as whole numbers: they are rounded/ }],
	['coordinatesInPercent', { 9: /in percent of the page/ }],
	['coordinatesInPixels', { 9: /1\.333 times .*pixels at 96 to the inch/ }],
	['optionsAsJson', { 12: /read back as a text that holds JSON/ }],
	['recipientsForSigners', { 6: /signers are under "recipients"/ }],
	['bareDocument', { 6: /has no signers; it has no fields/ }],
	['documentWrapped', { 6: /one level deeper/, 7: /POST \/documents has no id in data/ }],
	['status204', { 7: /send answers 204 without a body/ }],
	['emptyBody', { 7: /send answers 200 without a body/ }],
	['errorsAsText', { 22: /400 has no type/ }],
	['errorsInEnvelope', { 22: /400 has no type/ }],
	['useTakesOnlyName', { 13: /signers are refused \(422 .*signers: Unknown property/i }],
	['useIgnoresSigners', { 13: /signers are ignored/ }],
	['useGivesOrderZero', { 13: /several signers have the order 0, 0/i }],
	['useSendsAtOnce', { 13: /pending at once/ }],
	['useAnswersWithoutId', { 13: /no id of the document/ }],
];

describe('a service in another form refutes exactly what differs', () => {
	it.each(FORMS)('%s', async (form, expected) => {
		scene = await startScene({ forms: [form] });
		const outcome = await scene.run();
		expect(numbersOf(outcome, 'refuted')).toEqual(Object.keys(expected).map(Number));
		for (const [number, words] of Object.entries(expected)) {
			expect(textOf(outcome, Number(number))).toMatch(words);
		}
		expect(isAnythingRefuted(outcome)).toBe(true);
		expect(outcome.left).toEqual([]);
		expect(scene.traces()).toEqual(NO_TRACES);
	});

	it.each<[FormName, RegExp]>([
		['pagesFromZero', /fields tells page 0 for a field that was put on page 1/],
		['signersReversed', /signers is not sorted by order/],
		['noMeta', /GET \/documents 200: the body lacks meta/],
		['emptyLastPage', /GET \/templates says hasMore after 2 items/],
		['status202', /POST \/documents answers 202, which is not described/],
		['statusInCapitals', /data\.status is written "DRAFT"/],
		['americanCanceled', /data\.status is written "canceled"/],
		['numbersAsText', /data\._count\.members must be integer/],
		['idsAsNumbers', /data\.id must be string/],
		['uploadNeedsConfirming', /upload is not enough: .*a step to confirm it seems to be missing/],
	])('%s is reported as a difference from what is documented', async (form, words) => {
		scene = await startScene({ forms: [form] });
		const outcome = await scene.run();
		const told = outcome.differences.map(({ where, what }) => `${where} ${what}`);
		expect(told.filter((text) => words.test(text))).not.toEqual([]);
		expect(isAnythingRefuted(outcome)).toBe(true);
		expect(outcome.left).toEqual([]);
		expect(scene.traces()).toEqual(NO_TRACES);
	});

	it.each<[FormName, RegExp]>([
		['downloadByRedirect', /a redirect \(302/],
		['downloadAsBytes', /the PDF itself/],
	])('%s: it says how the download is answered', async (form, words) => {
		scene = await startScene({ forms: [form] });
		scene.sandbox.store.seedDocuments(1, { status: 'completed' });
		const outcome = await scene.run({ sendTo: undefined });
		expect(numbersOf(outcome, 'refuted')).toEqual([5]);
		expect(textOf(outcome, 5)).toMatch(words);
	});
});

describe('an endpoint that the service does not have', () => {
	const page = { status: 404, body: '<!doctype html><p>Not found', contentType: 'text/html' };
	const problem = {
		status: 404,
		contentType: 'application/problem+json',
		body: {
			...{ type: 'https://docs.insigner.com/errors/not-found', title: 'Not Found', status: 404 },
			detail: 'Endpoint not found',
		},
	};
	const cases: ReadonlyArray<[string, number, FaultRule['fault'], string[]]> = [
		['updateDocument', 1, page, []],
		['updateSigner', 8, problem, []],
		['removeField', 8, { status: 405, byGateway: true }, []],
		['remindDocument', 3, problem, []],
		// What was sent stays pending: it can be neither cancelled nor deleted.
		['cancelDocument', 4, page, ['to send']],
		['deleteDocument', 2, problem, ['draft', 'of a template', 'to send']],
		['deleteWebhook', 18, problem, ['webhook']],
		['downloadDocument', 5, page, []],
		['updateCampaign', 15, problem, []],
		['deleteBulkSend', 17, page, []],
	];

	it.each(cases)(
		'%s is refuted, asked with an id that cannot exist',
		async (operationId, row, fault) => {
			scene = await startScene();
			scene.sandbox.faults.add({ match: { operationId }, fault });
			const outcome = await scene.run({ sendTo: undefined });
			expect(numbersOf(outcome, 'refuted')).toEqual([row]);
			expect(textOf(outcome, row)).toMatch(/there is no (such endpoint|GET)/i);
		},
	);

	it.each(cases)(
		'%s is refuted in use, and what remains is named',
		async (operationId, row, fault, stays) => {
			scene = await startScene();
			scene.sandbox.faults.add({ match: { operationId }, fault });
			const outcome = await scene.run();
			expect(numbersOf(outcome, 'refuted')).toEqual([row]);
			expect(outcome.left).toHaveLength(stays.length);
			const left = scene.traces();
			expect(left.strangers).toEqual([]);
			expect(left.documents.length + left.webhooks.length).toBe(stays.length);
			for (const name of left.documents) expect(outcome.left.join()).toContain(name);
			// A webhook that cannot be deleted is at least switched off.
			expect(scene.sandbox.store.webhooks.all().map(({ status }) => status)).toEqual(
				left.webhooks.map(() => 'inactive'),
			);
		},
	);

	it('is not claimed if the service does not tell the two apart', async () => {
		scene = await startScene();
		scene.sandbox.faults.add({ match: { path: /no-such-id/ }, fault: problem });
		const outcome = await scene.run({ sendTo: undefined });
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
		expect(numbersOf(outcome, 'not tested')).toEqual(expect.arrayContaining([1, 2, 3, 4, 8]));
	});
});

describe('no one else is emailed', () => {
	it.each<FormName>(['extraViewer', 'extraSigner', 'extraApprover'])(
		'%s: a document with someone else is not sent',
		async (form) => {
			scene = await startScene({ forms: [form] });
			const outcome = await scene.run();
			expect(textOf(outcome, 27)).toContain('someone who is not at your address');
			expect(scene.sandbox.journal.emails).toEqual([]);
			expect(scene.traces()).toEqual(NO_TRACES);
		},
	);

	it('a template that already names people is not used', async () => {
		scene = await startScene();
		for (const { slots } of scene.sandbox.store.templates.all()) {
			for (const slot of slots) slot.label = 'boss@example.org';
		}
		const outcome = await scene.run({ bulk: true });
		expect(textOf(outcome, 13)).toContain('names people of its own');
		const used = scene.sandbox.journal.requests.filter(
			({ operationId, path }) =>
				['createBulkSend', 'useTemplate'].includes(operationId ?? '') &&
				!path.includes('no-such-id'),
		);
		expect(used).toEqual([]);
	});
});

describe('a key with few scopes', () => {
	it('says what it could not look at', async () => {
		scene = await startScene();
		const apiKey = scene.sandbox.createKey({ scopes: ['documents.read', 'templates.read'] });
		const outcome = await scene.run({ apiKey, sendTo: undefined });
		expect(numbersOf(outcome, 'refuted')).toEqual([]);
		expect(textOf(outcome, 14)).toContain('documents.create');
		expect(numbersOf(outcome, 'confirmed')).toContain(14);
		expect(textOf(outcome, 16)).toContain('The key may not read it');
	});

	it('and a key that is refused does not start', async () => {
		scene = await startScene();
		const apiKey = scene.sandbox.createKey({ scopes: ['*'], state: 'revoked' });
		await expect(scene.run({ apiKey })).rejects.toThrow('refused the key (401)');
	});
});
