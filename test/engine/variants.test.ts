import { createHash } from 'node:crypto';

import { outcomeOf, SENDING_FORMS } from '../faults/outcomes';
import { FORM_NAMES, meaningOf, type FormName } from '../sandbox/sandbox';
import { byId, startBench, TRIGGER, type Bench } from './insigner';
import { goodItem, operationsAtWork } from './operationsAtWork';
import { passTime } from './passingTime';
import { startWebhookListener, type WebhookListener } from './webhookListener';

type Sent = Awaited<ReturnType<Bench['act']>>;
type Trigger = ReturnType<Bench['engine']['trigger']>;

const PEOPLE = ['ann', 'bob'].map((name) => ({ name, email: `${name}@example.com`, phone: '' }));

const fromTemplate = async (bench: Bench): Promise<Sent> => {
	const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
	return await bench.act('template', 'createDocument', {
		templateId: byId(template?.id ?? ''),
		name: 'Variant',
		specifySigners: 'json',
		signersJson: PEOPLE,
		afterCreating: 'send',
		options: { signingType: 'parallel' },
	});
};

const uploaded = async (bench: Bench): Promise<Sent> =>
	await bench.act(
		'document',
		'createAndSend',
		{
			name: 'Uploaded',
			binaryPropertyName: 'data',
			signers: { signer: [{ name: 'Ann', email: 'ann@example.com', role: 'signer' }] },
			specifyFields: 'form',
			fields: {
				field: [{ type: 'signature', signer: '1', position: 'coordinates', page: 1, x: 72, y: 72 }],
			},
			options: { simplify: false },
		},
		{ items: [await bench.pdfItem()] },
	);

const digest = (content: Uint8Array | null | undefined): string =>
	createHash('sha256')
		.update(content ?? '')
		.digest('hex');

type Item = Sent['items'][number];

/** Whether the file of an item is the signed PDF of a document. */
async function expectSignedPdf(bench: Bench, item: Item | undefined, id: string): Promise<void> {
	const data = item?.binary?.data;
	const bytes = data && (await bench.engine.binary.read(data));
	expect(digest(bytes)).toBe(digest(bench.sandbox.store.documents.get(id)?.signedPdf));
}

const storedId = ({ sandbox }: Bench, shownId: unknown): string =>
	String(sandbox.ids.restore(shownId));

async function sign(bench: Bench, documentId: string): Promise<void> {
	for (const { email } of PEOPLE) await bench.sandbox.sign(documentId, email);
	await bench.sandbox.settled();
}

/** Downloads a document by the id that the node returned. */
async function download(bench: Bench, shownId: unknown): Promise<void> {
	const { error, items } = await bench.act('document', 'download', {
		documentId: byId(String(shownId)),
		outputBinaryField: 'data',
		options: { fileName: '{name} signed' },
	});
	expect(error).toBeUndefined();
	expect(items[0]?.binary?.data?.fileName).toBe('Variant signed.pdf');
	await expectSignedPdf(bench, items[0], storedId(bench, shownId));
}

describe.each(['default', 'filesystem'] as const)('with binary data kept in %s', (binaryMode) => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench({ binaryMode });
	}, 60_000);
	afterAll(async () => await bench.stop());

	it.each(['downloadByRedirect', 'downloadAsBytes'] as const)(
		'%s: a contract from a template is filled, sent, signed and downloaded',
		async (form) => {
			bench.sandbox.forms[form] = true;
			const sent = await fromTemplate(bench);
			expect(sent.error).toBeUndefined();
			const shownId = sent.items[0]?.json.id;
			expect(bench.sandbox.store.documents.get(String(shownId))?.signers).toMatchObject(
				PEOPLE.map(({ name, email }, order) => ({ name, email, order })),
			);
			await sign(bench, String(shownId));
			await download(bench, shownId);
			const leaked = bench.sandbox.journal.requests.filter(
				(request) => request.authorizationOnStorage,
			);
			expect(leaked).toEqual([]);
			bench.sandbox.forms[form] = false;
		},
		60_000,
	);

	it('a PDF is uploaded byte for byte', async () => {
		const { items, error } = await uploaded(bench);
		expect(error).toBeUndefined();
		const stored = bench.sandbox.store.documents.get(String(items[0]?.json.id));
		expect(
			Buffer.from(stored?.pdf ?? [])
				.subarray(0, 5)
				.toString(),
		).toBe('%PDF-');
		expect(stored?.pdf?.length).toBe(items[0]?.json.fileSize);
	}, 60_000);
});

