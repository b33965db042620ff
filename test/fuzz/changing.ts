/** Changes of PDFs that a damaged or hostile one may have. */
import fc from 'fast-check';

const HOSTILE_NUMBERS = [
	...['-1', '0', '1', '2', '00000000000', '4.5', '--7', '1-1', '.', '1e9', '1e999'],
	...['32767', '2147483648', '4294967297', '9007199254740993', '9'.repeat(25), '9'.repeat(400)],
];
const PIECES = [
	...['<<', '>>', '[', ']', '(', ')', '<', '%', '\\', '\0', '\r', ' obj ', ' 3 0 obj ', '/Kids'],
	...['endstream', 'stream\n', 'endobj', 'trailer', '2 0 R', '/Length 99999', '/Type /ObjStm'],
];

/** Places are fractions of the length of the file. */
const change = fc.oneof(
	fc.record({ number: fc.nat(1000), becomes: fc.constantFrom(...HOSTILE_NUMBERS) }),
	fc.record({
		at: fc.double({ min: 0, max: 1, noNaN: true }),
		removed: fc.nat(50),
		inserted: fc.oneof(
			fc.constantFrom(...PIECES),
			fc.string({ unit: 'binary-ascii', maxLength: 3 }),
			fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(400) }),
		),
	}),
);

/** One change. */
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** A few changes of a file. */
export const changes = fc.array(change, { minLength: 1, maxLength: 4 });

/**
 * @param content - of a file
 * @param changes - made one after the other
 * @returns the file as changed
 */
export function changed(content: string, changes: Change[]): string {
	return changes.reduce((text, one) => {
		if ('number' in one) {
			const numbers = [...text.matchAll(/\d+/g)];
			const { index = 0, 0: digits = '' } = numbers[one.number % numbers.length] ?? { 0: '' };
			return text.slice(0, index) + one.becomes + text.slice(index + digits.length);
		}
		const at = Math.floor(one.at * text.length);
		const { inserted } = one;
		const from = typeof inserted === 'string' ? 0 : Math.floor(inserted.from * text.length);
		const piece =
			typeof inserted === 'string' ? inserted : text.slice(from, from + inserted.length);
		return text.slice(0, at) + piece + text.slice(at + one.removed);
	}, content);
}
