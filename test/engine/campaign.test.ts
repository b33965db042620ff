import type { INodeParameters } from 'n8n-workflow';

import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const templateId = () => bench.sandbox.store.templates.all()[0]?.id ?? '';
const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);
const bodies = () => bench.sandbox.journal.requests.map(({ body }) => body);

const create = async (name: string, options: INodeParameters = {}, template = templateId()) =>
	await bench.act('campaign', 'create', { templateId: byId(template), name, options });

const campaign = async (name = 'NDA') => {
	const { items, error } = await create(name);
	expect(error).toBeUndefined();
	bench.sandbox.journal.clear();
	return String(items[0]?.json.id);
};

/** What is wrong with a campaign, for Create and for Update. */
const WRONG: Array<[string, INodeParameters, RegExp]> = [
	[
		'a color by name',
		{ brandColor: 'blue' },
		/^Brand Color must be a color such as #003271, but is "blue"$/,
	],
	[
		'a color of 3 digits',
		{ brandColor: '#abc' },
		/^Brand Color must be a color such as #003271, but is "#abc"$/,
	],
	[
		'plain http',
		{ redirectUrl: 'http://example.com' },
		/^Redirect URL must be an https address, but is "http:/,
	],
	[
		'half an address',
		{ redirectUrl: 'https://' },
		/^Redirect URL must be an https address, but is "https:\/\/"$/,
	],
	[
		'a long address',
		{ redirectUrl: `https://example.com/${'x'.repeat(2000)}` },
		/^Redirect URL has 2020 characters; inSigner allows 2000$/,
	],
	[
		'no submissions',
		{ maxSubmissions: 0 },
		/^Max Submissions must be a whole number from 1, but is 0$/,
	],
	['half a submission', { maxSubmissions: 1.5 }, /^Max Submissions must be a whole number/],
	['a past expiry', { expiresAt: '2020-01-01T00:00:00' }, /^Expires At must be in the future/],
	[
		'a time without a day',
		{ expiresAt: '23:30' },
		/^Expires At must be a date, .* but is "23:30"$/,
	],
	['a year', { expiresAt: '={{ 2031 }}' }, /^Expires At must be a date, .* but is 2031$/],
	[
		'neither yes nor no',
		{ requireOtp: 'maybe' },
		/^Require OTP must be true or false, but is "maybe"$/,
	],
	['an object', { welcomeTitle: '={{ ({}) }}' }, /^Welcome Title must be text, but is an object$/],
	[
		'a number for a color',
		{ brandColor: '={{ 1 }}' },
		/^Brand Color must be a color .* but is "1"$/,
	],
	['a long title', { welcomeTitle: 'x'.repeat(201) }, /^Welcome Title has 201 characters/],
	['a long text', { welcomeMessage: 'x'.repeat(1001) }, /^Welcome Message has 1001 characters/],
];

describe('Campaign: Create', () => {
	it('sends everything that was filled in, times in UTC, and nothing else', async () => {
		const filledIn = {
			welcomeTitle: 'Welcome',
			maxSubmissions: 500,
			expiresAt: '2036-01-01T12:00:00+02:00',
			collectPhone: false,
			requireOtp: true,
			requireKyc: true,
			brandColor: '#00Ff71',
			redirectUrl: 'https://example.com/thank-you?a=1',
		};
		const { items, error } = await create(' Onboarding ', {
			...filledIn,
			welcomeMessage: '',
		});
		expect(error).toBeUndefined();
		expect(bodies()).toEqual([
			{
				...filledIn,
				name: 'Onboarding',
				templateId: templateId(),
				expiresAt: '2036-01-01T10:00:00.000Z',
			},
		]);
		expect(items[0]?.json).toMatchObject({ name: 'Onboarding', status: 'active' });
		expect(items[0]?.json.id).toMatch(/^cmp_/);
	});

	it.each([
		...WRONG,
		['an empty name', { name: ' ' }, /^Campaign Name is empty$/] as const,
		['a long name', { name: 'x'.repeat(201) }, /^Campaign Name has 201 characters/] as const,
	])('refuses %s before anything is sent', async (_, { name, ...options }, expected) => {
		const { error } = await create(
			typeof name === 'string' ? `={{ ${JSON.stringify(name)} }}` : 'x',
			options,
		);
		expect(error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('says that there is no such template, and which scope the key lacks', async () => {
		expect((await create('x', {}, 'tpl_none')).error).toMatchObject({ httpCode: '404' });
		const apiKey = bench.sandbox.createKey({ scopes: ['campaigns.read'] });
		const { error } = await bench.act(
			'campaign',
			'create',
			{ templateId: byId(templateId()), name: 'x', options: {} },
			{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } } },
		);
		expect(error?.description).toMatch(/missing the permission campaigns\.create/);
	});

	it('creates each once under Retry On Fail', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'createCampaign' },
			nth: 2,
			fault: { status: 409 },
		});
		const { items, error } = await bench.act(
			'campaign',
			'create',
			{ templateId: byId(templateId()), name: '={{ $json.name }}', options: {} },
			{
				items: ['A', 'B'].map((name) => ({ json: { name } })),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
			},
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.name)).toEqual(['A', 'B']);
		expect(requests()).toHaveLength(3);
	});
});

