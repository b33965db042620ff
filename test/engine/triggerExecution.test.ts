import type { INodeParameters } from 'n8n-workflow';
import { createHmac, randomUUID } from 'node:crypto';

import { byId, startBench, TRIGGER, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(async () => {
	await bench.sandbox.clock.advance(3_600_000);
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
	for (const { id } of bench.sandbox.store.webhooks.all()) bench.sandbox.store.webhooks.delete(id);
});

type Trigger = ReturnType<Bench['engine']['trigger']>;

const trigger = async (parameters: INodeParameters = {}, mode?: 'manual'): Promise<Trigger> => {
	const handle = bench.engine.trigger(
		TRIGGER,
		{ events: ['document.completed', 'signer.completed', 'bulk_send.completed'], ...parameters },
		{
			credentials: bench.credentials,
			webhookUrl: 'http://127.0.0.1:5678/',
			workflowId: randomUUID(),
			mode,
		},
	);
	await handle.create();
	return handle;
};

const deliver = async (handle: Trigger, event: string, data: object) => {
	const body = JSON.stringify({ event, timestamp: new Date().toISOString(), data });
	const secret = String(handle.staticData.secret);
	const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
	return await handle.deliver({
		headers: { 'content-type': 'application/json', 'x-insigner-signature': signature },
		body,
	});
};

/** A contract from a template with one slot, signed. */
const signedDocument = async () => {
	const template = bench.sandbox.store.templates.all().find(({ slots }) => slots.length === 1);
	const { items } = await bench.act('template', 'createDocument', {
		templateId: byId(template?.id ?? ''),
		name: 'Lease',
		specifySigners: 'json',
		signersJson: [{ name: 'Ann', email: 'ann@example.com' }],
		afterCreating: 'send',
		options: {},
	});
	const id = String(items[0]?.json.id);
	await bench.sandbox.sign(id, 'ann@example.com');
	return { id, templateId: template?.id ?? '' };
};

describe('the id of the document', () => {
	it.each<[string, object, string | null]>([
		['document.completed', { id: 'cm10' }, 'cm10'],
		['signer.completed', { id: 'sr_1', documentId: 'cm11' }, 'cm11'],
		['signer.completed', { document: { id: 'cm12' } }, 'cm12'],
		['bulk_send.completed', { id: 'bs_1' }, null],
	])('stands beside %s, wherever %j has it', async (event, data, documentId) => {
		const handle = await trigger();
		const execution = await handle.execute(await deliver(handle, event, data));
		expect(execution.status).toBe('success');
		expect(execution.items('Trigger')[0]?.json).toMatchObject({ event, documentId, data });
	});
});

describe('an event that an execution began with already', () => {
	it('ends at the trigger, even if the process that knew it is gone', async () => {
		const handle = await trigger();
		const delivery = await deliver(handle, 'document.completed', { id: 'cm1' });
		const first = await handle.execute(delivery);
		expect(first.items('Trigger')).toHaveLength(1);
		// Another process knows nothing of the first delivery and starts a second execution.
		const before = bench.engine.logs.length;
		const second = await handle.execute(delivery);
		expect(second.status).toBe('success');
		expect(second.items('Trigger')).toEqual([]);
		const told = bench.engine.logs.slice(before).filter(({ level }) => level === 'info');
		expect(told.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Trigger: event [\w-]{43} starts nothing: it came before$/) as string,
		]);
	});

	it('continues when the same execution runs again', async () => {
		const handle = await trigger();
		const delivery = await deliver(handle, 'document.completed', { id: 'cm2' });
		const executionId = randomUUID();
		await handle.execute(delivery, { executionId });
		const again = await handle.execute(delivery, { executionId });
		expect(again.items('Trigger')).toHaveLength(1);
	});

	it("continues at a person's retry and in a test run", async () => {
		const handle = await trigger();
		const delivery = await deliver(handle, 'document.completed', { id: 'cm3' });
		await handle.execute(delivery);
		expect((await handle.execute(delivery, { mode: 'retry' })).items('Trigger')).toHaveLength(1);
		expect((await handle.execute(delivery, { mode: 'manual' })).items('Trigger')).toHaveLength(1);
	});

	it('is known one by one, even if many arrive at once', async () => {
		const handle = await trigger();
		const deliveries = await Promise.all(
			Array.from({ length: 50 }, async (_, n) =>
				deliver(handle, 'document.completed', { id: `many${n}` }),
			),
		);
		const run = async () =>
			(await Promise.all(deliveries.map(async (one) => await handle.execute(one)))).filter(
				(result) => result.items('Trigger').length === 1,
			).length;
		expect(await run()).toBe(50);
		expect(await run()).toBe(0);
	});

	it('is handled once by two executions that begin at the same moment in two processes', async () => {
		const handle = await trigger();
		// The very first event creates a row in any case.
		await handle.execute(await deliver(handle, 'document.completed', { id: 'before' }));
		const delivery = await deliver(handle, 'document.completed', { id: 'cm4' });
		const results = await Promise.all([handle.execute(delivery), handle.execute(delivery)]);
		expect(results.map((result) => result.items('Trigger').length).sort()).toEqual([0, 1]);
	});

	it('is still known after 1,000 others', async () => {
		const handle = await trigger();
		const delivery = await deliver(handle, 'document.completed', { id: 'old' });
		await handle.execute(delivery);
		for (let n = 0; n < 1_000; n += 100) {
			await Promise.all(
				Array.from({ length: 100 }, async (_, m) => {
					await handle.execute(await deliver(handle, 'document.completed', { id: `o${n + m}` }));
				}),
			);
		}
		expect((await handle.execute(delivery)).items('Trigger')).toEqual([]);
	}, 60_000);

	it('is handled rather than lost if the database does not answer', async () => {
		const handle = await trigger();
		const delivery = await deliver(handle, 'document.completed', { id: 'cm5' });
		bench.engine.deduplication.nextError = new Error('SQLITE_BUSY');
		expect((await handle.execute(delivery)).items('Trigger')).toHaveLength(1);
	});

	it('runs each time if deduplication is switched off', async () => {
		const handle = await trigger({ options: { deduplicate: false } });
		const delivery = await deliver(handle, 'document.completed', { id: 'cm6' });
		await handle.execute(delivery);
		expect((await handle.execute(delivery)).items('Trigger')).toHaveLength(1);
	});
});

