/**
 * Files of recipients, whole and damaged: no one is lost, no one gets someone else's name, and nothing takes forever.
 */
import fc from 'fast-check';

import { readCsv, type CsvRow } from '../../nodes/InSigner/actions/bulkSend/csv';
import { readTextFile } from '../../nodes/InSigner/actions/bulkSend/textFile';
import { times, within } from './bounds';

const COLUMNS = { required: ['name', 'email'], optional: ['phone'] };

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 2_000) };

const read = (text: string): CsvRow[] | undefined => {
	const reading = readCsv(text, COLUMNS);
	return 'value' in reading ? reading.value : undefined;
};

const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

/** A line with an address that is not the beginning of a row was swallowed by the row before it. */
function swallowed(text: string, rows: CsvRow[]): number[] {
	const begun = new Set(rows.map(({ line }) => line));
	return linesOf(text).flatMap((line, index) =>
		index > 0 && line.includes('@') && !begun.has(index + 1) ? [index + 1] : [],
	);
}

/** Writes a cell as a spreadsheet does. */
const quoted = (cell: string, always: boolean) =>
	always || /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

const letters = (more: string) =>
	fc.string({ unit: fc.constantFrom(...`aé山 ,;"'${more}`), maxLength: 8 });
const person = fc.record({
	name: letters('').map((name) => `N${name}`),
	email: fc.nat(999_999).map((number) => `p${number}@example.com`),
	notes: letters('\n\r\t'),
	always: fc.boolean(),
});
const form = fc.record({
	delimiter: fc.constantFrom(',', ';', '\t'),
	lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
	isNamed: fc.boolean(),
});

type Person = { name: string; email: string; notes: string; always: boolean };
type Form = { delimiter: string; lineEnd: string; isNamed: boolean };

function write(people: Person[], { delimiter, lineEnd, isNamed }: Form): string {
	const rows = people.map(({ name, email, notes, always }) =>
		[name, email, notes].map((cell) => quoted(cell, always)).join(delimiter),
	);
	return [
		...(isNamed ? [`sep=${delimiter}`] : []),
		['name', 'email', 'notes'].join(delimiter),
		...rows,
	].join(lineEnd);
}

describe('a file', () => {
	it('as a spreadsheet writes it is read as it was', () => {
		fc.assert(
			fc.property(fc.array(person, { minLength: 1, maxLength: 8 }), form, (people, how) => {
				const values = read(write(people, how))?.map((row) => row.values);
				expect(values).toEqual(people.map(({ name, email, notes }) => ({ name, email, notes })));
			}),
			RUNS,
		);
	});

	it('with a character added, removed or changed is refused, or everyone in it is named once', () => {
		const damage = fc.record({
			at: fc.nat(),
			take: fc.nat({ max: 2 }),
			put: fc.constantFrom('', '"', '""', ',', ';', '\n', '\r', '"\n', '",', ' "', 'x'),
		});
		fc.assert(
			fc.property(
				fc.array(person, { minLength: 2, maxLength: 6 }),
				form,
				damage,
				(people, how, d) => {
					const whole = write(people, how);
					const at = d.at % whole.length;
					const text = whole.slice(0, at) + d.put + whole.slice(at + d.take);
					const rows = read(text);
					if (!rows) return;
					expect(swallowed(text, rows)).toEqual([]);
					for (const { values } of rows)
						expect(`${values.name}${values.email}`).not.toMatch(/[\r\n]/);
				},
			),
			RUNS,
		);
	});

	it('of random characters is refused, or no line with an address is swallowed', () => {
		const sign = fc.constantFrom('"', '""', ',', ';', '\n', '\r\n', '\r', ' ', 'a', '@', 'a@b.de');
		fc.assert(
			fc.property(fc.array(sign, { maxLength: 40 }), (signs) => {
				const text = `name,email,x\n${signs.join('')}`;
				const rows = read(text);
				if (rows) expect(swallowed(text, rows)).toEqual([]);
			}),
			{ numRuns: 5 * RUNS.numRuns },
		);
	});

	it('of random bytes is text or refused', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				const file = Buffer.from(bytes);
				const reading = readTextFile(file);
				if ('message' in reading) return;
				const isUtf16 = file.length > 1 && [0xfeff, 0xfffe].includes(file.readUInt16LE(0));
				const again = Buffer.from(reading.value, isUtf16 ? 'utf16le' : 'utf8');
				// Nothing was made up: only a mark may be gone, and UTF-16 byte-swapped.
				expect(file.length - again.length).toBeGreaterThanOrEqual(0);
				expect(file.length - again.length).toBeLessThanOrEqual(3);
				expect(reading.value).not.toContain('\0');
			}),
			RUNS,
		);
	});

	it('in another encoding is read as it was, or refused', () => {
		fc.assert(
			fc.property(
				fc
					.string({ unit: 'binary', minLength: 1, maxLength: 20 })
					.filter((text) => !text.includes('\0')),
				(text) => {
					const plain = text.replace(/^\uFEFF+/, '');
					for (const encoding of ['utf8', 'utf16le'] as const) {
						const reading = readTextFile(Buffer.from(`\uFEFF${plain}`, encoding));
						if ('value' in reading) expect(reading.value).toBe(plain);
					}
				},
			),
			RUNS,
		);
	});
});

const header = 'name,email\n';

/** A megabyte each. */
const WORST: Array<[string, string]> = [
	['quotes', times('"')],
	['quotes in a cell', header + times('a"')],
	['doubled quotes', `${header}"${times('""')}"`],
	['open quotes', header + times('"a\n')],
	['commas', times(',')],
	['columns', `${times('name,email,x,')}\n${times('a,')}`],
	['cells', header + times('a,')],
	['empty lines', header + times('\n')],
	['lines that end with CR', `name,email\r${times('a,b\r')}`],
	['lines', header + times('Ann,ann@example.com\n')],
	['spaces', times(' ')],
	['one long cell', header + times('a')],
	['separators named', times('sep=;\n')],
	['a column with a long name', times('a')],
	['line breaks in a cell', `name,email,x\na,b,"${times('\r\n')}"`],
];

describe('a megabyte of', () => {
	it.each(WORST)('%s', (_, text) => {
		within(() => readTextFile(Buffer.from(text)));
		const result = within(() => readCsv(text, COLUMNS));
		if ('message' in result) expect(result.message.length).toBeLessThan(1_000);
	});

	it.each([
		['bytes that are not UTF-8', Buffer.alloc(1_000_000, 0xff)],
		['bytes of which the last is not UTF-8', Buffer.from(`${times('a')}\u00FF`, 'latin1')],
		['half UTF-16 pairs', Buffer.from(`\uFEFF${times('\uD83D', 500_000)}`, 'utf16le')],
		['swapped UTF-16', Buffer.from(`\uFEFF${times('ä', 500_000)}`, 'utf16le').swap16()],
		['zero bytes', Buffer.alloc(1_000_000)],
	])('%s', (_, file) => {
		within(() => readTextFile(file));
	});
});
