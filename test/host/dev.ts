/** `npm run dev`: see development.ts. `-- --inspect` lets a debugger in. Ctrl-C ends it all. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { nodeTypeNames } from '../packageNodes';
import { startDevelopment } from './development';
import { stopSignal, untilStopped } from './stopping';

/** That of Node.js, which editors look for. */
const INSPECT_PORT = 9229;

const startedAt = Date.now();

function say(text: string): void {
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}

async function main(): Promise<void> {
	const { inspect } = parseArgs({ options: { inspect: { type: 'boolean' } } }).values;
	const inspectPort = inspect ? INSPECT_PORT : undefined;
	const stopped = stopSignal();
	const development = await startDevelopment(resolve(__dirname, '../..'), say, inspectPort);
	const { n8n, owner, sandbox } = development;
	process.stdout.write(`
  n8n loads dist/, which is compiled whenever a file in nodes/ or credentials/ is saved. Reload the editor to see it.

  Editor       ${n8n.url}
  Log in with  ${owner.email}  ${owner.password}
  Credential   inSigner sandbox (is there; ${sandbox.apiUrl})
  n8n's log    ${n8n.logFile}${inspectPort ? `\n  Debugger     127.0.0.1:${inspectPort}` : ''}

  The nodes are named here
${nodeTypeNames('CUSTOM')
	.map((name) => `    ${name}`)
	.join('\n')}
  so workflows made with them are not for other n8n servers, and the workflows in examples/ use the nodes of the
  installed package: npm run demo has those. Icons, codex files and package.json are only copied by npm run build.
  Ctrl-C ends it. This n8n and its sandbox are gone then, with the login and all workflows made in it.

`);
	await untilStopped(stopped);
	say('Ending');
	await development.stop();
	say('Ended, nothing left behind');
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
