/** A real n8n that loads the nodes as they are being written: compiled on change, reloaded without a restart. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { N8nClient, type Owner } from './client';
import { installN8n } from './install';
import { startN8n, type N8n } from './n8n';

export interface Development {
	n8n: N8n;
	/** Logged in as the owner. */
	client: N8nClient;
	owner: Owner;
	sandbox: Sandbox;
	/** Ends compiler, n8n and sandbox and removes what n8n wrote. */
	stop(): Promise<void>;
}

/**
 * Builds the project, starts sandbox and n8n with a credential for it, and compiles on every change.
 *
 * Rests on: n8n loads every node file below `.n8n/custom`, as `CUSTOM.<name>`, and with N8N_DEV_RELOAD watches what
 * is linked there. Only dist/ is linked: n8n would take any file named *.node.js in node_modules for a node.
 *
 * @param project - the folder with gulpfile.js and tsconfig.json
 * @param onProgress - receives a line of text now and then, and all that the compiler says
 * @throws Error when a part does not start; what had started is stopped again
 */
export async function startDevelopment(
	project: string,
	onProgress: (line: string) => void = () => undefined,
): Promise<Development> {
	const installed = await installN8n({ onProgress });
	onProgress('Building dist/');
	const gulp = join(project, 'node_modules/gulp/bin/gulp.js');
	await promisify(execFile)(process.execPath, [gulp, 'build'], { cwd: project });

	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-insigner-dev-'));
	const custom = join(userFolder, '.n8n', 'custom', 'node_modules');
	await mkdir(custom, { recursive: true });
	await symlink(join(project, 'dist'), join(custom, 'n8n-nodes-insigner'), 'junction');

	const compiler = watch(project, onProgress);
	const sandbox = await startSandbox();
	let n8n: N8n | undefined;
	const stop = async () => {
		compiler.kill();
		await n8n?.stop();
		await sandbox.stop();
		await rm(userFolder, { recursive: true, force: true });
	};
	try {
		n8n = await startN8n({
			installed,
			userFolder,
			environment: { N8N_DEV_RELOAD: 'true' },
			onProgress,
		});
		const client = new N8nClient(n8n.url);
		const owner = await client.setUpOwner();
		await client.createCredential({
			name: 'inSigner sandbox',
			type: 'inSignerApi',
			data: { apiKey: sandbox.apiKey, baseUrl: sandbox.apiUrl },
		});
		return { n8n, client, owner, sandbox, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

function watch(project: string, onOutput: (line: string) => void): ChildProcess {
	const tsc = join(project, 'node_modules/typescript/bin/tsc');
	const compiler = spawn(
		process.execPath,
		[tsc, '--watch', '--preserveWatchOutput', '-p', 'tsconfig.json'],
		{ cwd: project, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	compiler.stdout.on('data', (chunk: Buffer) => {
		for (const line of chunk.toString().split('\n')) if (line.trim()) onOutput(line.trim());
	});
	return compiler;
}
