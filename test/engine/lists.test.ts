import type { INodeParameters } from 'n8n-workflow';

import { startBench, byId, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const limits = () => bench.sandbox.journal.requests.map(({ query }) => query.limit);

const list = async (filters: INodeParameters, limit?: number) => {
	const { items, error } = await bench.act('document', 'getMany', {
		returnAll: limit === undefined,
		...(limit !== undefined && { limit }),
		filters,
	});
	expect(error).toBeUndefined();
	return items.map(({ json }) => String(json.name));
};

describe('the filters that inSigner does not have', () => {
	const day = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 86_400_000);

	// Document 1 is from 2 January 2026, Document 250 is the newest; the list returns the newest first.
	beforeAll(() => {
		bench.sandbox.store.seedDocuments(250, (number) => ({
			createdAt: day(number).toISOString(),
			templateId: number % 100 === 1 ? 'tpl_rare' : null,
			campaignId: number === 7 ? 'cmp_one' : null,
			bulkSendId: number <= 3 ? 'bs_old' : null,
			status: number % 2 === 0 ? 'pending' : 'draft',
		}));
	});

	it('finds the documents of a template, a campaign and a bulk send', async () => {
		expect(await list({ templateId: byId('tpl_rare') })).toEqual([
			'Document 201',
			'Document 101',
			'Document 1',
		]);
		expect(limits()).toEqual(['100', '100', '100']);
		expect(await list({ campaignId: 'cmp_one' })).toEqual(['Document 7']);
		expect(await list({ bulkSendId: byId('bs_old') })).toEqual([
			'Document 3',
			'Document 2',
			'Document 1',
		]);
	});

	it('combines them with those that inSigner has', async () => {
		const filters = { bulkSendId: byId('bs_old'), status: 'pending' };
		expect(await list(filters)).toEqual(['Document 2']);
		expect(bench.sandbox.journal.requests[0]?.query.status).toBe('pending');
		expect(limits()).toEqual(['100', '100']);
	});

	it('counts what it returns against the limit, and asks for no more pages than that takes', async () => {
		expect(await list({ templateId: byId('tpl_rare') }, 1)).toEqual(['Document 201']);
		expect(limits()).toEqual(['100']);
		bench.sandbox.journal.clear();
		expect(await list({ templateId: byId('tpl_rare') }, 2)).toEqual([
			'Document 201',
			'Document 101',
		]);
		expect(limits()).toEqual(['100', '100']);
	});

	it('treats times as a half-open range, and reads on past what is too early', async () => {
		const filters = {
			createdAfter: day(10).toISOString(),
			createdBefore: day(12).toISOString(),
		};
		expect(await list(filters)).toEqual(['Document 11', 'Document 10']);
		// The order of the list is not documented.
		expect(await list({ createdAfter: day(249).toISOString() })).toHaveLength(2);
		expect(limits()).toHaveLength(6);
	});

	it('reads a time without a zone in the zone of the workflow', async () => {
		const { items } = await bench.act(
			'document',
			'getMany',
			{ returnAll: true, filters: { createdBefore: '2026-01-02T09:00:00' } },
			{ settings: { timezone: 'Asia/Tokyo' } },
		);
		// 9:00 in Tokyo is 0:00 UTC, when the first document was created.
		expect(items).toEqual([]);
	});

	it('refuses what is not a time before anything is asked', async () => {
		const { error } = await bench.act('document', 'getMany', {
			returnAll: true,
			filters: { createdAfter: 'last week' },
		});
		expect(error?.message).toBe(
			'Created After must be a date, such as 2031-03-31, but is "last week"',
		);
		expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it.each(['templateId', 'createdAfter', 'search', 'status'])(
		'refuses a filter %s whose expression gives nothing, since it would return everything',
		async (filter) => {
			const { error } = await bench.act('document', 'getMany', {
				returnAll: true,
				filters: { [filter]: '={{ $json.missing }}' },
			});
			expect(error?.message).toMatch(/: the expression gives nothing for this item$/);
			expect(bench.sandbox.journal.requests).toEqual([]);
		},
	);

	it('treats an empty filter as none', async () => {
		const filters = { templateId: byId(''), campaignId: '', createdAfter: '' };
		expect(await list(filters, 3)).toHaveLength(3);
		expect(limits()).toEqual(['3']);
	});

	it('finds the signers of a status', async () => {
		const [document] = bench.sandbox.store.seedDocuments(1, (number) => ({
			name: `Signed ${number}`,
			status: 'completed',
		}));
		const signersOf = async (status: string) => {
			const { items } = await bench.act('signer', 'getMany', {
				documentId: byId(document?.id ?? ''),
				returnAll: true,
				filters: { status },
			});
			return items.length;
		};
		expect([await signersOf('completed'), await signersOf('pending')]).toEqual([1, 0]);
	});
});

describe('Return All and Limit', () => {
	const names = async (parameters: INodeParameters) => {
		const { items, error } = await bench.act('document', 'getMany', { filters: {}, ...parameters });
		return error?.message ?? items.length;
	};
	const expression = (value: unknown) =>
		`={{ ${value === undefined ? 'undefined' : JSON.stringify(value)} }}`;

	beforeAll(() => bench.sandbox.store.seedDocuments(60));

	it.each<[unknown, number | string]>([
		['10', 10],
		[3, 3],
		['abc', 'Limit must be a whole number from 1, but is "abc"'],
		[null, 'Limit must be a whole number from 1, but is empty'],
		[undefined, 'Limit must be a whole number from 1, but is empty'],
		[0, 'Limit must be a whole number from 1, but is 0'],
		[-1, 'Limit must be a whole number from 1, but is -1'],
		[1.5, 'Limit must be a whole number from 1, but is 1.5'],
	])('a limit of %j', async (limit, expected) => {
		expect(await names({ returnAll: false, limit: expression(limit) })).toBe(expected);
		if (typeof expected === 'string') expect(bench.sandbox.journal.requests).toEqual([]);
	});

	it.each(['false', 'no', '0', 0])('Return All %j returns up to the limit', async (returnAll) => {
		expect(await names({ returnAll: expression(returnAll), limit: 2 })).toBe(2);
	});

	it('a text in the workflow itself is read in the same way', async () => {
		expect(await names({ returnAll: 'false' })).toBe(50);
		expect(await names({ returnAll: 'yes' })).toBeGreaterThan(60);
	});
});

describe('Simplify', () => {
	const named = (wanted: string) => (object: { name: string }) => object.name === wanted;
	const read = async (resource: string, operation: string, parameters: INodeParameters) => {
		const { items, error } = await bench.act(resource, operation, parameters);
		expect(error).toBeUndefined();
		return items[0]?.json ?? {};
	};
	const document = () => bench.sandbox.store.seedDocuments(1)[0]?.id ?? '';
	const template = () => bench.sandbox.store.templates.all().find(named('Standard NDA'))?.id ?? '';
	const all = { returnAll: true, filters: {} };

	it.each<[string, string, () => INodeParameters]>([
		['document', 'get', () => ({ documentId: byId(document()), options: {} })],
		['document', 'getMany', () => all],
		['template', 'get', () => ({ templateId: byId(template()) })],
		['template', 'getMany', () => all],
		['field', 'getMany', () => ({ documentId: byId(document()), returnAll: true })],
		['organization', 'get', () => ({})],
	])('%s: %s gives at most ten keys, or all there are', async (resource, operation, of) => {
		const simple = await read(resource, operation, of());
		const raw = await read(resource, operation, { ...of(), simplify: false });
		expect(Object.keys(simple).length).toBeLessThanOrEqual(12);
		expect(Object.keys(simple)).toEqual(expect.arrayContaining(['id']));
		expect(Object.keys(raw)).toEqual(expect.arrayContaining(Object.keys(simple)));
		expect(Object.keys(raw).length).toBeGreaterThan(Object.keys(simple).length);
	});

	it('keeps who has signed, and signing links only if they were asked for', async () => {
		const sent = await bench.act(
			'document',
			'createAndSend',
			{
				name: 'Simple',
				binaryPropertyName: 'data',
				signers: {
					signer: [{ name: 'Ann', email: 'ann@example.com', role: 'signer', phone: '' }],
				},
				specifyFields: 'form',
				fields: {
					field: [
						{
							type: 'signature',
							signerPosition: 1,
							page: 1,
							x: 72,
							y: 600,
							fieldOptions: { width: 180, height: 50 },
						},
					],
				},
				options: {},
			},
			{ items: [await bench.pdfItem('Simple')] },
		);
		const documentId = byId(String(sent.items[0]?.json.id));
		const plain = await read('document', 'get', { documentId, options: {} });
		expect(plain.signers).toEqual([
			{
				id: expect.any(String) as string,
				name: 'Ann',
				email: 'ann@example.com',
				role: 'signer',
				status: 'pending',
				order: 0,
				signedAt: null,
			},
		]);
		const linked = await read('document', 'get', {
			documentId,
			options: { includeSigningLinks: true },
		});
		expect(JSON.stringify(linked.signers)).toContain('/sign/');
	});

	it('leaves what inSigner may add one day to the raw data', async () => {
		const data = { id: 'd', name: 'n', status: 'draft', brandNew: true };
		bench.sandbox.faults.add({
			match: { operationId: 'listDocuments' },
			fault: { status: 200, contentType: 'application/json', body: { data: [data] } },
		});
		expect(await read('document', 'getMany', all)).toEqual({ id: 'd', name: 'n', status: 'draft' });
		expect(await read('document', 'getMany', { ...all, simplify: false })).toEqual(data);
	});
});

describe('Document: Get Many', () => {
	beforeAll(async () => {
		for (let n = 0; n < 7; n++) {
			await bench.act('document', 'create', { name: `Paged ${n}`, options: {} });
		}
	});

	it('returns no more than the limit and asks for no more', async () => {
		const { items } = await bench.act('document', 'getMany', {
			returnAll: false,
			limit: 5,
			filters: { search: 'paged', status: 'draft' },
		});
		expect(items.map(({ json }) => json.name)).toEqual([6, 5, 4, 3, 2].map((n) => `Paged ${n}`));
		expect(bench.sandbox.journal.requests.map(({ query }) => query.limit)).toEqual(['5']);
	});

	it('returns all', async () => {
		const { items } = await bench.act('document', 'getMany', {
			returnAll: true,
			filters: { search: 'PAGED' },
		});
		expect(items).toHaveLength(7);
	});

	it('stops if the service repeats a cursor', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'listDocuments' },
			fault: {
				status: 200,
				contentType: 'application/json',
				body: { data: [{ id: 'cm1' }], meta: { count: 1, hasMore: true, nextCursor: 'again' } },
			},
		});
		const { error } = await bench.act('document', 'getMany', { returnAll: true, filters: {} });
		expect(error?.message).toMatch(/returned the same page twice/);
		expect(bench.sandbox.journal.requests).toHaveLength(2);
	});
});
