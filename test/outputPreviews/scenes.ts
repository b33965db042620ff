import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { createHmac } from 'node:crypto';

import { byId, POLLING_TRIGGER, TRIGGER, type Bench } from '../engine/insigner';

/** What an operation is given, beside the IDs that every operation gets. */
interface Scene {
	parameters?: INodeParameters;
	items?: INodeExecutionData[];
}

const WEBHOOK_URL = 'http://127.0.0.1:9/';

const ann = { name: 'Ann', email: 'ann@example.com', role: 'signer', phone: '' };
const signature = { type: 'signature', signer: '1', position: 'bottomLeft' };

/** Operations that need more than the IDs of things and their own defaults. */
const scenes: Record<string, (bench: Bench) => Scene | Promise<Scene>> = {
	'bulkSend.create': () => ({
		parameters: {
			name: 'Offers',
			recipientsFrom: 'list',
			recipients: { recipient: [ann] },
		},
	}),
	'campaign.create': () => ({ parameters: { name: 'Volunteers' } }),
	'campaign.update': () => ({ parameters: { updateFields: { status: 'paused' } } }),
	'document.cancel': async (bench) => ({
		parameters: { documentId: byId(await sentDocument(bench)) },
	}),
	'document.create': () => ({ parameters: { name: 'Lease' } }),
	'document.createAndSend': async (bench) => ({
		parameters: {
			name: 'Lease',
			signers: { signer: [ann] },
			fields: { field: [signature] },
		},
		items: [await bench.pdfItem()],
	}),
	'document.download': async (bench) => ({
		parameters: { documentId: byId(await signedDocument(bench)) },
	}),
	'document.getSigningLinks': async (bench) => ({
		parameters: { documentId: byId(await sentDocument(bench)) },
	}),
	'document.sendReminder': async (bench) => ({
		parameters: { documentId: byId(await sentDocument(bench)) },
	}),
	'document.update': () => ({ parameters: { updateFields: { name: 'Lease' } } }),
	'document.uploadFile': async (bench) => ({ items: [await bench.pdfItem()] }),
	'field.add': () => ({ parameters: { type: 'signature', signer: '1', y: 10 } }),
	'field.update': () => ({ parameters: { updateFields: { label: 'Here' } } }),
	'signer.add': () => ({ parameters: { ...ann, order: 2 } }),
	'signer.update': () => ({ parameters: { updateFields: { name: 'Ann' } } }),
	'template.createDocument': () => ({
		parameters: { specifySigners: 'json', signersJson: [ann] },
	}),
	'webhook.checkAndRepair': () => ({
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
	}),
};

/**
 * Runs one operation on a sandbox that has one of everything. The journal then holds its requests alone.
 *
 * @param bench - engine and sandbox
 * @param resource - e.g. `document`
 * @param operation - e.g. `getMany`
 * @returns the JSON of its output items, with n8n's defaults for whatever the scene leaves open
 */
export async function outputOf(
	bench: Bench,
	resource: string,
	operation: string,
): Promise<unknown[]> {
	// Bulk sends may follow each other after five minutes, webhooks ten times an hour.
	await bench.sandbox.clock.advance(3_600_000);
	const ids = await oneOfEverything(bench);
	const scene = (await scenes[`${resource}.${operation}`]?.(bench)) ?? {};
	bench.sandbox.journal.clear();
	const { items, error } = await bench.act(
		resource,
		operation,
		{ ...ids, ...scene.parameters },
		{ ...(scene.items && { items: scene.items }), webhookUrl: WEBHOOK_URL },
	);
	if (error) throw error;
	return jsonOf(items);
}

/**
 * @param bench - engine and sandbox
 * @returns the JSON of the trigger's output for an event whose data has what every document has
 */
export async function outputOfTrigger(bench: Bench): Promise<unknown[]> {
	const trigger = bench.engine.trigger(
		TRIGGER,
		{ events: ['document.completed'] },
		{ credentials: bench.credentials, webhookUrl: WEBHOOK_URL },
	);
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
	return jsonOf((await poller.poll()) ?? []);
}

/** As n8n stores it: without keys whose value is undefined. */
function jsonOf(items: INodeExecutionData[]): unknown[] {
	return items.map(({ json }) => JSON.parse(JSON.stringify(json)) as unknown);
}

/** Puts a draft, a template and so on into the sandbox; their IDs by the name of the picker. */
async function oneOfEverything(bench: Bench): Promise<INodeParameters> {
	const { store } = bench.sandbox;
	const [document] = store.seedDocuments(1);
	const template = store.templates.all().find(({ slots }) => slots.length === 1);
	const [signer] = document?.signers ?? [];
	const [field] = document?.fields ?? [];
	for (const { id } of store.webhooks.all()) store.webhooks.delete(id);
	await bench.engine
		.trigger(
			TRIGGER,
			{ events: ['document.completed'] },
			{ credentials: bench.credentials, webhookUrl: WEBHOOK_URL },
		)
		.create();
	const [webhook] = store.webhooks.all();
	const at = new Date(bench.sandbox.clock.now()).toISOString();
	const organizationId = store.organizations.own.id;
	const templateId = template?.id ?? '';
	const times = { createdAt: at, updatedAt: at };
	const bulkSend = store.bulkSends.add({
		id: `bs_${store.bulkSends.size}`,
		organizationId,
		name: 'Offers',
		status: 'completed',
		totalCount: 1,
		sentCount: 1,
		failedCount: 0,
		templateId,
		...times,
	});
	const campaign = store.campaigns.add({
		id: `cmp_${store.campaigns.size}`,
		organizationId,
		name: 'Volunteers',
		slug: 'volunteers',
		status: 'active',
		submissionCount: 0,
		maxSubmissions: null,
		collectPhone: true,
		requireOtp: false,
		requireKyc: false,
		expiresAt: null,
		brandColor: '#003271',
		templateId,
		welcomeTitle: null,
		welcomeMessage: null,
		redirectUrl: null,
		...times,
	});
	return {
		documentId: byId(document?.id ?? ''),
		templateId: byId(templateId),
		campaignId: byId(campaign.id),
		signerId: byId(signer?.id ?? ''),
		fieldId: byId(field?.id ?? ''),
		bulkSendId: byId(bulkSend.id),
		webhookId: byId(webhook?.id ?? ''),
	};
}

async function sentDocument(bench: Bench): Promise<string> {
	const { id = '' } = bench.sandbox.store.seedDocuments(1)[0] ?? {};
	await bench.act('document', 'send', { documentId: byId(id) });
	return id;
}

async function signedDocument(bench: Bench): Promise<string> {
	const id = await sentDocument(bench);
	const [signer] = bench.sandbox.store.documents.get(id)?.signers ?? [];
	await bench.sandbox.sign(id, signer?.email ?? '');
	return id;
}
