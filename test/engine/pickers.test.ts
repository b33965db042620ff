import type { INodeParameters } from 'n8n-workflow';

import { InSigner } from '../../nodes/InSigner/InSigner.node';
import { ACTION, byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const search = async (
	method: string,
	parameters: INodeParameters = {},
	filter?: string,
	paginationToken?: string,
) =>
	await bench.engine.listSearch(ACTION, method, {
		parameters,
		credentials: bench.credentials,
		filter,
		paginationToken,
	});

const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

const bulkSends = (count: number, name: (number: number) => string) => {
	const { store } = bench.sandbox;
	for (const { id } of store.bulkSends.all()) store.bulkSends.delete(id);
	return store.seedBulkSends(count, (number) => ({ name: name(number) }));
};

describe('the Campaign picker', () => {
	it('is searchable and paged', async () => {
		const templateId = bench.sandbox.store.templates.all()[0]?.id ?? '';
		for (let n = 0; n < 51; n++) {
			await bench.act('campaign', 'create', {
				templateId: byId(templateId),
				name: `Paged ${n}`,
				options: {},
			});
		}
		const first = await search('searchCampaigns');
		expect(first.results).toHaveLength(50);
		const second = await search('searchCampaigns', {}, undefined, String(first.paginationToken));
		expect(second.results.map(({ name }) => name)).toEqual(['Paged 0 (active)']);
		expect(second.paginationToken).toBeUndefined();
		const found = await search('searchCampaigns', {}, 'paged 17');
		expect(found.results.map(({ name }) => name)).toEqual(['Paged 17 (active)']);
	}, 30_000);
});

describe('the Bulk Send picker', () => {
	it('reads on until something is found, since the editor ends the list at an empty page', async () => {
		const [oldest] = bulkSends(250, (number) => (number === 1 ? 'Wanted' : `Other ${number}`));
		const { results, paginationToken } = await search('searchBulkSends', {}, 'wanted');
		expect(results).toEqual([{ name: 'Wanted (completed)', value: oldest?.id }]);
		expect(paginationToken).toBeUndefined();
		expect(requests()).toHaveLength(3);
	});

	it('gives up after 20 pages', async () => {
		bulkSends(2_101, (number) => `Other ${number}`);
		const { results } = await search('searchBulkSends', {}, 'wanted');
		expect(results).toEqual([]);
		expect(requests()).toHaveLength(20);
	}, 20_000);
});

describe('the Signer and Field pickers', () => {
	const parameters = (resource: string, documentId: INodeParameters | string) => ({
		resource,
		operation: 'remove',
		documentId,
	});

	it('list what the chosen document has', async () => {
		const [document] = bench.sandbox.store.seedDocuments(1);
		const url = { __rl: true, mode: 'url', value: `https://app.insigner.co/d/${document?.id}` };
		const signers = await search('searchSigners', parameters('signer', byId(document?.id ?? '')));
		expect(signers.results).toEqual([
			{ name: 'Person 1, person1@example.test (pending)', value: document?.signers[0]?.id },
		]);
		const fields = await search('searchFields', parameters('field', url));
		expect(fields.results).toEqual([
			{ name: 'Signature (signature, page 1, signer 1)', value: document?.fields[0]?.id },
		]);
		const none = await search(
			'searchSigners',
			parameters('signer', byId(document?.id ?? '')),
			'x@',
		);
		expect(none.results).toEqual([]);
	});

	it.each([
		['nothing is chosen', '', /Choose a document first to see its signers/],
		['an expression has no value', '={{ $json.id }}', /expression that has no value here yet/],
	])('say what to do while %s', async (_, value, expected) => {
		await expect(search('searchSigners', parameters('signer', byId(value)))).rejects.toThrow(
			expected,
		);
		expect(requests()).toEqual([]);
	});

	it('start over when another document is chosen', () => {
		const { properties } = new InSigner().description;
		const pickers = properties.filter(({ name }) => name === 'signerId' || name === 'fieldId');
		expect(pickers.length).toBeGreaterThan(0);
		for (const { typeOptions } of pickers) {
			expect(typeOptions?.loadOptionsDependsOn).toEqual(['documentId.value']);
		}
	});
});

describe('By URL', () => {
	const get = async (value: string) =>
		await bench.act('document', 'get', {
			documentId: { __rl: true, mode: 'url', value: `={{ ${JSON.stringify(value)} }}` },
			options: {},
		});

	it.each([
		'https://app.insigner.co/documents/ID',
		'https://app.insigner.co/documents/ID/',
		'https://app.insigner.co/ID?tab=signers&x=/y',
		'https://app.insigner.co/acme/documents/ID/#/fields',
		' https://app.insigner.co/documents/ID ',
	])('finds the id in %s', async (url) => {
		const id = bench.sandbox.store.seedDocuments(1)[0]?.id ?? '';
		const { items, error } = await get(url.replace('ID', id));
		expect(error).toBeUndefined();
		expect(items[0]?.json.id).toBe(id);
	});

	it.each(['http://app.insigner.co/documents/ID', 'cm5x9abc123', 'https://app.insigner.co/'])(
		'refuses %s before anything is sent',
		async (url) => {
			const { error } = await get(url);
			expect(error?.message).toBe('Document is not an https address that ends with an ID');
			expect(requests()).toEqual([]);
		},
	);

	it.each<[unknown, string]>([
		['={{ ({ id: 1 }) }}', 'Document must be text, but is an object'],
		['={{ ["a"] }}', 'Document must be text, but is a list'],
		['={{ true }}', 'Document must be text, but is true'],
		['={{ $json.missing }}', 'Document: the expression gives nothing for this item'],
		['={{ "" }}', 'Document: the expression gives nothing for this item'],
		['={{ "a".repeat(201) }}', 'Document has 201 characters, too many for an ID or its address'],
		[' ', "Document isn't selected"],
	])('refuses %j by ID, chosen or as a whole', async (value, expected) => {
		for (const documentId of [byId(String(value)), String(value)]) {
			const { error } = await bench.act('document', 'get', { documentId, options: {} });
			expect(error?.message).toBe(expected);
		}
		expect(requests()).toEqual([]);
	});

	it('is not slow for an address designed to be slow', async () => {
		const startedAt = Date.now();
		await get(`https://${'a/'.repeat(20_000)} `.repeat(2));
		expect(Date.now() - startedAt).toBeLessThan(5_000);
	});
});

describe('the Document, Template and Bulk Send pickers', () => {
	it('are filled, searchable', async () => {
		bench.sandbox.store.seedDocuments(7, (number) => ({ name: `Paged ${number}` }));
		const documents = await search('searchDocuments', {}, 'Paged 3');
		expect(documents.results).toEqual([
			{ name: 'Paged 3 (draft)', value: expect.any(String) as string },
		]);
		const templates = await search('searchTemplates');
		expect(templates.results.map(({ name }) => name)).toContain('Standard NDA');
		const forBulkSends = await search('searchTemplatesForBulkSend');
		expect(forBulkSends.results.map(({ name }) => name)).toEqual(['Employment Contract']);
		const none = await search('searchBulkSends', {}, 'nothing like it');
		expect(none.results).toEqual([]);
	});
});
