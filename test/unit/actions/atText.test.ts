import {
	isAtText,
	placedByText,
	readOccurrence,
	type Occurrence,
} from '../../../nodes/InSigner/actions/field/atText';
import { readField, type FieldAtText } from '../../../nodes/InSigner/actions/field/fieldInput';
import { readFieldsJson } from '../../../nodes/InSigner/actions/field/fieldJson';
import {
	fieldInputs,
	fieldInputsWithoutPdf,
} from '../../../nodes/InSigner/actions/field/fieldProperties';
import type { PdfText } from '../../../nodes/InSigner/actions/field/pdfContents';
import { given } from '../parameters/given';

const PAGE = { widthPt: 600, heightPt: 800 };

const pdf = (...starts: Array<[page: number, x: number, baseLine: number]>): PdfText => ({
	...{ pages: [PAGE, PAGE, PAGE], hasText: true, tags: [] },
	places: new Map([
		[
			'Buyer',
			starts.map(([page, x, baseLine]) => ({
				...{ page, x, y: baseLine - 12 },
				...{ width: 30, height: 12 },
			})),
		],
	]),
});

const atText = (values: Partial<FieldAtText> = {}): FieldAtText => ({
	...{ type: 'signature', signer: '1', position: 'atText', text: 'Buyer', occurrence: 'only' },
	...{ unit: 'points', offsetX: 0, offsetY: 0, width: 0, height: 0 },
	...{ label: '', placeholder: '', defaultValue: '', options: [], format: '', group: '' },
	...values,
});

const place = (text: PdfText | undefined, values: Partial<FieldAtText> = {}) => {
	const { entered, problems } = placedByText([atText(values)], ['Field 1'], text);
	return problems.length > 0
		? problems.map(({ parameter, message }) => `${parameter} ${message}`)
		: entered.map(({ page, x, y, width, height }) => [page, x, y, width, height]);
};

const TWICE = pdf([1, 50, 300], [3, 60, 400]);
const FIRST = [1, 50, 240, 200, 60];
const LAST = [3, 60, 340, 200, 60];

describe('which one is meant', () => {
	it.each<[Occurrence, number[][]]>([
		['first', [FIRST]],
		['last', [LAST]],
		[1, [FIRST]],
		[2, [LAST]],
		['every', [FIRST, LAST]],
	])('%s', (occurrence, expected) => {
		expect(place(TWICE, { occurrence })).toEqual(expected);
	});

	it('is the only one', () => {
		expect(place(pdf([1, 50, 300]))).toEqual([FIRST]);
	});

	it.each<[PdfText | undefined, Occurrence, string]>([
		[
			TWICE,
			'only',
			'Field 1: Text "Buyer" is in the PDF 2 times (page 1, 3): say which with Occurrence, or use more of the text',
		],
		[TWICE, 3, 'Field 1: Text "Buyer" is in the PDF 2 times, so there is no number 3'],
		[pdf([1, 50, 300]), 2, 'Field 1: Text "Buyer" is in the PDF once, so there is no number 2'],
		[pdf(), 'first', `Field 1: Text "Buyer" isn't in the PDF, which has 3 pages with other text`],
		[pdf(), 'every', `Field 1: Text "Buyer" isn't in the PDF, which has 3 pages with other text`],
		[
			{ ...pdf(), hasText: false, pages: [PAGE] },
			'last',
			`Field 1: Text "Buyer" isn't in the PDF, which has 1 page without any text, like a scan`,
		],
		[
			pdf([1, 700, 300]),
			'only',
			'Field 1: Text "Buyer" on page 1 is outside of what is shown of the page',
		],
		[undefined, 'only', 'Field 1: Position needs the PDF, because it is given by a text'],
	])('is refused: %#', (text, occurrence, expected) => {
		expect(place(text, { occurrence })).toEqual([expected]);
	});

	it('each has the page in its name', () => {
		const { names } = placedByText([atText({ occurrence: 'every' })], ['Field 1'], TWICE);
		expect(names).toEqual(['Field 1 (page 1)', 'Field 1 (page 3)']);
	});

	it('is not everywhere', () => {
		const everywhere = pdf(
			...Array.from({ length: 501 }, (): [number, number, number] => [1, 1, 9]),
		);
		expect(place(everywhere, { occurrence: 'every' })).toEqual([
			'Fields would be 501; a document can have 500',
		]);
	});
});

it.each<[Partial<FieldAtText>, number[] | string]>([
	[{ offsetX: 20, offsetY: -10 }, [1, 70, 230, 200, 60]],
	[{ unit: 'millimeters', offsetX: 25.4, width: 50.8 }, [1, 122, 240, 144, 60]],
	[{ unit: 'percent', offsetY: 10, height: 5 }, [1, 50, 340, 200, 40]],
	[{ offsetX: 500 }, [1, 400, 240, 200, 60]],
	[{ offsetX: -60 }, 'Field 1: Offset puts the field at "Buyer" beyond page 1'],
])('%j moves or sizes it in the unit', (values, expected) => {
	expect(place(pdf([1, 50, 300]), values)).toEqual([expected]);
});

describe('Occurrence', () => {
	const read = (values: object, inputs: Parameters<typeof readOccurrence>[1] = fieldInputs) =>
		readOccurrence(given(values), inputs);

	it.each<[object, Occurrence]>([
		[{}, 'only'],
		[{ occurrence: 'Every' }, 'every'],
		[{ occurrence: 'number', occurrenceNumber: 4 }, 4],
		[{ occurrence: 3 }, 3],
		[{ occurrence: '2' }, 2],
	])('%j is %s', (values, expected) => {
		expect(read(values)).toBe(expected);
	});

	it('can be every one only where there can be several fields', () => {
		expect(() => read({ occurrence: 'every' }, fieldInputsWithoutPdf)).toThrow(
			/^Occurrence must be one of /,
		);
		expect(() => read({ occurrence: 0 })).toThrow(/^Occurrence must be a whole number/);
	});
});

describe('as JSON', () => {
	const read = (entry: object) =>
		readFieldsJson(given({ fieldsJson: [{ type: 'signature', signer: 1, ...entry }] }));

	it('has the inputs of the form', () => {
		const [field] = read({ position: 'atText', text: 'Buyer', occurrence: 'last', offsetX: 5 });
		expect(field && isAtText(field) && [field.text, field.occurrence, field.offsetX]).toEqual([
			...['Buyer', 'last', 5],
		]);
		const form = given({ position: 'atText', text: 'Buyer' });
		expect(isAtText(readField(form, fieldInputs, form))).toBe(true);
	});

	it.each<[object, string]>([
		[{ position: 'atText' }, 'Field 1: text is empty'],
		[
			{ position: 'atText', text: 'Buyer', page: 2 },
			'Field 1: page is given, but position is atText: leave one of them out',
		],
		[
			{ text: 'Buyer', page: 1, x: 1, y: 1 },
			'Field 1: text is given, but position is coordinates: leave one of them out',
		],
		[
			{ position: 'topLeft', page: 1, occurrence: 'first' },
			'Field 1: occurrence is given, but position is topLeft: leave one of them out',
		],
		[{ anchorString: 'Buyer' }, 'Field 1: "anchorString" is not read here: use "text"'],
	])('%j is refused', (entry, message) => {
		expect(() => read(entry)).toThrow(message);
	});
});
