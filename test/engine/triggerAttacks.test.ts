import { randomBytes } from 'node:crypto';

import { ATTACKS, type AttackRequest } from '../trigger/attacks';
import { startBench, TRIGGER, type Bench } from './insigner';

let bench: Bench;
let handle: ReturnType<Bench['engine']['trigger']>;

beforeAll(async () => {
	bench = await startBench();
	handle = bench.engine.trigger(
		TRIGGER,
		{ events: ['document.completed'] },
		{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
	);
	await handle.create();
}, 60_000);
afterAll(async () => await bench.stop());

const newSecret = () => randomBytes(32).toString('hex');

/** Node.js joins a header that occurs twice. */
const joined = ({ headers }: AttackRequest) => {
	const result: Record<string, string> = {};
	for (let n = 0; n < headers.length; n += 2) {
		const [name = '', value = ''] = headers.slice(n, n + 2);
		result[name] = name in result ? `${result[name]}, ${value}` : value;
	}
	return result;
};

it('there are enough of them', () => {
	expect(ATTACKS.length).toBeGreaterThanOrEqual(40);
});

// Which methods reach the node is n8n's business.
const played = ATTACKS.filter(({ statuses }) => !statuses.includes(404));

it.each(played.map((attack) => [attack.kind, attack.name, attack] as const))(
	'%s: %s',
	async (_, __, { kind, statuses, make }) => {
		const { webhookId, secret } = handle.staticData;
		const request = make({
			secret: String(secret),
			webhookId: String(webhookId),
			apiKey: bench.credentials.inSignerApi.apiKey,
			otherSecret: newSecret(),
			deletedSecret: newSecret(),
			timestamp: new Date().toISOString(),
		});
		const delivery = await handle.deliver({ headers: joined(request), body: request.body });
		expect(delivery.thrown).toBeUndefined();
		expect(delivery.answered).toBe(true);
		expect(statuses).toContain(delivery.status);
		expect(delivery.started?.[0]?.length ?? 0).toBe(kind === 'honest' ? 1 : 0);
		expect(Object.prototype).not.toHaveProperty('polluted');
		expect(JSON.stringify(delivery.body)).not.toContain(String(secret));
	},
);

it('fails closed when the secret is gone, whatever it was signed with', async () => {
	const { staticData } = handle;
	handle.staticData = { webhookId: staticData.webhookId };
	for (const { kind, make } of played) {
		const request = make({
			secret: kind === 'honest' ? '' : String(staticData.secret),
			webhookId: String(staticData.webhookId),
			apiKey: '',
			otherSecret: '',
			deletedSecret: '',
			timestamp: new Date().toISOString(),
		});
		const delivery = await handle.deliver({ headers: joined(request), body: request.body });
		expect(delivery).toMatchObject({ answered: true, started: undefined });
		expect([401, 422]).toContain(delivery.status);
	}
	handle.staticData = staticData;
});
