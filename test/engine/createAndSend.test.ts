import type { INodeParameters } from 'n8n-workflow';

import { byId, startBench, type Bench } from './insigner';
import { passTime } from './passingTime';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const ann = { name: "Ann O'Brien", email: 'ann@example.com', role: 'signer', phone: '' };
const bob = { name: 'Bob Zoë', email: 'bob@example.com', role: 'signer', phone: '+15551234567' };

const signature = {
	...{ type: 'signature', position: 'coordinates', page: 1, y: 600 },
	fieldOptions: { width: 180, height: 50 },
};

const contract = (change: INodeParameters = {}): INodeParameters => ({
	name: '={{ $json.title }}',
	binaryPropertyName: 'data',
	signers: { signer: [ann, bob] },
	specifyFields: 'form',
	fields: {
		field: [
			{ ...signature, signer: '1', x: 72 },
			{ ...signature, signer: '2', x: 320 },
		],
	},
	options: {},
	...change,
});

/** Method and path of every request, ids replaced. */
const requests = () =>
	bench.sandbox.journal.requests.map(
		({ origin, method, operationId, path }) => operationId ?? `${origin} ${method} ${path}`,
	);

const invitations = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

describe('Document: Create and Send', () => {
	it('turns a PDF into a sent contract without a superfluous request', async () => {
		const { items, error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Sales Agreement')],
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect(items[0]?.json).toMatchObject({ name: 'Sales Agreement', status: 'pending' });
		expect(requests().map((name) => (name.startsWith('storage PUT') ? 'put' : name))).toEqual([
			'createDocument',
			'requestUpload',
			'put',
			'addSigner',
			'addSigner',
			'addField',
			'addField',
			'getDocument',
			'sendDocument',
		]);
		// What was compared before sending is returned, with what sending answered.
		expect(items[0]?.json.signers).toMatchObject([{ email: ann.email }, {}]);
		// Sequential: the second signer is emailed when the first has signed.
		expect(invitations()).toEqual([ann.email]);
	});

	it.each([
		{ signers: 2, fields: 'some' },
		{ signers: [], fields: null },
	])('knows who signs whatever sending answers: %j', async (answer) => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { status: 200, body: { data: { id: 'any', status: 'pending', ...answer } } },
		});
		const { items, error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({
			status: 'pending',
			signers: [{ email: ann.email }, {}],
		});
		expect(items[0]?.json.id).not.toBe('any');

		const [draft] = bench.sandbox.store.seedDocuments(1);
		const documentId = byId(draft?.id ?? '');
		const sent = await bench.act('document', 'send', { documentId, options: {} });
		expect(sent.error).toBeUndefined();
		expect(sent.items[0]?.json).toMatchObject({ id: draft?.id, status: 'pending' });
	});

	it('sends exactly the bytes and never the key to the storage', async () => {
		await bench.act('document', 'createAndSend', contract(), { items: [await bench.pdfItem()] });
		const put = bench.sandbox.journal.requests.find(({ origin }) => origin === 'storage');
		expect(put?.headers).toMatchObject({ 'content-type': 'application/pdf' });
		expect(put?.headers['content-length']).toBe(String(put?.body as number));
		expect(put?.authorizationOnStorage).toBeUndefined();
	});

	it('gives signing links only where they were asked for', async () => {
		const without = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(JSON.stringify(without.items)).not.toContain('/sign/');
		const including = await bench.act(
			'document',
			'createAndSend',
			contract({ options: { includeSigningLinks: true, signingType: 'parallel' } }),
			{ items: [await bench.pdfItem()] },
		);
		expect(JSON.stringify(including.items).match(/\/sign\//g)).toHaveLength(2);
	});

	it('handles every item, and with Continue On Fail names the one that failed', async () => {
		const items = [
			await bench.pdfItem('First'),
			{ json: { title: 'No file' } },
			await bench.pdfItem('Third'),
		];
		const { items: output } = await bench.act('document', 'createAndSend', contract(), {
			items,
			node: { onError: 'continueRegularOutput' },
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output.map(({ json }) => json.status ?? 'not sent')).toEqual([
			'pending',
			'not sent',
			'pending',
		]);
		expect(output[1]?.json.error).toMatch(/PDF Field is "data", but this item has no files/);
	});

	it('deletes the draft when a step fails, and says which', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'addField' },
			nth: 2,
			fault: { status: 422, body: { title: 'Not like that', status: 422 } },
		});
		const before = bench.sandbox.store.documents.size;
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Half')],
		});
		expect(error?.message).toBe(
			'"Half" was not sent, could not add field 2 (signature): Not like that',
		);
		expect(error?.description).toMatch(/The draft \S+ was deleted\./);
		expect(bench.sandbox.store.documents.size).toBe(before);
		expect(invitations()).toEqual([]);
	});

	it('keeps the draft if the option says so', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'sendDocument' }, fault: { status: 409 } });
		const { error } = await bench.act(
			'document',
			'createAndSend',
			contract({ options: { ifNotSent: 'keepDraft' } }),
			{ items: [await bench.pdfItem('Kept')] },
		);
		const id = /The draft was kept: (\S+)\./.exec(String(error?.description))?.[1] ?? '';
		expect(bench.sandbox.store.documents.get(id)?.status).toBe('draft');
	});

	it('says the truth when the draft cannot be deleted', async () => {
		bench.sandbox.faults.add({ match: { operationId: 'addSigner' }, fault: { status: 409 } });
		bench.sandbox.faults.add({ match: { operationId: 'deleteDocument' }, fault: { status: 405 } });
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error?.description).toMatch(/could not be deleted .* and may still be there/);
	});

	it('does not send twice if the answer to Send gets lost', async () => {
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { drop: true },
		});
		const { items, error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('pending');
		expect(invitations()).toEqual([ann.email]);
		expect(requests().filter((name) => name === 'sendDocument')).toHaveLength(1);
	});

	it('leaves a document alone that may have been sent and cannot be deleted', async () => {
		const time = passTime(bench.sandbox);
		bench.sandbox.faults.add({
			match: { operationId: 'sendDocument' },
			when: 'after',
			fault: { drop: true },
		});
		bench.sandbox.faults.add({
			match: { operationId: 'getDocument' },
			nth: 2,
			times: 99,
			fault: { status: 404, body: { title: 'Not Found', status: 404 } },
		});
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem('Unclear')],
		});
		time.restore();
		expect(error?.message).toMatch(
			/^"Unclear" may or may not have been sent: .*Do not send it again; look at document \S+ in inSigner first$/,
		);
		expect(error?.description).toMatch(/could not be deleted .* and may still be there\./);
		expect(invitations()).toHaveLength(1);
	});

	it('asks for a fresh upload URL once when the first has expired', async () => {
		bench.sandbox.faults.add({ match: { origin: 'storage' }, times: 1, fault: { status: 403 } });
		const { error } = await bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem()],
		});
		expect(error).toBeUndefined();
		expect(requests().filter((name) => name === 'requestUpload')).toHaveLength(2);
	});

	it('takes the only file of an item where it has another name, and lists the names of several', async () => {
		const { json, binary = {} } = await bench.pdfItem();
		const act = async (files: typeof binary) =>
			await bench.act('document', 'createAndSend', contract(), {
				items: [{ json, binary: files }],
			});
		const [pdf] = Object.values(binary);
		if (!pdf) throw new Error('The item has no PDF');

		const { items, error } = await act({ Contract_PDF: pdf });
		expect([items[0]?.json.status, error]).toEqual(['pending', undefined]);

		const asked = requests().length;
		const several = await act({ offer: pdf, contract: pdf });
		expect(several.error?.message).toBe(
			'PDF Field is "data", but this item has files only in "offer", "contract"',
		);
		expect((await act({})).error?.message).toBe('PDF Field is "data", but this item has no files');
		expect(requests()).toHaveLength(asked);
	});

	it('places a signature for each signer by itself', async () => {
		const { specifyFields, fields, ...rest } = contract();
		expect([specifyFields, fields]).not.toContain(undefined);
		const { items, error } = await bench.act(
			...(['document', 'createAndSend'] as const),
			{ ...rest, options: { alsoAdd: ['date_signed'], initialsOnEveryPage: true } },
			{ items: [await bench.pdfItem()] },
		);
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('pending');
		const documents = bench.sandbox.store.documents.all();
		const document = documents.find(({ id }) => id === items[0]?.json.id);
		expect(document?.fields.map(({ type, assignedTo }) => [type, assignedTo])).toEqual([
			...[0, 1].map((signer) => ['initials', signer]),
			...[0, 1].flatMap((signer) => [
				['signature', signer],
				['date_signed', signer],
			]),
		]);
	});

	it.each<[string, INodeParameters, RegExp]>([
		['a name of 201 characters', { name: 'x'.repeat(201) }, /Document Name has 201 characters/],
		[
			'a date in the past',
			{ options: { expiresAt: '2020-01-01T00:00:00' } },
			/Expires At must be in the future/,
		],
		[
			'no date at all',
			{ options: { expiresAt: 'soon' } },
			/^Expires At must be a date, .* but is "soon"$/,
		],
		['a year', { options: { expiresAt: '2031' } }, /^Expires At must be a date, .* is "2031"$/],
		['no file', { binaryPropertyName: '={{ "" }}' }, /^PDF Field is empty$/],
		[
			'what to do with the draft in other words',
			{ options: { ifNotSent: 'keep' } },
			/^If It Can't Be Sent must be one of deleteDraft, keepDraft, but is "keep"$/,
		],
		['no signer', { signers: { signer: [] } }, /Signers is empty/],
		[
			'a bad address',
			{ signers: { signer: [{ ...ann, email: 'ann@' }] } },
			/"ann@" isn't a valid email address/,
		],
		[
			'a field for no one',
			{ specifyFields: 'form', fields: { field: [{ ...signature, signer: '3' }] } },
			/Field 1: Signer is 3, but there are 2 signers/,
		],
		[
			'a signer without a field',
			{ specifyFields: 'form', fields: { field: [{ ...signature, signer: '1' }] } },
			/Fields has none for signer 2 \(bob@example.com\)/,
		],
	])('refuses %s before anything is sent', async (_, change, expected) => {
		const { error } = await bench.act('document', 'createAndSend', contract(change), {
			items: [await bench.pdfItem()],
		});
		expect(error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});

	it.each<[string, Buffer, RegExp]>([
		['an empty file', Buffer.alloc(0), /The file in "data" is empty/],
		[
			'a page',
			Buffer.from('<html>This is a page'),
			/is a web page \(HTML\), not a PDF\. Convert it to PDF first/,
		],
		['a file shorter than the mark', Buffer.from('%PD'), /is not a PDF/],
	])('refuses %s before anything is sent', async (_, bytes, expected) => {
		const data = await bench.engine.binary.put(bytes, 'a.pdf', 'application/pdf');
		const { error } = await bench.act('document', 'createAndSend', contract({ name: 'x' }), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error?.message).toMatch(expected);
		expect(requests()).toEqual([]);
	});
});

