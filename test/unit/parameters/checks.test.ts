import { checkEmail, checkPerson, checkText } from '../../../nodes/InSigner/parameters/checks';

const messages = (problems: Array<{ parameter: string; message: string }>) =>
	problems.map(({ parameter, message }) => `${parameter} ${message}`);

describe('checkText', () => {
	it('counts characters as people do, not UTF-16 units', () => {
		expect(checkText('Name', '🖋'.repeat(200), { max: 200 })).toEqual([]);
		expect(messages(checkText('Name', '🖋'.repeat(201), { max: 200 }))).toEqual([
			'Name has 201 characters; inSigner allows 200',
		]);
	});

	it('takes blanks for empty where a text is required', () => {
		expect(messages(checkText('Name', '  ', { required: true, max: 9 }))).toEqual([
			'Name is empty',
		]);
		expect(checkText('Phone', '', { max: 20 })).toEqual([]);
	});
});

describe('checkEmail', () => {
	it.each(['jane@example.com', "o'brien+n8n@sub.example.co", 'jörg@bücher.example'])(
		'accepts %s',
		(email) => {
			expect(checkEmail('Email', email)).toEqual([]);
		},
	);

	it.each(['', 'jane', 'jane@', '@example.com', 'jane@example', 'a b@example.com', 'a@b@c.de'])(
		'refuses %j',
		(email) => {
			expect(checkEmail('Email', email)).toHaveLength(1);
		},
	);

	it('refuses more than 254 characters', () => {
		expect(messages(checkEmail('Email', `${'a'.repeat(243)}@example.com`))).toEqual([
			'Email has 255 characters; inSigner allows 254',
		]);
	});
});

it('checkPerson names every parameter that is wrong', () => {
	const person = { name: '', email: 'x', phone: '1'.repeat(21) };
	expect(messages(checkPerson('Signer 2', person))).toEqual([
		'Signer 2: Name is empty',
		'Signer 2: Email "x" is not an e-mail address',
		'Signer 2: Phone has 21 characters; inSigner allows 20',
	]);
});
