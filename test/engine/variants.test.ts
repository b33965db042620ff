import { createHash } from 'node:crypto';

import { outcomeOf } from '../faults/outcomes';
import { FORM_NAMES, meaningOf, type FormName } from '../sandbox/sandbox';
import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

type Sent = Awaited<ReturnType<Bench['act']>>;

const PEOPLE = ['ann', 'bob'].map((name) => ({ name, email: `${name}@example.com`, phone: '' }));

const fromTemplate = async (bench: Bench): Promise<Sent> => {
	const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
	return await bench.act('template', 'createDocument', {
		templateId: byId(template?.id ?? ''),
		name: 'Variant',
		specifySigners: 'json',
		signersJson: PEOPLE,
		send: true,
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
			fields: {
				field: [{ type: 'signature', signer: '1', position: 'coordinates', page: 1, x: 1, y: 1 }],
			},
			options: {},
		},
		{ items: [await bench.pdfItem()] },
	);

const digest = (content: Uint8Array | null | undefined): string =>
	createHash('sha256')
		.update(content ?? '')
		.digest('hex');

/** Signs a document and downloads it by the id that the node gave. */
async function signAndDownload(bench: Bench, shownId: unknown): Promise<void> {
	const { sandbox } = bench;
	const documentId = String(sandbox.ids.restore(shownId));
	for (const { email } of PEOPLE) await sandbox.sign(documentId, email);
	const { error, items } = await bench.act('document', 'download', {
		documentId: byId(String(shownId)),
		outputBinaryField: 'data',
		options: { fileName: '{name} signed' },
	});
	expect(error).toBeUndefined();
	const data = items[0]?.binary?.data;
	expect(data?.fileName).toBe('Variant signed.pdf');
	const bytes = data && (await bench.engine.binary.read(data));
	expect(digest(bytes)).toBe(digest(sandbox.store.documents.get(documentId)?.signedPdf));
}

/** What the documentation leaves open about the service, and where n8n keeps binary data. */
const VARIANTS: Array<[string, Parameters<typeof startBench>[0]]> = [
	['a download by redirect', { downloadForm: 'redirect' }],
	['a download as bytes, binary data in memory', { downloadForm: 'bytes', binaryMode: 'default' }],
];

describe.each(VARIANTS)('with %s', (_, options) => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench(options);
	}, 60_000);
	afterAll(async () => await bench.stop());

	it('a contract from a template is filled, sent, signed and downloaded', async () => {
		const sent = await fromTemplate(bench);
		expect(sent.error).toBeUndefined();
		const shownId = sent.items[0]?.json.id;
		expect(bench.sandbox.store.documents.get(String(shownId))?.signers).toMatchObject(
			PEOPLE.map(({ name, email }, order) => ({ name, email, order })),
		);
		await signAndDownload(bench, shownId);
		const leaked = bench.sandbox.journal.requests.filter(
			(request) => request.authorizationOnStorage,
		);
		expect(leaked).toEqual([]);
	}, 60_000);

	it('a PDF is uploaded byte for byte', async () => {
		const { items, error } = await uploaded(bench);
		expect(error).toBeUndefined();
		const stored = bench.sandbox.store.documents.get(String(items[0]?.json.id))?.pdf;
		expect(
			Buffer.from(stored ?? [])
				.subarray(0, 5)
				.toString(),
		).toBe('%PDF-');
		expect(stored?.length).toBe(items[0]?.json.fileSize);
	}, 60_000);
});

describe('the main job in every form the service may have', () => {
	let bench: Bench;
	let time: ReturnType<typeof passTime>;

	beforeAll(async () => {
		bench = await startBench();
	}, 60_000);
	afterAll(async () => await bench.stop());
	beforeEach(() => {
		bench.sandbox.journal.clear();
		time = passTime(bench.sandbox);
	});
	afterEach(() => {
		for (const name of FORM_NAMES) bench.sandbox.forms[name] = false;
		time.restore();
	});

	const emailed = (): string[] =>
		bench.sandbox.journal.emails
			.filter(({ kind }) => kind === 'invitation')
			.map(({ to }) => to)
			.sort();

	/** Whether it went out, as the form demands; no one is emailed by what does not. */
	const isSent = (form: FormName, { error }: Sent, due: string[]): boolean => {
		const wanted = outcomeOf(form, 'invitation');
		expect(emailed()).toEqual(error ? [] : due);
		expect([error ? 'refused' : 'sent', 'either']).toContain(wanted);
		return !error;
	};

	const BY_UPLOAD: ReadonlySet<FormName> = new Set(['uploadNeedsConfirming']);
	const BY_USE = new Set(FORM_NAMES.filter((name) => name.startsWith('use')));

	it.each(FORM_NAMES.filter((form) => !BY_UPLOAD.has(form)).map((form) => [form, meaningOf(form)]))(
		'%s: %s: a contract from a template is sent, signed and downloaded',
		async (name) => {
			const form: FormName = name;
			bench.sandbox.forms[form] = true;
			const sent = await fromTemplate(bench);
			const due = PEOPLE.map(({ email }) => email);
			if (isSent(form, sent, due)) await signAndDownload(bench, sent.items[0]?.json.id);
		},
		60_000,
	);

	it.each(FORM_NAMES.filter((form) => !BY_USE.has(form)).map((form) => [form, meaningOf(form)]))(
		'%s: %s: a PDF is sent',
		async (name) => {
			const form: FormName = name;
			bench.sandbox.forms[form] = true;
			isSent(form, await uploaded(bench), ['ann@example.com']);
		},
		60_000,
	);
});
