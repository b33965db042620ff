import { degrees, PDFDocument } from 'pdf-lib';

import { readPdf } from '../../../nodes/InSigner/pdf/readPdf';
import { CATALOG, file, object, ONE_PAGE, page, textsByPdfJs, TRAILER } from './pdfSyntax';

it.each([false, true])(
	'form fields are where pdf.js has them (object streams: %s)',
	async (useObjectStreams) => {
		const pdf = await PDFDocument.create();
		const form = pdf.getForm();
		const sheets = [0, 90, 180, 270].map((turn) => {
			const sheet = pdf.addPage([500, 700]);
			sheet.setRotation(degrees(turn));
			sheet.setCropBox(20, 30, 400, 600);
			return sheet;
		});
		for (const [index, sheet] of sheets.entries()) {
			const at = (row: number) => ({ x: 50, y: 500 - 50 * row, width: 100, height: 20 });
			const text = form.createTextField(`buyer.name${index}`);
			text.addToPage(sheet, at(0));
			text.enableRequired();
			form.createCheckBox(`agree${index}`).addToPage(sheet, at(1));
			const color = form.createRadioGroup(`color${index}`);
			color.addOptionToPage('red', sheet, at(2));
			color.addOptionToPage('blue', sheet, at(3));
			const town = form.createDropdown(`town${index}`);
			town.setOptions(['Graz', 'Łódź']);
			town.addToPage(sheet, at(4));
			form.createButton(`button${index}`).addToPage('Push', sheet, at(5));
		}
		const content = Buffer.from(await pdf.save({ useObjectStreams }));
		const { formFields } = await readPdf(content);
		const [expected] = await textsByPdfJs([content]);
		const types = {
			text: 'Tx',
			checkbox: 'Btn',
			radio: 'Btn',
			choice: 'Ch',
			signature: 'Sig',
			button: 'Btn',
		};
		const round = (value: number) => Math.round(value * 1000) / 1000;
		const ours = formFields.flatMap(({ name, type, widgets }) =>
			widgets.map(({ page: number, x, y, width, height }) => [
				...[number, types[type], name],
				...[x, y, width, height].map(round),
			]),
		);
		expect(ours).toHaveLength(24);
		expect(ours).toEqual(
			expected?.widgets.map(({ page: number, fieldType, fieldName, x, y, width, height }) => [
				...[number, fieldType, fieldName],
				...[x, y, width, height].map(round),
			]),
		);
		expect(
			formFields.map(({ name, type, required }) => [name, type, required]).slice(0, 5),
		).toEqual([
			['buyer.name0', 'text', true],
			['agree0', 'checkbox', false],
			['color0', 'radio', false],
			['town0', 'choice', false],
			['button0', 'button', false],
		]);
		// pdf-lib numbers the buttons, and Opt has what they stand for.
		expect(formFields[2]?.widgets.map(({ value }) => value)).toEqual(['red', 'blue']);
		expect(formFields[2]?.options).toEqual([]);
		expect(formFields[3]?.options).toEqual([
			{ value: 'Graz', label: 'Graz' },
			{ value: 'Łódź', label: 'Łódź' },
		]);
	},
);

it('a field has from those above what it does not say, and is known to be signed, hidden or not to be changed', async () => {
	const content = file(
		object(1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 7 0 R] >> >>'),
		ONE_PAGE,
		page(3, '/MediaBox [0 0 612 792] /Annots [5 0 R 6 0 R 7 0 R 9 0 R]'),
		object(4, '<< /T (buyer) /FT /Tx /Ff 3 /Kids [5 0 R 6 0 R] >>'),
		object(5, '<< /Subtype /Widget /Parent 4 0 R /T (a) /TU <feff0054> /Rect [10 20 30 40] >>'),
		object(6, '<< /Subtype /Widget /Parent 4 0 R /T (b) /Ff 4096 /F 2 /Rect [30 40 10 20] >>'),
		object(7, '<< /Subtype /Widget /FT /Sig /T (sig) /V 8 0 R /Rect [1 2 3 4] >>'),
		object(8, '<< /Type /Sig /Contents <00> /ByteRange [0 1 2 3] >>'),
		object(9, '<< /Type /Annot /Subtype /Link /Rect [1 2 3 4] >>'),
		TRAILER,
	);
	const { formFields } = await readPdf(content);
	expect(formFields).toMatchObject([
		{ name: 'buyer.a', label: 'T', type: 'text', required: true, readOnly: true, multiline: false },
		{
			name: 'buyer.b',
			required: false,
			multiline: true,
			widgets: [{ hidden: true, x: 10, y: 752 }],
		},
		{ name: 'sig', type: 'signature', signed: true },
	]);
});

it('a file without a form has no fields', async () => {
	expect(await readPdf(file(CATALOG, ONE_PAGE, page(3, ''), TRAILER))).toMatchObject({
		pages: [{ widthPt: 612, heightPt: 792 }],
		formFields: [],
	});
});
