/**
 * Makes sure that the development dependencies are installed and fit package-lock.json, before anything that needs
 * them is loaded. Runs on bare Node.js, writes only node_modules, and is done in milliseconds when all is in place.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [20, 19];
const PROGRESS_MS = 10_000;

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(project, 'node_modules', '.n8n-nodes-insigner-setup');

/** Ends the process with a text for the user. */
function fail(text) {
	process.stderr.write(`\n${text}\n`);
	process.exit(1);
}

/**
 * Runs npm in the project: the npm that runs this script, else the one on the PATH.
 *
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function npm(args) {
	const script = process.env.npm_execpath;
	const windows = process.platform === 'win32';
	const [command, first] =
		script && basename(script) === 'npm-cli.js' && existsSync(script)
			? [process.execPath, [script]]
			: [windows ? 'npm.cmd' : 'npm', []];
	return new Promise((resolve, reject) => {
		const child = spawn(command, [...first, ...args], {
			cwd: project,
			shell: windows && first.length === 0,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		const collect = (chunk) => {
			output += chunk;
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, output }));
	});
}

/** Says what the user can do about a failed `npm ci`. */
function explain(output) {
	const lines = output.trim().split('\n');
	// The cause comes first, advice on npm's options later.
	const errors = lines.filter((line) => /^npm (error|ERR!) (?!\s*at )./.test(line)).slice(0, 12);
	const shown = (errors.length > 0 ? errors : lines.slice(-12)).join('\n');
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/.test(output)
	) {
		return `npm could not reach its registry. Check the network, a proxy (npm config get https-proxy) and the address that "npm config get registry" prints, then run the same command again.\n${shown}`;
	}
	if (/ENOSPC/.test(output)) return `The disk is full.\n${shown}`;
	return `The development dependencies could not be installed:\n${shown}`;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
	fail(
		`This needs Node.js ${MINIMUM.join('.')} or later, and this is ${process.versions.node}. ` +
			'Install a newer one (for example with nvm: nvm install 24) and run the same command again.',
	);
}

const digest = createHash('sha256')
	.update(readFileSync(join(project, 'package-lock.json')))
	.digest('hex');
const stamped = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : '';

if (stamped !== digest) {
	const startedAt = Date.now();
	const say = (text) => {
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		process.stdout.write(`Development dependencies: ${text}, ${seconds} s\n`);
	};
	say('installing with npm ci (once, a minute or more)');
	const progress = setInterval(() => say('still installing'), PROGRESS_MS);
	try {
		// One question first: npm ci would try every package for itself and take minutes to say that none came.
		const once = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
		const reached = await npm(['view', 'typescript', 'version', ...once]);
		if (reached.code !== 0) fail(explain(reached.output));
		const { code, output } = await npm([
			...['ci', '--ignore-scripts', '--include=dev', '--prefer-offline'],
			...['--no-audit', '--no-fund'],
		]);
		if (code !== 0) fail(explain(output));
	} catch (error) {
		fail(
			error.code === 'ENOENT'
				? 'npm is missing. It comes with Node.js; install Node.js with npm and run the same command again.'
				: `npm could not be started: ${error.message}`,
		);
	} finally {
		clearInterval(progress);
	}
	// npm ci begins by deleting node_modules, so the stamp can only be there after all of it is.
	writeFileSync(stampFile, `${digest}\n`);
	say('installed');
}
