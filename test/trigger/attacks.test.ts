import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import type { StoredWorkflow } from '../host/client';
import type { StoredWebhook } from '../sandbox/sandbox';
import { ATTACKS, newEvent, sign, type Attack, type AttackRequest, type Scene } from './attacks';
import {
	countExecutions,
	DELIVERY_TIMEOUT_MS,
	hangUpAfter,
	send,
	startScene,
	triggerWorkflow,
	webhooksOf,
	type TriggerScene,
} from './scene';

const MINUTE = 60_000;

/** Honest events between a delivery and its replay; 1,000 take four minutes. A multiple of 20. */
const OTHERS = Number(process.env.ATTACK_EVENTS ?? 200);

let scene: TriggerScene;
let workflow: StoredWorkflow;
let webhook: StoredWebhook;
let secrets: Pick<Scene, 'otherSecret' | 'deletedSecret'>;

/** What the summary at the end is made of. */
const tally = {
	requests: 0,
	forged: 0,
	answered401: 0,
	byForgeries: 0,
	duplicates: 0,
	endedAtTrigger: 0,
	honest: 0,
	lost: 0,
	slowestMs: 0,
};

beforeAll(async () => {
	scene = await startScene();
	const publish = async (name: string, webhookId: string) => {
		const { client } = scene.real;
		const stored = await client.createWorkflow(triggerWorkflow(name, scene.credentials, webhookId));
		await client.activate(stored.id);
		return stored;
	};
	const held = (of: StoredWorkflow) => {
		const [found] = webhooksOf(scene.sandbox, of);
		if (!found) throw new Error('It was not registered');
		return found;
	};
	const other = await publish('Other', '0e8a3b3c-1f2d-4c9a-8b7e-000000000001');
	workflow = await publish('Attacked', '0e8a3b3c-1f2d-4c9a-8b7e-000000000002');
	const deletedSecret = held(workflow).secret;
	await scene.real.client.deactivate(workflow.id);
	await scene.real.client.activate(workflow.id);
	webhook = held(workflow);
	secrets = { otherSecret: held(other).secret, deletedSecret };
}, 30 * MINUTE);

afterAll(async () => {
	await scene?.stop();
	process.stderr.write(`
Attacks on the trigger in a real n8n
  requests tried                       ${tally.requests}
  forgeries answered 401               ${tally.answered401} of ${tally.forged} (the others got another 4xx from n8n itself)
  executions started by forgeries      ${tally.byForgeries}
  duplicates started                   ${tally.duplicates}
  duplicates that ended at the trigger ${tally.endedAtTrigger} (after a restart)
  honest deliveries lost               ${tally.lost} of ${tally.honest}
  slowest answer                       ${Math.round(tally.slowestMs)} ms
`);
}, MINUTE);

const sceneNow = (): Scene => ({
	secret: webhook.secret,
	webhookId: webhook.id,
	apiKey: scene.sandbox.apiKey,
	...secrets,
	timestamp: new Date().toISOString(),
});

const count = async () => await countExecutions(scene.real, workflow.id);

const play = async (request: AttackRequest) => {
	const answer = await send(webhook.url, request);
	tally.requests += 1;
	tally.slowestMs = Math.max(tally.slowestMs, answer.ms);
	expect(answer.ms).toBeLessThan(DELIVERY_TIMEOUT_MS);
	return answer;
};

/** An honest request that can be sent again. */
const honestRequest = (): AttackRequest => {
	const body = newEvent(new Date().toISOString());
	return {
		headers: [
			'content-type',
			'application/json',
			'x-insigner-signature',
			sign(body, webhook.secret),
		],
		body: Buffer.from(body),
	};
};

const playHonest = async (request: AttackRequest) => {
	const before = await count();
	const { status } = await play(request);
	tally.honest += 1;
	const started = (await count()).wentOn - before.wentOn;
	if (started === 0) tally.lost += 1;
	expect({ status, started }).toEqual({ status: 200, started: 1 });
};

it.each(ATTACKS.map((attack) => [attack.kind, attack.name, attack] as const))(
	'%s: %s',
	async (_, __, { kind, statuses, make }: Attack) => {
		if (kind === 'honest') {
			await playHonest(make(sceneNow()));
			return;
		}
		const before = await count();
		const { status, text } = await play(make(sceneNow()));
		const started = (await count()).all - before.all;
		if (kind === 'forged') {
			tally.forged += 1;
			tally.byForgeries += started;
			if (status === 401) tally.answered401 += 1;
		}
		expect(statuses).toContain(status);
		expect(started).toBe(0);
		expect(text).not.toContain(webhook.secret);
	},
	MINUTE,
);

