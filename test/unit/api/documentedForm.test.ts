import { inDocumentedForm } from '../../../nodes/InSigner/api/documentedForm';

describe('inDocumentedForm', () => {
	it.each<[string, unknown, unknown]>([
		['ids that are numbers', { id: 7, signers: [{ id: 8 }] }, { id: '7', signers: [{ id: '8' }] }],
		[
			'ids of other things',
			[{ templateId: 9, folderId: null }],
			[{ templateId: '9', folderId: null }],
		],
		['a status in capitals', [{ status: 'PENDING' }], [{ status: 'pending' }]],
		['the American spelling', { status: 'Canceled' }, { status: 'cancelled' }],
		['an unknown status', { status: 'archived' }, { status: 'archived' }],
		[
			'a document in a key of its own',
			{ document: { id: 7, status: 'DRAFT' }, signers: [] },
			{ id: '7', status: 'draft', signers: [] },
		],
		['something that has a document', { id: 'sr_1', document: {} }, { id: 'sr_1', document: {} }],
		[
			'other numbers and texts',
			{ order: 0, name: 'CANCELED', valid: 1 },
			{ order: 0, name: 'CANCELED', valid: 1 },
		],
		['nothing', undefined, undefined],
		['no object', 'text', 'text'],
	])('%s', (_, value, expected) => {
		expect(inDocumentedForm(value)).toEqual(expected);
	});

	it('survives any depth, and prototype keys', () => {
		let deep: unknown = { status: 'DRAFT' };
		for (let level = 0; level < 100_000; level++) deep = [deep];
		expect(() => inDocumentedForm(deep)).not.toThrow();
		const copy = inDocumentedForm<object>(JSON.parse('{"__proto__":{"polluted":true}}') as object);
		expect('polluted' in copy).toBe(false);
	});
});