describe('filters', () => {
	it('start nothing for another template, if the event says so', async () => {
		const handle = await trigger({ filters: { templateId: 'tpl_other' } });
		const delivery = await deliver(handle, 'document.completed', {
			id: 'cm1',
			templateId: 'tpl_1',
		});
		expect(delivery).toMatchObject({ status: 200, started: undefined });
		expect(bench.sandbox.journal.requests.at(-1)?.operationId).toBe('createWebhook');
	});

	it('read the document if the event does not say', async () => {
		const { id, templateId } = await signedDocument();
		const data = { documentId: id, id: 'sr_1' };
		const wanted = await trigger({ filters: { templateId } });
		expect((await deliver(wanted, 'signer.completed', data)).started).toBeDefined();
		const other = await trigger({ filters: { templateId: 'tpl_other' } });
		expect(await deliver(other, 'signer.completed', data)).toMatchObject({
			status: 200,
			started: undefined,
		});
	});

	it('leave it to the execution if inSigner is slow, and answer in time', async () => {
		const { id, templateId } = await signedDocument();
		const slow = { match: { operationId: 'getDocument' }, fault: { hangMs: 60_000 } };
		const outcomes = [];
		for (const wanted of [templateId, 'tpl_other']) {
			const handle = await trigger({ filters: { templateId: wanted } });
			bench.sandbox.faults.add(slow);
			const startedAt = Date.now();
			const delivery = await deliver(handle, 'signer.completed', { documentId: id });
			expect(Date.now() - startedAt).toBeLessThan(9_000);
			expect(delivery).toMatchObject({ status: 200 });
			bench.sandbox.faults.clear();
			outcomes.push((await handle.execute(delivery)).items('Trigger').length);
		}
		expect(outcomes).toEqual([1, 0]);
	}, 40_000);
});

describe('a filter whose expression no longer gives anything', () => {
	const unreadable = async () => {
		// Readable when it is published, but no longer when the event arrives.
		const source = { templateId: 'tpl_1' };
		const handle = await trigger({ filters: source });
		const broken = bench.engine.trigger(
			TRIGGER,
			{ events: ['document.completed'], filters: { templateId: '={{ undefined }}' } },
			{ credentials: bench.credentials, webhookUrl: 'http://127.0.0.1:5678/' },
		);
		broken.staticData = handle.staticData;
		return broken;
	};

	it('answers 200, says so in the log, and stops the execution with the reason', async () => {
		const handle = await unreadable();
		const before = bench.engine.logs.length;
		const delivery = await deliver(handle, 'document.completed', {
			id: 'cm1',
			templateId: 'tpl_1',
		});
		expect(delivery.status).toBe(200);
		expect(delivery.thrown).toBeUndefined();
		expect(bench.engine.logs.slice(before)).toMatchObject([
			{
				level: 'error',
				message: expect.stringMatching(
					/event [\w-]{43} will stop: Template IDs is an expression that gives nothing/,
				) as string,
			},
		]);
		const failed = await handle.execute(delivery);
		expect(failed.nodeError('Trigger')).toMatchObject({
			message: 'Template IDs is an expression that gives nothing',
			description: expect.stringContaining('retry it from the list of executions') as string,
		});
	});

	it('does not lose the event: a retry with the fixed filter decides', async () => {
		const delivery = await deliver(await unreadable(), 'document.completed', {
			id: 'cm1',
			templateId: 'tpl_1',
		});
		const retried = async (templateId: string) => {
			const handle = await trigger({ filters: { templateId } });
			return (await handle.execute(delivery, { mode: 'retry' })).items('Trigger').length;
		};
		expect(await retried('tpl_1')).toBe(1);
		expect(await retried('tpl_2')).toBe(0);
	});

	it('accepts an event once, however often it arrives', async () => {
		const handle = await unreadable();
		const data = { id: 'cm_again', templateId: 'tpl_1' };
		const body = JSON.stringify({ event: 'document.completed', data });
		const secret = String(handle.staticData.secret);
		const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
		const call = {
			headers: { 'content-type': 'application/json', 'x-insigner-signature': signature },
			body,
		};
		expect((await handle.deliver(call)).started).toBeDefined();
		expect(await handle.deliver(call)).toMatchObject({ status: 200, started: undefined });
	});
});

