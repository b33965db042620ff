import { toChunks } from '../../../nodes/InSigner/actions/bulkSend/chunks';
import { parseCsv } from '../../../nodes/InSigner/actions/bulkSend/csv';
import {
	sortRows,
	toRecipient,
	type Row,
} from '../../../nodes/InSigner/actions/bulkSend/recipients';

const rows = (count: number): Row[] =>
	Array.from({ length: count }, (_, n) => ({
		number: n + 1,
		item: n,
		recipient: { name: `Person ${n}`, email: `p${n}@example.com` },
	}));

it('toRecipient takes numbers for text and leaves an empty phone out', () => {
	expect(toRecipient({ name: " O'Brien ", email: 'o@example.com', phone: 15551234567 })).toEqual({
		name: "O'Brien",
		email: 'o@example.com',
		phone: '15551234567',
	});
	expect(toRecipient({ name: 'A', email: 'a@example.com', phone: '' })).not.toHaveProperty('phone');
	expect(toRecipient({ name: undefined, email: null })).toEqual({ name: '', email: '' });
});

describe('sortRows', () => {
	it('keeps good rows in their order', () => {
		expect(sortRows(rows(3))).toEqual({ good: rows(3), bad: [] });
	});

	it('names every reason, and every address that is there twice, in any case', () => {
		const all = [
			...rows(2),
			{ number: 3, item: 2, recipient: { name: '', email: 'bad' } },
			{ number: 4, item: 3, recipient: { name: 'P', email: 'P0@EXAMPLE.com' } },
		];
		const { good, bad } = sortRows(all);
		expect(good.map(({ number }) => number)).toEqual([1, 2]);
		expect(bad.map(({ number, reasons }) => [number, ...reasons])).toEqual([
			[3, 'Name is empty', 'Email "bad" is not an e-mail address'],
			[4, 'Email "P0@EXAMPLE.com" is the same as of row 1 and would be mailed twice'],
		]);
	});

	it('takes a second row whose first one with this address is bad for the good one', () => {
		const all = [
			{ number: 1, item: 0, recipient: { name: '', email: 'a@example.com' } },
			{ number: 2, item: 1, recipient: { name: 'Ann', email: 'a@example.com' } },
		];
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

	it('splits more than 500, loses nobody and tells them apart by name', () => {
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

describe('parseCsv', () => {
	it.each([
		['commas', 'name,email,phone\nAnn,ann@example.com,1\n'],
		['semicolons', 'Name;Email;Phone\r\nAnn;ann@example.com;1\r\n'],
		['tabs and a byte order mark', '\uFEFFNAME\tEMAIL\tPHONE\nAnn\tann@example.com\t1'],
		['empty lines', 'name,email,phone\n\nAnn,ann@example.com,1\n,,\n'],
		['quotes', '"name","email","phone"\n"Ann","ann@example.com","1"'],
	])('reads %s', (_, text) => {
		expect(parseCsv(text)).toEqual([{ name: 'Ann', email: 'ann@example.com', phone: '1' }]);
	});

	it('keeps delimiters, quotes and line ends inside quotes', () => {
		const text = 'name,email\n"Smith, ""Jo""\nJunior",jo@example.com';
		expect(parseCsv(text)).toEqual([{ name: 'Smith, "Jo"\nJunior', email: 'jo@example.com' }]);
	});

	it('fills short lines up', () => {
		expect(parseCsv('name,email\nAnn')).toEqual([{ name: 'Ann', email: '' }]);
	});
});
