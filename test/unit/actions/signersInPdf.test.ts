import {
	firstPart,
	prefixesProperty,
	readSignersInPdf,
	signerOfPrefix,
	signerOfRole,
	withoutSignature,
} from '../../../nodes/InSigner/actions/field/signersInPdf';
import { given } from '../parameters/given';

const TABLE = [
	{ name: 'buyer', signer: 'ann@example.com' },
	{ name: 'buyer_company', signer: '3' },
	{ name: 'Käufer 2', signer: '2' },
	{ name: 'tenant_', signer: '4' },
];

describe('the prefix of a form field', () => {
	it.each<[string, string, string]>([
		['buyer.signature', 'ann@example.com', 'signature'],
		['Buyer_home.town', 'ann@example.com', 'home town'],
		['BUYER', 'ann@example.com', ''],
		['tenant_town', '4', 'town'],
		['buyer_company.name', '3', 'name'],
		['käufer 2-Ort', '2', 'Ort'],
		['signer2_date', '2', 'date'],
		['signer2.date', '2', 'date'],
		['Signer 10:date', '10', 'date'],
		['signer_01_date', '1', 'date'],
		['signer1', '1', ''],
		['form1[0].#subform[0].Page1[0].buyer.town[0]', 'ann@example.com', 'town'],
		['topmostSubform[0].signer2_town[0]', '2', 'town'],
	])('of %s says %s', (name, signer, rest) => {
		expect(signerOfPrefix(name, TABLE)).toMatchObject({ signer, rest });
	});

	it.each([
		'town',
		'buyers.town',
		'my.buyer',
		'signer',
		'signature1',
		'signer2nd',
		'cosigner1.x',
		'',
	])('of "%s" is not known', (name) => {
		expect(signerOfPrefix(name, TABLE)).toBeUndefined();
	});

	it.each([
		['signer_2_date', 'signer_2', 'date'],
		['seller.town', 'seller', 'town'],
		['town', '', 'town'],
	])('of %s is listed as written', (name, signer, rest) => {
		expect(firstPart(name)).toEqual({ signer, rest });
	});
});

it.each([
	['1', '1'],
	['Ann', 'Ann'],
	['BUYER', 'ann@example.com'],
	['Signer 2', '2'],
	['recipient_1', '1'],
	['signers 1', 'signers 1'],
])('the role %s is %s', (role, signer) => {
	expect(signerOfRole(role, TABLE)).toBe(signer);
});

describe('a table of prefixes', () => {
	const read = (row: object[]) => readSignersInPdf(given({ prefixes: { row } }), prefixesProperty);

	it('may be empty', () => {
		expect(readSignersInPdf(given({}), prefixesProperty)).toEqual([]);
		expect(read([{ name: ' buyer ', signer: 2 }])).toEqual([{ name: 'buyer', signer: '2' }]);
	});

	it.each<[object[], string]>([
		[[{ signer: '1' }], 'Prefix 1: Prefix is empty'],
		[[{ name: 'a', signer: '' }], 'Prefix 1: Signer is empty'],
		[
			[
				{ name: 'a', signer: '1' },
				{ name: 'A', signer: '2' },
			],
			'Prefix 2: Prefix is "A", which is there twice',
		],
	])('is refused: %j', (rows, message) => {
		expect(() => read(rows)).toThrow(message);
	});
});

it('only those who sign need something to sign', () => {
	const signers = ['signer', 'approver', 'viewer', undefined].map((role, order) => ({
		...{ order, email: `${order}@example.com` },
		...(role && { role }),
	}));
	expect(withoutSignature([{ type: 'text', assignedTo: 0 }], signers)).toEqual(
		[0, 3].map((order) => ({
			parameter: 'The PDF',
			message: `has no signature for signer ${order + 1} (${order}@example.com)`,
		})),
	);
	const marks = [
		{ type: 'initials', assignedTo: 0 },
		{ type: 'stamp', assignedTo: 3 },
	];
	expect(withoutSignature(marks, signers)).toEqual([]);
});
