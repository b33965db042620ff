import { differencesFromDraft } from '../../../nodes/InSigner/actions/document/draftCheck';
import { completed, toFields } from '../../../nodes/InSigner/actions/field/fieldInput';
import { toSigner } from '../../../nodes/InSigner/actions/signer/signerInput';

const signers = [
	toSigner({ name: 'Ann', email: 'ann@example.com' }, 0),
	toSigner({ name: 'Bob', email: 'bob@example.com' }, 1),
];
const { fields } = toFields(
	[completed({ signer: '1', x: 1 }), completed({ signer: '2', x: 2 })],
	[],
	signers,
	undefined,
);

type Draft = Parameters<typeof differencesFromDraft>[0];

const held = (change: (draft: Draft) => void = () => undefined): Draft => {
	const draft: Draft = {
		status: 'draft',
		signers: signers.map((signer, n) => ({
			...signer,
			id: `sr_${n}`,
			status: 'pending',
			signedAt: null,
			createdAt: '2026-05-28T12:00:00.000Z',
			updatedAt: '2026-05-28T12:00:00.000Z',
		})),
		fields: fields.map((field, n) => ({
			label: null,
			placeholder: null,
			defaultValue: null,
			validation: null,
			group: null,
			format: null,
			documentId: 'cm1',
			...field,
			options: null,
			id: `fld_${n}`,
		})),
	};
	change(draft);
	return draft;
};

describe('differencesFromDraft', () => {
	it('finds none in what was asked', () => {
		expect(differencesFromDraft(held(), signers, fields)).toEqual([]);
	});

	it('does not mind another case of an address', () => {
		const draft = held(({ signers: [first] }) => {
			if (first) first.email = 'Ann@Example.com';
		});
		expect(differencesFromDraft(draft, signers, fields)).toEqual([]);
	});

	it.each<[string, (draft: Draft) => void, RegExp]>([
		['a signer too few', (draft) => draft.signers.pop(), /has 1 signers instead of 2/],
		[
			'swapped signers',
			(draft) => draft.signers.forEach((signer) => (signer.order = 1 - signer.order)),
			/Position 1 holds bob@example.com/,
		],
		[
			'everybody at position 1',
			(draft) => draft.signers.forEach((signer) => (signer.order = 0)),
			/Nobody is at position 2/,
		],
		[
			'a field with the wrong signer',
			(draft) => draft.fields.forEach((field) => (field.assignedTo = 0)),
			/2 fields of type signature on page 1 for signer 1 instead of 1/,
		],
		['a lost field', (draft) => draft.fields.pop(), /0 fields .* signer 2 instead of 1/],
		['a document already sent', (draft) => (draft.status = 'pending'), /no longer a draft/],
	])('finds %s', (_, change, expected) => {
		expect(differencesFromDraft(held(change), signers, fields).join('\n')).toMatch(expected);
	});
});
