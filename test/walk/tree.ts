import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/** What is not needed, or is generated again. */
const LEFT_OUT = ['.git', 'node_modules', 'dist', 'test-results', 'demo-output'];

/** The outcome of one test file. */
export interface Outcome {
	passed: boolean;
	/** Everything that its failing tests said, with their names. */
	message: string;
}

interface JestReport {
	testResults: Array<{
		name: string;
		status: string;
		message: string;
		assertionResults: Array<{ status: string; fullName: string; failureMessages: string[] }>;
	}>;
}

/** A copy of this repository, with the same dependencies; removed by {@link remove}. */
export class Tree {
	private constructor(readonly folder: string) {}

	/** @param from - the folder that is copied */
	static async copy(from = root): Promise<Tree> {
		const folder = await mkdtemp(join(tmpdir(), 'insigner-walk-'));
		await cp(from, folder, {
			recursive: true,
			filter: (source) => !LEFT_OUT.includes(relative(from, source).split(sep)[0] ?? ''),
		});
		await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
		return new Tree(folder);
	}

	/** @returns the text of a file; undefined if there is none */
	async read(file: string): Promise<string | undefined> {
		return await readFile(join(this.folder, file), 'utf8').catch(() => undefined);
	}

	/** @param text - undefined deletes the file */
	async write(file: string, text: string | undefined): Promise<void> {
		if (text === undefined) await rm(join(this.folder, file), { force: true });
		else await writeFile(join(this.folder, file), text);
	}

	/** @throws Error if it changes nothing */
	async change(file: string, change: (text: string) => string): Promise<void> {
		const before = (await this.read(file)) ?? '';
		const after = change(before);
		if (after === before) throw new Error(`${file} was not changed`);
		await this.write(file, after);
	}

	/**
	 * @param name - name of a script in package.json
	 * @throws Error with everything it printed, if it does not succeed
	 */
	async script(name: string): Promise<void> {
		const { code, output } = await this.run('npm', ['run', '--silent', name]);
		if (code !== 0) throw new Error(`npm run ${name}:\n${output}`);
	}

	/** Runs tests of the quick projects. @returns by file, from the root of the repository */
	async test(files: readonly string[]): Promise<Record<string, Outcome>> {
		const report = join(this.folder, 'walk-report.json');
		await rm(report, { force: true });
		const jest = join(root, 'node_modules/jest/bin/jest.js');
		const options = ['--runTestsByPath', '--json', '--outputFile', report];
		const { output } = await this.run(process.execPath, [
			...[jest, ...files, ...options],
			...['--selectProjects', 'unit', 'engine', 'sandbox', 'tools'],
		]);
		const text = await readFile(report, 'utf8').catch(() => {
			throw new Error(`jest wrote no report:\n${output}`);
		});
		const { testResults } = JSON.parse(text) as JestReport;
		return Object.fromEntries(
			testResults.map(({ name, status, message, assertionResults }) => [
				relative(this.folder, name),
				{
					passed: status === 'passed',
					message: [
						message,
						...assertionResults.flatMap((test) => [test.fullName, ...test.failureMessages]),
					].join('\n'),
				},
			]),
		);
	}

	async run(command: string, args: string[]): Promise<{ code: number; output: string }> {
		// This jest's own environment is not meant for those it starts.
		const env = { ...process.env, JEST_WORKER_ID: undefined, NODE_ENV: undefined };
		const options = { cwd: this.folder, env, maxBuffer: 64 * 1024 * 1024 };
		return await promisify(execFile)(command, args, options).then(
			({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
			(error: { code?: number; stdout?: string; stderr?: string }) => ({
				code: error.code ?? 1,
				output: `${error.stdout ?? ''}${error.stderr ?? ''}`,
			}),
		);
	}

	async remove(): Promise<void> {
		await rm(this.folder, { recursive: true, force: true });
	}
}
