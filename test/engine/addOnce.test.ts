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
afterEach(() => time.restore());

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };

interface Kind {
	resource: 'signer' | 'field';
	post: string;
	get: string;
	parameters: INodeParameters;
	held: (document: StoredDocument) => Array<{ id: string }>;
}

const KINDS: Kind[] = [
	{
		resource: 'signer',
		post: 'addSigner',
		get: 'listSigners',
		parameters: { name: 'Zoe', email: 'Zoe@example.com', order: 3, role: 'signer', phone: '' },
		held: ({ signers }) => signers.filter(({ email }) => /^zoe@/i.test(email)),
	},
	{
		resource: 'field',
		post: 'addField',
		get: 'listFields',
		parameters: { type: 'stamp', signer: '1', position: 'coordinates', page: 1, x: 10, y: 10 },
		held: ({ fields }) => fields.filter(({ type }) => type === 'stamp'),
	},
];

describe.each(KINDS)('$resource: Add', ({ resource, post, get, parameters, held }) => {
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
	] as const)('takes what is there after the answer was lost: %s', async (_, lost) => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: lost });
		const { items, error } = await add(document, {});
		expect(error).toBeUndefined();
		expect(held(document)).toMatchObject([{ id: items[0]?.json.id }]);
		expect([held(document).length, posts()]).toEqual([1, 1]);
	});

	it('waits for reads that are behind', async () => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: { drop: true } });
		// Behind for the first looks; the list before the request was read already.
		fault({ nth: 2, times: 3, fault: { status: 200, body: { data: [] } } }, get);
		const { error } = await add(document, {});
		expect(error).toBeUndefined();
		expect([held(document).length, posts()]).toEqual([1, 1]);
		expect(time.waitedMs()).toBeGreaterThanOrEqual(5_000);
	});

	it('finds in a later try what an earlier one added, and adds it no second time', async () => {
		const document = draft();
		fault({ nth: 1, when: 'after', fault: { drop: true } });
		// As long as the first try looks, nothing shows.
		fault({ nth: 2, times: 5, fault: { status: 200, body: { data: [] } } }, get);
		const { items, error } = await add(document);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect([held(document).length, posts()]).toEqual([1, 1]);
	});

	it('is added in a later try when it is not there', async () => {
		const document = draft();
		fault({ nth: 1, fault: { drop: true } });
		const { error } = await add(document);
		expect(error).toBeUndefined();
		expect([held(document).length, posts()]).toEqual([1, 2]);
	});

	it('is not added again in the same try without a word of the service', async () => {
		const document = draft();
		fault({ nth: 1, fault: { drop: true } });
		const { error } = await add(document, {});
		expect(error?.message).toMatch(/no answer/);
		expect([held(document).length, posts()]).toEqual([0, 1]);
		expect(time.waitedMs()).toBe(10_000);
	});

	it('is added again where the service itself said that it ended', async () => {
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
