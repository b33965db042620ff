/** A real n8n that loads the nodes as they are being written: compiled on change, reloaded without a restart. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { request } from 'undici';

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
 * Rests on: n8n loads every node file below `.n8n/custom`, as `CUSTOM.<name>`, and with N8N_DEV_RELOAD reloads them
 * when told to (POST /rest/dev/reload). It also watches what is linked there, but only some seconds after its start,
 * and not on every platform. Only dist/ is linked: n8n would treat any file named *.node.js in node_modules as a node.
 *
 * @param project - the folder with gulpfile.js and tsconfig.json
 * @param onProgress - receives a line of text now and then, and all that the compiler says
 * @param inspectPort - where a debugger can reach n8n on the loopback interface; nowhere when left out
 * @throws Error when a part does not start; what had started is stopped again
 */
export async function startDevelopment(
	project: string,
	onProgress: (line: string) => void = () => undefined,
	inspectPort?: number,
): Promise<Development> {
	const installed = await installN8n(onProgress);
	onProgress('Building dist/');
	const gulp = join(project, 'node_modules/gulp/bin/gulp.js');
	await promisify(execFile)(process.execPath, [gulp, 'build'], { cwd: project });

	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-insigner-dev-'));
	const custom = join(userFolder, '.n8n', 'custom', 'node_modules');
	await mkdir(custom, { recursive: true });
	await symlink(join(project, 'dist'), join(custom, 'n8n-nodes-insigner'), 'junction');

	const sandbox = await startSandbox();
	let n8n: N8n | undefined;
	const compiler = watch(project, onProgress, () => {
		if (!n8n) return;
		reload(n8n).catch((error: unknown) => onProgress(`n8n did not reload: ${String(error)}`));
	});
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
			// With the source maps, stack traces and debuggers show lines of .ts files.
			nodeOptions: [
				'--enable-source-maps',
				...(inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectPort}`]),
			],
			onProgress,
		});
		// What was compiled while it started.
		await reload(n8n);
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

/** Compiles on every change, with the source maps that npm run build leaves out of what is published. */
function watch(
	project: string,
	onOutput: (line: string) => void,
	onCompiled: () => void,
): ChildProcess {
	const tsc = join(project, 'node_modules/typescript/bin/tsc');
	const compiler = spawn(
		process.execPath,
		[tsc, '--watch', '--preserveWatchOutput', '--sourceMap', '-p', 'tsconfig.json'],
		{ cwd: project, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	createInterface(compiler.stdout).on('line', (line) => {
		if (line.trim()) onOutput(line.trim());
		if (/ Found 0 errors/.test(line)) onCompiled();
	});
	return compiler;
}

async function reload({ url }: N8n): Promise<void> {
	const { statusCode, body } = await request(`${url}/rest/dev/reload`, { method: 'POST' });
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`n8n answered ${statusCode}: ${text}`);
}
