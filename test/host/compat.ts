/**
 * Which versions of n8n the nodes work with: installs each one, runs the end-to-end tests of the main job and of the
 * polling trigger in it, prints a table and removes it again. `npm run compat -- 2.40.7 1.123.81` for other versions,
 * `--keep` to keep them.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import {
	NODE_PACKAGES,
	OTHER_INSTALLATION,
	buildSqlite,
	cacheRoot,
	explainNpmFailure,
	nodeBinaryIn,
	npm,
	requireBuildTools,
	requireSpace,
} from './install';
import { N8N_VERSIONS } from './n8nVersions';

const project = resolve(__dirname, '..', '..');

interface Manifest {
	dependencies: Record<string, string>;
	overrides: Record<string, string>;
}

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

const exists = async (file: string) =>
	await readFile(file).then(
		() => true,
		() => false,
	);

/** The oldest line of Node.js that a version of n8n takes and that still gets updates: 22 or 24. */
async function nodeFor(version: string): Promise<string> {
	const asked = await npm(['view', '--prefer-offline', `n8n@${version}`, 'engines.node'], project);
	if (asked.code !== 0) throw new Error(explainNpmFailure(asked.output));
	return />=\s*24/.test(asked.output) ? '^24.0.0' : '^22.22.0';
}

/** Installs without a lock, as a user's `npm install n8n` does, with the same exceptions as the pinned one. */
async function install(version: string, folder: string): Promise<void> {
	if (await exists(join(folder, 'installed.json'))) return;
	const pinned = JSON.parse(await readFile(join(__dirname, 'package.json'), 'utf8')) as Manifest;
	const nodePackage = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	const manifest = {
		private: true,
		dependencies: {
			...pinned.dependencies,
			n8n: version,
			...(nodePackage && { [nodePackage]: await nodeFor(version) }),
		},
		// Some versions take xlsx from a host that is no npm registry; nothing here opens a spreadsheet.
		overrides: { ...pinned.overrides, xlsx: '0.18.5' },
	};
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await requireSpace(folder);
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	say(`n8n ${version}: installing into ${folder}`);
	const installed = await npm(
		['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
		folder,
	);
	if (installed.code !== 0) throw new Error(explainNpmFailure(installed.output));
	await buildSqlite(folder, nodeBinaryIn(folder), version, say);
	await writeFile(join(folder, 'installed.json'), JSON.stringify({ n8n: version }));
}

interface JestReport {
	numPassedTests: number;
	numFailedTests: number;
	testResults: Array<{
		message: string;
		assertionResults: Array<{ status: string; fullName: string }>;
	}>;
}

/** Runs the tests in a process of its own, told by the environment which n8n to take. */
async function runTests(folder: string): Promise<JestReport> {
	const outputFile = join(tmpdir(), `n8n-insigner-compat-${process.pid}.json`);
	await new Promise<void>((done, failed) => {
		const child = spawn(
			process.execPath,
			[
				join(project, 'node_modules/jest/bin/jest.js'),
				...['--selectProjects', 'e2e', '--testPathPatterns', 'e2e/mainJob', 'e2e/polling'],
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
	const folder = join(cacheRoot(process.env, homedir()), `compat-${version}`);
	const startedAt = Date.now();
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
		await install(version, folder);
		const report = await runTests(folder);
		const nodePackage = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? '';
		const node = await readFile(
			join(folder, 'node_modules', nodePackage, 'package.json'),
			'utf8',
		).then(
			(text) => (JSON.parse(text) as { version: string }).version,
			() => process.versions.node,
		);
		const failures = report.testResults.flatMap(({ assertionResults }) =>
			assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
		);
		return verdict({
			node,
			works: report.numPassedTests > 0 && failures.length === 0,
			passed: report.numPassedTests,
			failed: failures.length,
			says: failures.join('; '),
		});
	} catch (error) {
		return verdict({ says: error instanceof Error ? error.message : String(error) });
	} finally {
		if (!keep) await rm(folder, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { keep: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	await requireBuildTools();
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
