/** Pages, form fields and tags of a PDF: a scan of 100 MB with its text, a long contract, and files that mean harm. */
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

import { clock } from '../../nodes/InSigner/api/clock';
import { readPages } from '../../nodes/InSigner/pdf/pages';
import { readPdf } from '../../nodes/InSigner/pdf/readPdf';
import { findTags } from '../../nodes/InSigner/pdf/text/finding';
import { hostileTexts } from '../fuzz/hostileTexts';
import { startReader } from '../fuzz/reading';
import { bytes, CATALOG, object, stream, TRAILER } from '../unit/pdf/pdfSyntax';
import type { Outcome, PlainBenchmark } from './benchmark';
import { median, rounded } from './measuring';
import { serveParent, startInOwnProcess } from './ownProcess';

const ROUNDS = 3;
const SCAN_PAGES = 250;
const IMAGE_BYTES = 400_000;
const CONTRACT_PAGES = 100;
const MAX_BLOCK_MS = 50;
const MAX_SCAN_PEAK_MB = 70;
const MAX_SCAN_MS_PER_MB = 20;
const MAX_HOSTILE_MS = 5000;
const MAX_HOSTILE_PEAK_MB = 100;

/** What a process reads, and where n8n keeps the file. */
interface Task {
	file: string;
	what: 'pages' | 'tags';
	from: 'disk' | 'memory';
}

interface Reading {
	/** Of the thread that reads, on a processor. */
	ms: number;
	blockMs: number;
	peakMb: number;
	tags: number;
}

const NAMES = { pages: 'Page sizes', tags: 'Pages, form fields and tags' } as const;

export const pdfReading: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		`PDFs read in a process of their own, which gives others their turn as the nodes do: a scan of ${SCAN_PAGES} pages with the text that an OCR put behind its pictures, a contract of ${CONTRACT_PAGES} pages full of text and a tag on each, and the files of the tests that mean harm. Times are those of the reading thread on a processor, the memory is that above what the process had before; of the hostile files the worst of each`,
	run: async ({ say }) => {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-pdf-'));
		const outcome: Outcome = { rows: [], conclusions: [] };
		const add = (what: string, from: string, mb: number, pages: number, readings: Reading[]) => {
			const worst = (key: 'blockMs' | 'peakMb') =>
				rounded(Math.max(...readings.map((reading) => reading[key])), 0);
			const ms = median(readings.map((reading) => reading.ms));
			outcome.rows.push({
				What: what,
				'File kept': from,
				'File MB': rounded(mb, 2),
				Pages: pages,
				Ms: rounded(ms, 0),
				'Ms per page': rounded(ms / pages, 2),
				'Longest without a turn for others, ms': worst('blockMs'),
				'Peak over idle MB': worst('peakMb'),
			});
			return { msPerMb: rounded(ms / mb, 1), block: worst('blockMs'), peak: worst('peakMb') };
		};
		try {
			const scan = join(folder, 'scan.pdf');
			const scanMb = (await writeScan(scan)) / 1e6;
			const contract = join(folder, 'contract.pdf');
			const contractMb = (await writeContract(contract)) / 1e6;
			for (const { name, file, mb, pages } of [
				{ name: 'Scan', file: scan, mb: scanMb, pages: SCAN_PAGES },
				{ name: 'Contract', file: contract, mb: contractMb, pages: CONTRACT_PAGES },
			]) {
				for (const what of ['pages', 'tags'] as const) {
					for (const from of ['disk', 'memory'] as const) {
						say(`pdfReading: ${name}, ${NAMES[what]}, file ${from}`);
						const readings: Reading[] = [];
						for (let round = 0; round < ROUNDS; round++)
							readings.push(await readApart({ file, what, from }));
						if (what === 'tags' && readings.some((reading) => reading.tags !== pages)) {
							throw new Error(`Not all ${pages} tags of the ${name} were found`);
						}
						const { msPerMb, block, peak } = add(
							`${name}: ${NAMES[what]}`,
							from,
							mb,
							pages,
							readings,
						);
						if (file !== scan || what !== 'tags') continue;
						const text = `The scan's fields and tags, file ${from === 'disk' ? 'on disk' : 'in memory'}`;
						outcome.conclusions.push(
							{ what: `${text}, peak over idle`, value: peak, goal: MAX_SCAN_PEAK_MB, unit: ' MB' },
							{ what: `${text}, per MB`, value: msPerMb, goal: MAX_SCAN_MS_PER_MB, unit: ' ms' },
							{
								what: `${text}, longest without a turn`,
								value: block,
								goal: MAX_BLOCK_MS,
								unit: ' ms',
							},
						);
					}
				}
			}
			outcome.conclusions.push(...(await hostileConclusions(say)));
			return outcome;
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	},
};

async function hostileConclusions(say: (line: string) => void): Promise<Outcome['conclusions']> {
	const worst = {
		cpuMs: { value: 0, name: '' },
		unbrokenMs: { value: 0, name: '' },
		peakMiB: { value: 0, name: '' },
	};
	await using reader = startReader('pdfTags', ({ cpuMs }) => cpuMs > MAX_HOSTILE_MS, 16);
	for (const [name, make] of Object.entries(hostileTexts)) {
		say(`pdfReading: ${name}`);
		const reading = await reader.read(make());
		for (const key of ['cpuMs', 'unbrokenMs', 'peakMiB'] as const) {
			if (!(reading[key] <= worst[key].value))
				worst[key] = { value: rounded(reading[key], 0), name };
		}
	}
	const count = Object.keys(hostileTexts).length;
	const said = (what: string, name: string) => `Of ${count} hostile files, ${what} (${name})`;
	return [
		{
			what: said('the longest', worst.cpuMs.name),
			value: worst.cpuMs.value,
			goal: MAX_HOSTILE_MS,
			unit: ' ms',
		},
		{
			what: said('the longest without a turn', worst.unbrokenMs.name),
			value: worst.unbrokenMs.value,
			goal: MAX_BLOCK_MS,
			unit: ' ms',
		},
		{
			what: said('the highest peak', worst.peakMiB.name),
			value: worst.peakMiB.value,
			goal: MAX_HOSTILE_PEAK_MB,
			unit: ' MB',
		},
	];
}

