import {
	checkSigners,
	toSigner,
	type SignerInput,
} from '../../../nodes/InSigner/actions/signer/signerInput';

const people = (count: number, role: SignerInput['role'] = 'signer') =>
	Array.from({ length: count }, (_, order) =>
		toSigner({ name: `Person ${order}`, email: `p${order}@example.com`, role }, order),
	);

it("toSigner trims, keeps O'Brien and leaves an empty phone out", () => {
	const entered = { name: " Zoë O'Brien ", email: ' zoe@example.com ', phone: ' ' };
	expect(toSigner(entered, 2)).toEqual({
		name: "Zoë O'Brien",
		email: 'zoe@example.com',
		role: 'signer',
		order: 2,
	});
});

describe('checkSigners', () => {
	it('accepts 50 people and no more', () => {
		expect(checkSigners(people(50))).toEqual([]);
		expect(checkSigners(people(51))).toEqual([
			{ parameter: 'Signers', message: 'has 51 people; inSigner allows 50' },
		]);
	});

	it('refuses nobody, and only viewers', () => {
		expect(checkSigners([])).toHaveLength(1);
		expect(checkSigners(people(2, 'viewer'))).toEqual([
			{ parameter: 'Signers', message: 'holds only viewers: nobody would sign' },
		]);
	});
});
