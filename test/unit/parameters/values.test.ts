import { DateTime } from 'luxon';

import {
	readChoice,
	readChoices,
	readId,
	readList,
	readNumber,
	readText,
	readTime,
	readWholeNumber,
	readYesNo,
	URL_WITH_ID,
	type Reading,
} from '../../../nodes/InSigner/parameters/values';

/** The value, or what is wrong with it. */
const of = <T>(reading: Reading<T>): T | string =>
	'value' in reading ? reading.value : reading.message;

const OBJECT = { first: 'Ann' };

describe('a text', () => {
	it.each<[unknown, string]>([
		[' Ann ', 'Ann'],
		[4711, '4711'],
		[0, '0'],
		['', ''],
		[null, ''],
		[undefined, ''],
		[true, 'must be text, but is true'],
		[OBJECT, 'must be text, but is an object'],
		[['Ann'], 'must be text, but is a list'],
		[Number.NaN, 'must be text, but is NaN'],
		[
			'Dear [object Object]',
			'holds "[object Object]": an expression in it gives an object instead of text',
		],
	])('%j', (value, expected) => {
		expect(of(readText(value))).toBe(expected);
	});
});

describe('a number', () => {
	it.each<[unknown, number | string]>([
		['72', 72],
		[' -1.5 ', -1.5],
		[0, 0],
		['abc', 'must be a number, but is "abc"'],
		['1,200', 'must be a number, but is "1,200"'],
		['1e5', 'must be a number, but is "1e5"'],
		['', 'must be a number, but is empty'],
		[null, 'must be a number, but is empty'],
		[true, 'must be a number, but is true'],
		[[1], 'must be a number, but is a list'],
		[Infinity, 'must be a number, but is Infinity'],
	])('%j', (value, expected) => {
		expect(of(readNumber(value))).toBe(expected);
	});

	it.each<[unknown, number | string]>([
		['10', 10],
		[50, 50],
		[0, 'must be a whole number from 1 up to 50, but is 0'],
		['51', 'must be a whole number from 1 up to 50, but is "51"'],
		[1.5, 'must be a whole number from 1 up to 50, but is 1.5'],
		[2 ** 60, `must be a whole number from 1 up to 50, but is ${2 ** 60}`],
	])('%j as a whole one from 1 to 50', (value, expected) => {
		expect(of(readWholeNumber(value, { min: 1, max: 50 }))).toBe(expected);
	});
});

describe('yes or no', () => {
	it.each<[unknown, boolean | string]>([
		[true, true],
		['true', true],
		[' Yes', true],
		['on', true],
		['1', true],
		[1, true],
		[false, false],
		['FALSE', false],
		['no', false],
		['off', false],
		[0, false],
		['', 'must be true or false, but is empty'],
		[undefined, 'must be true or false, but is empty'],
		['abc', 'must be true or false, but is "abc"'],
		[4711, 'must be true or false, but is 4711'],
		[[true], 'must be true or false, but is a list'],
	])('%j', (value, expected) => {
		expect(of(readYesNo(value))).toBe(expected);
	});
});

describe('choices', () => {
	const CHOICES = ['deleteDraft', 'keepDraft'] as const;
	const shown = (choice: string) => (choice === 'keepDraft' ? 'Keep Draft' : 'Delete Draft');

	it('is what is stored or what the editor shows, in any case', () => {
		for (const value of ['keepDraft', 'KEEPDRAFT', ' Keep Draft ']) {
			expect(of(readChoice(value, CHOICES, shown))).toBe('keepDraft');
		}
		const wrong = 'must be one of deleteDraft, keepDraft, but is "keep"';
		expect(of(readChoice('keep', CHOICES, shown))).toBe(wrong);
		expect(of(readChoice(null, CHOICES))).toMatch(/but is empty$/);
	});

	it('are each taken once, in any form of a list', () => {
		for (const value of [['keepDraft', 'Keep Draft'], '["keepDraft"]', 'keepDraft, keep draft']) {
			expect(of(readChoices(value, CHOICES, shown))).toEqual(['keepDraft']);
		}
		expect(of(readChoices(['keepDraft', 'x'], CHOICES))).toMatch(/but is "x"$/);
		expect(of(readChoices(OBJECT, CHOICES))).toBe('must be a list of texts, but is an object');
		expect(of(readChoices(undefined, CHOICES))).toEqual([]);
	});
});