describe('what a form or a model enters as text', () => {
	it('is read as what it says', async () => {
		const { error } = await bench.act(
			'campaign',
			'create',
			{
				templateId: byId(templateId()),
				name: '={{ 4711 }}',
				options: {
					collectPhone: 'no',
					requireOtp: 'false',
					requireKyc: '={{ 1 }}',
					maxSubmissions: '72',
					expiresAt: '2036-03-31',
					welcomeTitle: '={{ $json.missing }}',
				},
			},
			{ settings: { timezone: 'Asia/Tokyo' } },
		);
		expect(error).toBeUndefined();
		expect(bodies()).toEqual([
			{
				templateId: templateId(),
				name: '4711',
				collectPhone: false,
				requireOtp: false,
				requireKyc: true,
				maxSubmissions: 72,
				expiresAt: '2036-03-31T14:59:59.999Z',
			},
		]);
	});

	it('does not clear what an update leaves open because an expression gives nothing', async () => {
		const id = await campaign();
		const { error } = await bench.act('campaign', 'update', {
			campaignId: byId(id),
			updateFields: { status: 'Paused', welcomeTitle: '={{ $json.missing }}' },
		});
		expect(error?.message).toBe('Welcome Title: the expression gives nothing for this item');
		expect(requests()).toEqual([]);
	});
});

describe('Campaign: Get', () => {
	const get = async (id: string) => await bench.act('campaign', 'get', { campaignId: byId(id) });

	it('reads one', async () => {
		const id = await campaign();
		expect((await get(id)).items[0]?.json).toMatchObject({ id, name: 'NDA', submissionCount: 0 });
	});

	it('says that the API does not offer it, or that it is not there, or not chosen', async () => {
		const id = await campaign();
		expect((await get('cmp_none')).error?.description).toMatch(/does not exist.*Check the ID/);
		expect((await get('={{ "" }}')).error?.message).toBe(
			'Campaign: the expression gives nothing for this item',
		);
		bench.sandbox.faults.add({ match: { operationId: 'getCampaign' }, fault: { status: 404 } });
		expect((await get(id)).error?.description).toMatch(/The object exists.*web app/);
	});
});

describe('Campaign: Get Many', () => {
	const getMany = async (parameters: INodeParameters) =>
		await bench.act('campaign', 'getMany', { returnAll: false, limit: 2, ...parameters });

	it('finds by status and name, up to the limit', async () => {
		const ids = [await campaign('Find 1'), await campaign('Find 2'), await campaign('Find 3')];
		await bench.act('campaign', 'update', {
			campaignId: byId(ids[1] ?? ''),
			updateFields: { status: 'paused' },
		});
		const found = await getMany({ filters: { search: 'find' } });
		expect(found.items.map(({ json }) => json.name)).toEqual(['Find 3', 'Find 2']);
		const paused = await getMany({ filters: { search: 'find', status: 'paused' } });
		expect(paused.items.map(({ json }) => json.name)).toEqual(['Find 2']);
	});

	it('says what the key lacks', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'listCampaigns' }, fault: { status: 403 } });
		const { error } = await getMany({ filters: {} });
		expect(error?.description).toMatch(/missing the permission campaigns\.read/);
	});
});

describe('Campaign: Update', () => {
	const update = async (id: string, updateFields: INodeParameters) =>
		await bench.act('campaign', 'update', { campaignId: byId(id), updateFields });

	it('pauses, and changes only what was chosen', async () => {
		const id = await campaign();
		const paused = await update(id, { status: 'paused' });
		expect(paused.items[0]?.json).toMatchObject({ id, status: 'paused', name: 'NDA' });
		await update(id, { name: ' New ', welcomeTitle: '', expiresAt: '2036-01-01T10:00:00Z' });
		expect(bodies()).toEqual([
			{ status: 'paused' },
			{ name: 'New', welcomeTitle: '', expiresAt: '2036-01-01T10:00:00.000Z' },
		]);
	});

	it.each([
		...WRONG,
		['nothing', {}, /^Update Fields is empty/] as const,
		['an empty name', { name: '' }, /^Campaign Name is empty$/] as const,
		['an empty expiry', { expiresAt: '' }, /^Expires At is empty$/] as const,
		[
			'an empty address',
			{ redirectUrl: '' },
			/^Redirect URL must be an https address, but is empty$/,
		] as const,
	])('refuses %s before anything is sent', async (_, fields, expected) => {
		expect((await update('any', fields)).error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it('says that there is no such campaign', async () => {
		const { error } = await update('cmp_none', { status: 'closed' });
		expect(error?.description).toMatch(/does not exist.*Check the ID/);
	});
});

describe('Campaign: Delete', () => {
	it('deletes one', async () => {
		const id = await campaign();
		const { items } = await bench.act('campaign', 'delete', { campaignId: byId(id) });
		expect(items.map(({ json }) => json)).toEqual([{ id, deleted: true }]);
		expect(bench.sandbox.store.campaigns.get(id)).toBeUndefined();
	});

	it('says that it is not there, or not chosen', async () => {
		const remove = async (id: string) =>
			await bench.act('campaign', 'delete', { campaignId: byId(id) });
		expect((await remove('cmp_none')).error?.description).toMatch(/does not exist/);
		expect((await remove('={{ "" }}')).error?.message).toBe(
			'Campaign: the expression gives nothing for this item',
		);
	});
});
