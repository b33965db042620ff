import type { IHookFunctions, INode } from 'n8n-workflow';

import { clock } from '../../../nodes/InSigner/api/clock';
import { InSignerApiError } from '../../../nodes/InSigner/api/errors';
import { notAgainAfterRefusal } from '../../../nodes/InSigner/trigger/refusals';

const node: INode = {
	id: '1',
	name: 'Trigger',
	type: 'n8n-nodes-insigner.inSignerTrigger',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: {},
};

const ctx = { getCredentials: async () => ({ apiKey: 'key' }) } as Partial<IHookFunctions>;

let now = 0;
let posted = 0;

/** Creates the webhook number n, which is refused. @returns how often it was posted */
const refused = async (n: number): Promise<number> => {
	posted = 0;
	const wanted = { url: `https://n8n.example.com/webhook/${n}`, events: [] };
	const create = async () => {
		posted += 1;
		throw new InSignerApiError(node, { endpoint: 'createWebhook', result: 'refused', status: 409 });
	};
	await expect(
		notAgainAfterRefusal(ctx as IHookFunctions, wanted, [], create),
	).rejects.toBeInstanceOf(InSignerApiError);
	return posted;
};

beforeEach(() => {
	now += 3_600_000;
	jest.spyOn(clock, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

describe('notAgainAfterRefusal', () => {
	it('posts a refused creation again after three minutes', async () => {
		expect(await refused(1)).toBe(1);
		expect(await refused(1)).toBe(0);
		now += 179_000;
		expect(await refused(1)).toBe(0);
		now += 2_000;
		expect(await refused(1)).toBe(1);
	});

	it('remembers 100 at the most, the newest', async () => {
		for (let n = 0; n < 100; n++) await refused(n);
		expect(await refused(0)).toBe(0);
		await refused(100);
		expect(await refused(100)).toBe(0);
		expect(await refused(99)).toBe(0);
		expect(await refused(0)).toBe(1);
	});
});
