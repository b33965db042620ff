// What `npm test` runs, in two parallel lanes, to the end even if a step fails. Ends with a table of the steps and,
// on the last line, how many tests passed and how many did not. `node test/all.mjs queue` runs the tests of queue
// mode, which need Postgres and Redis, and adds them to what was counted before; `producers` those of the programs
// that make PDFs.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const root = join(import.meta.dirname, '..');
const results = join(root, 'test-results');
const totalsFile = join(results, 'totals.txt');
const bin = (file) => join(root, 'node_modules', file);
const only = ['queue', 'producers'].find((project) => project === process.argv[2]);
if (!only) rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const node = (...args) => ({ args });
const jest = (name, projects = [name], ...options) => ({
	args: [
		bin('jest/bin/jest.js'),
		...['--selectProjects', ...projects, '--ci', ...options],
		...['--json', '--outputFile', join(results, `${name}.json`)],
	],
	report: join(results, `${name}.json`),
});

const build = { build: node(bin('gulp/bin/gulp.js'), 'build') };

/** Steps that keep a processor busy, one after another. */
const processor = {
	lint: node(bin('eslint/bin/eslint.js'), '.'),
	format: node(bin('prettier/bin/prettier.cjs'), '--check', '.'),
	types: node(bin('typescript/bin/tsc'), '--noEmit', '-p', 'test/tsconfig.json'),
	openapi: node(bin('@redocly/cli/bin/cli.js'), 'lint', 'insigner.openapi.yaml'),
	scan: node(join(root, 'test/scan.mjs')),
	// As in npm run test:coverage.
	'unit, engine': jest('coverage', ['unit', 'engine'], '--coverage'),
	sandbox: jest('sandbox'),
	tools: jest('tools'),
	fuzz: jest('fuzz'),
	walk: jest('walk'),
	conformance: jest('conformance'),
	faults: jest('faults'),
	// Here, so that both lanes end at about the same time.
	examples: jest('examples'),
};

/** Steps run alongside that mostly wait for real n8n servers. */
const servers = {
	trigger: jest('trigger'),
	e2e: jest('e2e'),
	browser: jest('browser'),
};

let [passed, failed] = only ? totalsBefore() : [0, 0];
const table = [];
const failures = [];
if (only) {
	await runAll({ [only]: jest(only) });
} else {
	// Everything that follows needs dist/.
	await runAll(build);
	await Promise.all([runAll(processor), runAll(servers)]);
}

// Repeated at the end, since a long log may be cut.
for (const failure of failures) console.log(`\n${failure}`);
console.log();
console.table(table);
const totals = `${passed} passed, ${failed} failed`;
writeFileSync(totalsFile, `${totals}\n`);
console.log(totals);
process.exitCode = failed === 0 ? 0 : 1;

async function runAll(steps) {
	for (const [name, step] of Object.entries(steps)) await runStep(name, step);
}

/** Runs a step; its output is shown when it is over, so that two parallel ones stay readable. */
async function runStep(name, { args, report }) {
	const startedAt = Date.now();
	console.log(`${name}: started`);
	const { status, output } = await new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, {
			cwd: root,
			// jest's JSON goes to a file; what people read is on stderr.
			stdio: ['ignore', report ? 'ignore' : 'pipe', 'pipe'],
			env: { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
		});
		const chunks = [];
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (chunk) => chunks.push(chunk));
		child.once('error', reject);
		child.once('close', (code) => resolve({ status: code, output: Buffer.concat(chunks) }));
	});
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	const counts = report ? countsOf(report) : { passed: 0, failed: 0 };
	// A step that is not jest is one test; so is a jest that ended without a report.
	if (!report || (status !== 0 && counts.failed === 0))
		counts[status === 0 ? 'passed' : 'failed'] += 1;
	passed += counts.passed;
	failed += counts.failed;
	if (report) failures.push(...failuresIn(name, report));
	table.push({ step: name, passed: counts.passed, failed: counts.failed, seconds });
	console.log(`\n=== ${name} ===\n${output}`);
	const result = counts.failed === 0 ? 'passed' : `${counts.failed} did not pass`;
	console.log(`${name}: ${result}, ${seconds} s`);
}

/** How many passed and failed in the run that this one continues. */
function totalsBefore() {
	if (!existsSync(totalsFile)) return [0, 0];
	return readFileSync(totalsFile, 'utf8').match(/\d+/g).map(Number);
}

/** A skipped test counts as one that failed. */
function countsOf(report) {
	try {
		const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
		return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
	} catch {
		return { passed: 0, failed: 0 };
	}
}

/** The tests that did not pass, each with the beginning of its message. */
function failuresIn(step, report) {
	if (!existsSync(report)) return [];
	const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
	return testResults.flatMap(({ name, status, message, assertionResults }) => {
		const tests = assertionResults.filter((test) => test.status !== 'passed');
		// A file that could not be run, or whose beforeAll failed, has no test to name.
		if (tests.length === 0 && status !== 'passed') return [excerpt(step, name, message)];
		return tests.map(({ fullName, failureMessages: [said = 'skipped'] }) =>
			excerpt(step, fullName, said),
		);
	});
}

function excerpt(step, name, text) {
	const lines = stripVTControlCharacters(text).split('\n').slice(0, 8);
	return [`Not passed in ${step}: ${name}`, ...lines.map((line) => `  ${line}`)].join('\n');
}
