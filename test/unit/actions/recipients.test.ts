import {
	checkRecipients,
	toRecipient,
	type Recipient,
} from '../../../nodes/InSigner/actions/bulkSend/recipients';

const people = (count: number): Recipient[] =>
	Array.from({ length: count }, (_, n) => ({ name: `Person ${n}`, email: `p${n}@example.com` }));

it('toRecipient takes numbers for text and leaves an empty phone out', () => {
	expect(toRecipient({ name: " O'Brien ", email: 'o@example.com', phone: 15551234567 })).toEqual({
		name: "O'Brien",
		email: 'o@example.com',
		phone: '15551234567',
	});
	expect(toRecipient({ name: 'A', email: 'a@example.com', phone: '' })).not.toHaveProperty('phone');
	expect(toRecipient({ name: undefined, email: null })).toEqual({ name: '', email: '' });
});

describe('checkRecipients', () => {
	it('accepts 500 and no more, and not nobody', () => {
		expect(checkRecipients(people(500))).toEqual([]);
		expect(checkRecipients(people(501))).toHaveLength(1);
		expect(checkRecipients([])).toHaveLength(1);
	});

	it('names every bad row and every address that is there twice', () => {
		const rows = [...people(2), { name: '', email: 'bad' }, { name: 'P', email: 'P0@EXAMPLE.com' }];
		const problems = checkRecipients(rows);
		expect(problems.map(({ parameter, message }) => `${parameter} ${message}`)).toEqual([
			'Recipient 3: Name is empty',
			'Recipient 3: Email "bad" is not an e-mail address',
			'Recipient 4: Email "P0@EXAMPLE.com" is the same as of recipient 1; it would be mailed twice',
		]);
	});
});
