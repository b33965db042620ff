/** Runs a real n8n server as a child process, with the packed nodes installed as a user would have them. */
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { request } from 'undici';

import {
	communityNodesFolder,
	DISABLED_MODULES,
	n8nEnvironment,
	temporaryFolder,
} from './environment';
import type { InstalledN8n } from './install';

export interface StartOptions {
	/** From `installN8n()`. */
	installed: Pick<InstalledN8n, 'nodeBinary' | 'n8nEntry'>;
	/** Which process of n8n; `start` is the main one, the others belong to queue mode. */
	command?: 'start' | 'worker' | 'webhook';
	/** Packed community packages (.tgz) by package name. Unpacked afresh at the start. */
	packages?: Record<string, string>;
	/** Where n8n keeps its data. Without it a folder below the system's temporary folder, removed by `remove()`. */
	userFolder?: string;
	/** Without it a free one. */
	port?: number;
	/** Further environment variables of n8n, e.g. `{ N8N_LOG_LEVEL: 'debug' }`. */
	environment?: Record<string, string>;
	/** Options of its Node.js, e.g. `['--inspect=127.0.0.1:9229']`. */
	nodeOptions?: string[];
	/** How long one start may take, in milliseconds. */
	startTimeoutMs?: number;
	/** Receives a line of text every ten seconds while n8n starts. */
	onProgress?: (line: string) => void;
}

/** A running server. All its methods wait until what they do is done. */
export interface N8n {
	/** `http://127.0.0.1:<port>`, without a slash at the end. */
	readonly url: string;
	readonly port: number;
	readonly userFolder: string;
	/** Everything the server printed, over all its starts. */
	readonly logFile: string;
	/** The process id, or undefined while it is not running. */
	readonly pid: number | undefined;
	/** The last lines of the log. */
	log(lines?: number): Promise<string>;
	/** Ends the server gracefully (SIGTERM), by force after 15 seconds. Does nothing when it is not running. */
	stop(): Promise<void>;
	/** Ends the server at once, as a crash would. */
	kill(): Promise<void>;
	/** Starts it again after `stop()` or `kill()`: same folder, same ports. */
	start(): Promise<void>;
	/** `stop()` and `start()`. */
	restart(): Promise<void>;
	/** `stop()`, then deletes the user folder, even a given one. */
	remove(): Promise<void>;
}

const STOP_GRACE_MS = 15_000;
const START_TIMEOUT_MS = 180_000;
const PROGRESS_MS = 10_000;

const runFile = promisify(execFile);

/** Free ports of the loopback interface, all different because they are held at the same time. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(
		Array.from(
			{ length: count },
			async () =>
				await new Promise<ReturnType<typeof createServer>>((done, failed) => {
					const server = createServer();
					server.once('error', failed);
					server.listen(0, '127.0.0.1', () => done(server));
				}),
		),
	);
	return await Promise.all(
		servers.map(
			async (server) =>
				await new Promise<number>((done, failed) => {
					const address = server.address();
					server.close(() =>
						typeof address === 'object' && address !== null
							? done(address.port)
							: failed(new Error('The system gave no port.')),
					);
				}),
		),
	);
}

/**
 * Puts packed packages where n8n 2.41 keeps installed community nodes. n8n loads every package in that folder; the
 * list of installed packages in its database is only for its settings page and need not name them.
 *
 * @param userFolder the value of `N8N_USER_FOLDER`
 * @param packages absolute or relative paths of .tgz files by package name
 * @throws Error when an archive cannot be unpacked
 */
export async function unpackCommunityPackages(
	userFolder: string,
	packages: Record<string, string>,
): Promise<void> {
	const folder = communityNodesFolder(userFolder);
	await mkdir(folder, { recursive: true });
	const list = { private: true, name: 'installed-nodes', dependencies: {} };
	await writeFile(join(folder, 'package.json'), `${JSON.stringify(list, null, 2)}\n`);
	for (const [name, file] of Object.entries(packages)) {
		const target = join(folder, 'node_modules', ...name.split('/'));
		await rm(target, { recursive: true, force: true });
		await mkdir(target, { recursive: true });
		await runFile('tar', ['-xzf', resolve(file), '-C', target, '--strip-components=1']);
	}
}

/** Workers and webhook processors have no settings to give out, but say when they are ready. */
async function isReady(url: string, isMain: boolean): Promise<boolean> {
	try {
		const response = await request(url + (isMain ? '/rest/settings' : '/healthz/readiness'), {
			headersTimeout: 5_000,
			bodyTimeout: 5_000,
		});
		const text = await response.body.text();
		// While n8n starts, its port already answers, with a text that is not JSON.
		return response.statusCode === 200 && text.startsWith('{');
	} catch {
		return false;
	}
}

class Server implements N8n {
	readonly url: string;

	readonly logFile: string;

	private child: ChildProcess | undefined;

	private ended: Promise<void> = Promise.resolve();

