import type { INodeParameters } from 'n8n-workflow';

import type { FaultRule } from '../sandbox/faults';
import type { StoredDocument } from '../sandbox/store';
import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	time = passTime(bench.sandbox);
});
afterEach(() => {
	time.restore();
	bench.sandbox.lagReads(0);
});

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };

interface Kind {
	resource: 'signer' | 'field';
	post: string;
	get: string;
	parameters: INodeParameters;
	held: (document: StoredDocument) => Array<{ id: string }>;
	/** Adds another, identical one to the document. */
	twin: (document: StoredDocument) => void;
}

const KINDS: Kind[] = [
	{
		resource: 'signer',
		post: 'addSigner',
		get: 'listSigners',
		parameters: { name: 'Zoe', email: 'Zoe@example.com', order: 3, role: 'signer', phone: '' },
		held: ({ signers }) => signers.filter(({ email }) => /^zoe@/i.test(email)),
		twin: ({ signers: [first, ...others], signers }) => {
			expect(others).toEqual([]);
			if (first) signers.push({ ...first, id: 'sr_twin', email: 'zoe@example.com', order: 2 });
		},
	},
	{
		resource: 'field',
		post: 'addField',
		get: 'listFields',
		parameters: { type: 'stamp', signer: '1', position: 'coordinates', page: 1, x: 10, y: 10 },
		held: ({ fields }) => fields.filter(({ type }) => type === 'stamp'),
		twin: ({ fields: [first], fields }) => {
			const place = { page: 1, x: 10, y: 10, width: 120, height: 120 };
			if (first) fields.push({ ...first, ...place, id: 'fld_twin', type: 'stamp' });
		},
	},
];

describe.each(KINDS)('$resource: Add', ({ resource, post, get, parameters, held, twin }) => {
	const draft = () =>
		bench.sandbox.store.seedDocuments(1, { status: 'draft' })[0] as StoredDocument;
	const add = async (document: StoredDocument, node: object = RETRY, values = {}) =>
		await bench.act(
			resource,
			'add',
			{ documentId: byId(document.id), ...parameters, ...values },
			{ node },
		);
	const fault = (rule: Omit<FaultRule, 'match'>, operationId = post) =>
		bench.sandbox.faults.add({ match: { operationId }, ...rule });
	const posts = () =>
		bench.sandbox.journal.requests.filter(({ operationId }) => operationId === post).length;

	it.each([
		['broken off', { drop: true }],
		['a 500', { status: 500 }],
		['a 504 of a gateway', { status: 504, body: '<html>', contentType: 'text/html' }],
	] as const)('accepts what is there after the answer was lost: %s', async (_, lost) => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: lost });
		const { items, error } = await add(document, {});
		expect(error).toBeUndefined();
		expect(held(document)).toMatchObject([{ id: items[0]?.json.id }]);
		expect([held(document).length, posts()]).toEqual([1, 1]);
	});

	it('waits for lagging reads', async () => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: { drop: true } });
		bench.sandbox.lagReads(5_000);
		const { error } = await add(document, {});
		expect(error).toBeUndefined();
		expect([held(document).length, posts()]).toEqual([1, 1]);
		expect(time.waitedMs()).toBeGreaterThanOrEqual(5_000);
	});

	it('finds in a later try what an earlier one added, and does not add it again', async () => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: { drop: true } });
		// While the first try is looking, nothing shows up.
		fault({ nth: 2, times: 5, fault: { status: 200, body: { data: [] } } }, get);
		const { items, error } = await add(document);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect([held(document).length, posts()]).toEqual([1, 1]);
	});

	it('finds what the service does after the first try gave up', async () => {
		const document = draft();
		fault({ nth: 1, when: { lateMs: 15_000 }, fault: { drop: true } });
		const { error } = await add(document);
		expect(error).toBeUndefined();
		await bench.sandbox.clock.advance(60_000);
		expect([held(document).length, posts()]).toEqual([1, 1]);
	});

	it('says so when the first request was carried out after all, while it was added again', async () => {
		const document = draft();
		fault({ nth: 1, fault: { drop: true } });
		fault({ nth: 2, fault: { hangMs: 1 }, onPlay: () => twin(document) });
		const { error } = await add(document);
		expect(error?.message).toMatch(/^(Signer|Field) .+ is in document \S+ 2 times now$/);
		const ids = held(document).map(({ id }) => id);
		expect(ids).toHaveLength(2);
		for (const id of ids) expect(error?.description).toContain(id);
		expect(posts()).toBe(2);
	});

	it('is added in a later try if it is not there', async () => {
		const document = draft();
		fault({ nth: 1, fault: { drop: true } });
		const { error } = await add(document);
		expect(error).toBeUndefined();
		expect([held(document).length, posts()]).toEqual([1, 2]);
	});

	it('is not added again in the same try unless the service says it ended', async () => {
		const document = draft();
		fault({ nth: 1, fault: { drop: true } });
		const { error } = await add(document, {});
		expect(error?.message).toMatch(
			/^(Signer|Field) .+ may or may not have been added to document \S+: inSigner at \S+ gave no answer/,
		);
		expect(error?.message).toContain(document.id);
		expect(error?.description).toMatch(/^Look at document \S+ before running this again\./);
		expect([held(document).length, posts()]).toEqual([0, 1]);
		expect(time.waitedMs()).toBe(10_000);
	});

	it('is added again if the service itself said that it ended', async () => {
		const document = draft();
		fault({
			nth: 1,
			fault: {
				status: 500,
				body: { type: 'internal-error', title: 'Error', status: 500 },
				contentType: 'application/problem+json',
			},
		});
		const { error } = await add(document, {});
		expect(error).toBeUndefined();
		expect([held(document).length, posts()]).toEqual([1, 2]);
	});
});
