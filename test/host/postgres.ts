/** A Postgres server with its own data, for as long as a test needs it. */
import { execFile } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { programNamed, startService, type Service } from './service';

const runFile = promisify(execFile);

/** Both the database and its only user. */
const NAME = 'postgres';

export interface Postgres extends Service {
	/** The variables that make n8n use it. */
	environment: Record<string, string>;
	/**
	 * Reads rows, while n8n runs.
	 *
	 * @param sql - one SELECT; what it is filled with must not come from outside
	 * @returns the rows; `T` is the caller's knowledge of n8n 2.41's tables
	 */
	read<T>(sql: string): Promise<T[]>;
}

/**
 * Creates a database in an empty folder and starts its server.
 *
 * @param folder - where its data and log go; made here
 * @param port - a free one of the loopback interface
 * @returns the running server
 * @throws Error when Postgres is not installed or does not start
 */
export async function startPostgres(folder: string, port: number): Promise<Postgres> {
	const [initdb, postgres, psql] = [
		await programNamed('initdb'),
		await programNamed('postgres'),
		await programNamed('psql'),
	];
	const user = await unprivilegedUser();
	await mkdir(folder, { recursive: true });
	if (user) await chown(folder, user.uid, user.gid);
	const data = join(folder, 'data');
	await runFile(
		initdb,
		['-D', data, '-U', NAME, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
		{ cwd: folder, ...user },
	);
	const address = ['-h', '127.0.0.1', '-p', String(port), '-U', NAME, '-d', NAME];
	const query = async (sql: string) => {
		const { stdout } = await runFile(psql, [...address, '-AtXqc', sql], {
			maxBuffer: 256 * 1024 * 1024,
		});
		return stdout;
	};
	const settings = {
		listen_addresses: '127.0.0.1',
		port,
		unix_socket_directories: '',
		max_connections: 200,
		// The data need not outlive a power cut.
		fsync: 'off',
	};
	const service = await startService({
		command: [
			postgres,
			...['-D', data],
			...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		],
		folder,
		logFile: join(dirname(folder), 'postgres.log'),
		user,
		isReady: async () =>
			await query('SELECT 1').then(
				() => true,
				() => false,
			),
	});
	return {
		...service,
		environment: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: NAME,
			DB_POSTGRESDB_USER: NAME,
		},
		read: async <T>(sql: string) =>
			JSON.parse(await query(`SELECT coalesce(json_agg(r), '[]') FROM (${sql}) r`)) as T[],
	};
}

/** Postgres does not run as root; Debian's package brings a user for it, `nobody` is everywhere. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = async (option: string, name: string) =>
		Number((await runFile('id', [option, name])).stdout);
	const name = await idOf('-u', NAME).then(
		() => NAME,
		() => 'nobody',
	);
	return { uid: await idOf('-u', name), gid: await idOf('-g', name) };
}
