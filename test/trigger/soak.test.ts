import { randomInt } from 'node:crypto';

import { newEvent, sign, type AttackRequest } from './attacks';
import {
	countExecutions,
	DELIVERY_TIMEOUT_MS,
	send,
	startScene,
	triggerWorkflow,
	webhooksOf,
	type TriggerScene,
} from './scene';

const MINUTE = 60_000;

/** Honest events. 5,000 take several minutes, so a usual run has fewer. */
const EVENTS = Number(process.env.SOAK_EVENTS ?? 200);
const TWICE = 0.1;
const FORGED = 0.05;
const AT_ONCE = 20;

let scene: TriggerScene;

beforeAll(async () => {
	scene = await startScene();
}, 30 * MINUTE);
afterAll(async () => await scene?.stop(), MINUTE);

/** Puts the entries into a random order. */
function shuffle<T>(entries: T[]): T[] {
	for (let n = entries.length - 1; n > 0; n--) {
		const other = randomInt(n + 1);
		[entries[n], entries[other]] = [entries[other] as T, entries[n] as T];
	}
	return entries;
}

it(
	`${EVENTS} events, one in ten delivered twice and one in twenty forged, start ${EVENTS} executions`,
	async () => {
		const { client } = scene.real;
		const workflow = await client.createWorkflow(
			triggerWorkflow('Soak', scene.credentials, '0e8a3b3c-1f2d-4c9a-8b7e-00000000000a'),
		);
		await client.activate(workflow.id);
		const [webhook] = webhooksOf(scene.sandbox, workflow);
		if (!webhook) throw new Error('It was not registered');

		const request = (body: string, secret: string): AttackRequest => ({
			headers: ['content-type', 'application/json', 'x-insigner-signature', sign(body, secret)],
			body: Buffer.from(body),
		});
		const timestamp = new Date().toISOString();
		const genuine = Array.from({ length: EVENTS }, () =>
			request(newEvent(timestamp), webhook.secret),
		);
		const calls = shuffle([
			...genuine.map((call) => ({ call, status: 200 })),
			...genuine.slice(0, EVENTS * TWICE).map((call) => ({ call, status: 200 })),
			...Array.from({ length: EVENTS * FORGED }, () => ({
				call: request(newEvent(timestamp), 'guessed'),
				status: 401,
			})),
		]);

		let next = 0;
		let slowestMs = 0;
		const wrong: string[] = [];
		const startedAt = Date.now();
		const sender = async () => {
			for (let entry = calls[next++]; entry; entry = calls[next++]) {
				const { status, ms } = await send(webhook.url, entry.call);
				slowestMs = Math.max(slowestMs, ms);
				if (status !== entry.status) wrong.push(`${status} instead of ${entry.status}`);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, sender));
		const seconds = (Date.now() - startedAt) / 1000;
		const executions = await countExecutions(scene.real, workflow.id);

		process.stderr.write(`
Soak of the trigger in a real n8n
  events ${EVENTS}, delivered twice ${EVENTS * TWICE}, forged ${EVENTS * FORGED}, ${AT_ONCE} at once, ${Math.round(seconds)} s
  executions in n8n's database ${executions.all}, of which went on ${executions.wentOn}, failed ${executions.failed}
  slowest answer ${Math.round(slowestMs)} ms
`);
		expect(wrong).toEqual([]);
		expect(executions).toEqual({ all: EVENTS, wentOn: EVENTS, failed: 0 });
		expect(slowestMs).toBeLessThan(DELIVERY_TIMEOUT_MS);
	},
	60 * MINUTE,
);
