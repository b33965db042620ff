import fc from 'fast-check';

import {
	automaticFields,
	type Extras,
} from '../../../nodes/InSigner/actions/field/automaticFields';
import { toFields } from '../../../nodes/InSigner/actions/field/fieldInput';
import type { SignerInput } from '../../../nodes/InSigner/actions/signer/signerInput';

const A4 = { widthPt: 595, heightPt: 842 };
const NOTHING: Extras = { alsoAdd: [], initialsOnEveryPage: false };

const people = (...roles: Array<SignerInput['role']>): SignerInput[] =>
	roles.map((role, order) => ({ name: `P${order}`, email: `p${order}@example.com`, role, order }));

const placed = (signers: SignerInput[], pages = [A4], extras = NOTHING) => {
	const result = automaticFields(signers, pages, extras);
	if ('problems' in result) throw new Error(result.problems[0]?.message);
	return result.fields;
};

it('goes from the bottom left to the right, then upwards, in signing order', () => {
	const [first, second, third] = placed(people('signer', 'signer', 'signer').reverse(), [A4, A4]);
	expect(first).toMatchObject({ type: 'signature', assignedTo: 0, page: 2, x: 50, y: 732 });
	expect(second).toMatchObject({ assignedTo: 1, page: 2, x: 262, y: 732 });
	expect(third).toMatchObject({ assignedTo: 2, page: 2, x: 50, y: 660 });
});

it('gives approvers an approval and viewers nothing', () => {
	expect(
		placed(people('approver', 'viewer', 'signer')).map(({ type, assignedTo }) => [
			type,
			assignedTo,
		]),
	).toEqual([
		['approval', 0],
		['signature', 2],
	]);
});

it('puts date and name below each signature, and initials of those who sign on every page', () => {
	const fields = placed(people('signer', 'approver'), [A4, A4], {
		alsoAdd: ['date_signed', 'name'],
		initialsOnEveryPage: true,
	});
	expect(fields.map(({ type, page, assignedTo }) => `${type} ${page} ${assignedTo}`)).toEqual([
		...['initials 1 0', 'initials 2 0'],
		...['signature 2 0', 'date_signed 2 0', 'name 2 0'],
		...['approval 2 1', 'date_signed 2 1', 'name 2 1'],
	]);
});

it.each([
	[
		'signatures',
		23,
		{ widthPt: 595, heightPt: 842 },
		NOTHING,
		'room for 20 signatures on page 1, but 23',
	],
	[
		'a strip',
		1,
		{ widthPt: 150, heightPt: 842 },
		NOTHING,
		'room for 0 signatures on page 1, but 1',
	],
	[
		'initials',
		3,
		{ widthPt: 100, heightPt: 80 },
		{ alsoAdd: [], initialsOnEveryPage: true },
		'initials',
	],
] as const)('says where there is no room: %s', (_, count, page, extras, message) => {
	const signers = people(...Array.from({ length: count }, () => 'signer' as const));
	expect(automaticFields(signers, [page], extras)).toMatchObject({
		problems: [
			{ parameter: 'Specify Fields', message: expect.stringContaining(message) as string },
		],
	});
});

it('never overlaps and never leaves the page, whatever the pages and people', () => {
	const role = fc.constantFrom('signer', 'approver', 'viewer');
	const side = fc.double({ min: 60, max: 2_000, noNaN: true });
	const page = fc.record({ widthPt: side, heightPt: side });
	fc.assert(
		fc.property(
			fc.array(role, { minLength: 1, maxLength: 12 }),
			fc.array(page, { minLength: 1, maxLength: 3 }),
			fc.subarray(['date_signed', 'name'] as const),
			fc.boolean(),
			(roles, pages, alsoAdd, initialsOnEveryPage) => {
				const signers = people(...roles);
				const result = automaticFields(signers, pages, { alsoAdd, initialsOnEveryPage });
				if ('problems' in result) return;
				const { problems, fields } = toFields(result.fields, undefined, signers, pages);
				expect(problems).toEqual([]);
				expect(fields).toHaveLength(result.fields.length);
				const signing = roles.filter((one) => one !== 'viewer').length;
				const main = fields.filter(({ type }) => ['signature', 'approval'].includes(type));
				expect(main.map(({ page }) => page)).toEqual(Array(signing).fill(pages.length));
			},
		),
	);
});
