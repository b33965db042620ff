import { toEntered } from '../../../nodes/InSigner/actions/field/fieldInPdf';
import { FIELD_TYPES } from '../../../nodes/InSigner/actions/field/fieldTypes';
import { fieldsOfTags, typeOfTag } from '../../../nodes/InSigner/actions/field/tagFields';
import type { FoundTag } from '../../../nodes/InSigner/pdf/text/finding';
import { parseTag } from '../../../nodes/InSigner/pdf/text/tags';

const PAGE = { widthPt: 600, heightPt: 800 };

/** A tag in 12 points whose text begins here, from the top left corner. */
const tagAt = (raw: string, x = 50, baseLine = 300, page = 1): FoundTag => ({
	...{ raw, tag: parseTag(raw), page },
	...{ x, y: baseLine - 12, width: 100, height: 12 },
});

const fieldsOf = (tags: FoundTag[], onlySigner = false, pages = [PAGE]) =>
	fieldsOfTags({ pages, hasText: true, places: new Map(), tags }, [], onlySigner);

const boxesOf = (...tags: FoundTag[]) =>
	fieldsOf(tags).map(({ field }) => [field?.x, field?.y, field?.width, field?.height]);

it.each<[service: string, tag: string, expected: object]>([
	['inSigner', '{{signature:1}}', { type: 'signature', signer: '1' }],
	[
		'inSigner',
		'{{date_signed:buyer@example.com}}',
		{ type: 'date_signed', signer: 'buyer@example.com' },
	],
	['inSigner', '{{text:2:Town}}', { type: 'text', signer: '2', label: 'Town' }],
	['inSigner', '{{initials:1:optional}}', { type: 'initials', signer: '1', required: false }],
	['inSigner', '{{id number:1}}', { type: 'id_number', signer: '1' }],
	['inSigner', '{{signature:1:120x30}}', { type: 'signature', width: 120, height: 30 }],
	[
		'DocuSeal',
		'{{Town;role=Signer 2;type=text;required=false}}',
		{ type: 'text', signer: '2', label: 'Town', required: false },
	],
	[
		'DocuSeal',
		'{{Way;role=Buyer;type=radio;options=post,courier}}',
		{ type: 'radio_group', signer: 'Buyer', options: ['post', 'courier'] },
	],
	['Documenso', '{{SIGNATURE, r1}}', { type: 'signature', signer: '1' }],
	['Documenso', '{{DATE, r2}}', { type: 'date_signed', signer: '2' }],
	['Dropbox Sign', '[sig|req|signer1]', { type: 'signature', signer: '1', required: true }],
	['Dropbox Sign', '[initial|noreq|signer2]', { type: 'initials', signer: '2', required: false }],
	['SignWell', '{{text:2:n:Town}}', { type: 'text', signer: '2', label: 'Town', required: false }],
	['SignWell', '{{autofill_first_name:1}}', { type: 'text', signer: '1', label: 'First name' }],
	[
		'SignNow',
		'{{t:s;r:y;o:"Signer 1";w:150;h:40;}}',
		{ type: 'signature', signer: '1', width: 150 },
	],
	['Adobe Acrobat Sign', '{{Sig_es_:signer1:signature}}', { type: 'signature', signer: '1' }],
	['Adobe Acrobat Sign', '{{[]agree_es_:signer2}}', { type: 'checkbox', signer: '2' }],
	['PandaDoc', '{signature:Client______}', { type: 'signature', signer: 'Client' }],
	['DocuSign', '\\s1\\', { type: 'signature', signer: '1' }],
	['DocuSign', '\\d2\\', { type: 'date_signed', signer: '2' }],
])('a tag of %s becomes a field: %s', (_, raw, expected) => {
	const [found] = fieldsOf([tagAt(raw)]);
	expect(found?.problem).toBeUndefined();
	expect(found?.field).toMatchObject(expected);
});

it('every type of inSigner can be asked for by its own name', () => {
	expect(FIELD_TYPES.map(({ value }) => typeOfTag(value))).toEqual(
		FIELD_TYPES.map(({ value }) => value),
	);
	expect(typeOfTag('constructor')).toBeUndefined();
});

it.each([
	['{{customer.name}}', 'is none of the tags that are known'],
	['{{verification:1}}', `asks for a field of type "verification", which inSigner doesn't have`],
	['{{signature}}', 'names no signer'],
	['{{signature:1:2}}', 'names two signers, 1 and 2'],
	['{{Sign;type=signature}}', 'names no signer'],
])('%s is refused: %s', (raw, problem) => {
	const found = fieldsOf([tagAt(raw, 50, 300, 1)]);
	expect(toEntered(found, (tag) => `Tag ${tag}`)).toEqual({
		...{ entered: [], names: [] },
		problems: [{ parameter: `Tag ${raw} (page 1)`, message: problem }],
	});
});

it('needs no signer where there is one only', () => {
	expect(fieldsOf([tagAt('{{signature}}')], true)[0]?.field).toMatchObject({ signer: '1' });
});

describe('the field', () => {
	it('stands on the base line of the tag, where that begins', () => {
		expect(boxesOf(tagAt('{{signature:1}}', 50, 300))).toEqual([[50, 240, 200, 60]]);
	});

	it.each<[string, number, number, number[]]>([
		['right', 580, 300, [400, 240, 200, 60]],
		['top', 50, 20, [50, 0, 200, 60]],
		['left', -0.5, 300, [0, 240, 200, 60]],
		['bottom', 50, 800.5, [50, 740, 200, 60]],
	])('is kept inside of the page: %s', (_, x, baseLine, box) => {
		expect(boxesOf(tagAt('{{signature:1}}', x, baseLine))).toEqual([box]);
	});

	it.each([
		[-5, 300],
		[605, 300],
		[50, -5],
		[50, 805],
	])('is refused if the tag begins outside of the page: %d, %d', (x, baseLine) => {
		expect(fieldsOf([tagAt('{{signature:1}}', x, baseLine)])).toEqual([
			{
				...{ text: '{{signature:1}}', page: 1, signer: '1' },
				problem: 'is outside of what is shown of the page',
			},
		]);
	});

	it('is no higher than the line above allows', () => {
		expect(boxesOf(tagAt('{{name:1}}', 50, 300), tagAt('{{date_signed:1}}', 50, 316))).toEqual([
			[50, 276, 200, 24],
			[50, 300, 200, 16],
		]);
	});

	it('is no wider than the next in its line allows', () => {
		expect(boxesOf(tagAt('{{signature:1}}', 50, 300), tagAt('{{signature:2}}', 180, 300))).toEqual([
			[50, 240, 130, 60],
			[180, 240, 200, 60],
		]);
	});

	it('is as large as the tag says, whatever is beside it', () => {
		expect(
			boxesOf(tagAt('{{name:1:200x24}}', 50, 300), tagAt('{{name:2:200x24}}', 60, 310)),
		).toEqual([
			[50, 276, 200, 24],
			[60, 286, 200, 24],
		]);
	});

	it('is not made smaller than can be used', () => {
		expect(boxesOf(tagAt('{{name:1}}', 50, 300), tagAt('{{name:2}}', 60, 305))).toEqual([
			[50, 276, 200, 24],
			[60, 281, 200, 24],
		]);
	});
});
