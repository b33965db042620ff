import { createHash } from 'node:crypto';

import { byId, startBench, type Bench } from './insigner';

/** What the documentation leaves open about the service, and where n8n keeps binary data. */
const VARIANTS: Array<[string, Parameters<typeof startBench>[0]]> = [
	['a download by redirect', { downloadForm: 'redirect' }],
	['a download as bytes, binary data in memory', { downloadForm: 'bytes', binaryMode: 'default' }],
	['templates that ignore signers', { forms: ['useIgnoresSigners'] }],
];

describe.each(VARIANTS)('with %s', (_, options) => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench(options);
	}, 60_000);
	afterAll(async () => await bench.stop());

	it('a contract from a template is filled, sent, signed and downloaded', async () => {
		const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 2);
		const people = ['ann', 'bob'].map((name) => ({
			name,
			email: `${name}@example.com`,
			phone: '',
		}));
		const sent = await bench.act('template', 'createDocument', {
			templateId: byId(template?.id ?? ''),
			name: 'Variant',
			specifySigners: 'json',
			signersJson: people,
			send: true,
			options: { signingType: 'parallel' },
		});
		expect(sent.error).toBeUndefined();
		const documentId = String(sent.items[0]?.json.id);
		expect(bench.sandbox.store.documents.get(documentId)?.signers).toMatchObject(
			people.map(({ name, email }, order) => ({ name, email, order })),
		);
		for (const { email } of people) await bench.sandbox.sign(documentId, email);

		const downloaded = await bench.act('document', 'download', {
			documentId: byId(documentId),
			outputBinaryField: 'data',
			options: { fileName: '{name} signed' },
		});
		expect(downloaded.error).toBeUndefined();
		const data = downloaded.items[0]?.binary?.data;
		expect(data?.fileName).toBe('Variant signed.pdf');
		const bytes = data && (await bench.engine.binary.read(data));
		const stored = bench.sandbox.store.documents.get(documentId)?.signedPdf;
		const digest = (content: Uint8Array | null | undefined) =>
			createHash('sha256')
				.update(content ?? '')
				.digest('hex');
		expect(digest(bytes)).toBe(digest(stored));
		const leaked = bench.sandbox.journal.requests.filter(
			(request) => request.authorizationOnStorage,
		);
		expect(leaked).toEqual([]);
	}, 60_000);

	it('a PDF is uploaded byte for byte', async () => {
		const { items, error } = await bench.act(
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