describe('Include Document', () => {
	it('adds the document as it is now, without signing links', async () => {
		const { id } = await signedDocument();
		const handle = await trigger({ options: { includeDocument: true } });
		const result = await handle.execute(await deliver(handle, 'document.completed', { id }));
		expect(result.items('Trigger')).toMatchObject([
			{
				json: {
					event: 'document.completed',
					document: { id, name: 'Lease', status: 'completed', signers: [{ name: 'Ann' }] },
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(JSON.stringify(result.items('Trigger'))).not.toContain('/sign/');
	});

	it('gives out no signing link, whatever its name', async () => {
		const { id } = await signedDocument();
		const handle = await trigger({ options: { includeDocument: true } });
		const delivery = await deliver(handle, 'document.completed', { id });
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			fault: {
				status: 200,
				contentType: 'application/json',
				body: {
					data: {
						id,
						name: 'Lease',
						signing_url: 'secret',
						signers: [{ id: 'sr_1', signingUrl: 'secret', signingLink: 'secret', url: 'secret' }],
						fields: [],
					},
				},
			},
		});
		const [item] = (await handle.execute(delivery)).items('Trigger');
		bench.sandbox.faults.clear();
		expect(item?.json.document).toEqual({
			id,
			name: 'Lease',
			signers: [{ id: 'sr_1' }],
			fields: [],
		});
	});

	it('leaves events alone that have no document', async () => {
		const handle = await trigger({ options: { includeDocument: true, downloadPdf: true } });
		const delivery = await deliver(handle, 'bulk_send.completed', { id: 'bs_1' });
		const [item] = (await handle.execute(delivery)).items('Trigger');
		expect(item?.json).toMatchObject({ event: 'bulk_send.completed', data: { id: 'bs_1' } });
		expect(item?.json).not.toHaveProperty('document');
		expect(item?.binary).toBeUndefined();
	});

	it('stops with a reason when the document cannot be read, and the event can be retried', async () => {
		const { id } = await signedDocument();
		const handle = await trigger({ options: { includeDocument: true } });
		const delivery = await deliver(handle, 'document.completed', { id });
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			fault: { status: 403, body: { detail: 'Scope missing', status: 403 } },
		});
		const failed = await handle.execute(delivery);
		expect(failed.nodeError('Trigger')).toMatchObject({
			message: 'Scope missing',
			description: expect.stringMatching(/documents\.read[^]*retry it from the list/) as string,
		});
		bench.sandbox.faults.clear();
		const retried = await handle.execute(delivery, { mode: 'retry' });
		expect(retried.items('Trigger')[0]?.json.document).toMatchObject({ id });
	});

	it('continues without it if asked to, and says so', async () => {
		const handle = await trigger({
			options: { includeDocument: true, ifNotAvailable: 'goOn' },
		});
		const delivery = await deliver(handle, 'document.completed', { id: 'cm_gone' });
		const [item] = (await handle.execute(delivery)).items('Trigger');
		expect(item?.json).toMatchObject({
			event: 'document.completed',
			notIncluded: expect.stringMatching(/not found|does not exist/i) as string,
		});
	});
});

describe('Download Signed PDF', () => {
	it('puts the PDF into the binary field of choice', async () => {
		const { id } = await signedDocument();
		const handle = await trigger({
			options: { downloadPdf: true, outputBinaryField: 'contract' },
		});
		const result = await handle.execute(await deliver(handle, 'document.completed', { id }));
		const [item] = result.items('Trigger');
		expect(item?.binary?.contract).toMatchObject({
			fileName: 'Lease.pdf',
			mimeType: 'application/pdf',
		});
		const binary = item?.binary?.contract;
		if (!binary) throw new Error('No PDF');
		const bytes = await bench.engine.binary.read(binary);
		expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
		// No base64 in JSON.
		expect(JSON.stringify(item?.json)).not.toContain(bytes.toString('base64').slice(0, 40));
	});

	it('is for completed documents only', async () => {
		const { id } = await signedDocument();
		const handle = await trigger({ options: { downloadPdf: true } });
		const delivery = await deliver(handle, 'signer.completed', { documentId: id });
		const [item] = (await handle.execute(delivery)).items('Trigger');
		expect(item?.binary).toBeUndefined();
	});
});