const withMeanings = (forms: readonly FormName[]): Array<[FormName, string]> =>
	forms.map((form) => [form, meaningOf(form)]);

describe('the main job in every form the service may have', () => {
	let bench: Bench;
	let listener: WebhookListener;
	let time: ReturnType<typeof passTime>;

	beforeAll(async () => {
		bench = await startBench();
		listener = await startWebhookListener();
	}, 60_000);
	afterAll(async () => {
		await listener.stop();
		await bench.stop();
	});
	beforeEach(async () => {
		// Ten creations of webhooks an hour are allowed.
		await bench.sandbox.clock.advance(3_600_000);
		bench.sandbox.journal.clear();
		time = passTime(bench.sandbox);
	});
	afterEach(() => {
		for (const name of FORM_NAMES) bench.sandbox.forms[name] = false;
		const { webhooks } = bench.sandbox.store;
		for (const { id } of webhooks.all()) webhooks.delete(id);
		time.restore();
	});

	const emailed = (): string[] =>
		bench.sandbox.journal.emails
			.filter(({ kind }) => kind === 'invitation')
			.map(({ to }) => to)
			.sort();

	/** Whether it was sent, as the form demands; what was not sent emails no one. */
	const isSent = (form: FormName, { error }: Sent, due: string[]): boolean => {
		const wanted = outcomeOf(form, 'invitation');
		expect(emailed()).toEqual(error ? [] : due);
		expect([error ? 'refused' : 'sent', 'either']).toContain(wanted);
		return !error;
	};

	const listening = async (): Promise<Trigger> => {
		const trigger = bench.engine.trigger(
			TRIGGER,
			{
				events: ['document.completed', 'signer.completed'],
				options: { includeDocument: true, downloadPdf: true },
			},
			{ credentials: bench.credentials, webhookUrl: listener.url },
		);
		await trigger.activate();
		listener.give(trigger);
		return trigger;
	};

	/** The output of the executions that the deliveries started. */
	const heard = async (trigger: Trigger): Promise<Item[]> => {
		expect(listener.deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
		const results = [];
		for (const delivery of listener.deliveries) results.push(await trigger.execute(delivery));
		expect(results.map(({ error }) => error?.message)).toEqual([undefined, undefined, undefined]);
		return results.flatMap((result) => result.items('Trigger'));
	};

	const BY_UPLOAD: ReadonlySet<FormName> = new Set(['uploadNeedsConfirming', 'uploadNeedsHeaders']);
	const BY_USE = new Set(FORM_NAMES.filter((name) => name.startsWith('use')));
	const WITHOUT_ID: FormName = 'eventsEmpty';

	it.each(withMeanings(FORM_NAMES.filter((form) => !BY_UPLOAD.has(form) && form !== WITHOUT_ID)))(
		'%s: %s: a contract from a template is sent, signed, heard of and downloaded',
		async (form) => {
			bench.sandbox.forms[form] = true;
			const trigger = await listening();
			const sent = await fromTemplate(bench);
			const due = PEOPLE.map(({ email }) => email);
			if (isSent(form, sent, due)) {
				const shownId = sent.items[0]?.json.id;
				const documentId = storedId(bench, shownId);
				await sign(bench, documentId);
				const items = await heard(trigger);
				expect(items.map(({ json }) => json.event).sort()).toEqual([
					'document.completed',
					'signer.completed',
					'signer.completed',
				]);
				expect(items.map(({ json }) => json.document)).toEqual(
					items.map(() => expect.objectContaining({ id: shownId }) as unknown),
				);
				const completed = items.find(({ json }) => json.event === 'document.completed');
				await expectSignedPdf(bench, completed, documentId);
				await download(bench, shownId);
			}
			await trigger.delete();
			expect(bench.sandbox.store.webhooks.all().map(({ status }) => status)).not.toContain(
				'active',
			);
		},
		60_000,
	);

	it('eventsEmpty: an event that does not name its document is kept for a retry', async () => {
		bench.sandbox.forms.eventsEmpty = true;
		const trigger = await listening();
		const sent = await fromTemplate(bench);
		await sign(bench, String(sent.items[0]?.json.id));
		// Both signers then have the same event, and the second counts as a repeat of the first.
		const started = listener.deliveries.filter((delivery) => delivery.started);
		expect(started.length).toBeGreaterThan(0);
		for (const delivery of started) {
			const { error } = await trigger.execute(delivery);
			expect(error?.message).toBe('The event does not name its document');
			expect(error?.description).toMatch(/The event is genuine and kept in this execution/);
		}
	}, 60_000);

	it.each(withMeanings(SENDING_FORMS.filter((form) => !BY_USE.has(form))))(
		'%s: %s: a PDF is sent',
		async (form) => {
			bench.sandbox.forms[form] = true;
			isSent(form, await uploaded(bench), ['ann@example.com']);
		},
		60_000,
	);

	it.each<[FormName, RegExp]>([
		[
			'uploadNeedsConfirming',
			/^"Uploaded" was not sent, could not send it: inSigner does not have the PDF although its storage took the upload \(.*A PDF must be uploaded first\)/,
		],
		[
			'coordinatesInPixels',
			/All its places are 1\.333 times those asked for: inSigner counts in another unit than points\./,
		],
		[
			'coordinatesInPercent',
			/All its places are 0\.163 \(x, width\) and 0\.126 \(y, height\) times those asked for/,
		],
		['pagesFromZero', /fields of type signature on page 0 for signer 1/],
		['extraSigner', /signer@service\.test is its signer, who was not asked for\./],
	])('%s: the error says what is wrong', async (form, expected) => {
		bench.sandbox.forms[form] = true;
		const { error } = await uploaded(bench);
		expect(`${error?.message}\n${error?.description}`).toMatch(expected);
		expect(emailed()).toEqual([]);
	});

	it.each<[FormName, string]>([
		['extraViewer', 'viewer'],
		['extraOwner', 'owner'],
	])('%s: a hint names the person the service added', async (form, role) => {
		bench.sandbox.forms[form] = true;
		for (const sent of [await uploaded(bench), await fromTemplate(bench)]) {
			expect(sent.tasks[0]?.hints?.map(({ message }) => message)).toEqual([
				`inSigner added ${role}@service.test as its ${role}, who signs nothing.`,
			]);
		}
	});
});

describe('lists in every form the service may have', () => {
	const COUNT = 230;
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench();
		bench.sandbox.store.seedDocuments(COUNT, { templateId: 'tpl_many' });
	}, 60_000);
	afterAll(async () => await bench.stop());
	afterEach(() => {
		for (const name of FORM_NAMES) bench.sandbox.forms[name] = false;
	});

	const idsOf = async (parameters: {
		returnAll: boolean;
		limit?: number;
	}): Promise<Set<unknown>> => {
		const filters = { search: 'Document ' };
		const { items, error } = await bench.act('document', 'getMany', { ...parameters, filters });
		expect(error).toBeUndefined();
		const ids = items.map(({ json }) => storedId(bench, json.id));
		expect(new Set(ids).size).toBe(ids.length);
		return new Set(ids);
	};

	/** Without information about pages, a list is its first page. */
	const FIRST_PAGE: FormName = 'noMeta';

	it.each<FormName[][]>([
		...FORM_NAMES.filter((form) => form !== FIRST_PAGE).map((form) => [[form]]),
		[['pagesByNumber', 'numbersAsText']],
		[['pagesByNumber', 'emptyLastPage']],
	])('%s: are read to the end, or as far as wanted', async (forms) => {
		for (const form of forms) bench.sandbox.forms[form] = true;
		expect((await idsOf({ returnAll: true })).size).toBe(COUNT);
		expect((await idsOf({ returnAll: false, limit: 130 })).size).toBe(130);
	});

	it.each<[FormName, { campaign: string; bulkSend: string }]>([
		['statusesNobodyKnows', { campaign: 'live', bulkSend: 'done' }],
		['statusInCapitals', { campaign: 'active', bulkSend: 'completed' }],
	])('%s: campaigns and bulk sends are listed', async (form, expected) => {
		const [template] = bench.sandbox.store.templates.all();
		await bench.act('campaign', 'create', {
			templateId: byId(template?.id ?? ''),
			name: 'Onboarding',
			options: {},
		});
		bench.sandbox.store.seedBulkSends(1);
		bench.sandbox.forms[form] = true;
		const statuses = async (resource: keyof typeof expected) => {
			const { items, error } = await bench.act(resource, 'getMany', { returnAll: true });
			expect(error).toBeUndefined();
			return [...new Set(items.map(({ json }) => json.status))];
		};
		expect(await statuses('campaign')).toEqual([expected.campaign]);
		expect(await statuses('bulkSend')).toEqual([expected.bulkSend]);
	});

	it('noMeta: have one page', async () => {
		bench.sandbox.forms.noMeta = true;
		expect((await idsOf({ returnAll: true })).size).toBe(100);
	});
});

