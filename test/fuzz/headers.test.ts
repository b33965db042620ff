/** Headers, errors and files come from whoever answers. */
import fc from 'fast-check';
import { Readable } from 'node:stream';

import { pdfFileName } from '../../nodes/InSigner/documents/fileName';
import { readTransportFault } from '../../nodes/InSigner/api/answer';
import { isPdf, startOf } from '../../nodes/InSigner/api/files';
import { holdMs, Pacer, retryAfterSeconds } from '../../nodes/InSigner/api/rateLimit';
import { problemWithAnswer } from '../../nodes/InSigner/api/credentialTest';
import { times, within } from './bounds';

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 1_000) };

const LIMIT_HEADERS = ['retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];

describe('rate limit headers', () => {
	const worst = ['0', '9', '-', '.', ' ', '1e', 'x', '-0.', '\u0000', '0x'].map((part) =>
		times(part),
	);

	it.each(worst)('of a megabyte are read within bounds (%#)', (text) => {
		const headers = Object.fromEntries(LIMIT_HEADERS.map((name) => [name, text]));
		within(() => {
			retryAfterSeconds(headers);
			new Pacer().observe('listDocuments', 200, headers);
			new Pacer().observe('listDocuments', 429, headers);
		});
	});

	const value = fc.oneof(
		fc.string(),
		fc.double().map(String),
		fc.bigInt().map(String),
		fc.constantFrom('0', '-1', '0.5', '1e400', 'Infinity', 'NaN', '1795000000', '', ' 7 ', '+3'),
	);
	const headers = fc.record(
		Object.fromEntries(LIMIT_HEADERS.map((name) => [name, fc.option(value, { nil: undefined })])),
	);

	it('never ask for less than a second, and hold a key for no more than a minute', () => {
		fc.assert(
			fc.property(headers, (told) => {
				expect(retryAfterSeconds(told)).toBeGreaterThanOrEqual(1);
				expect(Number.isSafeInteger(retryAfterSeconds(told))).toBe(true);
				const ms = holdMs('listDocuments', { ...told, 'ratelimit-remaining': '0' });
				expect(ms).toBeGreaterThanOrEqual(1_000);
				expect(ms).toBeLessThanOrEqual(60_000);
			}),
			RUNS,
		);
	});

	it('whatever they said, in whatever order, the next request goes out within a minute', async () => {
		jest.useFakeTimers({ now: 1_000_000 });
		const answers = fc.array(fc.tuple(fc.constantFrom(200, 201, 404, 429, 500), headers), {
			maxLength: 5,
		});
		await fc.assert(
			fc.asyncProperty(answers, async (all) => {
				const pacer = new Pacer();
				for (const [status, told] of all) pacer.observe('listDocuments', status, told);
				expect(pacer.perMinute).toBeGreaterThan(0);
				expect(pacer.perMinute).toBeLessThanOrEqual(1_000_000);
				const start = Date.now();
				const turn = pacer.acquire(61_000).then(() => Date.now() - start);
				await jest.advanceTimersByTimeAsync(61_000);
				expect(await turn).toBeLessThanOrEqual(60_000);
			}),
			{ numRuns: Math.ceil(RUNS.numRuns / 10) },
		);
		jest.useRealTimers();
	});
});

describe('errors of the HTTP client', () => {
	it('are read within bounds, however long or deep', () => {
		const long = times('connect ');
		within(() =>
			readTransportFault({ code: long, message: long, messages: [long], httpCode: long }),
		);
		let deep: { cause?: object } = { cause: undefined };
		for (let n = 0; n < 100_000; n++) deep = { cause: deep };
		within(() => readTransportFault(deep));
		const errors = Array.from({ length: 100_000 }, () => ({ syscall: 'connect', code: 'X' }));
		expect(within(() => readTransportFault({ code: 'X', errors }))?.result).toBe('noAnswer');
	});

	it('never make the reader throw', () => {
		fc.assert(
			fc.property(fc.anything({ withNullPrototype: true }), (error) => {
				readTransportFault(error);
			}),
			RUNS,
		);
	});
});

it('the answer to a credential test is judged within bounds', () => {
	for (const body of [
		times('['),
		times('{"a":'),
		times(' '),
		times('<'),
		`{"data":"${times('x')}"}`,
	]) {
		within(() => problemWithAnswer({ statusCode: 200, body }, 'app.insigner.co'));
	}
	fc.assert(
		fc.property(fc.integer(), fc.oneof(fc.string(), fc.json()), (statusCode, body) => {
			expect(problemWithAnswer({ statusCode, body }, 'app.insigner.co')).not.toBe('');
		}),
		RUNS,
	);
});

describe('the name of a file', () => {
	const document = { id: 'cm1', name: 'Lease', completedAt: '2026-05-29T14:30:00.000Z' };
	const worst = [
		'{',
		'{a',
		'{name}',
		'.',
		' ',
		'. ',
		'/',
		'\u0000',
		'a',
		'契',
		'📄',
		'\ud83d',
		'con',
		'CON.',
		'.pdf',
	];

	it('is made within bounds from a megabyte', () => {
		for (const text of worst.flatMap((part) => [times(part), `CON${times(part)}x`])) {
			const made = within(() => [
				pdfFileName(text, document, 'UTC'),
				pdfFileName('', { ...document, name: text }, 'UTC'),
				pdfFileName('{date}', { ...document, completedAt: text }, 'UTC'),
			]);
			for (const name of made) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
		}
	}, 30_000);

	it('fits every file system, whatever it is made from', () => {
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.array(
					fc.constantFrom('con', 'LPT1', '.', ' ', '/', '\\', '{name}', '{date}', '.pdf', '契'),
				)
				.map((parts) => parts.join('')),
		);
		fc.assert(
			fc.property(text, text, (pattern, name) => {
				const file = pdfFileName(pattern, { ...document, name }, 'Europe/Berlin');
				expect(file).toMatch(/^[^\\/:*?"<>|\p{Cc}\p{Cs}]+\.pdf$/iu);
				expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
				expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\s*\./i);
				expect(file).not.toMatch(/[. ]\.pdf$/i);
				expect(Buffer.from(file).toString()).toBe(file);
			}),
			RUNS,
		);
	});
});

it('the head of a stream is read in any pieces', async () => {
	const pieces = (bytes: Buffer, size: number) =>
		Readable.from(
			Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
				bytes.subarray(n * size, (n + 1) * size),
			),
			{ objectMode: false },
		);
	for (const size of [1, 2, 3, 5, 100_000]) {
		expect(isPdf(await startOf(pieces(Buffer.from(`%PDF-1.7${times('x', 10_000)}`), size)))).toBe(
			true,
		);
		expect(isPdf(await startOf(pieces(Buffer.from(times('x', 10_000)), size)))).toBe(false);
		expect(isPdf(await startOf(pieces(Buffer.from('%PDF'), size)))).toBe(false);
	}
});