describe('a list', () => {
	it.each<[unknown, string[] | string]>([
		[
			['a', ' b ', 3, ''],
			['a', 'b', '3'],
		],
		['["a","b"]', ['a', 'b']],
		['a, b\nc', ['a', 'b', 'c']],
		['[not JSON', ['[not JSON']],
		[7, ['7']],
		['', []],
		[null, []],
		[[OBJECT], 'must be a list of texts, but is a list'],
		[true, 'must be a list of texts, but is true'],
	])('%j', (value, expected) => {
		expect(of(readList(value))).toEqual(expected);
	});
});

describe('a time', () => {
	const inVienna = (value: unknown, day?: 'start' | 'end') => {
		const time = of(readTime(value, 'Europe/Vienna', day));
		return typeof time === 'string' ? time : time?.toUTC().toISO();
	};

	it('without a time of day is one end of the day in the zone of the workflow', () => {
		expect(inVienna('2031-03-31')).toBe('2031-03-30T22:00:00.000Z');
		expect(inVienna('2031-03-31', 'end')).toBe('2031-03-31T21:59:59.999Z');
	});

	it.each([
		'2031-03-31T10:00',
		'2031-03-31 10:00:00',
		'2031-03-31T10:00:00+02:00',
		'2031-03-31 10:00 +02:00',
		'2031-03-31T08:00:00.000Z',
	])('%s is what it says, whichever end is asked for', (value) => {
		expect(inVienna(value, 'end')).toBe('2031-03-31T08:00:00.000Z');
	});

	it('may be a date of Luxon or JavaScript', () => {
		const iso = '2031-03-31T08:00:00.000Z';
		expect(inVienna(DateTime.fromISO(iso))).toBe(iso);
		expect(inVienna(new Date(iso))).toBe(iso);
		expect(inVienna('')).toBeUndefined();
		expect(inVienna(null)).toBeUndefined();
	});

	it.each<[unknown, string]>([
		['23:30', '"23:30"'],
		['2031', '"2031"'],
		[2031, '2031'],
		['2031-02-30', '"2031-02-30"'],
		['31.03.2031', '"31.03.2031"'],
		['soon', '"soon"'],
		[true, 'true'],
		[OBJECT, 'an object'],
		[new Date(NaN), 'an object'],
		[DateTime.invalid('no'), 'an object'],
	])('%j is not one', (value, shown) => {
		expect(inVienna(value)).toBe(`must be a date, such as 2031-03-31, but is ${shown}`);
	});
});

describe('an ID', () => {
	const locator = (mode: string, value: unknown) => ({ __rl: true, mode, value });

	it.each<[unknown, string]>([
		['cm1', 'cm1'],
		[4711, '4711'],
		[locator('list', ' cm1 '), 'cm1'],
		[locator('url', 'https://app.insigner.co/documents/cm1?tab=x'), 'cm1'],
		[locator('id', 'https://app.insigner.co/documents/cm1'), 'cm1'],
		[locator('list', ''), ''],
		[locator('id', null), ''],
		[undefined, ''],
		[locator('url', 'cm1'), 'is not an https address that ends with an ID'],
		[locator('id', OBJECT), 'must be text, but is an object'],
		[locator('id', ['cm1']), 'must be text, but is a list'],
		[true, 'must be text, but is true'],
		[OBJECT, 'must be text, but is an object'],
		['a'.repeat(201), 'has 201 characters, too many for an ID or its address'],
		[`https://a.b/${'c'.repeat(300)}`, 'is not an https address that ends with an ID'],
	])('%j', (value, expected) => {
		expect(of(readId(value))).toBe(expected);
	});
});

describe('texts of a megabyte, each the worst for its pattern', () => {
	const MB = 1_000_000;
	const worst = [
		'https://a/'.padEnd(MB, 'a/'),
		'https://a/'.padEnd(MB, 'a'),
		'https://a/a'.padEnd(MB, '/'),
		'https://a/a'.padEnd(MB, '?'),
		'https://a/'.padEnd(MB, '/a?#'),
		'https://'.padEnd(MB, 'a'),
		'1'.repeat(MB),
		'2031-03-31'.padEnd(MB, ' '),
		'2031-03-31 '.padEnd(MB, '1'),
		'['.repeat(MB),
		','.repeat(MB),
	].flatMap((text) => [text, `${text} x`]);

	it('are read in no time, the pattern of addresses also by n8n, which knows no bound', () => {
		const startedAt = performance.now();
		for (const text of worst) {
			new RegExp(URL_WITH_ID).exec(text);
			for (const read of [readId, readText, readNumber, readWholeNumber, readYesNo, readList]) {
				read(text);
			}
			readId({ __rl: true, mode: 'url', value: text });
			readTime(text, 'UTC');
			readChoice(text, ['a', 'b']);
		}
		// 22 texts; quadratic would be minutes.
		expect(performance.now() - startedAt).toBeLessThan(15_000);
	}, 60_000);
});
