import type { INodeParameters } from 'n8n-workflow';
import { PDFDocument, PDFName, PDFString, rgb, StandardFonts } from 'pdf-lib';

import { BinaryDataService } from 'n8n-core';
import { deflateSync } from 'node:zlib';

import { CATALOG, file, object, ONE_PAGE, page, stream, TRAILER } from '../unit/pdf/pdfSyntax';
import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => bench.sandbox.journal.clear());

const ann = { name: 'Ann', email: 'ann@example.com', role: 'signer', phone: '' };
const bob = { name: 'Bob', email: 'bob@example.com', role: 'signer', phone: '' };

/** What is on a page: texts by the start of their base line, counted from the top left corner. */
type Line = [text: string, x: number, baseLine: number];

/** Pages of A4. */
async function pdfWith(
	pages: Line[][],
	change: (pdf: PDFDocument) => void | Promise<void> = () => undefined,
): Promise<Awaited<ReturnType<Bench['pdfItem']>>> {
	const pdf = await PDFDocument.create();
	const font = await pdf.embedFont(StandardFonts.Helvetica);
	for (const lines of pages) {
		const page = pdf.addPage([595, 842]);
		for (const [text, x, baseLine] of lines) {
			page.drawText(text, { x, y: 842 - baseLine, size: 12, font, color: rgb(1, 1, 1) });
		}
	}
	await change(pdf);
	const data = await bench.engine.binary.put(
		Buffer.from(await pdf.save()),
		'contract.pdf',
		'application/pdf',
	);
	return { json: {}, binary: { data } };
}

const send = async (
	item: Awaited<ReturnType<typeof pdfWith>>,
	change: INodeParameters,
	signers = [ann, bob],
) =>
	await bench.act(
		'document',
		'createAndSend',
		{
			name: 'From PDF',
			binaryPropertyName: 'data',
			signers: { signer: signers },
			options: {},
			...change,
		},
		{ items: [item] },
	);

const placed = (documentId: unknown) =>
	bench.sandbox.store.documents
		.get(String(documentId))
		?.fields.map(({ type, page, x, y, width, height, assignedTo, label, required }) => ({
			...{ type, page, assignedTo, label, required },
			box: [x, y, width, height],
		}));

const refusal = ({ error }: Awaited<ReturnType<typeof send>>) =>
	[error?.message, ...(error?.description ?? '').split('\n')].filter(
		(line) => line && !line.startsWith('Nothing was sent'),
	);

const calls = () => bench.sandbox.journal.requests.length;

