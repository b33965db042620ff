import {
	checkSigners,
	readSigner,
	type SignerInput,
} from '../../../nodes/InSigner/actions/signer/signerInput';
import { given } from '../parameters/given';

const people = (count: number, role: SignerInput['role'] = 'signer') =>
	Array.from({ length: count }, (_, order) =>
		readSigner(given({ name: `Person ${order}`, email: `p${order}@example.com`, role }), order),
	);

describe('readSigner', () => {
	it("trims, keeps O'Brien and leaves an empty phone out", () => {
		const entered = { name: " Zoë O'Brien ", email: ' zoe@example.com ', phone: ' ' };
		expect(readSigner(given(entered), 2)).toEqual({
			name: "Zoë O'Brien",
			email: 'zoe@example.com',
			role: 'signer',
			order: 2,
		});
	});

	it('takes numbers as text, a role in any case, and no phone for null', () => {
		const entered = { name: 4711, email: 'a@example.com', role: ' Viewer ', phone: null };
		expect(readSigner(given(entered), 0)).toEqual({
			name: '4711',
			email: 'a@example.com',
			role: 'viewer',
			order: 0,
		});
		expect(readSigner(given({ phone: 49123 }), 0)).toMatchObject({ phone: '49123', name: '' });
	});

	it.each<[object, string]>([
		[{ name: { first: 'Ann' } }, 'Name must be text, but is an object'],
		[{ name: true }, 'Name must be text, but is true'],
		[{ email: ['a@example.com'] }, 'Email must be text, but is a list'],
		[{ role: 'witness' }, 'Role must be one of approver, signer, viewer, but is "witness"'],
		[{ role: null }, 'Role must be one of approver, signer, viewer, but is empty'],
	])('refuses %j', (entered, expected) => {
		expect(() => readSigner(given(entered), 0)).toThrow(expected);
	});
});

describe('checkSigners', () => {
	it('accepts 50 people and no more', () => {
		expect(checkSigners(people(50))).toEqual([]);
		expect(checkSigners(people(51))).toEqual([
			{ parameter: 'Signers', message: 'has 51 people; inSigner allows 50' },
		]);
	});

	it('refuses an empty list, and only viewers', () => {
		expect(checkSigners([])).toHaveLength(1);
		expect(checkSigners(people(2, 'viewer'))).toEqual([
			{ parameter: 'Signers', message: 'holds only viewers: no one would sign' },
		]);
	});
});
