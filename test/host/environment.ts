/** What n8n is told through its environment, and what of ours it gets to see. */
import { join } from 'node:path';

export interface EnvironmentInput {
	/** Where n8n keeps everything: database, keys, binary data, community nodes. */
	userFolder: string;
	port: number;
	brokerPort: number;
	/** Names of n8n's modules that should not be loaded. It does not start with a name it does not know. */
	disabledModules: string[];
	/** Further variables of n8n; they win over all others. */
	extra?: Record<string, string>;
}

/** Variables that are passed on. Nothing else is, so that no N8N_* or secret of the caller's shell gets in. */
const PASSED_ON = ['PATH', 'LANG', 'LC_ALL', 'TZ'];

/** Parts of n8n that the nodes do not need and that call services on the internet or load AI libraries. */
export const DISABLED_MODULES = [
	'instance-ai',
	'mcp-registry',
	'agents',
	'agent-evals',
	'chat-hub',
];

/**
 * Builds the environment of an n8n server that listens on the loopback interface only and calls no one by itself. The
 * names are those of the classes in @n8n/config 2.41 (and of community-packages.config in n8n).
 *
 * @param base usually `process.env`; only a short list of names is taken from it
 * @param input folder, ports and further variables
 * @returns the whole environment of the process
 */
export function n8nEnvironment(
	base: NodeJS.ProcessEnv,
	input: EnvironmentInput,
): Record<string, string> {
	const passedOn: Record<string, string> = {};
	for (const name of PASSED_ON) {
		const value = base[name];
		if (value !== undefined) passedOn[name] = value;
	}
	const url = `http://127.0.0.1:${input.port}/`;
	return {
		...passedOn,
		// n8n and the libraries in it write caches to the home folder; those of the user stay clean.
		HOME: input.userFolder,
		// n8n leaves a folder in it.
		TMPDIR: temporaryFolder(input.userFolder),
		N8N_USER_FOLDER: input.userFolder,
		N8N_PORT: String(input.port),
		N8N_RUNNERS_BROKER_PORT: String(input.brokerPort),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		// A worker of queue mode serves nothing but its health.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(input.port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		WEBHOOK_URL: url,
		N8N_EDITOR_BASE_URL: url,
		// The login cookie has to work without https.
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_AI_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		// The list of verified packages would be downloaded; ours is in the folder already.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_REINSTALL_MISSING_PACKAGES: 'false',
		N8N_DISABLED_MODULES: input.disabledModules.join(','),
		// n8n 1.x would keep files in the data of the execution.
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_PYTHON_ENABLED: 'false',
		N8N_LOG_FORMAT: 'text',
		NO_COLOR: '1',
		...input.extra,
	};
}

/**
 * The folder in which n8n looks for community nodes.
 *
 * @param userFolder the value of `N8N_USER_FOLDER`
 */
export function communityNodesFolder(userFolder: string): string {
	return join(userFolder, '.n8n', 'nodes');
}

/**
 * The folder that n8n takes for the system's temporary one, which has to exist when it starts.
 *
 * @param userFolder the value of `N8N_USER_FOLDER`
 */
export function temporaryFolder(userFolder: string): string {
	return join(userFolder, 'tmp');
}
