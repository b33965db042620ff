import { toChunks, workName, type Chunk } from '../../../nodes/InSigner/actions/bulkSend/chunks';
import {
	rangeOf,
	readRecipient,
	sortRows,
	type Row,
} from '../../../nodes/InSigner/actions/bulkSend/recipients';

const row = (number: number, name: unknown, email: unknown, phone?: unknown): Row => ({
	counted: 'row',
	number,
	item: number - 1,
	...readRecipient({ name, email, phone }),
});

const rows = (count: number): Row[] =>
	Array.from({ length: count }, (_, n) => row(n + 1, `Person ${n}`, `p${n}@example.com`));

describe('readRecipient', () => {
	it('takes numbers for text and leaves an empty phone out', () => {
		const entered = { name: " O'Brien ", email: 'o@example.com', phone: 15551234567 };
		expect(readRecipient(entered)).toEqual({
			recipient: { name: "O'Brien", email: 'o@example.com', phone: '15551234567' },
			reasons: [],
		});
		const { recipient } = readRecipient({ name: 'A', email: 'a@example.com', phone: null });
		expect(recipient).toEqual({ name: 'A', email: 'a@example.com' });
	});

	it.each([
		[{ first: 'Ann' }, 'Name must be text, but is an object'],
		[['Ann'], 'Name must be text, but is a list'],
		[true, 'Name must be text, but is true'],
		[undefined, 'Name is empty'],
		[null, 'Name is empty'],
		['', 'Name is empty'],
	])('does not turn %j into a name', (name, reason) => {
		expect(readRecipient({ name, email: 'a@example.com' }).reasons).toEqual([reason]);
	});

	it('names everything that is wrong', () => {
		expect(readRecipient({ name: 'A', email: { a: 1 }, phone: 4.9e21 }).reasons).toEqual([
			'Email must be text, but is an object',
			'Phone "4.9e+21" isn\'t a phone number: use digits, perhaps with spaces and + ( ) - . /',
		]);
	});
});

describe('sortRows', () => {
	it('keeps good rows in their order', () => {
		expect(sortRows(rows(3))).toEqual({ good: rows(3), bad: [] });
	});

	it('names every reason, and every address that is there twice, in any case', () => {
		const all = [...rows(2), row(3, '', 'bad'), row(4, 'P', 'P0@EXAMPLE.com')];
		const { good, bad } = sortRows(all);
		expect(good.map(({ number }) => number)).toEqual([1, 2]);
		expect(bad.map(({ number, reasons }) => [number, ...reasons])).toEqual([
			[3, 'Name is empty', 'Email "bad" isn\'t a valid email address: it has no @'],
			[4, 'Email "P0@EXAMPLE.com" is already used in row 1'],
		]);
	});

	it('keeps the second row with an address if the first one is bad', () => {
		const all = [row(1, '', 'a@example.com'), row(2, 'Ann', 'a@example.com')];
		expect(sortRows(all).good.map(({ number }) => number)).toEqual([2]);
	});
});

describe('toChunks', () => {
	it('leaves a name alone while one bulk send is enough', () => {
		expect(toChunks('Q3', rows(500)).map(({ name, rows: r }) => [name, r.length])).toEqual([
			['Q3', 500],
		]);
		expect(toChunks('Q3', [])).toEqual([]);
	});

	it('splits more than 500, loses no one and tells them apart by name', () => {
		const chunks = toChunks('Q3', rows(1750));
		expect(chunks.map(({ name, rows: r }) => [name, r.length])).toEqual([
			['Q3 (1/4)', 500],
			['Q3 (2/4)', 500],
			['Q3 (3/4)', 500],
			['Q3 (4/4)', 250],
		]);
		expect(chunks.flatMap(({ rows: r }) => r)).toEqual(rows(1750));
	});
});

it('workName knows the same work again under another name, and no other', () => {
	const [first, second] = toChunks('Q3', rows(501)) as [Chunk, Chunk];
	const [later] = toChunks('Q3 at 12:01', rows(501)) as [Chunk];
	expect(workName('tpl_1', later)).toBe(workName('tpl_1', first));
	expect(workName('tpl_1', second)).not.toBe(workName('tpl_1', first));
	expect(workName('tpl_2', first)).not.toBe(workName('tpl_1', first));
});

it('rangeOf names rows and lines', () => {
	expect(rangeOf(rows(3))).toBe('rows 1 to 3');
	expect(rangeOf(rows(1))).toBe('row 1');
	expect(rangeOf([{ ...row(7, 'Ann', 'a@example.com'), counted: 'line' }])).toBe('line 7');
});
