import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { readOptions, WrongUsage } from './options';

const ROOT = join(__dirname, '../..');
const KEY = `isk_${'k'.repeat(44)}`;

describe('the command line', () => {
	it('takes the key from an argument or from the environment', () => {
		expect(readOptions(['--key', KEY], {})).toMatchObject({
			apiKey: KEY,
			baseUrl: 'https://app.insigner.co/api/v1',
			bulk: false,
			yes: false,
			report: 'conformance-report',
		});
		expect(readOptions([], { INSIGNER_API_KEY: KEY })?.apiKey).toBe(KEY);
		expect(readOptions(['--help'], {})).toBeUndefined();
	});

	it.each([
		['no key', [], /Give an API key/],
		['half a key', ['--key', 'isk_x'], /44 characters/],
		['plain http', ['--key', KEY, '--base-url', 'http://example.com'], /not https/],
		['no address', ['--key', KEY, '--send-to', 'you'], /one email address/],
		['two addresses', ['--key', KEY, '--send-to', 'a@b.co,c@d.co'], /one email address/],
		['a bulk send to no one', ['--key', KEY, '--bulk'], /--bulk takes --send-to/],
		['an unknown option', ['--key', KEY, '--send'], /--send/],
	])('refuses %s', (_, args, words) => {
		expect(() => readOptions(args, {})).toThrow(WrongUsage);
		expect(() => readOptions(args, {})).toThrow(words);
	});
});

describe('the command', () => {
	let sandbox: Sandbox;
	let folder: string;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerMinute: 100_000, apiKey: KEY });
		folder = mkdtempSync(join(tmpdir(), 'conformance-'));
	});

	afterAll(async () => {
		await sandbox.stop();
		rmSync(folder, { recursive: true });
	});

	/** Runs the command and returns what it printed; `onOutput` gets the output so far. */
	async function command(
		args: string[],
		onOutput: (text: string, interrupt: () => void) => void = () => undefined,
	): Promise<{ code: number | null; output: string }> {
		const child = spawn(process.execPath, ['--import', 'tsx', 'test/conformance/cli.ts', ...args], {
			cwd: ROOT,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, INSIGNER_API_KEY: KEY },
		});
		let output = '';
		const take = (chunk: Buffer): void => {
			output += chunk.toString();
			onOutput(output, () => child.kill('SIGINT'));
		};
		child.stdout.on('data', take);
		child.stderr.on('data', take);
		const code = await new Promise<number | null>((done) => child.once('close', done));
		return { code, output };
	}

	it('reads, writes its report and ends with 0', async () => {
		const report = join(folder, 'reading');
		const { code, output } = await command(['--base-url', sandbox.apiUrl, '--report', report]);
		expect(output).toContain('11 confirmed, 0 refuted, 16 not tested');
		expect(code).toBe(0);
		expect(readFileSync(join(report, 'report.json'), 'utf8')).toContain('"service": "this machine');
		expect(existsSync(join(report, 'report.md'))).toBe(true);
		expect(output).not.toContain(KEY);
	}, 60_000);

	it('ends with 1 if something is refuted, and with 2 if no one can be asked', async () => {
		sandbox.faults.add({ match: { operationId: 'remindDocument' }, fault: { status: 405 } });
		const [refuted, unasked] = await Promise.all([
			command(['--base-url', sandbox.apiUrl, '--report', join(folder, 'refuted')]),
			command(['--base-url', sandbox.apiUrl, '--send-to', 'you@example.com']),
		]);
		sandbox.faults.clear();
		expect(refuted.output).toMatch(/3 {2}refuted/);
		expect(refuted.code).toBe(1);
		expect(unasked.output).toContain('No one can be asked here. Add --yes');
		expect(unasked.code).toBe(2);
	}, 60_000);

	it('removes what it has created if it is interrupted', async () => {
		const before = sandbox.store.documents.size;
		sandbox.faults.add({ match: { operationId: 'addField' }, nth: 10, fault: { hangMs: 1_500 } });
		let isInterrupted = false;
		const report = join(folder, 'interrupted');
		const { code, output } = await command(
			['--base-url', sandbox.apiUrl, '--report', report, '--send-to', 'you@example.com', '--yes'],
			(text, interrupt) => {
				if (isInterrupted || !text.includes('fields of every type')) return;
				isInterrupted = true;
				setTimeout(interrupt, 500);
			},
		);
		expect(output).toContain('Stopping: what was made is removed');
		expect(code).toBe(130);
		expect(output).not.toContain('COULD NOT BE REMOVED');
		expect(sandbox.store.documents.size).toBe(before);
		expect(sandbox.store.webhooks.size).toBe(0);
		expect(sandbox.journal.emails).toEqual([]);
	}, 60_000);
});
