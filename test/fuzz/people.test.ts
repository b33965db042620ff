/** Names, email addresses and phone numbers come from forms and files of strangers. */
import fc from 'fast-check';

import {
	checkEmail,
	checkName,
	checkPhone,
	type Problem,
} from '../../nodes/InSigner/parameters/checks';
import { readText } from '../../nodes/InSigner/parameters/values';
import { times, within } from './bounds';

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 2_000) };

/** Half of the texts are close to an address or a number. */
const text = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc
		.array(
			fc.constantFrom(
				'a',
				'é',
				'1',
				'@',
				'.',
				'-',
				' ',
				',',
				'+',
				'(',
				'x',
				'\u200B',
				'\u00A0',
				'"',
				'<',
			),
		)
		.map((parts) => parts.join('')),
);

const CHECKS: Array<[string, (parameter: string, value: string) => Problem[]]> = [
	['checkEmail', checkEmail],
	['checkName', checkName],
	['checkPhone', checkPhone],
];

describe.each(CHECKS)('%s', (name, check) => {
	const worst = [
		'a',
		'@',
		'.',
		'a@',
		'a@.',
		'a.',
		'-',
		' ',
		'1',
		'1 ',
		'(',
		'x1',
		'\u0301',
		'\u200B',
		'\uD83D',
		'🖋',
		'é',
		'1.',
	];

	it.each(worst.flatMap((part) => [times(part), `a@${times(part)}x`]))(
		'reads a megabyte within its bounds (%#)',
		(value) => {
			const result = within(() => check('Parameter', value));
			expect(result).not.toEqual([]);
			expect(result[0]?.message.length).toBeLessThan(250);
		},
	);

	it(`is done in no time even up to the length that it allows: ${name}`, () => {
		// A thousand of the longest, since all that is longer is never looked at.
		for (const part of worst) {
			const value = `a@${times(part, 252)}`;
			within(() => Array.from({ length: 1_000 }, () => check('Parameter', value)));
		}
	});

	it('never throws, and repeats little of what it refuses', () => {
		fc.assert(
			fc.property(text, (value) => {
				for (const { message } of check('Parameter', value)) {
					expect(message.length).toBeLessThan(250);
				}
			}),
			RUNS,
		);
	});
});

it('an address that passes is one address, all of which is seen', () => {
	fc.assert(
		fc.property(text, (value) => {
			if (checkEmail('Email', value).length > 0) return;
			expect(value).toMatch(/^[^\s@]+@[^\s@]+\.[^\s@]+$/);
			expect(value).not.toMatch(/[\p{C}\p{Z}<>()[\]",;:\\]/u);
			expect([...value].length).toBeLessThanOrEqual(254);
		}),
		{ numRuns: 4 * RUNS.numRuns },
	);
});

it('a phone number that passes holds digits and at most 20 characters', () => {
	fc.assert(
		fc.property(text, (value) => {
			if (value === '' || checkPhone('Phone', value).length > 0) return;
			expect(value).toMatch(/^[\d ()+./xt-]{3,20}$/i);
		}),
		{ numRuns: 4 * RUNS.numRuns },
	);
});

it('whatever a row holds is a text or refused', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => {
			const reading = readText(value);
			if ('value' in reading) expect(typeof reading.value).toBe('string');
			else expect(reading.message).toMatch(/^must be text, but is /);
		}),
		RUNS,
	);
});
