import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { addSalesOffer } from '../sandbox/seed';
import { byId, filterBy, startBench, TRIGGER, type Bench } from './insigner';
import { goodItem, operationsAtWork } from './operationsAtWork';
import { passTime } from './passingTime';

const file = join(__dirname, '../../docs/troubleshooting.md');
const START = '<!-- whole messages -->';
const END = '<!-- end of whole messages -->';

/** `npm run docs:messages` writes them again. */
const writes = process.env.WRITE_MESSAGES === 'true';

/** What n8n shows of an error: the message, and below it the description, in which it joins the lines. */
interface Shown {
	message?: string | null;
	description?: string | null;
}

let bench: Bench;
let time: ReturnType<typeof passTime>;

beforeAll(async () => {
	bench = await startBench();
	time = passTime(bench.sandbox);
}, 60_000);
afterAll(async () => {
	time.restore();
	await bench.stop();
});

const ann = { name: 'Ann Ames', email: 'ann@example.com', role: 'signer', phone: '' };

const act = async (
	resource: string,
	operation: string,
	change: INodeParameters,
	items?: INodeExecutionData[],
): Promise<Shown> => {
	const atWork = operationsAtWork(bench)[`${resource}.${operation}`] ?? { parameters: {} };
	const { error } = await bench.act(
		resource,
		operation,
		{ ...atWork.parameters, ...change },
		{ items: items ?? [await goodItem(atWork)] },
	);
	return { ...error };
};

const contract = async (change: INodeParameters, items?: INodeExecutionData[]): Promise<Shown> =>
	await act(
		'document',
		'createAndSend',
		{ name: 'Lease', signers: { signer: [ann] }, specifyFields: 'automatic', ...change },
		items,
	);

const offer = async (valuesJson: INodeParameters): Promise<Shown> => {
	const { id } = await addSalesOffer(bench.sandbox.store, new Date(0).toISOString());
	const shown = await act('document', 'createAndSendFromTemplate', {
		templateId: byId(id),
		signersJson: [ann, { ...ann, email: 'bob@example.com' }],
		specifyValues: 'json',
		valuesJson,
	});
	bench.sandbox.store.templates.delete(id);
	return shown;
};

const bulkSend = async (people: Array<{ name: string; email: string }>): Promise<Shown> =>
	await act(
		'bulkSend',
		'create',
		{ name: 'Notice', recipientName: '', recipientEmail: '' },
		people.map((json) => ({ json })),
	);

const document = (status: 'draft' | 'pending') =>
	bench.sandbox.store.seedDocuments(1, { status, id: 'cm5x9abc123' })[0]?.id ?? '';

const refused = (operationId: string, status: number, body?: object) =>
	bench.sandbox.faults.add({ match: { operationId }, fault: { status, ...(body && { body }) } });

const png = async (): Promise<INodeExecutionData> => {
	const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	return { json: {}, binary: { data: await bench.engine.binary.put(bytes, 'a.png', 'image/png') } };
};

const csv = async (text: string): Promise<INodeExecutionData> => ({
	json: {},
	binary: { data: await bench.engine.binary.put(Buffer.from(text), 'a.csv', 'text/csv') },
});

const publish = async (parameters: INodeParameters, webhookUrl: string): Promise<Shown> => {
	const handle = bench.engine.trigger(TRIGGER, parameters, {
		credentials: bench.credentials,
		webhookUrl,
	});
	return await handle.activate().then(
		() => ({}),
		(error: Shown) => error,
	);
};

