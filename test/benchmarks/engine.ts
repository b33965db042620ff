/** n8n's engine in this process, with our built nodes and n8n's own HTTP Request node in it. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { startEngine, type Engine } from '../engine/harness';
import { installN8n } from '../host/install';
import type * as CredentialModule from '../../credentials/InSignerApi.credentials';
import type * as InSignerModule from '../../nodes/InSigner/InSigner.node';
import { HelperLoop } from './helperLoop';

export const IN_SIGNER = 'n8n-nodes-insigner.inSigner';
export const HELPER_LOOP = 'benchmark.helperLoop';
export const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

const dist = resolve(__dirname, '..', '..', 'dist');

/**
 * Starts it. The nodes are those of dist/, as users get them: the loader that runs the benchmarks changes sources.
 *
 * @param onProgress - receives a line of text when n8n has to be installed first
 * @returns the engine; call `stop` at the end
 */
export async function startBenchmarkEngine(onProgress: (line: string) => void): Promise<Engine> {
	const { folder } = await installN8n(onProgress);
	const requireOfN8n = createRequire(join(folder, 'node_modules/n8n-nodes-base/package.json'));
	type NodeClass = Parameters<typeof startEngine>[0]['nodes'][string];
	const { HttpRequest } = requireOfN8n('./dist/nodes/HttpRequest/HttpRequest.node.js') as {
		HttpRequest: NodeClass;
	};
	const { InSigner } = (await import(
		join(dist, 'nodes/InSigner/InSigner.node.js')
	)) as typeof InSignerModule;
	const { InSignerApi } = (await import(
		join(dist, 'credentials/InSignerApi.credentials.js')
	)) as typeof CredentialModule;
	return await startEngine({
		nodes: { [IN_SIGNER]: InSigner, [HTTP_REQUEST]: HttpRequest, [HELPER_LOOP]: HelperLoop },
		credentials: { inSignerApi: InSignerApi },
	});
}
