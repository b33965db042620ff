/** A sandbox in its own process. Its journal is read over HTTP. */
import { startSandbox, type SandboxOptions } from '../sandbox/sandbox';
import { serveParent } from './ownProcess';

serveParent(async (options: SandboxOptions) => {
	const { apiUrl, webUrl, apiKey } = await startSandbox(options);
	return { apiUrl, webUrl, apiKey };
});
