import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import {
	completed,
	signerNumber,
	toFields,
	type EnteredField,
} from '../../../nodes/InSigner/actions/field/fieldInput';
import { readFieldsJson } from '../../../nodes/InSigner/actions/field/fieldJson';
import { fieldProperties } from '../../../nodes/InSigner/actions/field/fieldProperties';

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

const fieldsOf = (...entered: Array<Partial<EnteredField>>) =>
	toFields(
		entered.map(completed),
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
		const inputs = fieldProperties.map(({ name }) => (name === 'signer' ? 'assignedTo' : name));
		expect(inputs).toEqual(
			expect.arrayContaining(Object.keys(contract.components.schemas.FieldCreate.properties)),
		);
	});
});

describe('toFields', () => {
	it('counts signers from 0 and always says required and read only', () => {
		expect(fieldsOf({ type: 'signature', signer: '2', page: 3 })).toEqual({
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

	it('does not require what nobody can fill in', () => {
		const { fields } = fieldsOf({ type: 'note', defaultValue: 'Read this' }, { x: 1 });
		expect(fields).toMatchObject([
			{ required: false, defaultValue: 'Read this' },
			{ required: true },
		]);
	});

	it('leaves out what was left empty', () => {
		const { fields } = fieldsOf({
			type: 'dropdown',
			label: '',
			placeholder: '',
			format: '',
			validation: '',
			options: ['', 'Red'],
		});
		expect(fields[0]).not.toHaveProperty('label');
		expect(fields[0]).not.toHaveProperty('format');
		expect(fields[0]).not.toHaveProperty('validation');
		expect(fields[0]?.options).toEqual(['Red']);
	});

	it('takes format, group and validation', () => {
		const validation = { minLength: 2 };
		const { fields } = fieldsOf(
			{ type: 'text', format: 'upper', group: 'a', validation: JSON.stringify(validation) },
			{ type: 'text', x: 1, validation },
		);
		expect(fields).toMatchObject([{ format: 'upper', group: 'a', validation }, { validation }]);
	});

	it.each<[Partial<EnteredField>, string]>([
		[{ page: 0 }, 'Field 1: Page must be a whole number: 1 is the first page, -1 the last'],
		[{ signer: '4' }, 'Field 1: Signer is 4, but there are 3 signers'],
		[{ signer: ' ' }, 'Field 1: Signer is empty'],
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
		[{ type: 'text', validation: '[]' }, 'Field 1: Validation is not a JSON object'],
		[{ type: 'text', validation: '{' }, 'Field 1: Validation is not a JSON object'],
	])('refuses %j', (entered, expected) => {
		expect(textsOf(fieldsOf(entered).problems)).toEqual([expected]);
	});

	it('refuses two fields in exactly the same place', () => {
		const { problems } = fieldsOf({ x: 10 }, { x: 20 }, { x: 10, signer: '2' });
		expect(textsOf(problems)).toEqual(['Field 3: Position is exactly that of Field 1']);
	});
});

describe('signerNumber', () => {
	it.each([
		['1', 0],
		[' 3 ', 2],
		['ANN@example.com', 0],
		["ann o'brien", 0],
		['bob2@example.com', 2],
	])('finds %j', (entered, expected) => {
		expect(signerNumber(entered, signers)).toBe(expected);
	});

	it('takes any position where the signers are not known', () => {
		expect(signerNumber('7')).toBe(6);
		expect(signerNumber('0')).toMatchObject({ message: 'must be 1 for the first signer' });
	});
});

describe('fields as JSON', () => {
	it('are taken as Field: Get Many returns them', () => {
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
		const { entered, problems } = readFieldsJson(JSON.stringify([held]));
		expect(problems).toEqual([]);
		const { fields } = toFields(entered, ['Field 1'], signers, undefined);
		expect(fields).toEqual([
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
		]);
	});

	it.each([
		[['Red'], ['Red']],
		[[{ label: 'Red', value: 'r' }], ['r']],
		['Red, Green', ['Red', 'Green']],
		[null, []],
	])('read choices given as %j', (options, expected) => {
		const { entered } = readFieldsJson([
			{ type: 'dropdown', signer: 1, page: 1, x: 0, y: 0, options },
		]);
		expect(entered[0]?.options).toEqual(expected);
	});

	it('know the inputs of the form too', () => {
		const { entered, problems } = readFieldsJson({
			type: 'initials',
			signer: 'ann@example.com',
			position: 'bottomRight',
			unit: 'millimeters',
			width: '20',
		});
		expect(problems).toEqual([]);
		expect(entered).toMatchObject([
			{ signer: 'ann@example.com', position: 'bottomRight', page: -1, width: 20, height: 0 },
		]);
	});

	it.each<[unknown, string[]]>([
		['{', ['Fields must be a JSON list of objects']],
		['["a"]', ['Fields must be a JSON list of objects']],
		[[{ signer: 1, page: 1, x: 0, y: 0 }], ['Field 1: type is missing']],
		[
			[{ type: 'signature', page: 1, x: 0 }],
			[
				'Field 1: signer is missing: give "signer" (from 1, email address or name) or "assignedTo" (from 0)',
				'Field 1: y is missing',
			],
		],
		[
			[{ type: 'autograph', assignedTo: 0, page: 1, x: 'left', y: 0, unit: 'inch' }],
			[
				expect.stringMatching(
					/^Field 1: unit is "inch" and not one of millimeters, percent, points/,
				),
				expect.stringMatching(/^Field 1: type is "autograph" and not one of address, approval/),
				'Field 1: x is "left" and not a number',
			],
		],
	])('are refused where they are wrong: %j', (json, expected) => {
		const texts = textsOf(readFieldsJson(json).problems);
		expect(texts.sort()).toHaveLength(expected.length);
		expect(texts).toEqual(expect.arrayContaining(expected));
	});
});
