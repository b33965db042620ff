import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

const contract = {
	name: 'Lease of Ann',
	signers: { signer: [{ name: 'Ann', email: 'ann@example.com' }] },
	specifyFields: 'form',
	fields: { field: [{ type: 'signature', signer: '1', page: 1, x: 10, y: 10 }] },
	options: {},
};

it('writes one line for each request, with nothing private in it', async () => {
	bench.engine.logs.length = 0;
	bench.sandbox.journal.clear();
	const sent = await bench.act('document', 'createAndSend', contract, {
		items: [await bench.pdfItem()],
	});
	const id = String(sent.items[0]?.json.id);
	await bench.sandbox.sign(id, 'ann@example.com');
	const downloaded = await bench.act('document', 'download', {
		documentId: byId(id),
		outputBinaryField: 'pdf',
		options: {},
	});
	expect(downloaded.error).toBeUndefined();
	await bench.act('document', 'getMany', {
		returnAll: true,
		filters: { search: 'Lease of Ann' },
	});

	const lines = bench.engine.logs
		.filter(({ level, message }) => level === 'debug' && message.startsWith('inSigner: '))
		.map(({ message }) => message);
	const line =
		/^inSigner: (?:(?:GET|POST|PATCH|DELETE) \/[\w/{}-]+: \d{3}|(?:GET|PUT) \(file storage\): done) after \d+ ms, attempt 1(?:, request ID req_\w+)?$/;
	for (const text of lines) expect(text).toMatch(line);
	expect(lines).toContainEqual(
		expect.stringMatching(/^inSigner: POST \/documents\/\{documentId\}\/send: 200 after /),
	);
	expect(lines).toHaveLength(bench.sandbox.journal.requests.length);

	const all = bench.engine.logText();
	for (const secret of [
		bench.sandbox.apiKey,
		'ann@example.com',
		'Lease of Ann',
		'signature=',
		'/sign/',
		'search',
		bench.sandbox.storageUrl,
	]) {
		expect(all).not.toContain(secret);
	}
	expect(lines.join('\n')).not.toContain(id);
}, 30_000);

it('numbers the attempts and names what broke', async () => {
	bench.engine.logs.length = 0;
	bench.sandbox.faults.add({
		match: { operationId: 'getOrganization' },
		nth: 1,
		fault: { drop: true },
	});
	bench.sandbox.faults.add({
		match: { operationId: 'getOrganization' },
		nth: 2,
		fault: { status: 503 },
	});
	expect((await bench.act('organization', 'get', { options: {} })).error).toBeUndefined();
	bench.sandbox.faults.clear();
	expect(
		bench.engine.logs
			.map(({ message }) => message)
			.filter((message) => message.startsWith('inSigner: GET /org')),
	).toEqual([
		expect.stringMatching(/^inSigner: GET \/org: ECONNRESET after \d+ ms, attempt 1$/),
		expect.stringMatching(/^inSigner: GET \/org: 503 after \d+ ms, attempt 2/),
		expect.stringMatching(/^inSigner: GET \/org: 200 after \d+ ms, attempt 3/),
	]);
});

it('says that a request was not sent when the credential refuses it', async () => {
	bench.engine.logs.length = 0;
	await bench.act(
		'organization',
		'get',
		{ options: {} },
		{ credentials: { inSignerApi: { ...bench.credentials.inSignerApi, apiKey: 'isk_short' } } },
	);
	expect(bench.engine.logs.map(({ message }) => message)).toContainEqual(
		expect.stringMatching(/^inSigner: GET \/org: not sent after \d+ ms, attempt 1$/),
	);
	expect(bench.engine.logText()).not.toContain('isk_short');
});