	constructor(
		private readonly options: StartOptions,
		readonly userFolder: string,
		readonly port: number,
		private readonly brokerPort: number,
	) {
		this.url = `http://127.0.0.1:${port}`;
		this.logFile = join(userFolder, 'n8n.log');
	}

	get pid(): number | undefined {
		return this.child?.pid;
	}

	async log(lines = 40): Promise<string> {
		const text = await readFile(this.logFile, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-lines).join('\n');
	}

	async start(): Promise<void> {
		if (this.child) throw new Error(`n8n is already running at ${this.url}.`);
		const startedAt = Date.now();
		const { nodeBinary, n8nEntry } = this.options.installed;
		const command = this.options.command ?? 'start';
		const modules = join(dirname(n8nEntry), '..', 'dist', 'modules');
		await mkdir(temporaryFolder(this.userFolder), { recursive: true });
		const log = await open(this.logFile, 'a');
		const child = spawn(
			nodeBinary,
			[
				...(this.options.nodeOptions ?? []),
				...['--require', join(__dirname, 'endWithParent.cjs'), n8nEntry, command],
			],
			{
				cwd: this.userFolder,
				env: n8nEnvironment(process.env, {
					userFolder: this.userFolder,
					port: this.port,
					brokerPort: this.brokerPort,
					disabledModules: DISABLED_MODULES.filter((name) => existsSync(join(modules, name))),
					extra: this.options.environment,
				}),
				stdio: ['pipe', log.fd, log.fd],
				// A process group of its own: Ctrl-C reaches us only, and kill() reaches its task runner too.
				detached: true,
			},
		);
		this.child = child;
		let outcome = '';
		this.ended = new Promise((done) => {
			child.once('error', (error) => {
				outcome = error.message;
				this.child = undefined;
				done();
			});
			child.once('exit', (code, signal) => {
				outcome = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
				this.child = undefined;
				done();
			});
		});
		// The pipe only says that we live (see endWithParent.cjs); it must keep neither process running.
		child.stdin?.on('error', () => undefined);
		child.unref();
		if (child.stdin instanceof Socket) child.stdin.unref();
		await log.close();

		const timeoutMs = this.options.startTimeoutMs ?? START_TIMEOUT_MS;
		let lastLine = startedAt;
		while (!(await isReady(this.url, command === 'start'))) {
			const now = Date.now();
			if (this.child === undefined) {
				throw new Error(`n8n did not start: ${outcome}.\n${await this.log()}`);
			}
			if (now - startedAt > timeoutMs) {
				await this.kill();
				throw new Error(
					`n8n did not start within ${timeoutMs / 1000} seconds.\n${await this.log()}`,
				);
			}
			if (now - lastLine >= PROGRESS_MS) {
				lastLine = now;
				this.options.onProgress?.(
					`n8n ${command}: starting, ${Math.round((now - startedAt) / 1000)} s`,
				);
			}
			await delay(200);
		}
		if (this.child === undefined) {
			throw new Error(`n8n did not start: ${outcome}; something else answers at ${this.url}.`);
		}
	}

	async stop(): Promise<void> {
		const child = this.child;
		if (!child) return;
		child.kill('SIGTERM');
		const force = setTimeout(() => this.signalGroup('SIGKILL'), STOP_GRACE_MS);
		await this.ended;
		clearTimeout(force);
	}

	async kill(): Promise<void> {
		if (!this.child) return;
		this.signalGroup('SIGKILL');
		await this.ended;
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	async remove(): Promise<void> {
		await this.stop();
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}

	private signalGroup(signal: NodeJS.Signals): void {
		const child = this.child;
		if (!child?.pid) return;
		try {
			process.kill(-child.pid, signal);
		} catch {
			// It ended just now.
		}
	}
}

/**
 * Starts n8n and waits until its API answers: 20 to 60 seconds on two cores, longest on an empty user folder, whose
 * database is made first.
 *
 * Rests on: /rest/settings (/healthz/readiness of a worker or webhook processor) answers JSON with status 200 as
 * soon as n8n is ready (/healthz answers long before that), and every process needs a port of its own for the
 * broker of its task runners.
 *
 * @returns the running server; it ends with this process even when that is killed
 * @throws Error with the last lines of n8n's output when it ends or does not get ready in time
 */
export async function startN8n(options: StartOptions): Promise<N8n> {
	const userFolder = options.userFolder
		? resolve(options.userFolder)
		: await mkdtemp(join(tmpdir(), 'n8n-insigner-'));
	await mkdir(userFolder, { recursive: true });
	try {
		await unpackCommunityPackages(userFolder, options.packages ?? {});
		const [first, second] = await freePorts(2);
		if (first === undefined || second === undefined) throw new Error('No free port.');
		const server = new Server(options, userFolder, options.port ?? first, second);
		await server.start();
		return server;
	} catch (error) {
		if (!options.userFolder) await rm(userFolder, { recursive: true, force: true });
		throw error;
	}
}