describe('every operation in every form the service may have', () => {
	let bench: Bench;
	let time: ReturnType<typeof passTime>;

	beforeAll(async () => {
		bench = await startBench();
		time = passTime(bench.sandbox);
	}, 60_000);
	afterAll(async () => {
		time.restore();
		await bench.stop();
	});
	afterEach(() => {
		for (const name of FORM_NAMES) bench.sandbox.forms[name] = false;
	});

	const OTHER_DRAFT = {
		'document.createAndSend': /was not sent, .*inSigner holds something else than was sent/,
	};
	const OTHER_PEOPLE = {
		'document.createAndSendFromTemplate':
			/was not sent, .*inSigner holds other people than asked for/,
		'template.createDocument': /was not created, .*inSigner holds other people than asked for/,
	};

	/** What does not work then, and why. */
	const REFUSED: Partial<Record<FormName, Record<string, RegExp>>> = {
		...Object.fromEntries(
			['pagesFromZero', 'coordinatesInPercent', 'coordinatesInPixels'].map((form) => [
				form,
				OTHER_DRAFT,
			]),
		),
		extraSigner: { ...OTHER_DRAFT, ...OTHER_PEOPLE },
		extraApprover: { ...OTHER_DRAFT, ...OTHER_PEOPLE },
		bareDocument: { 'document.getSigningLinks': /has no signing link for anyone now/ },
		useAnswersWithoutId: {
			'document.createAndSendFromTemplate':
				/may or may not have been sent: .*did not say which document/,
			'template.createDocument': /may or may not have been sent: .*did not say which document/,
		},
		fieldUpdateUnknown: { 'field.update': /^Field \S+ was not changed in .*: Endpoint not found/ },
		fieldUpdateRefused: { 'field.update': /^Field \S+ was not changed in .*: Endpoint not found/ },
		uploadNeedsConfirming: {
			'document.createAndSend': /does not have the PDF although its storage took the upload/,
		},
		// An empty 200 may be anyone's.
		emptyBody: Object.fromEntries(
			['campaign', 'document', 'field', 'signer', 'webhook']
				.map((resource) => `${resource}.update`)
				.concat('document.sendReminder')
				.map((key) => [key, /is not one of inSigner's API: an empty body/]),
		),
	};

	it.each(withMeanings(FORM_NAMES))(
		'%s: %s',
		async (form) => {
			const refused: Record<string, string> = {};
			for (const [key, atWork] of Object.entries(operationsAtWork(bench))) {
				const items = [await goodItem(atWork)];
				await bench.sandbox.clock.advance(301_000);
				bench.sandbox.forms[form] = true;
				const [resource = '', operation = ''] = key.split('.');
				const { error } = await bench.act(resource, operation, atWork.parameters, {
					items,
				});
				bench.sandbox.forms[form] = false;
				if (error) refused[key] = error.message;
			}
			const wanted = REFUSED[form] ?? {};
			expect(refused).toEqual(
				Object.fromEntries(
					Object.entries(wanted).map(([key, message]) => [
						key,
						expect.stringMatching(message) as unknown,
					]),
				),
			);
		},
		60_000,
	);
});
