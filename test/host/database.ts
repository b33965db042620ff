/** Reads n8n's own SQLite database, while n8n runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { InstalledN8n } from './install';

/** Runs in n8n's Node.js 24, which has SQLite built in; the one that runs the tests may not. */
const SCRIPT = `
const { DatabaseSync } = require('node:sqlite');
const [file, sql, parameters] = process.argv.slice(1);
const database = new DatabaseSync(file, { readOnly: true });
database.exec('PRAGMA busy_timeout = 10000');
process.stdout.write(JSON.stringify(database.prepare(sql).all(...JSON.parse(parameters))));
`;

/**
 * Reads rows from the database of an n8n.
 *
 * @param nodeBinary - the Node.js that runs n8n
 * @param userFolder - the value of `N8N_USER_FOLDER`
 * @param sql - one SELECT, with ? for parameters
 * @param parameters - their values
 * @returns the rows; `T` is the caller's knowledge of n8n 2.41's tables
 * @throws Error when the statement is wrong
 */
export async function readDatabase<T>(
	{ nodeBinary }: Pick<InstalledN8n, 'nodeBinary'>,
	userFolder: string,
	sql: string,
	...parameters: Array<string | number>
): Promise<T[]> {
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const { stdout } = await promisify(execFile)(
		nodeBinary,
		['--no-warnings', '-e', SCRIPT, file, sql, JSON.stringify(parameters)],
		{ maxBuffer: 256 * 1024 * 1024 },
	);
	return JSON.parse(stdout) as T[];
}