describe('From Tags in the PDF', () => {
	it('places fields at tags of several services, each signer his own', async () => {
		const item = await pdfWith([
			[
				['Buyer {{signature:1}}', 50, 300],
				['{{date_signed:bob@example.com}}', 50, 330],
				['{{text:Bob:Town:optional}}', 350, 330],
			],
			[
				['{{SIGNATURE, r2}}', 50, 500],
				['\\i1\\', 400, 500],
				['{{checkbox:1:15x15}}', 50, 100],
			],
		]);
		const { items, error } = await send(item, { specifyFields: 'tags' });
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('pending');
		expect(placed(items[0]?.json.id)).toEqual([
			{
				...{ type: 'signature', page: 1, assignedTo: 0, label: null, required: true },
				box: [84.68, 240, 200, 60],
			},
			{
				...{ type: 'date_signed', page: 1, assignedTo: 1, label: null, required: false },
				box: [50, 306, 200, 24],
			},
			{
				...{ type: 'text', page: 1, assignedTo: 1, label: 'Town', required: false },
				box: [350, 306, 200, 24],
			},
			{
				...{ type: 'checkbox', page: 2, assignedTo: 0, label: null, required: true },
				box: [50, 85, 15, 15],
			},
			{
				...{ type: 'signature', page: 2, assignedTo: 1, label: null, required: true },
				box: [50, 440, 200, 60],
			},
			{
				...{ type: 'initials', page: 2, assignedTo: 0, label: null, required: true },
				box: [400, 460, 80, 40],
			},
		]);
	}, 60_000);

	it('knows roles by a table', async () => {
		const item = await pdfWith([
			[
				['{{Sign;role=Buyer;type=signature}}', 50, 300],
				['{signature:Seller___}', 50, 400],
			],
		]);
		const { items, error } = await send(item, {
			specifyFields: 'tags',
			roles: {
				row: [
					{ name: 'buyer', signer: 'Bob' },
					{ name: 'SELLER', signer: '1' },
				],
			},
		});
		expect(error).toBeUndefined();
		expect(placed(items[0]?.json.id)?.map(({ assignedTo }) => assignedTo)).toEqual([1, 0]);
	}, 60_000);

	it.each<[string, Line[], string[]]>([
		[
			'a tag of no service',
			[['{{customer.name}}', 50, 100]],
			['Tag {{customer.name}} (page 1) is none of the tags that are known'],
		],
		[
			'a type that inSigner has not',
			[['{{verification:1}}', 50, 100]],
			[
				`Tag {{verification:1}} (page 1) asks for a field of type "verification", which inSigner doesn't have`,
			],
		],
		['no signer', [['{{signature}}', 50, 100]], ['Tag {{signature}} (page 1) names no signer']],
		[
			'unknown signers',
			[
				['{{signature:3}}', 50, 100],
				['{{signature:eve@example.com}}', 50, 200],
				['{{Sign;role=Buyer;type=signature}}', 50, 300],
			],
			[
				'Tag {{signature:3}} (page 1): Signer is 3, but there are 2 signers',
				'Tag {{signature:eve@example.com}} (page 1): Signer "eve@example.com" is none of the signers, neither by position nor by email address or name.',
				'Tag {{Sign;role=Buyer;type=signature}} (page 1): Signer "Buyer" is none of the signers, neither by position nor by email address or name.',
			],
		],
		[
			'two tags at one place',
			[
				['{{signature:1:200x60}}', 50, 100],
				['{{signature:2:200x60}}', 60, 110],
			],
			[
				'Tag {{signature:2:200x60}} (page 1) overlaps Tag {{signature:1:200x60}} (page 1) on page 1',
			],
		],
		[
			'two tags drawn on each other',
			[
				['{{signature:1}}', 50, 100],
				['{{signature:2}}', 50, 100],
			],
			['Tag {{signature:2}} (page 1) overlaps Tag {{signature:1}} (page 1) on page 1'],
		],
		[
			'two signers for one tag',
			[
				['{{signature:1,2}}', 50, 100],
				['{{signature:1:2}}', 50, 200],
			],
			[
				'Tag {{signature:1:2}} (page 1) names two signers, 1 and 2',
				'Tag {{signature:1,2}} (page 1): Signer "1,2" is none of the signers, neither by position nor by email address or name.',
			],
		],
		[
			'a tag outside of the page',
			[['{{signature:1}}', 50, 900]],
			['Tag {{signature:1}} (page 1) is outside of what is shown of the page'],
		],
		[
			'nothing to choose from',
			[['{{dropdown:1}}', 50, 100]],
			[
				'Tag {{dropdown:1}} (page 1): Choices is empty, but a field of type dropdown needs something to choose from',
			],
		],
		[
			'a signer without a signature',
			[
				['{{signature:1}}', 50, 100],
				['{{text:2}}', 50, 200],
			],
			['The PDF has no signature for signer 2 (bob@example.com)'],
		],
		['no tags', [['Hello', 50, 100]], ['The PDF has no tags: 1 page with other text']],
		['no text', [], ['The PDF has no tags: 1 page without any text, like a scan']],
	])('refuses %s by name, before anything is sent', async (_, lines, expected) => {
		const sent = await send(await pdfWith([lines]), { specifyFields: 'tags' });
		expect(refusal(sent)).toEqual(expected);
		expect(calls()).toBe(0);
	});

	it('refuses a PDF that is damaged behind a tag, where another one may be missing', async () => {
		const numbers = Array.from({ length: 400 }, (_, at) => (at * 7919) % 9973);
		const tags = deflateSync(
			`BT /F1 12 Tf 50 700 Td ({{signature:1}}) Tj ET
% ${numbers.join(' ')}`,
		);
		const content = stream(tags.subarray(0, -20).toString('latin1'), '/Filter /FlateDecode');
		const pdf = file(
			CATALOG,
			ONE_PAGE,
			page(3, '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>'),
			object(4, content),
			object(5, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
			TRAILER,
		);
		const data = await bench.engine.binary.put(pdf, 'contract.pdf', 'application/pdf');
		const sent = await send({ json: {}, binary: { data } }, { specifyFields: 'tags' }, [ann]);
		expect(refusal(sent)[0]).toBe(
			'The PDF cannot be read: The PDF is damaged on page 1: something that was looked for may be missing.',
		);
		expect(calls()).toBe(0);
	});

	it('opens the file three times: for its first bytes, to read it once, and to upload it', async () => {
		const opened = jest.spyOn(BinaryDataService.prototype, 'getAsStream');
		const item = await pdfWith([[['{{signature:1}} {{signature:2}}', 50, 300]]]);
		const { error } = await send(item, { specifyFields: 'tags' });
		expect(error).toBeUndefined();
		expect(opened).toHaveBeenCalledTimes(3);
		opened.mockRestore();
	});

	it('shows ten at the most', async () => {
		const lines = Array.from(
			{ length: 14 },
			(_, at): Line => [`{{nothing:${at}}}`, 50, 50 * at + 50],
		);
		const lines14 = refusal(await send(await pdfWith([lines]), { specifyFields: 'tags' }));
		expect(lines14).toHaveLength(11);
		expect(lines14.at(-1)).toBe('4 more problems not listed.');
	});
});

/** A form, filled in by a buyer and by signer 2. */
const withForm =
	(names: { sign?: string } = {}) =>
	(pdf: PDFDocument) => {
		const form = pdf.getForm();
		const [page] = pdf.getPages();
		if (!page) return;
		const at = (row: number) => ({
			x: 50,
			y: 700 - 50 * row,
			width: 200,
			height: 24,
			borderWidth: 0,
		});
		const town = form.createTextField('buyer.town');
		town.enableRequired();
		town.addToPage(page, at(0));
		form.createCheckBox('buyer.agreed').addToPage(page, { ...at(1), width: 20, height: 20 });
		const way = form.createRadioGroup('signer2_way');
		way.addOptionToPage('post', page, { ...at(2), width: 20, height: 20 });
		way.addOptionToPage('courier', page, { ...at(2), x: 90, width: 20, height: 20 });
		const color = form.createDropdown('signer2_color');
		color.addOptions(['red', 'blue']);
		color.addToPage(page, at(3));
		const total = form.createTextField('total');
		total.enableReadOnly();
		total.addToPage(page, at(4));
		form.createButton('print').addToPage('Print', page, at(5));
		signatureFields(pdf, [names.sign ?? 'buyer.sign', 'signer2.sign']);
	};

/** pdf-lib makes none itself. */
function signatureFields(pdf: PDFDocument, names: string[]): void {
	const [page] = pdf.getPages();
	for (const [index, name] of names.entries()) {
		const widget = pdf.context.obj({
			...{ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', F: 4 },
			Rect: [50 + 250 * index, 100, 250 + 250 * index, 160],
		});
		widget.set(PDFName.of('T'), PDFString.of(name));
		page?.node.addAnnot(pdf.context.register(widget));
	}
}

describe('From Form Fields of the PDF', () => {
	const prefixes = { row: [{ name: 'buyer', signer: 'ann@example.com' }] };

	it('places fields where they are, by the prefix of their names', async () => {
		const item = await pdfWith([[]], withForm());
		const sent = await send(item, { specifyFields: 'formFields', assignBy: 'prefix', prefixes });
		expect(sent.error).toBeUndefined();
		const field = (
			type: string,
			assignedTo: number,
			label: string,
			required: boolean,
			box: number[],
		) => ({ type, page: 1, assignedTo, label, required, box });
		expect(placed(sent.items[0]?.json.id)).toEqual([
			field('text', 0, 'town', true, [50, 118, 200, 24]),
			field('checkbox', 0, 'agreed', false, [50, 172, 20, 20]),
			field('radio_group', 1, 'way', false, [50, 222, 60, 20]),
			field('dropdown', 1, 'color', false, [50, 268, 200, 24]),
			field('signature', 0, 'sign', true, [50, 682, 200, 60]),
			field('signature', 1, 'sign', true, [300, 682, 200, 60]),
		]);
		const options = bench.sandbox.store.documents
			.get(String(sent.items[0]?.json.id))
			?.fields.flatMap((one) => (one.options ? [one.options] : []));
		expect(options).toEqual([
			['post', 'courier'],
			['red', 'blue'],
		]);
		expect(sent.tasks[0]?.hints?.map(({ message }) => message)).toEqual([
			'Form fields left out: "total" is read-only, "print" is a button.',
		]);
	}, 60_000);

	it('gives all to one signer', async () => {
		const item = await pdfWith([[]], withForm());
		const sent = await send(
			item,
			{ specifyFields: 'formFields', assignBy: 'allToOne', assignTo: 'Ann' },
			[ann],
		);
		expect(sent.error).toBeUndefined();
		expect(placed(sent.items[0]?.json.id)?.map(({ assignedTo }) => assignedTo)).toEqual(
			Array(6).fill(0),
		);
	}, 60_000);

	it.each<[string, (pdf: PDFDocument) => void, INodeParameters, string[]]>([
		[
			'a name without a known prefix',
			withForm({ sign: 'seller.sign' }),
			{ assignBy: 'prefix', prefixes },
			[
				'Form field "seller.sign" (page 1) says no signer: begin its name with signer1, or with one of Prefixes, as in buyer.town',
				'The PDF has no signature for signer 1 (ann@example.com).',
			].slice(0, 1),
		],
		[
			'an unknown signer in the table',
			withForm(),
			{ assignBy: 'prefix', prefixes: { row: [{ name: 'buyer', signer: 'eve' }] } },
			['town', 'agreed', 'sign'].map(
				(name, index) =>
					`Form field "buyer.${name}" (page 1): Signer "eve" is none of the signers, neither by position nor by email address or name${index > 0 ? '.' : ''}`,
			),
		],
		[
			'a prefix that is there twice',
			withForm(),
			{
				assignBy: 'prefix',
				prefixes: { row: [...prefixes.row, { name: 'Buyer', signer: '2' }] },
			},
			['Prefix 2: Prefix is "Buyer", which is there twice'],
		],
		[
			'no form fields',
			() => undefined,
			{ assignBy: 'prefix', prefixes },
			['The PDF has no form fields'],
		],
		[
			'a signer without a signature',
			withForm(),
			{ assignBy: 'allToOne', assignTo: '1' },
			['The PDF has no signature for signer 2 (bob@example.com)'],
		],
	])('refuses %s, before anything is sent', async (_, change, parameters, expected) => {
		const item = await pdfWith([[]], change);
		expect(refusal(await send(item, { specifyFields: 'formFields', ...parameters }))).toEqual(
			expected,
		);
		expect(calls()).toBe(0);
	});
});

const signatureAt = (text: string, more: INodeParameters = {}): INodeParameters => ({
	...{ type: 'signature', signer: '1', position: 'atText', text },
	...more,
});

describe('At Text', () => {
	const SIGN = 'Signature of the buyer';
	const pages: Line[][] = [
		[
			[SIGN, 50, 300],
			['Seller', 50, 500],
		],
		[[SIGN, 60, 400]],
	];

	it.each<[string, INodeParameters, Array<[number, number[]]>]>([
		['first', {}, [[1, [50, 240, 200, 60]]]],
		['last', {}, [[2, [60, 340, 200, 60]]]],
		['number', { occurrenceNumber: 2 }, [[2, [60, 340, 200, 60]]]],
		[
			'every',
			{},
			[
				[1, [50, 240, 200, 60]],
				[2, [60, 340, 200, 60]],
			],
		],
	])('places the field at the text: %s', async (occurrence, more, expected) => {
		const field = [signatureAt(SIGN, { occurrence, ...more })];
		const sent = await send(await pdfWith(pages), { specifyFields: 'form', fields: { field } }, [
			ann,
		]);
		expect(sent.error).toBeUndefined();
		expect(placed(sent.items[0]?.json.id)?.map(({ page, box }) => [page, box])).toEqual(expected);
	});

	it('moves it by the offset, and the next one below it', async () => {
		const field = [
			signatureAt('Seller', {
				fieldOptions: { unit: 'millimeters', offsetX: 25.4, offsetY: -12.7, width: 50.8 },
			}),
			{ type: 'date_signed', signer: '1', position: 'belowPrevious' },
		];
		const sent = await send(await pdfWith(pages), { specifyFields: 'form', fields: { field } }, [
			ann,
		]);
		expect(sent.error).toBeUndefined();
		expect(placed(sent.items[0]?.json.id)?.map(({ box }) => box)).toEqual([
			[122, 404, 144, 60],
			[122, 476, 200, 24],
		]);
	});

	it('is the same in JSON, where an occurrence can be a number', async () => {
		const fieldsJson = [
			{ type: 'signature', signer: 1, position: 'atText', text: SIGN, occurrence: 2 },
			{ type: 'text', assignedTo: 0, position: 'atText', text: 'Seller', offsetX: 100 },
		];
		const sent = await send(await pdfWith(pages), { specifyFields: 'json', fieldsJson }, [ann]);
		expect(sent.error).toBeUndefined();
		expect(placed(sent.items[0]?.json.id)?.map(({ page, box }) => [page, box])).toEqual([
			[2, [60, 340, 200, 60]],
			[1, [150, 476, 200, 24]],
		]);
	});

	it.each<[string, INodeParameters[], string[]]>([
		[
			'a text that is not there',
			[signatureAt('Signature of the seller')],
			[
				`Field 1: Text "Signature of the seller" isn't in the PDF, which has 2 pages with other text`,
			],
		],
		[
			'a text that is there twice where one was meant',
			[signatureAt(SIGN)],
			[
				`Field 1: Text "${SIGN}" is in the PDF 2 times (page 1, 2): say which with Occurrence, or use more of the text`,
			],
		],
		[
			'one more than there are',
			[signatureAt(SIGN, { occurrence: 'number', occurrenceNumber: 3 })],
			[`Field 1: Text "${SIGN}" is in the PDF 2 times, so there is no number 3`],
		],
		['no text', [signatureAt('')], ['Field 1: Text is empty']],
		[
			'an offset beyond the page',
			[signatureAt('Seller', { fieldOptions: { offsetY: 900 } })],
			['Field 1: Offset puts the field at "Seller" beyond page 1'],
		],
		[
			'two at one text',
			[signatureAt('Seller'), signatureAt('Seller')],
			['Field 2 overlaps Field 1 on page 1'],
		],
	])('refuses %s, before anything is sent', async (_, field, expected) => {
		const sent = await send(await pdfWith(pages), { specifyFields: 'form', fields: { field } });
		expect(refusal(sent)).toEqual(expected);
		expect(calls()).toBe(0);
	});

	it('says of a scan that it has no text', async () => {
		const field = [signatureAt('Seller')];
		const sent = await send(await pdfWith([[]]), { specifyFields: 'form', fields: { field } });
		expect(refusal(sent)).toEqual([
			`Field 1: Text "Seller" isn't in the PDF, which has 1 page without any text, like a scan`,
		]);
	});

	it('works for a field of a draft', async () => {
		const [draft] = bench.sandbox.store.seedDocuments(1);
		const add = async (text: string) =>
			await bench.act(
				'field',
				'add',
				{
					documentId: byId(draft?.id ?? ''),
					...signatureAt(text),
					fieldOptions: { label: text },
					binaryPropertyName: 'data',
				},
				{ items: [await pdfWith(pages)] },
			);
		const added = await add('Seller');
		expect(added.error).toBeUndefined();
		expect(added.items[0]?.json).toMatchObject({ page: 1, x: 50, y: 440, width: 200, height: 60 });
		bench.sandbox.journal.clear();
		expect(refusal(await add(SIGN))[0]).toMatch(
			/^Text "Signature of the buyer" is in the PDF 2 times/,
		);
		expect(calls()).toBe(0);
	});
});

describe('Find in PDF', () => {
	const find = async (item: Awaited<ReturnType<typeof pdfWith>>, parameters: INodeParameters) =>
		await bench.act(
			'field',
			'findInPdf',
			{ binaryPropertyName: 'data', ...parameters },
			{ items: [item] },
		);

	it('lists tags, and what is wrong with them', async () => {
		const item = await pdfWith([
			[
				['{{text:Buyer:Town:optional}}', 50, 100],
				['{{what.ever}}', 50, 200],
			],
		]);
		const { items, error } = await find(item, { find: 'tags' });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json)).toEqual([
			{
				...{ text: '{{text:Buyer:Town:optional}}', type: 'text', signer: 'Buyer', label: 'Town' },
				...{ page: 1, x: 50, y: 76, width: 200, height: 24, required: false, problem: null },
			},
			{
				...{ text: '{{what.ever}}', type: null, signer: null, label: null },
				...{ page: 1, x: null, y: null, width: null, height: null, required: null },
				problem: 'is none of the tags that are known',
			},
		]);
		expect(calls()).toBe(0);
	});

	it('lists form fields with their prefixes', async () => {
		const found = await find(await pdfWith([[]], withForm()), { find: 'formFields' });
		expect(found.items.map(({ json }) => [json.text, json.signer, json.type])).toEqual([
			['buyer.town', 'buyer', 'text'],
			['buyer.agreed', 'buyer', 'checkbox'],
			['signer2_way', 'signer2', 'radio_group'],
			['signer2_color', 'signer2', 'dropdown'],
			['buyer.sign', 'buyer', 'signature'],
			['signer2.sign', 'signer2', 'signature'],
		]);
		expect(found.tasks[0]?.hints?.map(({ message }) => message)).toEqual([
			'Form fields left out: "total" is read-only, "print" is a button.',
		]);
	});

	it('lists a text, or says that it is not there', async () => {
		const item = await pdfWith([[['Sign here', 50, 100]], [['Sign here', 70, 200]]]);
		const { items } = await find(item, { find: 'text', text: 'Sign here' });
		expect(
			items.map(({ json }) => [json.page, json.x, Number(json.y) + Number(json.height)]),
		).toEqual([
			[1, 50, 100],
			[2, 70, 200],
		]);
		const none = await find(item, { find: 'text', text: 'Nothing' });
		expect(none.items).toEqual([]);
		expect(none.tasks[0]?.hints?.map(({ message }) => message)).toEqual([
			`"Nothing" isn't in the PDF, which has 2 pages with other text.`,
		]);
	});
});
