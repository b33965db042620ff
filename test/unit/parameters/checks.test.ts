import {
	checkEmail,
	checkName,
	checkPerson,
	checkPhone,
	checkText,
} from '../../../nodes/InSigner/parameters/checks';

const messages = (problems: Array<{ parameter: string; message: string }>) =>
	problems.map(({ parameter, message }) => `${parameter} ${message}`);

describe('checkText', () => {
	it('counts characters as people do, not UTF-16 units', () => {
		expect(checkText('Name', '🖋'.repeat(200), { max: 200 })).toEqual([]);
		expect(messages(checkText('Name', '🖋'.repeat(201), { max: 200 }))).toEqual([
			'Name has 201 characters; inSigner allows 200',
		]);
	});

	it('treats blanks as empty if a text is required', () => {
		expect(messages(checkText('Name', '  ', { required: true, max: 9 }))).toEqual([
			'Name is empty',
		]);
		expect(checkText('Phone', '', { max: 20 })).toEqual([]);
	});
});

describe('checkEmail', () => {
	const reason = (email: string) => checkEmail('Email', email)[0]?.message;

	it.each([
		'jane@example.com',
		"o'brien+n8n@sub.example.co",
		'jörg@bücher.example',
		'用户@例子.公司',
		'उपयोगकर्ता@उदाहरण.भारत',
		'a_b-c.d=e@x-1.example.museum',
		'jane@xn--bcher-kva.example',
	])('accepts %s', (email) => {
		expect(checkEmail('Email', email)).toEqual([]);
	});

	it.each([
		['', 'is empty'],
		['\u200B', 'is empty'],
		['jane', /it has no @/],
		['jane@', /it has no domain such as example\.com after the @/],
		['@example.com', /it has nothing before the @/],
		['jane@example', /it has no domain/],
		['jane@example..com', /it has no domain/],
		['jane@.example.com', /it has no domain/],
		['jane@example.com.', /it has no domain/],
		['jane@-example.com', /it has no domain/],
		['jane@10.0.0.1', /it has no domain/],
		['a b@example.com', /it has a space/],
		['mailto:jane@example.com', /it begins with "mailto:"/],
		['Jane <jane@example.com>', /it has the character </],
		['<jane@example.com>', /it has the character </],
		['"jane"@example.com', /it has the character "/],
		['\u201Cjane@example.com\u201D', /it has the character \u201C/],
		["'jane@example.com'", /it has no domain/],
		['jane@[10.0.0.1]', /it has the character \[/],
		['jane@example.com,', /it has the character ,/],
		['jane@example.com;', /it has the character ;/],
		['jane@example,com', /it has the character ,/],
		['a@b@c.de', /it has more than one @/],
		['a@example.com,b@example.com', /it has more than one @/],
		['a@example.com b@example.com', /it has more than one @/],
	])('refuses %j', (email, why) => {
		expect(reason(email)).toMatch(why);
	});

	it.each([
		'\u00A0',
		'\u00AD',
		'\u034F',
		'\u061C',
		'\u115F',
		'\u200B',
		'\u200E',
		'\u202E',
		'\u2060',
		'\u2066',
		'\u2800',
		'\uFE0F',
		'\uFEFF',
		'\t',
		'\u0000',
	])('names the invisible character %j', (character) => {
		const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
		for (const email of [`ja${character}ne@example.com`, `jane@exam${character}ple.com`]) {
			expect(reason(email)).toContain(`it has an invisible character (U+${code})`);
		}
	});

	it('refuses more than 254 characters', () => {
		expect(messages(checkEmail('Email', `${'a'.repeat(243)}@example.com`))).toEqual([
			'Email has 255 characters; inSigner allows 254',
		]);
	});

	it('shortens what it repeats', () => {
		expect(reason(`${'a'.repeat(200)}`)?.length).toBeLessThan(150);
	});
});

describe('checkPhone', () => {
	it.each([
		'',
		'+15551234567',
		'(0170) 123-45/67',
		'+49 (0)170 1234567',
		'555.123.4567',
		'555 1234 x12',
		'555 1234 ext. 7',
	])('accepts %j', (phone) => {
		expect(checkPhone('Phone', phone)).toEqual([]);
	});

	it.each([
		'4.9E+11',
		'4,9E+11',
		'="+491701234567"',
		"'+491701234567",
		'491701234567.0',
		'4.91',
		'none',
		'---',
		'1-2',
		'12',
		'+',
		'1+2 345',
		'\u202D+1555123456',
		'+1555\u00A01234',
	])('refuses %j', (phone) => {
		expect(messages(checkPhone('Phone', phone))).toEqual([
			`Phone ${JSON.stringify(phone)} isn't a phone number: use digits, perhaps with spaces and + ( ) - . /`.replace(
				/\\"/g,
				'"',
			),
		]);
	});
});

describe('checkName', () => {
	it.each([
		"O'Brien",
		'Jörg Müller-Lüdenscheidt',
		'Carl "CJ" Jones',
		'علی\u200Cرضا',
		'山田 太郎',
		'Jane\u00A0Smith',
	])('accepts %j', (name) => {
		expect(checkName('Name', name)).toEqual([]);
	});

	it.each([
		['\u200B \u00AD', 'is empty'],
		['Ann\nBob', 'has a line break'],
		[
			'J\uFFFDrgen',
			'is "J\uFFFDrgen": letters were lost when a file was read in the wrong encoding',
		],
		['Ann\u0007', 'has an invisible character (U+0007)'],
		['Ann \uD83D', 'has an invisible character (U+D83D)'],
	])('refuses %j', (name, message) => {
		expect(checkName('Name', name)).toEqual([{ parameter: 'Name', message }]);
	});
});

it('checkPerson names every parameter that is wrong', () => {
	const person = { name: '', email: 'x', phone: '1'.repeat(21) };
	expect(messages(checkPerson('Signer 2', person))).toEqual([
		'Signer 2: Name is empty',
		'Signer 2: Email "x" isn\'t a valid email address: it has no @',
		'Signer 2: Phone has 21 characters; inSigner allows 20',
	]);
});
