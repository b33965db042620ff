import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { createHmac } from 'node:crypto';

import { goodItem, notAtWork, operationsAtWork } from '../engine/operationsAtWork';
import { makePdf } from '../sandbox/samplePdf';
import { byId, POLLING_TRIGGER, TRIGGER, type Bench } from '../engine/insigner';

/** What an operation is given. */
interface Scene {
	parameters: INodeParameters;
	items: INodeExecutionData[];
}

const WEBHOOK_URL = 'http://127.0.0.1:9/';

/** Operations that return more with other parameters than those with which they are tested. */
const scenes: Record<string, (bench: Bench) => Promise<Scene>> = {
	'field.findInPdf': async (bench) => {
		const bytes = await makePdf('Tags', ['{{text:Buyer:Town:optional}}', '{{no.tag}}']);
		const data = await bench.engine.binary.put(Buffer.from(bytes), 'a.pdf', 'application/pdf');
		return {
			parameters: { binaryPropertyName: 'data', find: 'tags' },
			items: [{ json: {}, binary: { data } }],
		};
	},
	'webhook.checkAndRepair': async (bench) => {
		await triggerHere(bench).create();
		return {
			parameters: { compareWith: 'workflows' },
			items: [
				{
					json: {
						id: 'w1',
						name: 'Signed',
						active: true,
						nodes: [
							{
								name: 'Signed',
								type: TRIGGER,
								webhookId: 'not-registered',
								parameters: { events: ['document.completed'] },
							},
						],
					},
				},
			],
		};
	},
};

/**
 * Runs one operation on a sandbox that has one of everything. The journal then holds its requests alone.
 *
 * @param bench - engine and sandbox
 * @param resource - e.g. `document`
 * @param operation - e.g. `getMany`
 * @returns the JSON of its output items
 * @throws Error when it does not work, saying where its parameters stand
 */
export async function outputOf(
	bench: Bench,
	resource: string,
	operation: string,
): Promise<unknown[]> {
	// Bulk sends may follow each other after five minutes, webhooks ten times an hour.
	await bench.sandbox.clock.advance(3_600_000);
	const key = `${resource}.${operation}`;
	const { parameters, items: given } = await (scenes[key]?.(bench) ?? sceneAtWork(bench, key));
	bench.sandbox.journal.clear();
	const { items, error } = await bench
		.act(resource, operation, parameters, { items: given, webhookUrl: WEBHOOK_URL })
		.catch((reason: unknown) => {
			throw notAtWork(key, reason);
		});
	if (error) throw notAtWork(key, error);
	return jsonOf(items);
}

async function sceneAtWork(bench: Bench, key: string): Promise<Scene> {
	const atWork = operationsAtWork(bench)[key] ?? { parameters: {} };
	return { parameters: atWork.parameters, items: [await goodItem(atWork)] };
}

/**
 * @param bench - engine and sandbox
 * @returns the JSON of the trigger's output for an event whose data has what every document has
 */
export async function outputOfTrigger(bench: Bench): Promise<unknown[]> {
	const trigger = triggerHere(bench);
	await trigger.create();
	const data = { id: 'cm1', name: 'Lease', status: 'completed' };
	const timestamp = new Date().toISOString();
	const body = JSON.stringify({ event: 'document.completed', timestamp, data });
	const hmac = createHmac('sha256', String(trigger.staticData.secret)).update(body).digest('hex');
	const delivery = await trigger.deliver({
		headers: { 'content-type': 'application/json', 'x-insigner-signature': `sha256=${hmac}` },
		body,
	});
	return jsonOf((await trigger.execute(delivery)).items('Trigger'));
}

/**
 * Lets a contract be signed between two polls of inSigner Polling Trigger.
 *
 * @param bench - engine and sandbox
 * @returns the JSON of what the second poll gives
 */
export async function outputOfPollingTrigger(bench: Bench): Promise<unknown[]> {
	const id = await sentDocument(bench);
	const poller = bench.engine.poller(
		POLLING_TRIGGER,
		{ events: ['document.completed'] },
		{ credentials: bench.credentials },
	);
	await poller.start();
	await bench.sandbox.sign(id, bench.sandbox.store.documents.get(id)?.signers[0]?.email ?? '');
	const polled = (await poller.poll()) ?? [];
	return jsonOf((await poller.execute(polled)).items('Trigger'));
}

/** As n8n stores it: without keys whose value is undefined. */
function jsonOf(items: INodeExecutionData[]): unknown[] {
	return items.map(({ json }) => JSON.parse(JSON.stringify(json)) as unknown);
}

/** A trigger of n8n at {@link WEBHOOK_URL}; `create` registers it. */
const triggerHere = ({ engine, credentials }: Bench) =>
	engine.trigger(
		TRIGGER,
		{ events: ['document.completed'] },
		{ credentials, webhookUrl: WEBHOOK_URL },
	);

async function sentDocument(bench: Bench): Promise<string> {
	const { id = '' } = bench.sandbox.store.seedDocuments(1)[0] ?? {};
	await bench.act('document', 'send', { documentId: byId(id) });
	return id;
}
