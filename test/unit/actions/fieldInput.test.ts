import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import {
	readField,
	toFields,
	type EnteredField,
	type PlacedField,
} from '../../../nodes/InSigner/actions/field/fieldInput';
import { isAtText } from '../../../nodes/InSigner/actions/field/atText';
import { readFieldsJson } from '../../../nodes/InSigner/actions/field/fieldJson';
import {
	fieldInputs,
	fieldOptionsProperty,
	fieldProperties,
} from '../../../nodes/InSigner/actions/field/fieldProperties';
import { given } from '../parameters/given';

interface Contract {
	components: {
		schemas: {
			FieldType: { enum: string[] };
			FieldCreate: { properties: Record<string, unknown> };
		};
	};
}

const contract = parse(
	readFileSync(join(__dirname, '../../../insigner.openapi.yaml'), 'utf8'),
) as Contract;

const signers = [
	{ name: "Ann O'Brien", email: 'ann@example.com', order: 0 },
	{ name: 'Bob', email: 'Bob@example.com', order: 1 },
	{ name: 'Bob', email: 'bob2@example.com', order: 2 },
];

/** Where nothing is at a text. */
const byCoordinates = (field: ReturnType<typeof readField>): EnteredField => {
	if (isAtText(field)) throw new Error('is at a text');
	return field;
};

/** A field of the form, by coordinates. */
const form = (values: object): EnteredField => {
	const parameters = given({ position: 'coordinates', page: 1, x: 0, y: 0, ...values });
	return byCoordinates(readField(parameters, fieldInputs, parameters));
};

const fieldsOf = (...entered: EnteredField[]) =>
	toFields(
		entered,
		entered.map((_, index) => `Field ${index + 1}`),
		signers,
		undefined,
	);

const textsOf = (problems: Array<{ parameter: string; message: string }>) =>
	problems.map(({ parameter, message }) => `${parameter} ${message}`);

describe('the form', () => {
	it('offers exactly the field types of the contract', () => {
		const offered = fieldProperties.find(({ name }) => name === 'type')?.options ?? [];
		expect(offered.map((option) => 'value' in option && option.value).sort()).toEqual(
			[...contract.components.schemas.FieldType.enum].sort(),
		);
		expect(offered).toHaveLength(25);
	});

	it('has an input for everything the API takes', () => {
		const inputs = fieldProperties
			.flatMap((input) => (input === fieldOptionsProperty ? (input.options ?? []) : [input]))
			.map(({ name }) => (name === 'signer' ? 'assignedTo' : name));
		expect(inputs).toEqual(
			expect.arrayContaining(Object.keys(contract.components.schemas.FieldCreate.properties)),
		);
	});
});