it(
	'what is genuine and starts nothing is a line in the log of n8n, with its fingerprint',
	async () => {
		const lines = [
			['document.declined', new Date(), 'it is not one of the chosen events'],
			['document.completed', new Date(Date.now() - 73 * 3_600_000), 'it is older than'],
		] as const;
		for (const [event, at, reason] of lines) {
			const body = newEvent(at.toISOString()).replace('document.completed', event);
			const headers = [
				...['content-type', 'application/json'],
				...['x-insigner-signature', sign(body, webhook.secret)],
			];
			expect((await play({ headers, body: Buffer.from(body) })).status).toBe(200);
			const fingerprint = createHash('sha256').update(body).digest('base64url');
			expect(await scene.real.n8n.log(50)).toContain(
				`Signed: event ${fingerprint} starts nothing: ${reason}`,
			);
		}
	},
	MINUTE,
);

describe('a sender that hangs up before n8n answers', () => {
	it(
		'does not lock its event: both redeliveries are answered 200, and exactly one is handled',
		async () => {
			// n8n refuses a request whose sender is gone before the body was read. One that it has to unpack is read,
			// and the node is called some milliseconds later.
			for (const ms of [0, 1, 2, 4, 6, 8, 10, 15, 20, 25, 30, 40, 60, 80, 100, 150, 200]) {
				const before = await count();
				const body = newEvent(new Date().toISOString(), `,"filler":"${'x'.repeat(4_000_000)}"`);
				const request: AttackRequest = {
					headers: [
						...['content-type', 'application/json', 'content-encoding', 'gzip'],
						...['x-insigner-signature', sign(body, webhook.secret)],
					],
					body: gzipSync(body),
				};
				await hangUpAfter(webhook.url, request, ms);
				// n8n has noticed that no one is listening.
				await delay(500);
				const redeliveries = [await play(request), await play(request)];
				expect([ms, redeliveries.map(({ status }) => status)]).toEqual([ms, [200, 200]]);
				const after = await count();
				tally.honest += 1;
				expect([ms, after.wentOn - before.wentOn]).toEqual([ms, 1]);
				expect(after.failed).toBe(0);
			}
		},
		5 * MINUTE,
	);
});

describe('a genuine delivery that is replayed', () => {
	const replay = async (request: AttackRequest, times = 1) => {
		const before = await count();
		const answers = await Promise.all(
			Array.from({ length: times }, async () => await play(request)),
		);
		const after = await count();
		tally.duplicates += after.wentOn - before.wentOn;
		tally.endedAtTrigger += after.all - after.wentOn - (before.all - before.wentOn);
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
		expect(after.wentOn).toBe(before.wentOn);
		return after.all - before.all;
	};
	let first: AttackRequest;

	it(
		'starts nothing at once',
		async () => {
			first = honestRequest();
			await playHonest(first);
			expect(await replay(first)).toBe(0);
		},
		MINUTE,
	);

	it(
		'starts nothing with a different time in its header',
		async () => {
			const later = String(Math.floor(Date.now() / 1000) + 60);
			expect(
				await replay({ ...first, headers: [...first.headers, 'x-insigner-timestamp', later] }),
			).toBe(0);
		},
		MINUTE,
	);

	it(
		'starts one execution if it arrives twenty times at the same moment',
		async () => {
			const request = honestRequest();
			const before = await count();
			const answers = await Promise.all(
				Array.from({ length: 20 }, async () => await play(request)),
			);
			const after = await count();
			tally.honest += 1;
			tally.duplicates += after.wentOn - before.wentOn - 1;
			expect(answers.every(({ status }) => status === 200)).toBe(true);
			expect(after.all - before.all).toBe(1);
		},
		MINUTE,
	);

	it(
		`starts nothing after ${OTHERS} other events`,
		async () => {
			const before = await count();
			for (let n = 0; n < OTHERS; n += 20) {
				await Promise.all(Array.from({ length: 20 }, async () => await play(honestRequest())));
			}
			const after = await count();
			tally.honest += OTHERS;
			tally.lost += OTHERS - (after.wentOn - before.wentOn);
			expect(after.wentOn - before.wentOn).toBe(OTHERS);
			expect(await replay(first)).toBe(0);
		},
		10 * MINUTE,
	);

	it(
		'starts nothing after a restart, though n8n then lists an execution that ended at the trigger',
		async () => {
			await scene.real.n8n.restart();
			expect(await replay(first)).toBe(1);
			// From now on this process knows it too.
			expect(await replay(first)).toBe(0);
			await playHonest(honestRequest());
		},
		5 * MINUTE,
	);

	it(
		'starts nothing after a crash',
		async () => {
			const request = honestRequest();
			await playHonest(request);
			await scene.real.n8n.kill();
			await scene.real.n8n.start();
			await replay(request);
			await replay(first);
		},
		5 * MINUTE,
	);
});

it('n8n stored no failed execution', async () => {
	expect((await count()).failed).toBe(0);
});
