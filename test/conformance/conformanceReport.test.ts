import { INFERENCES } from './inferences';
import { Redaction } from './redaction';
import { linesOf, reportOf, summaryOf } from './conformanceReport';
import { startScene, YOU, type Scene } from './sandboxRuns';

let scene: Scene | undefined;

afterEach(async () => {
	await scene?.stop();
	scene = undefined;
});

it('holds no key, secret, link, storage address, name, address or text of a contract', async () => {
	scene = await startScene({ forms: ['useIgnoresSigners', 'assignedToAsSignerId'] });
	const { sandbox } = scene;
	sandbox.store.seedDocuments(2, (number) => ({
		name: 'Severance of Wilhelmina Ampersand',
		status: number === 1 ? 'pending' : 'completed',
		message: 'Dear Wilhelmina, your salary was quadrupled.',
	}));
	const secrets: string[] = [];
	for (const document of sandbox.store.documents.all()) {
		for (const [index, signer] of document.signers.entries()) {
			signer.name = 'Wilhelmina Ampersand';
			signer.phone = '+49 30 5550142857';
			signer.token = `token-of-${document.id}-${index}`;
		}
	}
	sandbox.faults.add({
		match: { operationId: 'updateSigner' },
		nth: 2,
		fault: {
			status: 409,
			contentType: 'application/problem+json',
			body: {
				...{ type: 'https://docs.insigner.com/errors/conflict', title: 'Conflict', status: 409 },
				detail: `${YOU} was told by Wilhelmina Ampersand at ${sandbox.webUrl}/sign/secret-token`,
			},
		},
	});
	const outcome = await scene.run();
	for (const { answer, path } of outcome.exchanges) {
		const text = JSON.stringify(answer?.body ?? '');
		secrets.push(...[...text.matchAll(/"secret":"(\w+)"/g)].map(([, secret = '']) => secret));
		if (path.startsWith('http'))
			secrets.push(path, new URL(path).searchParams.get('token') ?? path);
	}
	expect(secrets.length).toBeGreaterThanOrEqual(3);

	const redaction = new Redaction([sandbox.apiKey, YOU], outcome.runName);
	const { json, markdown } = reportOf(outcome, 'app.insigner.co', redaction);
	const text = json + markdown;
	const ids = sandbox.store.documents.all().map(({ id }) => id);
	for (const hidden of [
		...[sandbox.apiKey, YOU, 'conformance2', sandbox.storageUrl, sandbox.webUrl, 'token-of'],
		...[
			'Wilhelmina',
			'Ampersand',
			'Severance',
			'quadrupled',
			'5550142857',
			'Olivia',
			'Acme',
			'acme',
		],
		...['Standard NDA', 'secret-token', 'Authorization', 'authorization', ...secrets, ...ids],
	]) {
		expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
	}
	expect(text.match(/\w+:\/\/(?!docs\.insigner\.com\/errors\/)\S+/g)).toBeNull();
	expect(text.match(/\S+@\S+/g)).toBeNull();

	// What is needed to follow it is still there.
	const report = JSON.parse(json) as {
		verdicts: Array<{ number: number; verdict: string; change?: string[] }>;
		exchanges: Array<{ endpoint?: string; path: string; answer?: { status: number } }>;
	};
	expect(report.exchanges).toHaveLength(outcome.exchanges.length);
	expect(report.verdicts.map(({ number }) => number)).toEqual(
		INFERENCES.map(({ number }) => number),
	);
	const refuted = report.verdicts.filter(({ verdict }) => verdict === 'refuted');
	expect(refuted.map(({ number }) => number)).toEqual([8, 10, 13]);
	expect(refuted[2]?.change?.join()).toMatch(/insigner\.openapi\.yaml:\d+.*fromTemplate\.ts:\d+/);
	expect(json).toContain('"signingType": "sequential"');
	expect(json).toContain('[sr_id ');
	expect(markdown).toContain('| 13 | Using a template takes a name and signers');
});

it('is not written if something personal is left in it', () => {
	const redaction = new Redaction(['isk_secret', YOU], 'run');
	expect(() => redaction.requireClean('all is well')).not.toThrow();
	for (const text of [YOU, 'isk_other', 'http://127.0.0.1/sign/x', 'ann@example.org']) {
		expect(() => redaction.requireClean(`it holds ${text}.`)).toThrow('was not written');
	}
});

it('says on the screen what is refuted and where to change it', async () => {
	scene = await startScene({ forms: ['coordinatesInPixels'] });
	const summary = summaryOf(await scene.run());
	expect(summary).toMatch(/ 9 {2}refuted +Places of fields are points/);
	expect(summary).toContain('pixels at 96 to the inch');
	expect(summary).toMatch(/change nodes\/InSigner\/actions\/field\/placement\.ts:\d+/);
	expect(summary).toMatch(/21 confirmed, 1 refuted, 5 not tested; 0 differences; \d+ requests\./);
});

describe('the list of inferences', () => {
	it('is complete and in order', () => {
		expect(INFERENCES.map(({ number }) => number)).toEqual(
			Array.from({ length: 27 }, (_, index) => index + 1),
		);
	});

	it('names lines that exist', () => {
		const places = INFERENCES.flatMap(({ number, code }) =>
			code.map((place) => ({ number, place, lines: linesOf(place) })),
		);
		expect(places.length).toBeGreaterThan(40);
		expect(places.filter(({ lines }) => lines.length === 0)).toEqual([]);
		expect(places.filter(({ lines }) => lines.length > 8)).toEqual([]);
	});
});
