/** Installs packages: the one way for the project and for the n8n of test/host. Runs on bare Node.js. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const PROGRESS_MS = 10_000;

/**
 * The environment for npm: the user's machine, but nothing about the current script, since npm runs in other folders
 * too.
 */
const NOT_FOR_NPM =
	/^(npm_(package|lifecycle|command).*|npm_config_(local_prefix|omit|include|global|prefix|ignore_scripts)|NODE_ENV|NODE_OPTIONS)$/i;

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** An error that the user can do something about: the message says it all. */
export class SetupError extends Error {}

/**
 * Runs a program, which ends when this process is told to end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | null, output: string }>} its exit code, and the last it printed
 */
export function run(command, args, options) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		const cancel = () => {
			child.kill();
			process.exit(130);
		};
		const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
		for (const signal of signals) process.once(signal, cancel);
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => (output = (output + chunk).slice(-200_000)));
		child.once('error', reject);
		child.once('close', (code) => {
			for (const signal of signals) process.off(signal, cancel);
			resolve({ code, output });
		});
	});
}

/**
 * Reports every ten seconds that work continues.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {() => string} step what is being done
 * @param {(line: string) => void} say
 * @returns {Promise<T>} what the work returns
 */
export async function whileSaying(work, step, say) {
	const startedAt = Date.now();
	const tick = () => say(`${step()}, ${Math.round((Date.now() - startedAt) / 1000)} s`);
	tick();
	const timer = setInterval(tick, PROGRESS_MS);
	return await work.finally(() => clearInterval(timer));
}

/**
 * Runs npm: under `npm run` that same npm, otherwise the one on the PATH.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} what it printed
 * @throws SetupError with the relevant part of npm's output, and what the user can do
 */
export async function npm(args, cwd) {
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !NOT_FOR_NPM.test(name)),
	);
	const script = process.env.npm_execpath ?? '';
	const isNpm = basename(script) === 'npm-cli.js' && existsSync(script);
	const [command, first] = isNpm ? [process.execPath, [script]] : ['npm', []];
	const { code, output } = await run(command, [...first, ...args], { cwd, env }).catch((error) => {
		throw new SetupError(
			error.code === 'ENOENT'
				? 'npm is missing. It comes with Node.js; install Node.js with npm and run the same command again.'
				: `npm could not be started: ${error.message}`,
		);
	});
	if (code !== 0) throw new SetupError(explain(output));
	return output.trim();
}

function explain(output) {
	// The cause comes first, advice on npm's options later; without marked lines the end is most useful.
	const lines = output.trim().split('\n');
	const errors = lines.filter((line) => /^npm (error|ERR!) (?!\s*at )./.test(line));
	const shown = (errors.length > 0 ? errors.slice(0, 12) : lines.slice(-12)).join('\n');
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/.test(output)
	) {
		return `npm could not reach its registry. Check the network, a proxy (npm config get https-proxy) and the address that "npm config get registry" prints, then run the same command again.\n${shown}`;
	}
	if (/ENOSPC/.test(output)) return `The disk is full.\n${shown}`;
	return `npm could not install what is needed:\n${shown}`;
}

/**
 * Whether node_modules holds what package-lock.json asks for, whichever command installed it. npm records what it
 * installed when it is done, and deletes that record before it begins. What is not needed, or is for other platforms,
 * is only in the lock.
 *
 * @param {string} folder the one with package-lock.json
 */
export function isInstalled(folder) {
	const written = join(folder, 'node_modules', '.package-lock.json');
	if (!existsSync(written)) return false;
	const { packages: wanted } = read(join(folder, 'package-lock.json'));
	const { packages: present } = read(written);
	const { dependencies, devDependencies } = wanted[''];
	return (
		Object.keys({ ...dependencies, ...devDependencies }).every(
			(name) => `node_modules/${name}` in present,
		) &&
		Object.entries(present).every(
			([path, { version, integrity }]) =>
				!(path in wanted) ||
				(wanted[path].version === version && wanted[path].integrity === integrity),
		)
	);
}

/**
 * Installs what package-lock.json asks for, without running any of the packages' scripts.
 *
 * @param {string} folder the one with package-lock.json
 * @param {(line: string) => void} say receives a line of text every ten seconds
 * @throws SetupError that says what to do
 */
export async function installLocked(folder, say) {
	// One request first: npm ci would try each package separately and take minutes to report that none could be
	// fetched.
	const once = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
	await npm(['view', 'npm', 'version', ...once], folder);
	// npm creates all folders first and fills them later. Packages for some platforms only are not counted.
	const packages = Object.entries(read(join(folder, 'package-lock.json')).packages)
		.filter(([path, { os, cpu, optional }]) => path !== '' && !os && !cpu && !optional)
		.map(([path]) => join(folder, path, 'package.json'));
	const count = () => packages.filter((file) => existsSync(file)).length.toLocaleString('en-US');
	await whileSaying(
		npm(
			[
				...['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--prefer-offline'],
				...['--no-audit', '--no-fund'],
				// Retries stay, since there are many downloads, but an unreachable registry is reported within
				// seconds.
				...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'],
			],
			folder,
		),
		() => `installing packages (${count()} of ${packages.length.toLocaleString('en-US')})`,
		say,
	);
}

/**
 * Runs the main function of a set-up; an error ends the process with a message for the user.
 *
 * @param {() => Promise<void>} main
 */
export async function setUp(main) {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	try {
		if (major < 20 || (major === 20 && minor < 19)) {
			throw new SetupError(
				`This needs Node.js 20.19 or later, and this is ${process.versions.node}. ` +
					'Install a newer one (for example with nvm: nvm install 24) and run the same command again.',
			);
		}
		await main();
	} catch (error) {
		process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`);
		process.exitCode = 1;
	}
}