describe('toFields', () => {
	it('counts signers from 0 and always sends required and read only', () => {
		expect(fieldsOf(form({ type: 'signature', signer: '2', page: 3, required: true }))).toEqual({
			problems: [],
			fields: [
				{
					type: 'signature',
					assignedTo: 1,
					page: 3,
					x: 0,
					y: 0,
					width: 200,
					height: 60,
					required: true,
					readOnly: false,
				},
			],
		});
	});

	it('does not require what no one can fill in', () => {
		const { fields } = fieldsOf(
			form({ type: 'note', defaultValue: 'Read this' }),
			form({ type: 'signature', y: 100 }),
		);
		expect(fields).toMatchObject([
			{ required: false, defaultValue: 'Read this' },
			{ required: true },
		]);
	});

	it('leaves out what was left empty', () => {
		const { fields } = fieldsOf(
			form({
				type: 'dropdown',
				label: '',
				placeholder: null,
				format: undefined,
				validation: '',
				options: ['', 'Red'],
			}),
		);
		expect(fields[0]).not.toHaveProperty('label');
		expect(fields[0]).not.toHaveProperty('placeholder');
		expect(fields[0]).not.toHaveProperty('format');
		expect(fields[0]).not.toHaveProperty('validation');
		expect(fields[0]?.options).toEqual(['Red']);
	});

	it('takes format, group and validation', () => {
		const validation = { minLength: 2 };
		const { fields } = fieldsOf(
			form({ type: 'text', format: 'upper', group: 'a', validation: JSON.stringify(validation) }),
			form({ type: 'text', y: 100, validation }),
		);
		expect(fields).toMatchObject([{ format: 'upper', group: 'a', validation }, { validation }]);
	});

	it.each<[object, string]>([
		[{ page: 0 }, 'Field 1: Page must be a whole number: 1 is the first page, -1 the last'],
		[{ signer: '4' }, 'Field 1: Signer is 4, but there are 3 signers'],
		[{ signer: ' ' }, 'Field 1: Signer is empty'],
		[{ signer: null }, 'Field 1: Signer is empty'],
		[{ signer: undefined }, 'Field 1: Signer is empty'],
		[
			{ signer: 'Bob' },
			'Field 1: Signer "Bob" fits 2 signers: use the position in the signing order',
		],
		[
			{ signer: 'carl@example.com' },
			'Field 1: Signer "carl@example.com" is none of the signers, neither by position nor by email address or name',
		],
		[
			{ type: 'dropdown' },
			'Field 1: Choices is empty, but a field of type dropdown needs something to choose from',
		],
		[{ width: 0.5 }, 'Field 1: Width must be at least 1 point'],
		[
			{ y: 1_006_012 },
			'Field 1: Position puts it beyond page 1: from (0, 1006012) to (200, 1006072) on 14400 × 14400 points',
		],
	])('refuses %j', (entered, expected) => {
		expect(textsOf(fieldsOf(form(entered)).problems)).toEqual([expected]);
	});
});

describe('fields that overlap', () => {
	const box = (x: number, y: number, width = 100, height = 50, page = 1) =>
		form({ x, y, width, height, page });

	it.each<[string, EnteredField[], string[]]>([
		['the same place', [box(0, 0), box(0, 0)], ['Field 2 overlaps Field 1 on page 1']],
		['a corner', [box(0, 0), box(98, 48)], ['Field 2 overlaps Field 1 on page 1']],
		[
			'one within another, of another signer and type',
			[box(0, 0), form({ type: 'note', signer: '2', x: 10, y: 10, width: 10, height: 10 })],
			['Field 2 overlaps Field 1 on page 1'],
		],
		['edges that touch', [box(0, 0), box(100, 0), box(0, 50)], []],
		['less than a point, as rounding gives', [box(0, 0), box(99.1, 0)], []],
		['another page', [box(0, 0), box(0, 0, 100, 50, 2)], []],
		[
			'the last of several',
			[box(0, 0), box(200, 0), box(205, 0)],
			['Field 3 overlaps Field 2 on page 1'],
		],
	])('%s', (_, entered, expected) => {
		expect(textsOf(fieldsOf(...entered).problems)).toEqual(expected);
	});

	it('are refused with those the document holds, too', () => {
		const held: PlacedField[] = [
			{ name: 'the stamp field fld_1', box: { page: 1, x: 0, y: 0, width: 100, height: 100 } },
		];
		const { problems } = toFields([box(50, 50)], undefined, signers, undefined, held);
		expect(textsOf(problems)).toEqual(['Field overlaps the stamp field fld_1 on page 1']);
	});

	it('are not those of one corner: they stack away from the edge, up to the end of the page', () => {
		const pages = [{ widthPt: 595, heightPt: 842 }];
		const inCorner = (position: string, count = 3) =>
			toFields(
				Array.from({ length: count }, (_, index) =>
					byCoordinates(
						readField(
							given({ type: index === 0 ? 'signature' : 'initials', position }),
							fieldInputs,
							given({}),
						),
					),
				),
				Array.from({ length: count }, (_, index) => `Field ${index + 1}`),
				signers,
				pages,
			);
		const tops = (position: string) => inCorner(position).fields.map(({ y }) => y);
		expect(tops('bottomLeft')).toEqual([732, 680, 628]);
		expect(tops('bottomRight')).toEqual([732, 680, 628]);
		expect(tops('topLeft')).toEqual([50, 122, 174]);
		expect(textsOf(inCorner('bottomLeft', 16).problems)).toEqual([
			'Field 16: Position puts it beyond page 1: from (50, -48) to (130, -8) on 595 × 842 points',
		]);
	});
});

