import fc from 'fast-check';

import {
	decode,
	encode,
	NOTHING_KNOWN,
	type Known,
	type Snapshot,
} from '../../../nodes/InSigner/polling/snapshot';

const known: fc.Arbitrary<Known> = fc
	.record({
		stage: fc.constantFrom('draft', 'open', 'ended'),
		time: fc.nat(2_000_000_000_000),
		signers: fc.option(fc.array(fc.stringMatching(/^[\w-]{8}$/), { maxLength: 3 }), {
			nil: undefined,
		}),
		due: fc.boolean(),
		seen: fc.boolean(),
		missing: fc.boolean(),
	})
	.map(
		({ signers, missing, ...rest }) =>
			({ ...rest, ...(signers && { signers }), ...(missing && { missing }) }) as Known,
	);

const ids = fc.string({ unit: 'grapheme', minLength: 1 });
const knownById = fc.array(fc.tuple(ids, known)).map((entries) => new Map(entries));

it('is the same after n8n kept it as JSON, whatever ids look like', () => {
	fc.assert(
		fc.property(knownById, knownById, (all, told) => {
			const snapshot: Snapshot = {
				documents: { ...NOTHING_KNOWN, known: all, told, turn: 'lists', reading: { list: 1 } },
				bulkSends: { ...NOTHING_KNOWN, latest: 1, latestId: 'bs_1' },
				toldBy: 'a process',
				owner: 'a key',
				organization: 'org_1',
			};
			const kept = JSON.parse(JSON.stringify(encode(snapshot))) as Record<string, never>;
			expect(decode(kept)).toEqual(snapshot);
		}),
	);
});

it('takes about 45 bytes for a document, 1 MB for as many as can be watched', () => {
	const bytesFor = (signers: string[] | undefined) => {
		const all = new Map<string, Known>();
		for (let n = 0; n < 20_000; n++) {
			const id = `cm${String(n).padStart(23, '0')}`;
			const time = Date.parse('2026-11-25T00:00:00Z') + n;
			all.set(id, { stage: 'open', time, ...(signers && { signers }), due: false, seen: false });
		}
		const documents = { ...NOTHING_KNOWN, known: all };
		return Buffer.byteLength(JSON.stringify(encode({ documents })));
	};
	expect(bytesFor(undefined) / 20_000).toBeLessThan(42);
	expect(bytesFor(['aaaaaaaa'])).toBeLessThan(1_000_000);
});

it('starts over if something else is stored', () => {
	expect(decode({})).toEqual({});
	expect(decode({ version: 99, documents: {} })).toEqual({});
});
