/**
 * Which versions of n8n the nodes work with: installs each one, runs the end-to-end tests of the main job and of the
 * polling trigger in it, prints a table and removes it again. `npm run compat -- 2.40.7 1.123.81` for other versions,
 * `--keep` to keep them.
 */
import { execFile, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { installN8n, OTHER_INSTALLATION } from './install';
import { N8N_VERSIONS } from './n8nVersions';

const project = resolve(__dirname, '..', '..');

interface Verdict {
	n8n: string;
	node: string;
	works: boolean;
	passed: number;
	failed: number;
	seconds: number;
	says: string;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

interface JestReport {
	numPassedTests: number;
	numFailedTests: number;
	testResults: Array<{
		message: string;
		assertionResults: Array<{ status: string; fullName: string }>;
	}>;
}

/** Runs the tests in their own process; the environment says which n8n to use. */
async function runTests(folder: string): Promise<JestReport> {
	const outputFile = join(tmpdir(), `n8n-insigner-compat-${process.pid}.json`);
	await new Promise<void>((done, failed) => {
		const child = spawn(
			process.execPath,
			[
				join(project, 'node_modules/jest/bin/jest.js'),
				...[
					'--selectProjects',
					'e2e',
					'--testPathPatterns',
					'e2e/mainJob',
					'e2e/polling',
					'e2e/sendOnce',
				],
				...['--json', '--outputFile', outputFile],
			],
			{
				cwd: project,
				env: { ...process.env, [OTHER_INSTALLATION]: folder },
				stdio: ['ignore', 'ignore', 'inherit'],
			},
		);
		child.once('error', failed);
		child.once('close', () => done());
	});
	const report = JSON.parse(await readFile(outputFile, 'utf8')) as JestReport;
	await rm(outputFile);
	return report;
}

async function judge(version: string, keep: boolean): Promise<Verdict> {
	const startedAt = Date.now();
	let installed: string | undefined;
	const verdict = (part: Partial<Verdict>): Verdict => ({
		n8n: version,
		node: '',
		works: false,
		passed: 0,
		failed: 0,
		seconds: Math.round((Date.now() - startedAt) / 1000),
		says: '',
		...part,
	});
	try {
		const { folder, nodeBinary } = await installN8n(say, version);
		if (!keep) installed = folder;
		const report = await runTests(folder);
		const { stdout: node } = await promisify(execFile)(nodeBinary, ['--version']);
		const failures = report.testResults.flatMap(({ assertionResults }) =>
			assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
		);
		return verdict({
			node: node.trim().slice(1),
			works: report.numPassedTests > 0 && failures.length === 0,
			passed: report.numPassedTests,
			failed: failures.length,
			says: failures.join('; '),
		});
	} catch (error) {
		return verdict({ says: error instanceof Error ? error.message : String(error) });
	} finally {
		if (installed) await rm(installed, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { keep: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	const verdicts: Verdict[] = [];
	for (const version of positionals.length > 0 ? positionals : N8N_VERSIONS) {
		verdicts.push(await judge(version, values.keep));
		console.table(verdicts);
	}
	if (verdicts.some(({ works }) => !works)) process.exitCode = 1;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
