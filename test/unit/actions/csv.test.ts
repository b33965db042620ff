import { readCsv } from '../../../nodes/InSigner/actions/bulkSend/csv';
import { readTextFile } from '../../../nodes/InSigner/actions/bulkSend/textFile';

const COLUMNS = { required: ['name', 'email'], optional: ['phone'] };

/** What is read of a file, or why it is refused. */
const read = (text: string) => {
	const reading = readCsv(text, COLUMNS);
	return 'message' in reading ? reading.message : reading.value;
};

const people = (text: string) => {
	const rows = read(text);
	if (typeof rows === 'string') throw new Error(rows);
	return rows.map(({ line, values }) => [line, values.name, values.email]);
};

describe('the columns', () => {
	it.each([
		'Name,Email',
		'NAME;E-Mail',
		'Full Name\te-mail',
		'full_name,Email Address',
		'company,fullName,EMAIL',
	])('are found in %j', (header) => {
		const cells = header.split(/[,;\t]/);
		const line = cells.map((cell) =>
			/mail/i.test(cell) ? 'ann@example.com' : /name/i.test(cell) ? 'Ann' : 'Acme',
		);
		const separator = /[,;\t]/.exec(header)?.[0] ?? ',';
		const reading = readCsv(`${header}\n${line.join(separator)}`, COLUMNS);
		expect(reading).toMatchObject({
			value: [{ line: 2, values: { name: 'Ann', email: 'ann@example.com' } }],
		});
	});

	it('are those that have the very name where there are several', () => {
		const reading = readCsv('Full Name,Name,E-Mail,Email\nAnn Ames,Ann,,ann@example.com', COLUMNS);
		expect(reading).toMatchObject({
			value: [{ values: { name: 'Ann', email: 'ann@example.com' } }],
		});
	});

	it('are not guessed', () => {
		const reading = readCsv('First Name,Email\nAnn,ann@example.com', COLUMNS);
		expect(reading).toMatchObject({
			message: expect.stringMatching(/^has no column "name"/) as string,
		});
	});

	it('are refused where two have the same name', () => {
		const reading = readCsv('E-Mail,e_mail,Name\na@b.co,c@d.co,Ann', COLUMNS);
		expect(reading).toEqual({ message: 'has two columns "email"' });
	});
});

