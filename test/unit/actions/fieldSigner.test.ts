import {
	signerNumber,
	type EnteredSigner,
	type FieldSigner,
} from '../../../nodes/InSigner/actions/field/fieldSigner';

const signers: FieldSigner[] = [
	{ name: "Ann O'Brien", email: 'ann@example.com', order: 0 },
	{ name: 'Bob', email: 'Bob@example.com', order: 1 },
	{ name: 'Bob', email: 'bob2@example.com', order: 2 },
];

const messageOf = (entered: EnteredSigner, of?: FieldSigner[]) => {
	const found = signerNumber(entered, of);
	return typeof found === 'number' ? found : `${found.parameter} ${found.message}`;
};

it.each<[string, number]>([
	['1', 0],
	[' 3 ', 2],
	['ANN@example.com', 0],
	["ann o'brien", 0],
	['bob2@example.com', 2],
])('finds %j', (signer, expected) => {
	expect(signerNumber({ signer }, signers)).toBe(expected);
});

it('takes positions in the order as it is now, after someone was removed', () => {
	const left = [...signers.slice(1)].reverse();
	expect(signerNumber({ signer: '1' }, left)).toBe(1);
	expect(signerNumber({ signer: '2' }, left)).toBe(2);
	expect(messageOf({ signer: '3' }, left)).toBe('Signer is 3, but there are 2 signers');
});

it('takes the position for the order as long as there are no signers', () => {
	expect(signerNumber({ signer: '7' })).toBe(6);
	expect(messageOf({ signer: '0' }, [])).toBe('Signer must be 1 for the first signer');
	expect(messageOf({ signer: '51' }, [])).toBe('Signer is 51, but there are 0 signers');
	expect(messageOf({ signer: 'ann@example.com' }, [])).toMatch(/none of the signers/);
});

it('says who may yet show, so that it is worth looking again', () => {
	expect(signerNumber({ signer: '4' }, signers)).toMatchObject({ mayShow: true });
	expect(signerNumber({ signer: 'carl@example.com' }, signers)).toMatchObject({ mayShow: true });
	expect(signerNumber({ signer: 'Bob' }, signers)).not.toHaveProperty('mayShow');
	expect(signerNumber({ signer: '' }, signers)).not.toHaveProperty('mayShow');
});

it('refuses an order that two people share, however one of them is called', () => {
	const shared = [
		{ name: 'Ann', email: 'ann@example.com', order: 0 },
		{ name: 'Bob', email: 'bob@example.com', order: 0 },
	];
	const expected = /ann@example\.com and bob@example\.com share one Order/;
	for (const entered of [{ signer: '1' }, { signer: 'bob@example.com' }, { assignedTo: 0 }]) {
		expect(messageOf(entered, shared)).toMatch(expected);
	}
});

it('refuses signer and assignedTo that are two people', () => {
	expect(messageOf({ signer: '1', assignedTo: 1 }, signers)).toMatch(/two different people/);
	expect(messageOf({ signer: '1', assignedTo: 0 }, signers)).toBe(0);
	expect(messageOf({ signer: '1', assignedTo: 9 }, signers)).toMatch(/^assignedTo is 9/);
	expect(messageOf({ assignedTo: -1 }, [])).toBe('assignedTo must be a whole number from 0');
});