/** Lines of text as an OCR or a word processor writes them, the last of them with a tag. */
function contentOf(lines: number, before = ''): string {
	const words =
		'The parties agree that the goods are delivered before the end of the month and paid for';
	const line = words
		.split(' ')
		.map((word) => `(${word}) -250`)
		.join(' ');
	const text = Array.from({ length: lines }, () => `[${line}] TJ T*`).join('\n');
	const packed = deflateSync(
		bytes(`${before} BT /F1 9 Tf 12 TL 1 0 0 1 40 750 Tm ${text} ({{signature:1}}) Tj ET`),
	);
	return stream(packed.toString('latin1'), '/Filter /FlateDecode');
}

/** @returns how large the file became, in bytes */
async function writePdf(
	path: string,
	count: number,
	objectsOf: (first: number) => { page: string; others: Array<string | Buffer> },
): Promise<number> {
	const file = await open(path, 'w');
	let size = 0;
	const write = async (content: string | Buffer) => {
		const written = await file.write(typeof content === 'string' ? bytes(content) : content);
		size += written.bytesWritten;
	};
	try {
		const numbers = Array.from({ length: count }, (_, index) => 10 + 10 * index);
		await write('%PDF-1.7\n');
		await write(CATALOG);
		await write(
			object(2, `<< /Type /Pages /Kids [${numbers.map((number) => `${number} 0 R`).join(' ')}] >>`),
		);
		await write(object(4, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'));
		for (const number of numbers) {
			const { page, others } = objectsOf(number);
			await write(
				object(number, `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${page} >>`),
			);
			for (const other of others) await write(other);
		}
		await write(TRAILER);
		return size;
	} finally {
		await file.close();
	}
}

/** Every other picture says its length in an object behind it, as scanners do that write while they scan. */
const writeScan = async (path: string) =>
	await writePdf(path, SCAN_PAGES, (first) => {
		const isLater = first % 20 === 0;
		const length = isLater ? `${first + 3} 0 R` : `${IMAGE_BYTES}`;
		const entries = `/Type /XObject /Subtype /Image /Width 1240 /Height 1754 /Filter /DCTDecode /Length ${length}`;
		return {
			page: `/Contents ${first + 1} 0 R /Resources << /Font << /F1 4 0 R >> /XObject << /Im ${first + 2} 0 R >> >>`,
			others: [
				object(first + 1, contentOf(40, 'q 595 0 0 842 0 0 cm /Im Do Q 3 Tr')),
				`${first + 2} 0 obj\n<< ${entries} >>\nstream\n`,
				randomBytes(IMAGE_BYTES),
				'\nendstream\nendobj\n',
				...(isLater ? [object(first + 3, `${IMAGE_BYTES}`)] : []),
			],
		};
	});

const writeContract = async (path: string) =>
	await writePdf(path, CONTRACT_PAGES, (first) => ({
		page: `/Contents ${first + 1} 0 R /Resources << /Font << /F1 4 0 R >> >>`,
		others: [object(first + 1, contentOf(40))],
	}));

async function readApart(task: Task): Promise<Reading> {
	const reader = await startInOwnProcess<Reading>('pdfReading.ts', task);
	await reader.stop();
	return reader.ready;
}

/** In megabytes of a million bytes. */
const memoryMb = (name: 'VmRSS' | 'VmHWM'): number => {
	const status = readFileSync('/proc/self/status', 'utf8');
	return (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1e6;
};

const threadMs = (): number =>
	Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ', 1)[0]) / 1e6;

async function readOnce({ file, what, from }: Task, content: Buffer | undefined): Promise<number> {
	const input = from === 'memory' && content ? content : createReadStream(file);
	if (what === 'pages') return (await readPages(input, clock.breaks())).length;
	let tags = 0;
	const pdf = await readPdf(input, { text: true, pause: clock.breaks() });
	for await (const text of pdf.texts()) tags += (await findTags(text)).length;
	return tags;
}

/** Rests on Linux: writing 5 to /proc/self/clear_refs makes VmHWM begin anew (man 5 proc). */
async function measure(task: Task): Promise<Reading> {
	if (!existsSync('/proc/self/schedstat')) throw new Error('This benchmark needs Linux');
	const content = task.from === 'memory' ? await readFile(task.file) : undefined;
	const before = memoryMb('VmRSS');
	writeFileSync('/proc/self/clear_refs', '5');
	const startedAt = threadMs();
	const tags = await readOnce(task, content);
	const ms = threadMs() - startedAt;
	const peakMb = memoryMb('VmHWM') - before;

	// Once more, with others that want a turn all the time.
	let [blockMs, since, isReading] = [0, threadMs(), true];
	const turn = () => {
		blockMs = Math.max(blockMs, threadMs() - since);
		since = threadMs();
		if (isReading) setImmediate(turn);
	};
	turn();
	await readOnce(task, content);
	isReading = false;
	return { ms, blockMs, peakMb, tags };
}

if (require.main === module) serveParent(measure);