describe('readCsv', () => {
	it.each([
		['commas', 'name,email,phone\nAnn,ann@example.com,1\n'],
		['semicolons', 'Name;Email;Phone\r\nAnn;ann@example.com;1\r\n'],
		['tabs', 'NAME\tEMAIL\tPHONE\nAnn\tann@example.com\t1'],
		['lines that end with CR alone', 'name,email,phone\rAnn,ann@example.com,1\r'],
		['quotes', '"name","email","phone"\n"Ann","ann@example.com","1"'],
		['empty cells at the end', 'name,email,phone,,\nAnn,ann@example.com,1,,,\n'],
	])('reads %s', (_, text) => {
		expect(read(text)).toMatchObject([
			{ line: 2, values: { name: 'Ann', email: 'ann@example.com', phone: '1' }, problems: [] },
		]);
	});

	it.each([';', ',', '\t', '|'])('takes sep=%s for what it says', (delimiter) => {
		const text = ['name', 'Ann, B; C'].map((name) => `"${name}"${delimiter}email`).join('\r\n');
		expect(people(`sep=${delimiter}\r\n${text}`)).toEqual([[3, 'Ann, B; C', 'email']]);
	});

	it('takes the separator with which the first line names the columns, however often others occur', () => {
		const text = 'name;email;remarks, if any, or none, whatever\nAnn;ann@example.com;a,b,c';
		expect(people(text)).toEqual([[2, 'Ann', 'ann@example.com']]);
	});

	it('keeps separators and quotes inside quotes', () => {
		expect(people('name,email\n"Smith, ""Jo""",jo@example.com')).toEqual([
			[2, 'Smith, "Jo"', 'jo@example.com'],
		]);
	});

	it('counts the lines of the file: empty ones, and those inside of quotes', () => {
		const text =
			'\nname,email,notes\n\nAnn,ann@example.com,"one\r\ntwo\nthree"\n,,\nBob,bob@example.com,\n';
		expect(people(text)).toEqual([
			[4, 'Ann', 'ann@example.com'],
			[8, 'Bob', 'bob@example.com'],
		]);
	});

	it('takes a cell of several lines before the address of its own line', () => {
		expect(people('address,name,email\n"Main St 5\nBerlin",Ann,ann@example.com')).toEqual([
			[2, 'Ann', 'ann@example.com'],
		]);
	});

	it('fills short lines up', () => {
		expect(read('name,email,phone\nAnn,ann@example.com')).toMatchObject([
			{ values: { name: 'Ann', email: 'ann@example.com', phone: '' }, problems: [] },
		]);
	});

	it('names a line with more cells than columns', () => {
		expect(read('name,email\nSmith, John,john@example.com\nAnn,ann@example.com')).toMatchObject([
			{
				line: 2,
				problems: ['has 3 cells for 2 columns: put a cell that contains a separator in quotes'],
			},
			{ line: 3, problems: [] },
		]);
	});

	const inside =
		'that stands inside a cell: put the whole cell in quotes and write each quote inside it twice';
	it.each([
		['', 'is empty'],
		[' \r\n\t\n', 'is empty'],
		['name,email', 'has no line below the names of its columns'],
		['name,email\n\n,\n', 'has no line below the names of its columns'],
		['a,b\n1,2', 'has no column "name" and "email"; its columns are a, b'],
		['Name;Mail\n1;2', 'has no column "email"; its columns are name, mail'],
		['name,email,Email\n1,2,3', 'has two columns "email"'],
		['phone,name,email,phone\n1,2,3,4', 'has two columns "phone"'],
		['name,email,x,Ann,a@b.de\nBob,b@c.de', 'has an email address among the names of its columns'],
		['name,a;name;email;b,email\n1', 'can be read with more than one separator of cells'],
		['name,email\nAnn,a@b.de\nCarl "CJ" Jones,c@d.de\n', `has a quote in line 3 ${inside}`],
		['name,email\n"Carl "CJ" Jones",c@d.de\n', `has a quote in line 2 ${inside}`],
		['name,email\n "Ann",a@b.de', `has a quote in line 2 ${inside}`],
		['name,email\n"Ann" ,a@b.de', `has a quote in line 2 ${inside}`],
		[
			'name,email,x\nAnn,a@b.de,"called\nBob,b@c.de,\n',
			'has a quote in line 2 that nothing closes',
		],
		['name,email,x\nAnn,a@b.de,"called\nBob,b@c.de,"hm"\n', `has a quote in line 3 ${inside}`],
		['name,email,x\nAnn,a@b.de,5"\nBob,b@c.de,7"\n', `has a quote in line 2 ${inside}`],
		['"name,email\nAnn,a@b.de', 'has a quote in line 1 that nothing closes'],
		[
			'name,email,x\nAnn,a@b.de,"called\nBob,b@c.de,yes"\n',
			'has a cell in line 2 that goes on in the next line: a quote is missing, or one too many',
		],
		[
			'name,email,x\nAnn,a@b.de,"called\n""Bob"",b@c.de",hm\n',
			'has a cell in line 2 that goes on in the next line: a quote is missing, or one too many',
		],
		[
			'name,email,x,cc\nAnn,a@b.de,"called\nBob",b@c.de\n',
			'has a cell in line 2 that goes on in the next line: a quote is missing, or one too many',
		],
		[
			'name,email,x\nAnn,a@b.de,"called\nBob",5,6\n',
			'has a cell in line 2 that goes on in the next line: a quote is missing, or one too many',
		],
		[
			'name,email\nZoe,z@y.de\n"Ann,a@b.de\nBob",b@c.de\n',
			'has a cell in line 3 that goes on in the next line: a quote is missing, or one too many',
		],
	])('refuses %j', (text, message) => {
		expect(read(text)).toBe(message);
	});

	it('shows no more than some of the columns', () => {
		const message = read(Array.from({ length: 30 }, (_, n) => `c${n}`).join(','));
		expect(message).toMatch(/its columns are c0, .*, c19 and 10 more$/);
	});

	it('takes a column with a strange name', () => {
		expect(people('name,email,__proto__,constructor\nAnn,a@b.de,x,y')).toEqual([
			[2, 'Ann', 'a@b.de'],
		]);
	});
});

describe('readTextFile', () => {
	const text = 'name,email\r\nJörg 山田 🖋,j@example.com';
	const bytes = (hexadecimal: string, rest = '') =>
		Buffer.concat([Buffer.from(hexadecimal, 'hex'), Buffer.from(rest)]);

	it.each([
		['UTF-8', Buffer.from(text)],
		['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)],
		['UTF-16, little end first', Buffer.from(`\uFEFF${text}`, 'utf16le')],
		['UTF-16, big end first', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
		['nothing', Buffer.alloc(0), ''],
	])('reads %s', (_, file, expected = text) => {
		expect(readTextFile(file)).toEqual({ value: expected });
	});

	it.each([
		[
			'Windows-1252, as Excel saves it',
			Buffer.from('name,email\r\nAnn,a@b.de\rJürgen,j@example.com', 'latin1'),
			/^is not UTF-8 in line 3, .*save it as "CSV UTF-8"$/,
		],
		[
			'half a character at its end',
			Buffer.from('name,é').subarray(0, -1),
			/^is not UTF-8 in line 1/,
		],
		['a new Excel workbook', bytes('504b0304', 'xl/'), /^is an Excel workbook .*Extract From File/],
		['an old Excel workbook', bytes('d0cf11e0a1b11ae1'), /^is an Excel workbook of an old kind/],
		['a PDF', Buffer.from('%PDF-1.7'), /^is a PDF, not a CSV file/],
		['UTF-16 without its mark', Buffer.from('name', 'utf16le'), /^is not a text file/],
		['half a UTF-16 unit', bytes('fffe61'), /^is not complete UTF-16/],
		['half a UTF-16 unit, big end first', bytes('feff0061d8'), /^is not complete UTF-16/],
		['half a UTF-16 pair', bytes('fffe3dd8'), /^is not complete UTF-16/],
		['UTF-32', bytes('fffe000061000000'), /^is not a text file/],
	])('refuses %s', (_, file, message) => {
		expect(readTextFile(file)).toEqual({ message: expect.stringMatching(message) as string });
	});

	it('keeps the mark of a lost letter for who checks names', () => {
		expect(readTextFile(Buffer.from('J\uFFFDrgen'))).toEqual({ value: 'J\uFFFDrgen' });
	});
});
