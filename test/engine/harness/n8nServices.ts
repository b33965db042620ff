import 'reflect-metadata';

import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { Logger, LogMetadata } from 'n8n-workflow';
import { LoggerProxy } from 'n8n-workflow';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recogniseErrorsOfNode } from './oneRealm';

/** One line that n8n or a node logged. `meta` is what was passed, not yet serialised. */
export interface LogEntry {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	meta?: LogMetadata;
}

/** Where binary data lives: `filesystem` is what n8n 2.x does, `default` inlines base64 in the items. */
export type BinaryMode = 'filesystem' | 'default';

type ServiceClass<T> = abstract new (...args: never[]) => T;

interface ServiceContainer {
	get<T>(service: ServiceClass<T>): T;
}

interface ScopedLogger extends Logger {
	scoped(scopes: string | string[]): ScopedLogger;
}

// npm may install several copies of n8n's own packages. Only the copies that n8n-core itself
// loads hold the services which the node contexts ask for.
const requireFromCore = createRequire(require.resolve('n8n-core'));
const { Container } = requireFromCore('@n8n/di') as { Container: ServiceContainer };
const { Logger: N8nLogger } = requireFromCore('@n8n/backend-common') as {
	Logger: ServiceClass<ScopedLogger>;
};

let running = false;

/** What has to be restored in n8n's process-wide services when an engine stops. */
export interface N8nServices {
	logs: LogEntry[];
	get<T>(service: ServiceClass<T>): T;
	stop(): Promise<void>;
}

/**
 * Prepares the process-wide services of n8n-core: a user folder and a binary data folder of our own, and a logger
 * that keeps its lines instead of printing them.
 *
 * Relies on n8n's dependency container: contexts fetch Logger, BinaryDataService and InstanceSettings from it at the
 * moment of use, so replacing their state here reaches every node.
 *
 * @param binaryMode where BinaryDataService keeps files
 * @returns the collected log lines, access to services, and `stop` which removes the folders
 * @throws Error if another engine is still running: the container exists once per process
 */
export async function startServices(binaryMode: BinaryMode): Promise<N8nServices> {
	if (running) {
		throw new Error('Another engine is running in this process; stop it first');
	}
	running = true;
	const folder = await mkdtemp(join(tmpdir(), 'n8n-engine-'));
	const undoErrors = recogniseErrorsOfNode();
	const restoreEnvironment = setEnvironment({
		// n8n writes its settings file (an encryption key) here the first time it is asked for.
		N8N_USER_FOLDER: folder,
		N8N_LOG_LEVEL: 'silent',
		// The machine's proxy must not come between a node and a loopback server.
		NO_PROXY: '127.0.0.1,localhost',
		no_proxy: '127.0.0.1,localhost',
	});
	let stopped = false;
	const stop = async () => {
		// A second call must not stop an engine that was started since.
		if (stopped) return;
		stopped = true;
		undoErrors();
		restoreEnvironment();
		running = false;
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const logs = captureLogs(Container.get(N8nLogger));
		const config = Container.get(BinaryDataConfig);
		config.mode = binaryMode;
		config.localStoragePath = join(folder, 'binary');
		await Container.get(BinaryDataService).init();
		return {
			logs,
			get: (service) => Container.get(service),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

function captureLogs(logger: ScopedLogger): LogEntry[] {
	const logs: LogEntry[] = [];
	const keep = (level: LogEntry['level']) => (message: string, meta?: LogMetadata) => {
		logs.push(meta === undefined ? { level, message } : { level, message, meta });
	};
	// Own properties win over the class's methods, even for services that already hold this logger.
	Object.assign(logger, {
		error: keep('error'),
		warn: keep('warn'),
		info: keep('info'),
		debug: keep('debug'),
		scoped: () => logger,
	});
	LoggerProxy.init(logger);
	return logs;
}

function setEnvironment(values: Record<string, string>): () => void {
	const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
	Object.assign(process.env, values);
	return () => {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	};
}
