/** A headless Chromium for the browser tests. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type BrowserContext } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Keeps the browser from calling its maker: the tests talk to loopback only. */
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export interface Browser {
	context: BrowserContext;
	/** Which browser it is. */
	executable: string;
	close(): Promise<void>;
}

/**
 * Starts a browser with an empty profile: the one CHROMIUM_PATH names, else an installed one, else the headless
 * build that comes as a development dependency (Linux on x64).
 *
 * @returns the browser; call `close` at the end
 * @throws Error when there is none, saying how to get one
 */
export async function startBrowser(): Promise<Browser> {
	const found = process.env.CHROMIUM_PATH ?? INSTALLED.find((path) => existsSync(path));
	const bundled = found === undefined ? await bundledBrowser() : undefined;
	const executable = found ?? bundled?.path;
	if (executable === undefined) {
		throw new Error(
			'No Chromium was found. Install Chrome or Chromium, or set CHROMIUM_PATH to its program file.',
		);
	}
	const profile = await mkdtemp(join(tmpdir(), 'n8n-insigner-browser-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: executable,
		headless: true,
		args: [...QUIET, ...(bundled?.args ?? [])],
		viewport: { width: 1280, height: 900 },
	});
	return {
		context,
		executable,
		close: async () => {
			await context.close();
			await rm(profile, { recursive: true, force: true });
		},
	};
}

/** Asks in its own process, because the package is an ES module and jest runs CommonJS. */
async function bundledBrowser(): Promise<{ path: string; args: string[] } | undefined> {
	if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
	const ask = `import bundled from '@sparticuz/chromium';
		const path = await bundled.executablePath();
		console.log(JSON.stringify({ path, args: bundled.args }));`;
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--input-type=module', '--eval', ask],
		{ cwd: __dirname },
	);
	return JSON.parse(stdout) as { path: string; args: string[] };
}
