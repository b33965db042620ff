import { startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

describe('Organization', () => {
	it('is read, with its members', async () => {
		const read = await bench.act('organization', 'get', {});
		expect(read.items[0]?.json).toMatchObject({ name: 'Acme Corporation' });
		const members = await bench.act('organization', 'getMembers', { returnAll: false, limit: 2 });
		expect(members.items.map(({ json }) => json.role)).toEqual(['owner', 'admin']);
	});

	it('names the scope a key lacks', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['templates.read'] });
		const credentials = { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } };
		for (const operation of ['get', 'getMembers']) {
			const parameters = { returnAll: true };
			const { error } = await bench.act('organization', operation, parameters, { credentials });
			expect(error?.description).toMatch(/missing the permission org\.read/);
		}
	});
});
