/** n8n in queue mode: a main process, two workers and a webhook processor, with Postgres and Redis between them. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { N8nClient } from './client';
import { installN8n } from './install';
import { freePorts, startN8n, type N8n } from './n8n';
import { packTarball } from './pack';
import { startPostgres, type Postgres } from './postgres';
import { storeCredential, type CredentialReference } from './realN8n';
import { programNamed, startService, type Service } from './service';
import type { Sandbox } from '../sandbox/sandbox';

export interface QueueMode {
	/** Of the main process, logged in as the owner. */
	client: N8nClient;
	main: N8n;
	/** Takes deliveries too; n8n registers its address with the services. */
	webhookProcessor: N8n;
	workers: N8n[];
	/** Rows of n8n's database; see Postgres.read(). */
	read: Postgres['read'];
	/** Stores a credential for the key of a sandbox. */
	credentialFor(sandbox: Sandbox): Promise<CredentialReference>;
	/** Ends everything and removes all it wrote. */
	stop(): Promise<void>;
}

/**
 * Starts all of it. Each process of n8n has its own folder, as on separate machines: what they share is in Postgres
 * (files too, n8n 2.41 keeps them there in queue mode) and Redis.
 *
 * @param onProgress - receives a line of text now and then
 * @param environment - further environment variables of every process of n8n
 * @returns handles on every part; call `stop` at the end
 * @throws Error when a part is not installed or does not start; what had started is stopped again
 */
export async function startQueueMode(
	onProgress: (line: string) => void = () => undefined,
	environment: Record<string, string> = {},
): Promise<QueueMode> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-queue-'));
	// Postgres may run as another user and has to get through to its own folder.
	await chmod(folder, 0o711);
	const running: Array<() => Promise<void>> = [
		async () => await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
	];
	const stop = async () => {
		for (let end = running.pop(); end; end = running.pop()) await end();
	};
	try {
		const [postgresPort = 0, redisPort = 0, webhookPort] = await freePorts(3);
		const postgres = await startPostgres(join(folder, 'postgres'), postgresPort);
		running.push(async () => await postgres.stop());
		const redis = await startRedis(join(folder, 'redis'), redisPort);
		running.push(async () => await redis.stop());

		const installed = await installN8n(onProgress);
		const tarball = await packTarball();
		running.push(async () => await rm(dirname(tarball.file), { recursive: true, force: true }));
		const start = async (name: string, command: 'start' | 'worker' | 'webhook', port?: number) => {
			const n8n = await startN8n({
				installed,
				command,
				port,
				userFolder: join(folder, name),
				packages: { 'n8n-nodes-insigner': tarball.file },
				environment: {
					...postgres.environment,
					EXECUTIONS_MODE: 'queue',
					// Its default in queue mode, since the processes need not share a disk.
					N8N_DEFAULT_BINARY_DATA_MODE: 'database',
					QUEUE_BULL_REDIS_HOST: '127.0.0.1',
					QUEUE_BULL_REDIS_PORT: String(redisPort),
					N8N_ENCRYPTION_KEY: encryptionKey,
					OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
					WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
					...environment,
				},
				onProgress,
			});
			running.push(async () => await n8n.remove());
			return n8n;
		};
		const encryptionKey = randomBytes(24).toString('hex');
		// The main process creates the tables; the others need them.
		const main = await start('main', 'start');
		const others = [
			start('webhook', 'webhook', webhookPort),
			start('worker-1', 'worker'),
			start('worker-2', 'worker'),
		] as const;
		// Should one not start, the others have to be there to be stopped.
		await Promise.allSettled(others);
		const [webhookProcessor, ...workers] = await Promise.all(others);
		const client = new N8nClient(main.url);
		await client.setUpOwner();
		return {
			client,
			main,
			webhookProcessor,
			workers,
			read: async (sql) => await postgres.read(sql),
			credentialFor: async (sandbox) => await storeCredential(client, sandbox),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

async function startRedis(folder: string, port: number): Promise<Service> {
	const redis = await programNamed('redis-server');
	await mkdir(folder, { recursive: true });
	return await startService({
		command: [redis, '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''],
		folder,
		logFile: join(folder, 'redis.log'),
		isReady: async () => await takesConnections(port),
	});
}

async function takesConnections(port: number): Promise<boolean> {
	return await new Promise((done) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			done(true);
		});
		socket.once('error', () => done(false));
	});
}