it('adds signers in their order, even if inSigner takes its time with the first', async () => {
	bench.sandbox.faults.add({
		match: { operationId: 'addSigner' },
		times: 1,
		when: 'before',
		fault: { hangMs: 300 },
	});
	const bea = { ...ann, name: 'Bea', email: 'bea@example.com' };
	const { items, error } = await bench.act(
		'document',
		'createAndSend',
		contract({ signers: { signer: [ann, bea] }, specifyFields: 'automatic' }),
		{ items: [await bench.pdfItem('In order')] },
	);
	expect(error).toBeUndefined();
	const held = bench.sandbox.store.documents.get(String(items[0]?.json.id));
	expect(held?.signers.map(({ email, order }) => [email, order])).toEqual([
		[ann.email, 0],
		[bea.email, 1],
	]);
});

describe('a cancelled execution', () => {
	const cancelWhile = async (operationId: string, when: 'before' | 'after', title: string) => {
		const execution = new AbortController();
		bench.sandbox.faults.add({ match: { operationId }, when, fault: { hangMs: 300 } });
		const run = bench.act('document', 'createAndSend', contract(), {
			items: [await bench.pdfItem(title)],
			signal: execution.signal,
		});
		await until(() => requests().includes(operationId));
		if (when === 'after') await until(() => invitations().length > 0);
		execution.abort();
		return await run;
	};

	it('leaves no draft behind', async () => {
		const documents = bench.sandbox.store.documents.size;
		const { status } = await cancelWhile('addSigner', 'before', 'Cancelled');
		expect(status).toBe('canceled');
		await until(() => /"Cancelled" was not sent.*was deleted/.test(bench.engine.logText()));
		expect(bench.sandbox.store.documents.size).toBe(documents);
		expect(invitations()).toEqual([]);
	}, 20_000);

	it('says what had become of the items before it, whose output n8n drops', async () => {
		const execution = new AbortController();
		bench.sandbox.faults.add({ match: { operationId: 'addSigner' }, fault: { hangMs: 300 } });
		const wrong = { ...(await bench.pdfItem('')), json: { title: '' } };
		const run = bench.act('document', 'createAndSend', contract({ name: '={{ $json.title }}' }), {
			items: [wrong, await bench.pdfItem('Cancelled')],
			node: { onError: 'continueRegularOutput' },
			signal: execution.signal,
		});
		await until(() => requests().includes('addSigner'));
		execution.abort();
		await run;
		await until(() => /Before it, item 1 failed: .*Document Name/.test(bench.engine.logText()));
	}, 20_000);

	it.each([
		['is on its way out', 'before'],
		['has just gone out', 'after'],
	] as const)(
		'does not delete a contract that %s',
		async (_, when) => {
			await cancelWhile('sendDocument', when, `Cancelled ${when}`);
			await until(() => requests().filter((name) => name === 'getDocument').length >= 2);
			await until(() => invitations().length > 0);
			await new Promise((resolve) => setTimeout(resolve, 3_000));
			expect(requests()).not.toContain('deleteDocument');
			expect(invitations()).toEqual([ann.email]);
		},
		20_000,
	);
});

async function until(condition: () => boolean): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		if (condition()) return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	throw new Error('It did not happen within 5 seconds');
}
