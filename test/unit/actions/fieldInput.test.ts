import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import {
	checkField,
	fieldProperties,
	toField,
} from '../../../nodes/InSigner/actions/field/fieldInput';

it('offers exactly the field types of the contract', () => {
	const contract = parse(
		readFileSync(join(__dirname, '../../../insigner.openapi.yaml'), 'utf8'),
	) as { components: { schemas: { FieldType: { enum: string[] } } } };
	const offered = fieldProperties.find(({ name }) => name === 'type')?.options ?? [];
	expect(offered.map((option) => 'value' in option && option.value).sort()).toEqual(
		[...contract.components.schemas.FieldType.enum].sort(),
	);
	expect(offered).toHaveLength(25);
});

describe('toField', () => {
	it('counts signers from 0 and always says required and read only', () => {
		expect(toField({ type: 'signature', signerPosition: 2, page: 3, x: 0, y: 0 })).toEqual({
			type: 'signature',
			assignedTo: 1,
			page: 3,
			x: 0,
			y: 0,
			width: 200,
			height: 60,
			required: true,
			readOnly: false,
		});
	});

	it('leaves out what was left empty', () => {
		const field = toField({ label: '', placeholder: '', defaultValue: '', options: ['', 'Red'] });
		expect(field).not.toHaveProperty('label');
		expect(field.options).toEqual(['Red']);
	});
});

describe('checkField', () => {
	it.each([
		[{ page: 0 }, 'Field 1: Page must be a whole number from 1'],
		[{ page: 1.5 }, 'Field 1: Page must be a whole number from 1'],
		[{ x: -1 }, 'Field 1: X must not be negative'],
		[{ height: 0 }, 'Field 1: Height must be more than 0'],
		[{ signerPosition: 3 }, 'Field 1: Signer Position is 3, but there are 2 signers'],
		[{ signerPosition: 0 }, 'Field 1: Signer Position is 0, but there are 2 signers'],
		[
			{ type: 'dropdown' as const },
			'Field 1: Choices is empty, but a field of type dropdown needs something to choose from',
		],
	])('refuses %j', (entered, expected) => {
		const problems = checkField('Field 1', toField(entered), 2);
		expect(problems.map(({ parameter, message }) => `${parameter} ${message}`)).toEqual([expected]);
	});
});
