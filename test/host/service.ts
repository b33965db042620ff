/** System programs that a test needs for itself: found, started on the loopback interface, and ended. */
import { spawn } from 'node:child_process';
import { access, constants, open, readFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where Debian puts the servers of Postgres, which are not on the path. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql';

const START_MS = 60_000;

export interface Service {
	/** Ends it and waits until it is gone. */
	stop(): Promise<void>;
}

export interface ServiceOptions {
	/** Absolute path of the program, and its arguments. */
	command: string[];
	/** Its working directory. */
	folder: string;
	/** Gets everything it prints. */
	logFile: string;
	/** The user it runs as; without it the one who runs this. */
	user?: { uid: number; gid: number };
	/** Whether it takes connections yet. */
	isReady: () => Promise<boolean>;
}

/**
 * Finds a program on the path, or where Debian installs Postgres (the newest version).
 *
 * @param name - of the program, e.g. `redis-server`
 * @returns its absolute path
 * @throws Error that says what to install when it is not there
 */
export async function programNamed(name: string): Promise<string> {
	const versions = await readdir(POSTGRES_FOLDERS).catch(() => []);
	const folders = [
		...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
		...versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(POSTGRES_FOLDERS, version, 'bin')),
	];
	for (const folder of folders) {
		const file = join(folder, name);
		const found = await access(file, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (found) return file;
	}
	throw new Error(
		`The queue mode tests need Postgres and Redis, and ${name} was not found. ` +
			'Install both with: sudo apt-get install postgresql redis-server (Debian, Ubuntu). ' +
			'The tests start servers of their own; those of the system need not run.',
	);
}

/**
 * Starts a program and waits until it is ready.
 *
 * @returns the running program; it ends with this process even when that is killed
 * @throws Error with the last lines it printed when it does not get ready in time
 */
export async function startService(options: ServiceOptions): Promise<Service> {
	const { command, folder, logFile, user, isReady } = options;
	const log = await open(logFile, 'a');
	// The shell interrupts the program (which then ends gracefully) when its own input closes, and that happens at the
	// latest when this process is gone.
	const script =
		'exec 3<&0; "$@" </dev/null & program=$!; (read -r _ <&3; kill -INT $program) & wait $program';
	const shell = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
		cwd: folder,
		stdio: ['pipe', log.fd, log.fd],
		...user,
	});
	let running = true;
	const ended = new Promise<void>((done) => {
		const end = () => {
			running = false;
			done();
		};
		shell.once('error', end);
		shell.once('exit', end);
	});
	shell.stdin?.on('error', () => undefined);
	await log.close();
	const service: Service = {
		stop: async () => {
			shell.stdin?.end();
			await ended;
		},
	};
	const deadline = Date.now() + START_MS;
	while (!(await isReady())) {
		if (!running || Date.now() > deadline) {
			await service.stop();
			const text = await readFile(logFile, 'utf8');
			const lines = text.trimEnd().split('\n').slice(-20).join('\n');
			throw new Error(`${command[0]} did not start.\n${lines}`);
		}
		await delay(100);
	}
	return service;
}