/** What is done, what n8n shows, and what to do about it. */
const scenes: Array<[what: string, run: () => Promise<Shown>, advice: string]> = [
	[
		'The item has no file',
		async () => await contract({}, [{ json: {} }]),
		'Put the name of the field with the PDF into **PDF Field**. n8n Form names it after its label.',
	],
	[
		'The file is not a PDF',
		async () => await contract({}, [await png()]),
		'Convert it, or name another field.',
	],
	[
		'Several parameters are wrong',
		async () =>
			await contract({
				signers: { signer: [{ ...ann, email: 'ann@' }] },
				options: { expiresAt: '2020-01-31' },
			}),
		'Correct each of them: the first is the message, the others stand in the details.',
	],
	[
		'An expression has no value',
		async () => await act('document', 'send', { documentId: byId('={{ $json.missing }}') }),
		'Point the expression to a field that the item has.',
	],
	[
		'inSigner refuses one step',
		async () => {
			refused('addSigner', 422, {
				title: 'Validation Error',
				status: 422,
				detail: 'The request body contains invalid fields',
				errors: [{ field: 'email', message: 'Invalid email' }],
			});
			return await contract({});
		},
		'Correct what inSigner names. No one was emailed, and nothing is left behind.',
	],
	[
		'No one can know whether it was sent',
		async () => {
			bench.sandbox.faults.add({
				match: { operationId: 'sendDocument' },
				when: 'after',
				fault: { drop: true },
			});
			refused('deleteDocument', 404);
			bench.sandbox.faults.add({
				match: { operationId: 'getDocument' },
				nth: 2,
				times: 99,
				fault: { status: 404 },
			});
			return await contract({});
		},
		'Look at the document in inSigner before you send it again.',
	],
	[
		'The API key lacks a scope',
		async () => {
			refused('sendDocument', 403, { title: 'Forbidden', status: 403, detail: 'Missing scope' });
			return await act('document', 'send', { documentId: byId(document('draft')) });
		},
		'Add the permission to the key, or use another key.',
	],
	[
		'The document was sent already',
		async () => await act('document', 'send', { documentId: byId(document('pending')) }),
		'Nothing to do.',
	],
	[
		'There is no such document',
		async () => await act('document', 'get', { documentId: byId('cm5x9abc999') }),
		'The ID has a slip, the document was deleted, or the key belongs to another organization.',
	],
	[
		'A reminder is sent for a draft',
		async () => await act('document', 'sendReminder', { documentId: byId(document('draft')) }),
		'Send it first.',
	],
	[
		'The signed PDF is not there yet',
		async () => await act('document', 'download', { documentId: byId(document('pending')) }),
		'Wait for the event **Document Completed**.',
	],
	[
		'A row of a bulk send is wrong',
		async () =>
			await bulkSend([
				{ name: 'Ann Ames', email: 'ann@example.com' },
				{ name: '', email: 'bob@' },
				{ name: 'Ann Again', email: 'ann@example.com' },
			]),
		'Correct the rows, or leave them out with **Skip Invalid Rows**.',
	],
	[
		'A CSV file names its columns in other words',
		async () =>
			await act('bulkSend', 'create', { name: 'Notice', recipientsFrom: 'csv' }, [
				await csv('Customer;Email\nAnn Ames;ann@example.com\n'),
			]),
		'Call the columns `name` and `email` in the first line of the file.',
	],
	[
		'A template has other slots than people were given',
		async () =>
			await act('document', 'createAndSendFromTemplate', {
				signersJson: [ann, { ...ann, email: 'bob@example.com' }],
			}),
		'Give one person for each signer slot of the template.',
	],
	[
		'A value does not fit its field',
		async () => await offer({ Price: 'a lot', Plan: 'Gold', Prize: 5 }),
		'Correct each of them: the first is the message, the others stand in the details.',
	],
	[
		'inSigner does not let fields be changed',
		async () => {
			refused('updateField', 405);
			return await offer({ Price: 1200 });
		},
		'Fill in the values by hand. No one was emailed, and nothing is left behind.',
	],
	[
		'The API key was revoked',
		async () => {
			refused('listDocuments', 401, { title: 'Unauthorized', status: 401 });
			return await act('document', 'getMany', {});
		},
		'Put a new key into the credential.',
	],
	[
		'A filter of a trigger is empty',
		async () =>
			await publish({ events: ['document.completed'], filters: filterBy('templateId', '') }, HOME),
		'Choose a template, or remove the filter.',
	],
];

const HOME = 'http://127.0.0.1:5678/';

/** What is different each time. */
function settled(text: string): string {
	return text
		.replaceAll(new URL(bench.sandbox.apiUrl).host, 'app.insigner.co')
		.replace(/\bcm[\da-z]{8,}\b/g, 'cm5x9abc123')
		.replace(/\breq_\w+/g, 'req_abc123');
}

const inOneLine = (text: string) =>
	settled(text)
		.replace(/\s*\n\s*/g, ' ')
		.trim();

async function rowOf(what: string, run: () => Promise<Shown>, advice: string): Promise<string> {
	bench.sandbox.faults.clear();
	bench.sandbox.store.documents.delete('cm5x9abc123');
	await bench.sandbox.clock.advance(3_600_000);
	const { message, description } = await run();
	if (!message) throw new Error(`${what}: nothing was refused`);
	const cells = [what, `**${inOneLine(message)}** ${inOneLine(description ?? '')}`.trim(), advice];
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Prettier aligns the columns. */
const plain = (row: string) => row.replace(/ +/g, ' ').replaceAll('\\_', '_').trim();

it('docs/troubleshooting.md has whole messages as n8n shows them', async () => {
	const rows: string[] = [];
	for (const scene of scenes) rows.push(await rowOf(...scene));
	const page = readFileSync(file, 'utf8');
	const [before = '', rest = ''] = page.split(START);
	const [table = '', after = ''] = rest.split(END);
	if (writes) {
		const head = '| When | Message, and **Details** below it | What to do |\n| --- | --- | --- |';
		writeFileSync(
			file,
			[before, START, `\n\n${head}\n${rows.join('\n')}\n\n`, END, after].join(''),
		);
		return;
	}
	const written = table
		.split('\n')
		.filter((line) => line.startsWith('| '))
		.slice(2);
	expect(written.map(plain)).toEqual(rows.map(plain));
}, 60_000);