describe('fields as JSON', () => {
	const read = (json: unknown) => readFieldsJson(given({ fieldsJson: json }));
	const fieldsFrom = (json: unknown) => {
		const entered = read(json).map(byCoordinates);
		return toFields(
			entered,
			entered.map((_, index) => `Field ${index + 1}`),
			signers,
			undefined,
		);
	};
	const field = (values: object) => ({ type: 'text', signer: 1, page: 1, x: 0, y: 0, ...values });

	it('are accepted as Field: Get Many returns them', () => {
		const held = {
			id: 'fld_abc123',
			type: 'dropdown',
			label: 'Colour',
			page: 1,
			x: 100,
			y: 650,
			width: 200,
			height: 60,
			required: false,
			readOnly: false,
			assignedTo: 1,
			placeholder: null,
			defaultValue: null,
			options: '["Red","Green"]',
			validation: null,
			group: null,
			format: null,
			documentId: 'cm5x9abc123',
		};
		expect(fieldsFrom(JSON.stringify([held]))).toEqual({
			problems: [],
			fields: [
				{
					type: 'dropdown',
					label: 'Colour',
					page: 1,
					x: 100,
					y: 650,
					width: 200,
					height: 60,
					required: false,
					readOnly: false,
					assignedTo: 1,
					options: ['Red', 'Green'],
				},
			],
		});
	});

	it('take what plainly means the thing, whatever its type', () => {
		const { fields, problems } = fieldsFrom(
			[
				field({
					...{ type: 'Text', page: '2', x: '72', y: ' 10.5 ', width: '120', height: '60' },
					...{ required: 'false', readOnly: 'yes', label: 4711, signer: '2', unit: 'points' },
				}),
				field({
					position: 'belowPrevious',
					page: undefined,
					x: undefined,
					y: undefined,
					signer: 3,
				}),
			].map((one) => JSON.parse(JSON.stringify(one)) as object),
		);
		expect(problems).toEqual([]);
		expect(fields).toMatchObject([
			{
				...{ type: 'text', page: 2, x: 72, y: 10.5, width: 120, height: 60, assignedTo: 1 },
				...{ required: false, readOnly: true, label: '4711' },
			},
			{ page: 2, x: 72, y: 82.5, assignedTo: 2 },
		]);
	});

	it.each([
		[['Red'], ['Red']],
		[[{ label: 'Red', value: 'r' }], ['r']],
		['[{ "label": "Red" }]', ['Red']],
		['Red, Green', ['Red', 'Green']],
		[null, []],
	])('read choices given as %j', (options, expected) => {
		expect(read([field({ type: 'dropdown', options })])[0]?.options).toEqual(expected);
	});

	it('know the inputs of the form too', () => {
		const [entered] = read({
			type: 'initials',
			signer: 'ann@example.com',
			position: 'bottomRight',
			unit: 'millimeters',
			width: '20',
		});
		expect(entered).toMatchObject({
			...{ signer: 'ann@example.com', position: 'bottomRight', page: -1, width: 20, height: 0 },
		});
	});

	it.each<[string, unknown, string]>([
		['no JSON', '{', 'Fields (JSON) must be a JSON list of objects'],
		['no objects', '["a"]', 'Fields (JSON) must be a JSON list of objects'],
		['no type', [{ signer: 1, page: 1, x: 0, y: 0 }], 'Field 1: type is missing'],
		[
			'another type',
			[field({ type: 'autograph' })],
			'Field 1: type must be one of address, approval, attachment,',
		],
		[
			'no signer',
			[{ type: 'signature', page: 1, x: 0, y: 0 }],
			'Field 1: signer is missing: give "signer" (from 1, email address or name) or "assignedTo" (from 0)',
		],
		['no place', [field({}), { type: 'text', signer: 1, page: 1, x: 0 }], 'Field 2: y is missing'],
		['words', [field({ x: 'left' })], 'Field 1: x must be a number from 0, but is "left"'],
		['a unit', [field({ unit: 'inch' })], 'Field 1: unit must be one of millimeters, percent,'],
		['null', [field({ x: null })], 'Field 1: x must be a number from 0, but is empty'],
		[
			'an empty width',
			[field({ width: '' })],
			'Field 1: width must be a number from 0, but is empty',
		],
		['a list', [field({ height: [60] })], 'Field 1: height must be a number from 0, but is a list'],
		['half a page', [field({ page: 1.5 })], 'Field 1: page must be a whole number, but is 1.5'],
		[
			'perhaps',
			[field({ required: 'perhaps' })],
			'Field 1: required must be true or false, but is "perhaps"',
		],
		['no answer', [field({ readOnly: null })], 'Field 1: readOnly must be true or false, but is'],
		['an object', [field({ label: {} })], 'Field 1: label must be text, but is an object'],
		['true as a signer', [field({ signer: true })], 'Field 1: signer must be text, but is true'],
		[
			'rules that are a list',
			[field({ validation: [1] })],
			'Field 1: validation must be a JSON object, but is a list',
		],
		[
			'choices that are objects',
			[field({ type: 'dropdown', options: [{ a: 1 }] })],
			'Field 1: options must be a list of texts, but is a list',
		],
		[
			'assignedTo in words',
			[field({ signer: undefined, assignedTo: 'Ann' })],
			'Field 1: assignedTo must be a whole number, but is "Ann"',
		],
		[
			'another word for the signer',
			[field({ assignee: 'bob@example.com' })],
			'Field 1: "assignee" is not read here: use "signer"',
		],
		[
			'another spelling',
			[field({ read_only: true })],
			'Field 1: "read_only" is not read here: use "readOnly"',
		],
		[
			'two places',
			[field({ position: 'topLeft' })],
			'Field 1: x is given, but position is topLeft: leave one of them out',
		],
	])('are refused by name: %s', (_, json, expected) => {
		expect(() => read(json)).toThrow(expected);
	});

	it.each<[string, object, string[]]>([
		[
			'two people',
			{ signer: 1, assignedTo: 1 },
			[
				'Field 1: Signer is 1, but assignedTo, which counts from 0, is 1: two different people. Give only one of them',
			],
		],
		['one person called twice', { signer: 'bob2@example.com', assignedTo: '2' }, []],
		[
			'nobody',
			{ signer: undefined, assignedTo: 3 },
			['Field 1: assignedTo is 3, which counts from 0, but there are 3 signers'],
		],
		['an empty signer', { signer: '' }, ['Field 1: Signer is empty']],
		['a signer without a value', { signer: null }, ['Field 1: Signer is empty']],
	])('name their signer: %s', (_, values, expected) => {
		const json = JSON.stringify([field(values)]);
		expect(textsOf(fieldsFrom(json).problems)).toEqual(expected);
	});

	it('are refused below a field of another page', () => {
		const below = { type: 'text', signer: 1, position: 'belowPrevious' };
		expect(textsOf(fieldsFrom([field({}), { ...below, page: 2 }]).problems)).toEqual([
			'Field 2: Page is 2, but the field before is on page 1',
		]);
		expect(fieldsFrom([field({}), { ...below, page: 1 }]).problems).toEqual([]);
	});
});
